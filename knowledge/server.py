"""A Chroma server that several advisors share: asked within time limits, and left alone for a while when it is away.

On it, one collection a space and version, and a small one whose metadata names the version in use: that is changed
in one request, so that all readers go from one version to the next at once. The version before stays for whoever is
in the middle of a question.
"""

from __future__ import annotations

import uuid
import weakref
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from time import monotonic, time
from typing import Any, NamedTuple

from knowledge.errors import IndexBroken, ServerAway
from knowledge.vectors import HNSW, Space, VectorStore, connect_to_server, disconnect, is_missing, nearest_in

CONNECT_WITHIN = 2.0
"""Seconds in which the server must take up a connection."""
ANSWER_WITHIN = 5.0
"""Seconds in which it must answer while a person waits."""
BUILD_WITHIN = 60.0
"""Seconds in which it must answer to whoever builds."""
LEFT_ALONE = 5.0
"""Seconds in which a server that was away is not asked again."""

_PREFIX = "can-i-share"
_POINTER = f"{_PREFIX}.current"
_UNFINISHED_FOR = 6 * 3600
"""Seconds after which vectors that nobody switched to are taken for those of a build that was killed."""


class Published(NamedTuple):
    """The version in use."""

    version: str
    manifest: str
    """JSON of what it was built from, as the index writes it."""
    before: str
    """The version that was in use before, which is still there; empty when there was none."""


class ChromaServer:
    """One server; any number of questions at a time."""

    def __init__(
        self, url: str, *, answer_within: float = ANSWER_WITHIN, clock: Callable[[], float] = monotonic
    ) -> None:
        self.url = url
        self._answer_within, self._clock = answer_within, clock
        self._client: Any = None
        self._away_until = 0.0
        self._lock = Lock()
        self._disconnect: Callable[[], object] = lambda: None

    @property
    def is_away(self) -> bool:
        """Whether it did not answer lately, and has not answered since."""
        return self._away_until > 0

    def published(self) -> Published | None:
        """The version in use, or None when nothing was ever published.

        Raises:
            ServerAway: when it does not answer.
        """
        with self._asked() as client:
            try:
                said = client.get_collection(_POINTER, embedding_function=None).metadata or {}
            except Exception as error:
                if is_missing(error):
                    return None
                raise
        return Published(str(said["version"]), str(said["manifest"]), str(said.get("before", "")))

    def publish(self, vectors: VectorStore, *, manifest: str) -> None:
        """Copies all vectors to the server as a new version and makes that the one in use.

        Raises:
            ServerAway: when it stops answering; the version in use stays so.
        """
        held, version = self.published(), uuid.uuid4().hex[:12]
        try:
            for space in Space:
                self._copy(space, vectors, version=version)
            self._switch(Published(version, manifest, held.version if held else ""))
        except BaseException:  # Ctrl-C too: half a version is of no use to anyone.
            self._remove_quietly(version)
            raise
        if held:
            self._tidy(gone=held.before, keep={version, held.version})

    def nearest_each(self, version: str, space: Space, *, vectors: Any, limit: int) -> list[dict[str, float]]:
        """As of ``VectorStore.nearest_each``.

        Raises:
            ServerAway: when it does not answer, or holds that version no more.
        """
        with self._asked() as client:
            return nearest_in(_collection(client, version, space), vectors=vectors, limit=limit)

    def count(self, version: str, space: Space) -> int:
        """How many vectors a version has in a space.

        Raises:
            ServerAway: as ``nearest_each``.
        """
        with self._asked() as client:
            return int(_collection(client, version, space).count())

    def close(self) -> None:
        """Ends the connection; without it, it ends with this object."""
        self._client = None
        self._disconnect()

    def _copy(self, space: Space, vectors: VectorStore, *, version: str) -> None:
        with self._asked() as client:
            collection = client.create_collection(
                _name(version, space),
                embedding_function=None,
                configuration={"hnsw": HNSW},
                metadata={"since": int(time())},
            )
            for names, batch in vectors.everything(space):
                collection.upsert(ids=names, embeddings=batch)
            if collection.count() != vectors.count(space):
                raise IndexBroken(f"{self.url} did not keep all {space}. Free some space there, then index again.")

    def _switch(self, to: Published) -> None:
        with self._asked() as client:
            said = to._asdict()
            client.get_or_create_collection(_POINTER, embedding_function=None, metadata=said).modify(metadata=said)

    def _tidy(self, *, gone: str, keep: Collection[str]) -> None:
        """Removes a version, and what killed builds left; not what another build may be filling just now."""
        with self._asked() as client:
            for collection in client.list_collections():
                prefix, version, space = [*collection.name.split("."), "", ""][:3]
                is_left = time() - (collection.metadata or {}).get("since", 0) > _UNFINISHED_FOR
                if prefix == _PREFIX and space and version not in keep and (version == gone or is_left):
                    client.delete_collection(collection.name)

    def _remove_quietly(self, version: str) -> None:
        """Removes a version as far as the server lets; the next build removes what is left."""
        with suppress(ServerAway), self._asked() as client:
            for space in Space:
                with suppress(Exception):  # What is not there need not be removed.
                    client.delete_collection(_name(version, space))

    @contextmanager
    def _asked(self) -> Iterator[Any]:
        """A client to ask, whatever goes wrong translated."""
        if self._clock() < self._away_until:
            raise ServerAway(_away(self.url))
        try:
            yield self._connected()
        except (ImportError, IndexBroken):
            raise
        except Exception as error:  # Chroma's errors, those of its HTTP client and those it makes of both.
            if not is_missing(error):
                self._away_until = self._clock() + LEFT_ALONE
            raise ServerAway(_away(self.url)) from error
        self._away_until = 0.0

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = connect_to_server(
                    self.url, connect_within=CONNECT_WITHIN, answer_within=self._answer_within
                )
                self._disconnect = weakref.finalize(self, disconnect, self._client)
            return self._client


