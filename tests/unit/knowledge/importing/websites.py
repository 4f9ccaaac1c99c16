"""A web server on this machine that behaves as badly as a test asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

PAGE = b"<html><title>Our policy</title><h1>Sharing</h1><p>Ring the officer back at the station.</p></html>"


class Website(ThreadingHTTPServer):
    """Serves ``pages``, records what was asked, and lets go of who waits when it is closed."""

    daemon_threads = True

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.pages = pages
        self.asked: list[tuple[str, str, str]] = []
        """Path, ``Host`` and ``User-Agent`` of each request."""
        self.closing = Event()

    def at(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"


class _Answers(BaseHTTPRequestHandler):
    server: Website

    def do_GET(self) -> None:
        """Does what the path says."""
        self.server.asked.append((self.path, self.headers["Host"], self.headers["User-Agent"]))
        what, _, rest = self.path.strip("/").partition("/")
        act = getattr(self, f"_{what}", None)
        if act is None:
            self._page(self.server.pages.get(self.path), rest)
        else:
            act(rest)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _page(self, content: bytes | None, _rest: str) -> None:
        self._head(200 if content else 404, {"Content-Type": "text/html; charset=utf-8"})
        self.wfile.write(content or b"")

    def _typed(self, kind: str) -> None:
        self._head(200, {"Content-Type": kind} if kind else {})
        self.wfile.write(PAGE)

    def _to(self, rest: str) -> None:
        self._head(302, {"Location": rest.replace("PORT", str(self.server.server_port))})

    def _round(self, rest: str) -> None:
        self._head(302, {"Location": f"/round/{int(rest) + 1}"})

    def _hops(self, rest: str) -> None:
        self._head(302, {"Location": f"/hops/{int(rest) - 1}" if rest != "1" else "/policy"})

    def _claims(self, rest: str) -> None:
        self._head(200, {"Content-Type": "text/html", "Content-Length": rest})

    def _packed(self, _rest: str) -> None:
        self._head(200, {"Content-Type": "text/html", "Content-Encoding": "gzip"})

    def _endless(self, _rest: str) -> None:
        self._head(200, {"Content-Type": "text/html"})
        while not self.server.closing.is_set():
            self.wfile.write(b"more " * 20_000)

    def _drips(self, _rest: str) -> None:
        """A letter of the body now and then, each in time for any time-out on one reading."""
        self._head(200, {"Content-Type": "text/html"})
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"x")

    def _dawdles(self, _rest: str) -> None:
        """A letter of the headers now and then."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"x")

    def _hangs(self, _rest: str) -> None:
        self.server.closing.wait(30)

    def _breaks(self, _rest: str) -> None:
        self._head(200, {"Content-Type": "text/html", "Content-Length": "1000"})
        self.wfile.write(b"half")

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


@contextmanager
def website(pages: Mapping[str, bytes] | None = None) -> Iterator[Website]:
    """A server that is up while the block runs; ``/policy`` is a page."""
    server = Website({"/policy": PAGE, **(pages or {})})
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # those who hang up are meant to
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
