"""Fills one version of the index from documents, taking over from the version before what has not changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from knowledge.chunking import CUTTING, Cutting, chunk
from knowledge.embedding import Embedder
from knowledge.lexical import Catalogue, stamp_of
from knowledge.models import Document
from knowledge.vectors import Space, VectorStore

CATALOGUE, VECTORS = "catalogue.sqlite3", "vectors"
"""What a version holds: an SQLite file and the folder of the Chroma client."""

Progress = Callable[[int, int], None]
"""Hears how many texts are embedded, and of how many."""

_Texts = dict[Space, dict[str, str]]
"""Vector name to the text it stands for."""


class Sources(NamedTuple):
    """What an index is built from."""

    documents: Sequence[Document]
    phrases: dict[str, str]
    """Name to text of the vocabulary's phrases."""
    cutting: Cutting = CUTTING


class Counts(NamedTuple):
    """What a version holds."""

    documents: int
    chunks: int
    vectors: dict[Space, int]


def fill(version: Path, sources: Sources, *, embedder: Embedder, progress: Progress | None = None) -> Counts:
    """Makes a version hold the sources and no others; it may be empty, or a copy of the version before.

    Raises:
        IndexBroken: when the disk refuses, or the copy is damaged.
    """
    vectors = VectorStore(version / VECTORS, write=True)
    try:
        catalogue = Catalogue(version / CATALOGUE, write=True)
        try:
            return _Filling(catalogue, vectors, embedder=embedder, progress=progress).fill(sources)
        finally:
            catalogue.close()
    finally:
        vectors.close()


class _Filling:
    """One open version being brought up to date."""

    def __init__(
        self, catalogue: Catalogue, vectors: VectorStore, *, embedder: Embedder, progress: Progress | None
    ) -> None:
        self._catalogue, self._vectors, self._embedder, self._progress = catalogue, vectors, embedder, progress

    def fill(self, sources: Sources) -> Counts:
        self._remove_old(sources)
        self._embed(self._new(sources))
        self._catalogue.keep_phrases(sources.phrases)
        self._catalogue.commit()
        vectors = _counted(sources)
        self._vectors.check(vectors)
        return Counts(*self._catalogue.count(), vectors)

    def _remove_old(self, sources: Sources) -> None:
        wanted = {document.id: stamp_of(document) for document in sources.documents}
        old: dict[Space, list[str]] = {space: [] for space in Space}
        for name, stamp in self._catalogue.stamps().items():
            stored = self._catalogue.document(name) if stamp != wanted.get(name) else None
            if stored is not None:
                for space, texts in texts_of(stored, cutting=sources.cutting).items():
                    old[space] += texts
                self._catalogue.remove(name)
        held = self._catalogue.phrases()
        old[Space.PHRASES] = [name for name in held if held[name] != sources.phrases.get(name)]
        for space, names in old.items():
            self._vectors.remove(space, names=names)

    def _new(self, sources: Sources) -> _Texts:
        kept, held = set(self._catalogue.digests()), self._catalogue.phrases()
        new: _Texts = {space: {} for space in Space}
        for document in sources.documents:
            if document.id not in kept:
                self._catalogue.add(document, chunks=chunk(document, cutting=sources.cutting))
                for space, texts in texts_of(document, cutting=sources.cutting).items():
                    new[space] |= texts
        new[Space.PHRASES] = {name: text for name, text in sources.phrases.items() if held.get(name) != text}
        return new

    def _embed(self, new: _Texts) -> None:
        total, done = sum(map(len, new.values())), 0

        def advance(more: int) -> None:
            nonlocal done
            done += more
            if self._progress:
                self._progress(done, total)

        for space, texts in new.items():
            if texts:
                vectors = self._embedder.embed(list(texts.values()), progress=advance)
                self._vectors.add(space, names=list(texts), vectors=vectors)


def _counted(sources: Sources) -> dict[Space, int]:
    """How many vectors there must be of the sources; a copy may lack what the catalogue says it had."""
    counts = dict.fromkeys(Space, 0) | {Space.PHRASES: len(sources.phrases)}
    for document in sources.documents:
        for space, texts in texts_of(document, cutting=sources.cutting).items():
            counts[space] += len(texts)
    return counts


def texts_of(document: Document, *, cutting: Cutting = CUTTING) -> _Texts:
    """Every text of a document that has a vector, by the vector's name."""
    return {
        Space.CHUNKS: {piece.id: piece.embedded for piece in chunk(document, cutting=cutting)},
        Space.QUESTIONS: {f"{document.id}?{number}": text for number, text in enumerate(document.questions)},
        Space.BULLETS: {f"{document.id}*{number}": bullet.text for number, bullet in enumerate(document.bullets())},
    }
