"""A server that does not answer, as it looks from this side; one that does is in tests/end_to_end/test_shared.py."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from knowledge.errors import ServerAway
from knowledge.server import LEFT_ALONE, ChromaServer, SharedVectors
from knowledge.vectors import Space
from tests.chroma_server import free_port


class StoppedClock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Somebody who takes up the connection and never says a word."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def test_nobody_there_is_an_error_that_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    url = _url(free_port())

    with pytest.raises(ServerAway) as caught:
        ChromaServer(url).published()

    assert str(caught.value) == (
        f"The Chroma server at {url} does not answer. Start it (chroma run --path FOLDER --host HOST --port PORT),"
        " or unset ADVISOR_CHROMA_URL."
    )


def test_somebody_who_never_answers_is_not_waited_for_long(silent: socket.socket) -> None:
    with pytest.raises(ServerAway):
        ChromaServer(_url(silent.getsockname()[1]), answer_within=0.1).published()


def test_a_server_that_was_away_is_left_alone_and_then_asked_again(silent: socket.socket) -> None:
    clock = StoppedClock()
    server = ChromaServer(_url(silent.getsockname()[1]), answer_within=0.1, clock=clock)
    silent.settimeout(5)

    def ask() -> None:
        with pytest.raises(ServerAway):
            server.published()

    ask()
    silent.accept()[0].close()
    clock.now += LEFT_ALONE / 2
    ask()
    silent.settimeout(0.05)
    with pytest.raises(TimeoutError):
        silent.accept()

    clock.now += LEFT_ALONE
    ask()
    silent.accept()[0].close()
    assert server.is_away


@pytest.mark.parametrize("version", [None, "0123456789ab"])
def test_vectors_on_a_server_that_is_away_find_nothing_and_say_so(
    monkeypatch: pytest.MonkeyPatch, version: str | None
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    vectors = SharedVectors(ChromaServer(_url(free_port())), version)

    assert vectors.nearest_each(Space.CHUNKS, vectors=[[1.0], [0.0]], limit=5) == [{}, {}]
    assert vectors.nearest(Space.CHUNKS, vector=[1.0], limit=5) == {}
    assert vectors.is_away
