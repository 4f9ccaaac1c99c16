"""The open knowledge base as the engine uses it: one encoding of a question serves reading and retrieval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from advisor.composers.base import Heard
from advisor.facets import FacetClassifier
from advisor.models import KnowledgeStamp, Situation
from advisor.support import Likeness
from knowledge.embedding import OnnxEmbedder, Reading
from knowledge.index import Index
from knowledge.models import Document
from knowledge.retrieval import Facets, Found, HybridRetriever, Likely, Weights
from knowledge.vectors import NoVectors, Space
from knowledge.vocabulary import Vocabulary


class Library(Protocol):
    """What the engine asks of a knowledge base."""

    @property
    def stamp(self) -> KnowledgeStamp: ...

    def read(self, text: str, spans: Sequence[tuple[int, int]]) -> Reading: ...

    def meanings(self, parts: Any, clauses: Sequence[str]) -> dict[str, tuple[str, float, str]]: ...

    def likely(self, text: str, *, vector: Any, situation: Situation) -> Likely: ...

    def retrieve(self, text: str, *, facets: Facets, vector: Any, likely: Likely | None = None) -> Found: ...

    def document(self, name: str) -> Document | None: ...


class IndexedLibrary:
    """A knowledge base in an open index."""

    def __init__(
        self,
        index: Index,
        *,
        embedder: OnnxEmbedder,
        as_of: date,
        weights: Weights | None = None,
        classifier: FacetClassifier | None = None,
    ) -> None:
        """``classifier`` says which facet values are likely, if it was fitted on this embedder's vectors."""
        self._index, self._embedder = index, embedder
        self._classifier = classifier if classifier and classifier.embedder == embedder.id else None
        self._retriever = HybridRetriever(index, embedder=embedder, weights=weights)
        manifest = index.manifest
        self._stamp = KnowledgeStamp(
            digest=manifest.content, documents=manifest.documents, as_of=as_of, reviewed_by="the project (not a lawyer)"
        )

    @property
    def stamp(self) -> KnowledgeStamp:
        return self._stamp

    def read(self, text: str, spans: Sequence[tuple[int, int]]) -> Reading:
        """Vectors of a text and of spans in it."""
        return self._embedder.read(text, spans)

    def meanings(self, parts: Any, clauses: Sequence[str]) -> dict[str, tuple[str, float, str]]:
        """By facet: the value said nearest in meaning by some clause, its cosine, and the clause."""
        best: dict[str, tuple[str, float, str]] = {}
        if not self._index.manifest.vectors.get(Space.PHRASES):
            return best
        found = self._index.vectors.nearest_each(Space.PHRASES, vectors=parts, limit=5)
        for clause, near in zip(clauses, found, strict=True):
            for name, cosine in near.items():
                facet, value, _ = name.split("/")
                if facet not in best or cosine > best[facet][1]:
                    best[facet] = (value, cosine, clause)
        return best

    def likely(self, text: str, *, vector: Any, situation: Situation) -> Likely:
        """How likely each facet value is, for the search alone."""
        return self._classifier.read(text, vector, situation) if self._classifier else {}

    def retrieve(self, text: str, *, facets: Facets, vector: Any, likely: Likely | None = None) -> Found:
        found = self._retriever.retrieve(text, facets=facets, limit=1, vector=vector, likely=likely)
        if not self._index.vectors.is_away:
            return found
        # Some legs may have been searched before the server went: no leg counts then but that of the words.
        found = self._by_words.retrieve(text, facets=facets, limit=1, vector=vector)
        return found.model_copy(update={"by_words_alone": True})

    @cached_property
    def _by_words(self) -> HybridRetriever:
        index = Index(catalogue=self._index.catalogue, vectors=NoVectors(), manifest=self._index.manifest)
        return HybridRetriever(index, embedder=self._embedder)

    def document(self, name: str) -> Document | None:
        return self._index.catalogue.document(name)


def meaning_phrases(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """(name, text) of every example phrase of the vocabulary, as the index embeds them."""
    return [
        (f"{facet}/{value}/{number}", phrase)
        for facet, of in vocabulary.facets.items()
        for value, entry in of.values.items()
        for number, phrase in enumerate(entry.like)
    ]


_HEARD_SHARE = 0.9
"""Share of its score that a document keeps which only a language model's reading of the question found."""


def also_heard(found: Found, heard: Heard, situation: Situation, *, text: str, library: Library) -> Found:
    """What was found, with what a language model's reading finds beside it; none of it scores lower than it did."""
    said = as_facets(situation.known())
    facets = {**{facet: (value,) for facet, value in heard.facets.items()}, **said}
    if not heard.search and facets == said:
        return found
    text = heard.search or text
    more = library.retrieve(text, facets=facets, vector=library.read(text, []).whole)
    scores = dict(found.documents)
    for name, score in more.documents.items():
        scores[name] = max(scores.get(name, 0.0), _HEARD_SHARE * score)
    ranked = sorted(scores, key=lambda name: -scores[name])
    return found.model_copy(
        update={
            "documents": {name: scores[name] for name in ranked},
            "bullets": {**more.bullets, **found.bullets},
        }
    )


def likeness(library: Library) -> Likeness:
    """How near two texts are in meaning, by the library's own embedder: a cosine."""

    def near(one: str, other: str) -> float:
        return float(library.read(one, []).whole @ library.read(other, []).whole)

    return near


def as_facets(known: Mapping[str, tuple[str, ...]]) -> Facets:
    """Situation facets as the retriever takes them; the nation is weighed later, not scored."""
    return {facet: values for facet, values in known.items() if facet != "nation"}
