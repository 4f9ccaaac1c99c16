"""The knowledge base whose vectors are on a Chroma server: follows the server from version to version."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import NamedTuple

from advisor.library import IndexedLibrary
from knowledge.errors import IndexStale, ServerAway
from knowledge.index import Index
from knowledge.server import ChromaServer, Published, SharedVectors

LOOK_EVERY = 1.0
"""Seconds between two looks at which version is in use; a look takes about a millisecond."""


class _Made(NamedTuple):
    """An open version."""

    opened: Index
    version: str | None
    library: IndexedLibrary


class SharedLibrary:
    """Gives the library for one question; what it gave stays usable until two versions later."""

    def __init__(
        self,
        server: ChromaServer,
        *,
        open_index: Callable[[], Index],
        library: Callable[[Index], IndexedLibrary],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """``open_index`` opens the version in use, or by words alone while the server is away."""
        self._server, self._open, self._library, self._clock = server, open_index, library, clock
        self._lock = Lock()
        self._made: _Made | None = None
        self._before: _Made | None = None
        self._looked = 0.0

    def __call__(self) -> IndexedLibrary:
        """The library over the version in use.

        Raises:
            KnowledgeError: when that does not fit the documents here, as ``open_shared`` says.
        """
        with self._lock:
            if self._made is None:
                self._made = self._opened()
            else:
                self._follow(self._made)
            return self._made.library

    def _follow(self, made: _Made) -> None:
        """Opens the version that is in use now, if it is another."""
        if self._clock() - self._looked < LOOK_EVERY and not made.opened.vectors.is_away:
            return
        self._looked = self._clock()
        try:
            published = self._server.published()
            if published is None or published.version != made.version:
                self._switch(made, published)
        except ServerAway:
            return

    def _switch(self, made: _Made, published: Published | None) -> None:
        try:
            opened = self._opened()
        except IndexStale:
            # The documents here are still those of the version before, which stays on the server until the next.
            if published and published.before == made.version:
                return
            raise
        if self._before:
            self._before.opened.close()
        self._before, self._made = made, opened

    def _opened(self) -> _Made:
        index = self._open()
        version = index.vectors.version if isinstance(index.vectors, SharedVectors) else None
        self._looked = self._clock()
        return _Made(index, version, self._library(index))
