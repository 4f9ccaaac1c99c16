"""A loopback server that speaks as OpenAI, Azure OpenAI, Anthropic or Ollama do, replies what it is told, and keeps
every byte that reaches it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Request(NamedTuple):
    """One request as it arrived."""

    path: str
    head: str
    body: bytes

    @property
    def bytes(self) -> bytes:
        return self.path.encode() + self.head.encode() + self.body

    def passages(self) -> list[str]:
        """What each numbered passage of the request says."""
        return [passage["says"] for passage in self.data().get("passages", [])]

    def data(self) -> dict[str, Any]:
        """The JSON object that was sent as the user's message."""
        messages = json.loads(self.body)["messages"]
        content = next(message["content"] for message in messages if message["role"] == "user")
        text = content if isinstance(content, str) else content[0]["text"]
        found: dict[str, Any] = json.loads(text)
        return found


Says = Callable[[Request], str]
"""The model's words for a request."""


class Behaviour(NamedTuple):
    """What the server does with a request: usually it replies in words."""

    says: Says = lambda request: "{}"
    status: int = 200
    where: bytes = b""
    """The status holds for requests that contain this; others succeed."""
    raw: bytes | None = None
    """Sent as the whole body in place of a reply in the provider's form."""
    stop: str = "stop"
    refusal: bool = False
    wait: float = 0
    """Seconds before anything is sent."""
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers of the reply."""
    drip: float = 0
    """Seconds between single bytes of the body."""


def rewording(request: Request) -> str:
    """Every passage as a faithful model would give it back: the quote, and the same words."""
    said = [{"passage": n, "quote": text, "text": text} for n, text in enumerate(request.passages(), start=1)]
    return json.dumps({"statements": said})


class StandIn:
    """The server's address and what it was asked."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.requests: list[Request] = []
        self.url = ""

    @property
    def seen(self) -> bytes:
        """Every byte that arrived."""
        return b"\n".join(request.bytes for request in self.requests)


@contextmanager
def stand_in(behaviour: Behaviour | None = None) -> Iterator[StandIn]:
    """A server on a free port of the loopback interface, for as long as the block runs."""
    state = StandIn(behaviour or Behaviour(says=rewording))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(state: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            request = Request(self.path, str(self.headers), body)
            state.requests.append(request)
            try:
                self._reply(state.behaviour, request)
            except (BrokenPipeError, ConnectionResetError):
                pass  # Whoever asked has gone.

        def _reply(self, does: Behaviour, request: Request) -> None:
            time.sleep(does.wait)
            if does.where not in request.body:
                does = does._replace(status=200)
            body = does.raw if does.raw is not None else _in_form(does, request)
            self.send_response(does.status)
            self.send_header("content-type", _content_type(request.path))
            self.send_header("content-length", str(len(body)))
            for name, value in does.headers:
                self.send_header(name, value)
            self.end_headers()
            if does.drip:
                for at in range(len(body)):
                    self.wfile.write(body[at : at + 1])
                    self.wfile.flush()
                    time.sleep(does.drip)
            else:
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def _content_type(path: str) -> str:
    return "application/x-ndjson" if path.startswith("/api/") else "application/json"


def _in_form(does: Behaviour, request: Request) -> bytes:
    """The words in the form of whichever provider the path is of."""
    if does.status != 200:
        return b'{"error": {"message": "scripted", "type": "scripted"}}'
    words = does.says(request)
    if request.path.endswith("/messages"):
        body = _as_anthropic(words, does, request)
    elif request.path.endswith("/api/chat"):
        body = _as_ollama(words, does, request)
    else:
        body = _as_openai(words, does)
    return json.dumps(body).encode() + (b"\n" if request.path.startswith("/api/") else b"")


def _as_openai(words: str, does: Behaviour) -> dict[str, Any]:
    message = {"role": "assistant", "content": None if does.refusal else words}
    message["refusal"] = "I cannot help with that." if does.refusal else None
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 1795341600,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": does.stop, "logprobs": None}],
        "usage": {"prompt_tokens": 2100, "completion_tokens": 900, "total_tokens": 3000},
    }


def _as_anthropic(words: str, does: Behaviour, request: Request) -> dict[str, Any]:
    stop = {"stop": "end_turn", "length": "max_tokens"}[does.stop]
    content: list[dict[str, Any]] = [{"type": "text", "text": words}]
    tools = json.loads(request.body).get("tools")
    fields = _object(words)
    if tools and fields is not None:
        content, stop = [{"type": "tool_use", "id": "toolu_1", "name": tools[0]["name"], "input": fields}], "tool_use"
    return {
        "id": "msg_scripted",
        "type": "message",
        "role": "assistant",
        "model": "scripted",
        "content": [] if does.refusal else content,
        "stop_reason": "refusal" if does.refusal else stop,
        "stop_sequence": None,
        "usage": {"input_tokens": 2100, "output_tokens": 900},
    }


def _as_ollama(words: str, does: Behaviour, request: Request) -> dict[str, Any]:
    return {
        "model": json.loads(request.body)["model"],
        "created_at": "2026-11-22T09:30:00Z",
        "message": {"role": "assistant", "content": "" if does.refusal else words},
        "done": True,
        "done_reason": does.stop,
        "prompt_eval_count": 2100,
        "eval_count": 900,
    }


def _object(words: str) -> dict[str, Any] | None:
    try:
        fields = json.loads(words)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None
