"""Watches one request to a provider: where it went, and that no more comes back than may in bytes and time."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextvars import ContextVar
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

MOST_BYTES = 1_000_000
"""Bytes of a reply, at most: some hundred times what a good one has."""


class TooLarge(Exception):
    """A reply of more than ``MOST_BYTES``."""


class Late(Exception):
    """A reply that still drips when its time is over."""


class Encoded(Exception):
    """A reply that is packed, and could unpack to any size."""


class Elsewhere(Exception):
    """A redirection to another host, which nobody was told of."""


class Trip:
    """One request on its way: which host it went to, and how long it may take."""

    def __init__(self, *, until: float) -> None:
        self.host: str | None = None
        self._until = until

    def watch(self, client: Any) -> None:
        """Watches what this thread sends with an httpx client, or with one of its successor's."""
        _here.set(self)
        client.event_hooks = {"request": [_leaves], "response": [_comes]}

    def check(self) -> None:
        if monotonic() > self._until:
            raise Late


_here: ContextVar[Trip] = ContextVar("trip")
"""The trip under way: a client of a provider's library may be shared by several threads."""


def _leaves(request: Any) -> None:
    """Notes where a request of an httpx client, or of its successor's, goes, and asks for a reply as it is."""
    trip = _here.get()
    trip.check()
    parts = urlsplit(str(request.url))
    host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    if trip.host not in (None, host):
        raise Elsewhere
    trip.host = host
    request.headers["accept-encoding"] = "identity"  # A small reply could unpack to any size.


def _comes(response: Any) -> None:
    """Lets no more of a reply in than it may have of bytes and time."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Encoded
    library = importlib.import_module(type(response).__module__.partition(".")[0])
    stream, trip = response.stream, _here.get()

    class Watched(library.SyncByteStream):  # type: ignore[misc,name-defined]
        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for part in stream:
                size += len(part)
                if size > MOST_BYTES:
                    raise TooLarge
                trip.check()
                yield part

        def close(self) -> None:
            stream.close()

    response.stream = Watched()
