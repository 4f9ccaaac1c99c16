"""The vector half of the index: the only place that knows Chroma."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge.embedding import Vectors
from knowledge.errors import IndexBroken

_BATCH = 2000


class Space(StrEnum):
    """What a vector stands for; each has a Chroma collection of its own."""

    CHUNKS = "chunks"
    QUESTIONS = "questions"
    BULLETS = "bullets"
    PHRASES = "phrases"


class VectorStore:
    """Unit vectors by name in a Chroma persistent client, nearest first by cosine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._translated():
            import chromadb  # noqa: PLC0415 - half a second that listing documents need not pay
            from chromadb.config import Settings  # noqa: PLC0415

            settings = Settings(anonymized_telemetry=False)
            self._client: Any = chromadb.PersistentClient(path=str(folder), settings=settings)
            self._collections: dict[Space, Any] = {}

    def add(self, space: Space, *, names: Sequence[str], vectors: Vectors) -> None:
        """Adds or replaces vectors, shape (names, dimension)."""
        with self._translated():
            for start in range(0, len(names), _BATCH):
                part = slice(start, start + _BATCH)
                self._collection(space).upsert(ids=list(names[part]), embeddings=vectors[part])

    def remove(self, space: Space, *, names: Sequence[str]) -> None:
        with self._translated():
            for start in range(0, len(names), _BATCH):
                self._collection(space).delete(ids=list(names[start : start + _BATCH]))

    def nearest(self, space: Space, *, vector: Any, limit: int) -> dict[str, float]:
        """Names to cosine similarity, at most ``limit``, best first."""
        return self.nearest_each(space, vectors=[vector], limit=limit)[0]

    def nearest_each(self, space: Space, *, vectors: Any, limit: int) -> list[dict[str, float]]:
        """For each of several vectors, names to cosine similarity, best first."""
        if not len(vectors):
            return []
        with self._translated():
            found = self._collection(space).query(query_embeddings=list(vectors), n_results=limit, include=["distances"])
        pairs = (zip(names, distances, strict=True) for names, distances in zip(found["ids"], found["distances"], strict=True))
        return [{name: 1.0 - float(distance) for name, distance in near} for near in pairs]

    def count(self, space: Space) -> int:
        with self._translated():
            return int(self._collection(space).count())

    def close(self) -> None:
        """Releases the files."""
        with self._translated():
            self._client.close()

    def _collection(self, space: Space) -> Any:
        if space not in self._collections:
            self._collections[space] = self._client.get_or_create_collection(
                space.value, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collections[space]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ImportError:
            raise
        except Exception as error:  # Chroma's own errors share no base class with those of its Rust core.
            message = f'The vectors in {self._folder} cannot be used ({error}). Run "advisor kb index --rebuild".'
            raise IndexBroken(message) from error
