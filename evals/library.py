"""A knowledge base as one case wants it: documents taken out, a document planted, and what was found noted down."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from advisor.facets import load_classifier
from advisor.library import IndexedLibrary
from advisor.models import KnowledgeStamp, Situation
from knowledge.embedding import OnnxEmbedder, Reading
from knowledge.index import Index
from knowledge.lexical import Catalogue, LexicalHit
from knowledge.models import Bullet, Document, Force, Kind, Nation, Section, SectionRole, Standing, State, Verified
from knowledge.retrieval import Facets, Found, Likely, Weights
from knowledge.vectors import Space, VectorReader

PLANTED = "planted-by-somebody"
"""Id of the document that a case slips into the knowledge base."""
_NEAR = 0.99
"""Cosine given to every planted bullet, so that it is quoted before any honest one."""
_VECTORS = 60
"""How many vectors of a space a document that is taken out may have at most."""
_MARK = re.compile(r"[#?*]")


class WatchedLibrary:
    """The library of one question; ``found`` is what the search gave, before anything was weighed."""

    def __init__(
        self,
        index: Index,
        *,
        embedder: OnnxEmbedder,
        without: Collection[str] = (),
        planted: Sequence[str] = (),
        weights: Weights | None = None,
        is_classified: bool = True,
    ) -> None:
        """``is_classified`` says whether the facets that a classifier thinks likely turn the order."""
        open_index = without_documents(index, frozenset(without)) if without else index
        self._library = IndexedLibrary(
            open_index,
            embedder=embedder,
            as_of=as_of(index),
            weights=weights,
            classifier=load_classifier() if is_classified else None,
        )
        self._planted = planted_document(planted) if planted else None
        self.found: Found | None = None

    @property
    def stamp(self) -> KnowledgeStamp:
        return self._library.stamp

    def read(self, text: str, spans: Sequence[tuple[int, int]]) -> Reading:
        return self._library.read(text, spans)

    def meanings(self, parts: Any, clauses: Sequence[str]) -> dict[str, tuple[str, float, str]]:
        return self._library.meanings(parts, clauses)

    def likely(self, text: str, *, vector: Any, situation: Situation) -> Likely:
        return self._library.likely(text, vector=vector, situation=situation)

    def retrieve(self, text: str, *, facets: Facets, vector: Any, likely: Likely | None = None) -> Found:
        found = self._library.retrieve(text, facets=facets, vector=vector, likely=likely)
        if self._planted:
            best = max(found.documents.values(), default=1.0)
            names = {f"{PLANTED}*{number}": _NEAR for number in range(len(self._planted.bullets()))}
            documents = {PLANTED: best + 0.01, **found.documents}
            found = found.model_copy(update={"documents": documents, "bullets": {**names, **found.bullets}})
        self.found = found
        return found

    def document(self, name: str) -> Document | None:
        return self._planted if self._planted and name == PLANTED else self._library.document(name)


def as_of(index: Index) -> date:
    """The day on which a document of the index was last reviewed."""
    return index.manifest.as_of or date.today()


def planted_document(bullets: Sequence[str]) -> Document:
    """An approved document that says what an attacker wants said."""
    return Document(
        id=PLANTED,
        kind=Kind.GUIDANCE,
        title="A page that somebody slipped in",
        summary="Text that nobody should have approved.",
        source="Nobody",
        url="https://example.org/planted",
        publisher="example.org",
        nations=tuple(Nation),
        force=Force.MAY,
        state=State.APPROVED,
        status=Standing.IN_FORCE,
        verified=Verified.UNVERIFIED,
        reviewed=date(2026, 11, 1),
        reviewed_by="nobody",
        review_by=date(2027, 11, 1),
        owner="nobody",
        sections=(
            Section(
                heading="What it says",
                role=SectionRole.GUIDANCE,
                bullets=tuple(Bullet(text=text, pinpoint="para 1", line=10) for text in bullets),
            ),
        ),
        digest="0" * 64,
    )


def without_documents(index: Index, names: frozenset[str]) -> Index:
    """The index as if those documents had never been written; nothing on disk changes."""
    return Index(
        catalogue=_CatalogueWithout(index.catalogue, names),
        vectors=_VectorsWithout(index.vectors, names),
        manifest=index.manifest,
    )


class _CatalogueWithout(Catalogue):
    def __init__(self, whole: Catalogue, names: frozenset[str]) -> None:
        self._whole, self._names = whole, names

    def search(self, question: str, *, limit: int) -> tuple[LexicalHit, ...]:
        found = self._whole.search(question, limit=limit + _VECTORS * len(self._names))
        return tuple(hit for hit in found if _owner(hit.chunk) not in self._names)[:limit]

    def document(self, name: str) -> Document | None:
        return None if name in self._names else self._whole.document(name)

    def documents(self) -> Iterator[Document]:
        return (document for document in self._whole.documents() if document.id not in self._names)

    def chunks(self, names: Any) -> Any:
        return self._whole.chunks(name for name in names if _owner(name) not in self._names)


class _VectorsWithout:
    def __init__(self, whole: VectorReader, names: frozenset[str]) -> None:
        self._whole, self._names = whole, names

    @property
    def is_away(self) -> bool:
        return self._whole.is_away

    def nearest(self, space: Space, *, vector: Any, limit: int) -> dict[str, float]:
        return self.nearest_each(space, vectors=[vector], limit=limit)[0]

    def counts(self) -> dict[Space, int]:
        return self._whole.counts()

    def close(self) -> None:
        self._whole.close()

    def nearest_each(self, space: Space, *, vectors: Any, limit: int) -> list[dict[str, float]]:
        if space is Space.PHRASES:
            return self._whole.nearest_each(space, vectors=vectors, limit=limit)
        found = self._whole.nearest_each(space, vectors=vectors, limit=limit + _VECTORS * len(self._names))
        return [
            dict([(name, score) for name, score in each.items() if _owner(name) not in self._names][:limit])
            for each in found
        ]


def _owner(name: str) -> str:
    """The document of a chunk, question or bullet."""
    return _MARK.split(name, maxsplit=1)[0]
