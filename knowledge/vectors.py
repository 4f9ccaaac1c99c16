"""The vector half of the index: the only place that knows Chroma."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from knowledge.embedding import Vectors
from knowledge.errors import IndexBroken
from knowledge.mending import BUILDING, mend_of
from knowledge.starting import import_chromadb

_BATCH = 2000
_DATABASE = "chroma.sqlite3"
HNSW = {
    "space": "cosine",
    # Written out at once: what Chroma keeps for later (up to 1000 vectors by default) every reader would have to put
    # in order again, about 50 ms a space, in a different order each time, rewriting the files others are reading.
    "batch_size": 1,
    "sync_threshold": 1,
    "num_threads": 1,
    # Wide enough to find the true nearest: of the nearest 20 among 2,673 made-up vectors it found all, where Chroma's
    # own setting found 0.93 of them, for a third of a millisecond more.
    "ef_search": 1000,
}


class Space(StrEnum):
    """What a vector stands for; each has a Chroma collection of its own."""

    CHUNKS = "chunks"
    QUESTIONS = "questions"
    BULLETS = "bullets"
    PHRASES = "phrases"


class VectorReader(Protocol):
    """Anything that finds vectors by name, nearest first by cosine."""

    @property
    def is_away(self) -> bool:
        """Whether it cannot search just now, so that what it found is not all there is."""

    def nearest(self, space: Space, *, vector: Any, limit: int) -> dict[str, float]:
        """Names to cosine similarity, at most ``limit``, best first."""

    def nearest_each(self, space: Space, *, vectors: Any, limit: int) -> list[dict[str, float]]:
        """For each of several vectors, names to cosine similarity, best first."""

    def counts(self) -> dict[Space, int]:
        """How many vectors there are in each space."""

    def close(self) -> None:
        """Releases what it holds."""


class VectorStore:
    """Unit vectors by name in a Chroma persistent client, nearest first by cosine."""

    is_away = False
    """Never: it is on this machine, and what it cannot do is an error."""

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        """Opens a store for reading, or with ``write`` for building; then it is made where there is none.

        Raises:
            IndexBroken: when it is not there or cannot be used; Chroma writes a line even to read.
        """
        self._folder, self._write = folder, write
        if not write and not (folder / _DATABASE).is_file():
            raise IndexBroken(f"{folder / _DATABASE} is missing. {mend_of('')}")
        with self._translated():
            self._client: Any = _client(str(folder))
            self._collections: dict[Space, Any] = {}
            for space in Space if write else ():
                self._collection(space)

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
            return nearest_in(self._collection(space), vectors=vectors, limit=limit)

    def everything(self, space: Space) -> Iterator[tuple[list[str], Any]]:
        """All names and vectors of a space, a batch at a time."""
        for start in range(0, self.count(space), _BATCH):
            with self._translated():
                held = self._collection(space).get(include=["embeddings"], limit=_BATCH, offset=start)
            yield held["ids"], held["embeddings"]

    def count(self, space: Space) -> int:
        with self._translated():
            return int(self._collection(space).count())

    def counts(self) -> dict[Space, int]:
        """How many vectors there are in each space."""
        return {space: self.count(space) for space in Space}

    def check(self, counts: Mapping[Space, int]) -> None:
        """Makes sure that every space holds as many vectors as it should.

        Raises:
            IndexBroken: naming the space that does not.
        """
        for space, expected in counts.items():
            held = self.count(space)
            if held != expected:
                raise IndexBroken(f"{self._folder} holds {held} {space}, not {expected}. {mend_of('')}")

    def close(self) -> None:
        """Releases the files."""
        with self._translated():
            self._client.close()

    def _collection(self, space: Space) -> Any:
        if space not in self._collections:
            if self._write:
                self._client.get_or_create_collection(
                    space.value, embedding_function=None, configuration={"hnsw": HNSW}
                )
            self._collections[space] = self._client.get_collection(space.value, embedding_function=None)
        return self._collections[space]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ImportError:
            raise
        except Exception as error:  # Chroma's own errors share no base class with those of its Rust core.
            mend = BUILDING if self._write else mend_of(error)
            raise IndexBroken(f"The vectors in {self._folder} cannot be used ({error}). {mend}") from error


class NoVectors:
    """Finds nothing: for a search by words alone."""

    is_away = True

    def nearest(self, space: Space, *, vector: Any, limit: int) -> dict[str, float]:
        return {}

    def nearest_each(self, space: Space, *, vectors: Any, limit: int) -> list[dict[str, float]]:
        return [{} for _ in vectors]

    def counts(self) -> dict[Space, int]:
        return dict.fromkeys(Space, 0)

    def close(self) -> None:
        """Nothing is open."""


def nearest_in(collection: Any, *, vectors: Any, limit: int) -> list[dict[str, float]]:
    """For each of several vectors, names in a Chroma collection to cosine similarity, best first."""
    found = collection.query(query_embeddings=list(vectors), n_results=limit, include=["distances"])
    return [
        {name: 1.0 - float(distance) for name, distance in zip(names, distances, strict=True)}
        for names, distances in zip(found["ids"], found["distances"], strict=True)
    ]


def segment_files(folder: Path) -> list[Path]:
    """The files of a store that opening and searching leave as they are: all but its database."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.parent != folder)


