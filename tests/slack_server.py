"""A Slack of our own on the loopback interface: the Web API methods the bot uses, response URLs and Socket Mode.

It checks what it is sent (our limits and the models of Slack's SDK), remembers it, and fails on demand.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from integrations.slack import limits
from tests.slack_payloads import BOT, TEAM, Payload, next_ts

T = TypeVar("T")
BOT_TOKEN = "xoxb-loopback"  # noqa: S105 - a made-up token
APP_TOKEN = "xapp-loopback"  # noqa: S105 - a made-up token
SCOPES = "app_mentions:read,assistant:write,channels:read,chat:write,commands,groups:read,im:history,users:read"


@dataclass
class Call:
    """One request to the Web API or to a response URL."""

    method: str
    body: dict[str, Any]
    at: float

    @property
    def text(self) -> str:
        """Everything that was to be shown, as one text."""
        return json.dumps(self.body, ensure_ascii=False)


@dataclass
class Fault:
    """How the next calls of a method fail; ``times`` of them."""

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    hang: float = 0.0
    times: int = 1_000_000
    when: Callable[[dict[str, Any]], bool] = lambda body: True


@dataclass
class Delivered:
    """One Socket Mode envelope."""

    sent: float
    acked: float | None = None
    payload: Any = None
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def seconds(self) -> float:
        assert self.acked is not None, "never acknowledged"
        return self.acked - self.sent


class SlackServer:
    """Start with ``with SlackServer() as slack``; ``slack.url`` is the API base URL."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: dict[str, Fault] = {}
        self.users: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, dict[str, Any]] = {}
        self.team = TEAM
        self.refused: list[str] = []
        self._response_urls: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()
        self._changed = threading.Condition()
        self._sockets: list[ServerConnection] = []
        self._waiting: dict[str, Delivered] = {}
        self.connections = 0

    def __enter__(self) -> SlackServer:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                server._serve(self)

            def do_GET(self) -> None:
                server._serve(self)

            def log_message(self, *_: object) -> None:
                return

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: Any, client_address: Any) -> None:
                return

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self._socket: Server = serve(self._talk, "127.0.0.1", 0, ping_interval=None)
        for target in (self._http.serve_forever, self._socket.serve_forever):
            threading.Thread(target=target, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()
        self._http.shutdown()
        self._http.server_close()
        self._socket.shutdown()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/api/"

    # What the tests ask

    def of(self, *methods: str) -> list[Call]:
        """The calls of some methods that succeeded, in order."""
        with self._lock:
            return [call for call in self.calls if call.method in methods]

    def wait_for(self, *methods: str, count: int = 1, seconds: float = 10.0) -> list[Call]:
        """Waits until some methods were called that often.

        Raises:
            AssertionError: when they were not.
        """
        return self.wait_until(lambda: self.of(*methods), count=count, seconds=seconds, what=" ".join(methods))

    def wait_until(
        self, look: Callable[[], list[T]], *, count: int = 1, seconds: float = 10.0, what: str = "calls"
    ) -> list[T]:
        end = time.monotonic() + seconds
        with self._changed:
            while len(found := look()) < count:
                left = end - time.monotonic()
                if left <= 0 or not self._changed.wait(min(left, 0.2)):
                    if time.monotonic() >= end:
                        seen = [call.method for call in self.calls]
                        raise AssertionError(f"{len(found)} of {count} {what}; seen: {seen}; refused: {self.refused}")
        return found

    def said_to(self, user: str) -> list[Call]:
        """Ephemeral messages to a user."""
        return [call for call in self.of("chat.postEphemeral") if call.body.get("user") == user]

    def fail(self, method: str, **how: Any) -> None:
        self.faults[method] = Fault(**how)

    def mend(self, method: str) -> None:
        self.faults.pop(method, None)

    def response_url(self, *, age: float = 0.0) -> str:
        """A new response URL, as old as said, in seconds."""
        with self._lock:
            name = f"r{len(self._response_urls) + 1}"
            self._response_urls[name] = (time.monotonic() - age, 0)
        return f"http://127.0.0.1:{self._http.server_address[1]}/response/{name}"

    # Socket Mode

    def deliver(self, payload: Payload, *, kind: str | None = None, retry: int | None = None) -> Delivered:
        """Sends an envelope over the newest connection; its acknowledgement can be waited for."""
        sent, envelope_id = self._envelope(payload, kind=kind, retry=retry)
        delivered = Delivered(sent=time.monotonic())
        self._waiting[envelope_id] = delivered
        self._sockets[-1].send(sent)
        return delivered

    def wait_connected(self, *, seconds: float = 10.0, times: int = 1) -> None:
        end = time.monotonic() + seconds
        while self.connections < times or not self._sockets:
            assert time.monotonic() < end, "no Socket Mode connection"
            time.sleep(0.01)

    def drop(self) -> None:
        """Closes every Socket Mode connection from Slack's side."""
        for socket in list(self._sockets):
            with contextlib.suppress(Exception):
                socket.close()

    def _envelope(self, payload: Payload, *, kind: str | None, retry: int | None) -> tuple[str, str]:
        kinds = {"event_callback": "events_api"}
        chosen = kind or ("slash_commands" if "command" in payload else kinds.get(payload["type"], "interactive"))
        envelope_id = f"e{time.monotonic_ns()}-{len(self._waiting)}"
        envelope: Payload = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": chosen,
            "accepts_response_payload": chosen != "events_api",
        }
        if chosen == "events_api":
            envelope |= {"retry_attempt": retry or 0, "retry_reason": "timeout" if retry else ""}
        return json.dumps(envelope), envelope_id

    def _talk(self, socket: ServerConnection) -> None:
        hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0APP0001"}}
        socket.send(json.dumps(hello))
        self._sockets.append(socket)
        self.connections += 1
        try:
            for raw in socket:
                answer = json.loads(raw)
                delivered = self._waiting.get(answer.get("envelope_id", ""))
                if delivered:
                    delivered.acked, delivered.payload = time.monotonic(), answer.get("payload")
                    delivered.done.set()
        except ConnectionClosed:
            pass
        finally:
            self._sockets.remove(socket)

    # HTTP

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("Content-Length") or 0)
        raw = request.rfile.read(length).decode()
        body = _read(raw, request.headers.get("Content-Type", ""))
        head, _, name = request.path.strip("/").partition("/")
        method = "response_url" if head == "response" else name
        fault = self.faults.get(method)
        if fault and fault.times > 0 and fault.when(body):
            fault.times -= 1
            time.sleep(fault.hang)
            reply: dict[str, Any] = {"ok": False, "error": fault.error} if fault.error else {"ok": True}
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
            self.refused.append(f"{method}: {fault.error or fault.status}")
            return _send(request, fault.status, reply, headers)
        if head == "response":
            return self._respond(request, name, body)
        reply = self._answer(name, body, request.headers.get("Authorization", "") or body.get("token", ""))
        if reply.get("ok"):
            self._remember(name, body)
        else:
            self.refused.append(f"{name}: {reply}")
        _send(request, 200, reply, {"X-OAuth-Scopes": SCOPES})
        return None

    def _respond(self, request: BaseHTTPRequestHandler, name: str, body: dict[str, Any]) -> None:
        with self._lock:
            made, used = self._response_urls.get(name, (0.0, 99))
            gone = time.monotonic() - made > 30 * 60 or used >= 5
            if not gone:
                self._response_urls[name] = (made, used + 1)
        if gone:
            self.refused.append("response_url: used_url")
            return _send(request, 404, {"ok": False, "error": "used_url"}, {})
        problems = _refusal(body)
        if problems:
            self.refused.append(f"response_url: {problems}")
            return _send(request, 400, {"ok": False, "error": "invalid_blocks"}, {})
        self._remember("response_url", body)
        return _send(request, 200, {"ok": True}, {})

    def _remember(self, method: str, body: dict[str, Any]) -> None:
        with self._lock:
            self.calls.append(Call(method, body, time.monotonic()))
        with self._changed:
            self._changed.notify_all()

    def _answer(self, method: str, body: dict[str, Any], token: str) -> dict[str, Any]:
        answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "auth.test": self._auth,
            "apps.connections.open": self._open,
            "users.info": self._user,
            "conversations.info": self._channel,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post,
            "chat.update": self._post,
            "views.open": self._view,
            "views.publish": self._view,
            "assistant.threads.setStatus": lambda body: {"ok": True},
            "assistant.threads.setSuggestedPrompts": lambda body: {"ok": True},
        }
        if method not in answers:
            return {"ok": False, "error": "unknown_method"}
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if not token.endswith(wanted):
            return {"ok": False, "error": "invalid_auth"}
        return answers[method](body)

    def _auth(self, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "ok": True,
            "url": "https://council.example/",
            "team": "Council",
            "user": "advisor",
            "team_id": self.team,
            "user_id": BOT,
            "bot_id": "B0BOT",
        }

    def _open(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "url": f"ws://127.0.0.1:{self._socket.socket.getsockname()[1]}/link/?ticket=1"}

    def _user(self, body: dict[str, Any]) -> dict[str, Any]:
        user = {"id": body["user"], "team_id": self.team, "deleted": False, "is_bot": False, "is_restricted": False}
        return {"ok": True, "user": user | {"is_ultra_restricted": False} | self.users.get(body["user"], {})}

    def _channel(self, body: dict[str, Any]) -> dict[str, Any]:
        channel = {"id": body["channel"], "is_ext_shared": False, "is_shared": False, "is_archived": False}
        return {"ok": True, "channel": channel | {"is_member": True} | self.channels.get(body["channel"], {})}

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        problems = _refusal(body)
        if problems:
            return {"ok": False, "error": "invalid_blocks", "errors": problems}
        ts = next_ts()
        return {"ok": True, "channel": body.get("channel"), "ts": body.get("ts", ts), "message_ts": ts}

    def _view(self, body: dict[str, Any]) -> dict[str, Any]:
        problems = limits.view_faults(body["view"])
        if problems:
            return {"ok": False, "error": "invalid_arguments", "errors": problems}
        return {"ok": True, "view": body["view"] | {"id": "V1"}}


def _refusal(body: dict[str, Any]) -> list[str]:
    """What Slack would refuse of a message: by our limits, and by the models of its own SDK."""
    blocks = body.get("blocks") or []
    problems = limits.faults(blocks) if blocks else []
    if not blocks and not body.get("text"):
        problems.append("no_text")
    try:
        for block in Block.parse_all(blocks):
            block.to_dict()
    except SlackObjectFormationError as error:
        problems.append(str(error))
    return problems


def _read(raw: str, content_type: str) -> dict[str, Any]:
    if content_type.startswith("application/json"):
        found: dict[str, Any] = json.loads(raw or "{}")
        return found
    fields: dict[str, Any] = dict(parse_qsl(raw, keep_blank_values=True))
    for name in ("blocks", "view", "prompts"):
        if isinstance(fields.get(name), str):
            fields[name] = json.loads(fields[name])
    return fields


def _send(request: BaseHTTPRequestHandler, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
    raw = json.dumps(body).encode()
    with contextlib.suppress(OSError):
        request.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(raw)