class SharedVectors:
    """The vectors of one version on a server; finds nothing, rather than fail, while the server is away."""

    def __init__(self, server: ChromaServer, version: str | None) -> None:
        """``version`` is None when the server was away from the start."""
        self._server, self.version = server, version
        self.is_gone = version is None
        """Whether the server holds this version no more."""

    @property
    def is_away(self) -> bool:
        """Whether what was found lately is not all there is."""
        return self.is_gone or self._server.is_away

    def nearest(self, space: Space, *, vector: Any, limit: int) -> dict[str, float]:
        """As of ``VectorStore.nearest``; nothing while the server is away."""
        return self.nearest_each(space, vectors=[vector], limit=limit)[0]

    def nearest_each(self, space: Space, *, vectors: Any, limit: int) -> list[dict[str, float]]:
        """As of ``VectorStore.nearest_each``; nothing while the server is away."""
        if not len(vectors):
            return []
        if self.version is not None:
            try:
                return self._server.nearest_each(self.version, space, vectors=vectors, limit=limit)
            except ServerAway:
                self.is_gone = self.is_gone or not self._server.is_away
        return [{} for _ in vectors]

    def counts(self) -> dict[Space, int]:
        """How many vectors there are in each space.

        Raises:
            ServerAway: when the server does not answer, or holds this version no more.
        """
        return {space: self._server.count(self.version or "", space) for space in Space}

    def close(self) -> None:
        """Nothing: the connection is the server's, which others use."""


def _collection(client: Any, version: str, space: Space) -> Any:
    return client.get_collection(_name(version, space), embedding_function=None)


def _name(version: str, space: Space) -> str:
    return f"{_PREFIX}.{version}.{space.value}"


def _away(url: str) -> str:
    return (
        f"The Chroma server at {url} does not answer. Start it (chroma run --path FOLDER --host HOST --port PORT),"
        " or unset ADVISOR_CHROMA_URL."
    )
