"""A web server on this machine whose pages a test edits, and documents that summarise them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple

from knowledge.models import Document, Force, Kind, Nation, Standing, State, Verified

REVIEWED = date(2026, 11, 1)


class Served(NamedTuple):
    """How a path is answered; with a validator of the request that fits, by 304."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}


class Site(ThreadingHTTPServer):
    """Serves ``pages``, records what was asked; ``/hangs`` never answers. It is a proxy too."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.pages: dict[str, Served] = {}
        self.asked: list[tuple[str, dict[str, str], int]] = []
        """Path, headers by small name, and the status answered."""
        self.closing = Event()

    def at(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]

    def put(self, path: str, text: str, *, kind: str = "text/html", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Served(text.encode(), headers={"Content-Type": kind, **named})

    def put_json(self, path: str, item: Mapping[str, Any]) -> None:
        self.put(path, json.dumps(item), kind="application/json")


class _Answers(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        """Answers with the page of the path, or of the whole address when asked as a proxy."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path == "/hangs":
            self.server.closing.wait(30)
            return
        served = self.server.pages.get(self.path, Served(status=404))
        sent = {name.lower(): value for name, value in served.headers.items()}
        etag, modified = headers.get("if-none-match"), headers.get("if-modified-since")
        if (etag and etag == sent.get("etag")) or (modified and modified == sent.get("last-modified")):
            served = Served(status=304)
        self.server.asked.append((self.path, headers, served.status))
        self.send_response(served.status)
        for name, value in served.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(served.body)))
        self.end_headers()
        self.wfile.write(served.body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def site() -> Iterator[Site]:
    """A server that is up while the block runs."""
    server = Site()
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


def document(url: str, *, name: str = "asking", **fields: Any) -> Document:
    """An approved document that summarises a page, reviewed on ``REVIEWED``."""
    plain: dict[str, Any] = {
        "id": name,
        "kind": Kind.GUIDANCE,
        "title": "Someone asks about a person",
        "summary": "What to think of when someone asks about a person.",
        "source": "A policy",
        "url": url,
        "publisher": "example.org",
        "nations": (Nation.ENGLAND,),
        "force": Force.EXPLAINS,
        "state": State.APPROVED,
        "status": Standing.IN_FORCE,
        "verified": Verified.OFFICIAL,
        "reviewed": REVIEWED,
        "reviewed_by": "the project",
        "review_by": date(2027, 5, 1),
        "owner": "information-governance",
    }
    return Document.model_validate(plain | fields)
