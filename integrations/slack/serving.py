"""How requests reach the bot: Socket Mode, or signed HTTP behind any WSGI server; and what operators look at."""

from __future__ import annotations

import atexit
import json
import signal
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from advisor.errors import SettingsError
from advisor.settings import Settings, load_settings
from advisor.wiring import Workshop
from integrations.slack.app import Bot
from integrations.slack.logs import log, start_logging

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

EVENTS = "/slack/events"
MOST_BODY = 1_000_000
"""Bytes of a request; Slack's are some thousand."""
_MOST_DIGITS = 12
"""Of a time in seconds."""
_LISTENERS = 16


class Web:
    """A WSGI application: events at ``/slack/events`` (in http mode), ``/healthz`` and ``/metrics``."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._events = SlackRequestHandler(Measured(bot), path=EVENTS)  # type: ignore[arg-type] # it only dispatches

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return self._health(start)
        if path == "/metrics":
            return _reply(start, HTTPStatus.OK, self._bot.metrics.page(), kind="text/plain; version=0.0.4")
        if path != EVENTS or self._bot.settings.slack_mode != "http":
            return _reply(start, HTTPStatus.NOT_FOUND, b"not found")
        length = str(environ.get("CONTENT_LENGTH") or 0)
        if not (length.isascii() and length.isdigit()):
            return _reply(start, HTTPStatus.BAD_REQUEST, b"no length")
        if int(length) > MOST_BODY:
            return _reply(start, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"too large")
        if not is_timestamp(str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))):
            return _reply(start, HTTPStatus.UNAUTHORIZED, b"not signed")
        try:
            return self._events(environ, start)
        except UnicodeDecodeError:
            return _reply(start, HTTPStatus.BAD_REQUEST, b"not text")

    def _health(self, start: StartResponse) -> list[bytes]:
        status, checks = self._bot.health_status()
        return _reply(start, status, json.dumps(checks).encode(), kind="application/json")


class Socket:
    """The Socket Mode connection, which opens anew by itself when it is lost."""

    def __init__(self, bot: Bot, *, look: float = 5.0) -> None:
        """``look`` is after how many seconds a lost connection is noticed, and how often Slack is pinged.

        Raises:
            SettingsError: when the app-level token is missing.
        """
        token = bot.settings.slack_app_token
        if token is None:
            mend = "Set it to an app-level token with connections:write, which begins with xapp-, or use http mode."
            raise SettingsError(f"ADVISOR_SLACK_APP_TOKEN is not set. {mend}")
        client = WebClient(token=token.get_secret_value(), base_url=bot.settings.slack_api_url, timeout=10)
        self._handler = SocketModeHandler(
            Measured(bot),  # type: ignore[arg-type] # it only dispatches
            token.get_secret_value(),
            logger=bot.bolt.logger,
            web_client=client,
            ping_interval=look,
            concurrency=_LISTENERS,
        )
        bot.is_socket_connected = self.is_connected

    def connect(self) -> None:
        """Opens the connection.

        Raises:
            SettingsError: when Slack does not take the token.
        """
        try:
            self._handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            code = str(error.response.get("error", "unknown"))
            raise SettingsError(f"Slack does not take ADVISOR_SLACK_APP_TOKEN ({code}). Make a new one.") from error

    def is_connected(self) -> bool:
        return bool(self._handler.client.is_connected())

    def close(self) -> None:
        self._handler.close()  # type: ignore[no-untyped-call]


def is_timestamp(text: str) -> bool:
    """Whether a request says in whole seconds when it was signed; Bolt reads it as a number unasked."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


class Measured:
    """A Bolt app as its adapters use it, through the bot, which measures."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.logger, self.client, self.oauth_flow = bot.bolt.logger, bot.bolt.client, None

    def dispatch(self, request: BoltRequest) -> BoltResponse:
        return self._bot.dispatch(request)


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: what matters is logged with its ids elsewhere."""


def serve(web: Web, settings: Settings) -> WSGIServer:
    """A small server for one machine; for many requests put a WSGI server of your choice in front.

    Raises:
        SettingsError: when the address cannot be used.
    """
    try:
        server = make_server(settings.slack_host, settings.slack_port, web, server_class=_Threads, handler_class=_Quiet)
    except OSError as error:
        mend = "Change ADVISOR_SLACK_HOST or ADVISOR_SLACK_PORT."
        raise SettingsError(f"{settings.slack_host}:{settings.slack_port} cannot be used: {error}. {mend}") from error
    threading.Thread(target=server.serve_forever, name="web", daemon=True).start()
    return server


def run(settings: Settings, *, ready: Callable[[str], None]) -> int:
    """Runs the bot until SIGTERM or SIGINT, then lets what is in hand be finished; 0 when all of it was."""
    start_logging()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if settings.slack_mode == "http" and settings.slack_signing_secret is None:
        raise SettingsError("ADVISOR_SLACK_SIGNING_SECRET is not set. Copy it from the app's Basic Information page.")
    bot = Bot(Workshop(settings))
    socket = Socket(bot) if settings.slack_mode == "socket" else None
    server = serve(Web(bot), settings)
    try:
        bot.start()
        if socket:
            socket.connect()
        ready(f"http://{settings.slack_host}:{server.server_address[1]}")
        stopping.wait()
    finally:
        log("stopping")
        if socket:
            socket.close()
        server.shutdown()
        whole = bot.stop()
    return 0 if whole else 4


def application() -> Web:
    """For a WSGI server, such as ``gunicorn "integrations.slack.serving:application()"``: the bot with its workers."""
    bot = bot_for_a_server()
    atexit.register(bot.stop)
    return Web(bot)


def bot_for_a_server() -> Bot:
    """A bot that has started and takes signed HTTP requests, for whoever serves and ends it.

    Raises:
        SettingsError: when the signing secret or the bot token is missing, or Slack does not take the token.
    """
    start_logging()
    settings = load_settings().model_copy(update={"slack_mode": "http"})
    if settings.slack_signing_secret is None:
        raise SettingsError("ADVISOR_SLACK_SIGNING_SECRET is not set. Copy it from the app's Basic Information page.")
    bot = Bot(Workshop(settings))
    bot.start()
    return bot


def _reply(
    start: StartResponse, status: HTTPStatus, body: bytes, *, kind: str = "text/plain; charset=utf-8"
) -> list[bytes]:
    headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start(f"{status.value} {status.phrase}", headers)
    return [body]
