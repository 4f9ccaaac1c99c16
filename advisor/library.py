"""The open knowledge base as the engine uses it: one encoding of a question serves reading and retrieval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from advisor.models import KnowledgeStamp
from knowledge.embedding import OnnxEmbedder, Reading
from knowledge.index import Index
from knowledge.models import Document
from knowledge.retrieval import Facets, Found, HybridRetriever, Weights
from knowledge.vectors import Space
from knowledge.vocabulary import Vocabulary


class Library(Protocol):
    """What the engine asks of a knowledge base."""

    @property
    def stamp(self) -> KnowledgeStamp: ...

    def read(self, text: str, spans: Sequence[tuple[int, int]]) -> Reading: ...

    def meanings(self, parts: Any, clauses: Sequence[str]) -> dict[str, tuple[str, float, str]]: ...

    def retrieve(self, text: str, *, facets: Facets, vector: Any) -> Found: ...

    def document(self, name: str) -> Document | None: ...


class IndexedLibrary:
    """A knowledge base in an open index."""

    def __init__(
        self, index: Index, *, embedder: OnnxEmbedder, as_of: date, weights: Weights | None = None, pool: int = 40
    ) -> None:
        self._index, self._embedder, self._pool = index, embedder, pool
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
        found = self._index.vectors.nearest_each(Space.PHRASES, vectors=parts, limit=5)
        for clause, near in zip(clauses, found, strict=True):
            for name, cosine in near.items():
                facet, value, _ = name.split("/")
                if facet not in best or cosine > best[facet][1]:
                    best[facet] = (value, cosine, clause)
        return best

    def retrieve(self, text: str, *, facets: Facets, vector: Any) -> Found:
        return self._retriever.retrieve(text, facets=facets, limit=1, vector=vector)

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


def as_facets(known: Mapping[str, tuple[str, ...]]) -> Facets:
    """Situation facets as the retriever takes them; the nation is weighed later, not scored."""
    return {facet: values for facet, values in known.items() if facet != "nation"}