def copy_vectors(source: Path, target: Path) -> None:
    """Copies a store that others may be reading: every reader writes a line in its database when it opens.

    Raises:
        OSError: when the disk refuses.
        IndexBroken: when the database is damaged.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{_DATABASE}*"))
    try:
        with closing(sqlite3.connect(source / _DATABASE)) as old, closing(sqlite3.connect(target / _DATABASE)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise IndexBroken(f"{source / _DATABASE} cannot be copied ({error}). {BUILDING}") from error


def connect_to_server(url: str, *, connect_within: float, answer_within: float) -> Any:
    """A client of a Chroma server that answers; both limits in seconds.

    Raises:
        Exception: whatever Chroma or its HTTP client makes of a server that does not answer in time.
    """
    import httpx  # noqa: PLC0415 - as below

    chromadb = import_chromadb()

    address = urlsplit(url)
    is_secure = address.scheme == "https"
    port = address.port or (443 if is_secure else 8000)
    patience = httpx.Timeout(answer_within, connect=connect_within)
    # Chroma would wait for ever while it connects: whether anybody answers is found out first.
    httpx.get(f"{address.scheme}://{address.netloc}/api/v2/heartbeat", timeout=patience).raise_for_status()
    client: Any = chromadb.HttpClient(host=address.hostname or "", port=port, ssl=is_secure, settings=_settings())
    client._server._session.timeout = patience
    return client


def disconnect(client: Any) -> None:
    """Ends a connection to a server; Chroma 1.5 leaves sockets open, of the client and of its look at the tenant."""
    for part in (client, client._admin_client):
        part._server._session.close()
    client.close()


def is_missing(error: BaseException) -> bool:
    """Whether Chroma says that what was asked for is not there."""
    from chromadb.errors import NotFoundError  # noqa: PLC0415 - as below

    return isinstance(error, NotFoundError)


def _client(path: str) -> Any:
    chromadb = import_chromadb()
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415 - half a second, only here

    try:
        return chromadb.PersistentClient(path=path, settings=_settings())
    except Exception:
        # Chroma 1.5 keeps a client that failed to start and hands it out the next time the path is opened.
        SharedSystemClient._identifier_to_system.pop(path, None)
        raise


def _settings() -> Any:
    from chromadb.config import Settings  # noqa: PLC0415 - as above

    # No .env: Chroma would take settings from one in whatever folder the command is run in.
    options: dict[str, Any] = {"_env_file": None, "anonymized_telemetry": False}
    return Settings(**options)
