"""The bot behind any ASGI server: the same three addresses as ``serving.Web``, each request answered in a thread."""

from __future__ import annotations

import asyncio
import atexit
import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.asgi import SlackRequestHandler
from slack_bolt.adapter.asgi.http_request import AsgiHttpRequest
from slack_bolt.adapter.asgi.http_response import AsgiHttpResponse

from integrations.slack.app import Bot
from integrations.slack.serving import EVENTS, MOST_BODY, Measured, bot_for_a_server, is_timestamp

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_THREADS = 64
"""Requests taken in at once: Slack sends events in bursts, and each may wait a second for a store that is away."""


class AsyncWeb:
    """An ASGI application; it stops its bot when the server says that it ends."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._events = _InThreads(Measured(bot), path=EVENTS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            raise TypeError(f"This serves http, not {scope['type']}.")
        elif scope["path"] == EVENTS and self._bot.settings.slack_mode == "http":
            await self._event(scope, receive, send)
        else:
            await _send(send, *await asyncio.to_thread(self._page, str(scope["path"])))

    def stop(self) -> None:
        """Lets the bot finish what is in hand, once."""
        atexit.unregister(self.stop)
        self._bot.stop()
        self._events.threads.shutdown()

    async def _live(self, receive: Receive, send: Send) -> None:
        """The server ends once it is told that the shutdown is complete, so the bot stops before that."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.to_thread(self.stop)
        await send({"type": "lifespan.shutdown.complete"})

    async def _event(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        if not is_timestamp(headers.get(b"x-slack-request-timestamp", b"").decode("latin-1")):
            return await _send(send, HTTPStatus.UNAUTHORIZED, b"not signed")
        try:
            return await self._events(scope, _at_most(receive), send)  # type: ignore[arg-type] # its types are looser
        except _TooLargeError:
            return await _send(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"too large")
        except UnicodeDecodeError:
            return await _send(send, HTTPStatus.BAD_REQUEST, b"not text")

    def _page(self, path: str) -> tuple[HTTPStatus, bytes, str]:
        if path == "/healthz":
            status, checks = self._bot.health_status()
            return status, json.dumps(checks).encode(), "application/json"
        if path == "/metrics":
            return HTTPStatus.OK, self._bot.metrics.page(), "text/plain; version=0.0.4"
        return HTTPStatus.NOT_FOUND, b"not found", "text/plain; charset=utf-8"


def application() -> AsyncWeb:
    """For an ASGI server, such as ``uvicorn --factory integrations.slack.asgi:application``: the bot with workers."""
    web = AsyncWeb(bot_for_a_server())
    atexit.register(web.stop)
    return web


class _TooLargeError(Exception):
    """A request is larger than any of Slack's."""


class _InThreads(SlackRequestHandler):
    """Bolt's own adapter, whose work would keep the server's loop from every other request."""

    def __init__(self, app: Any, path: str) -> None:
        super().__init__(app, path=path)
        self.threads = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="events")

    async def dispatch(self, request: AsgiHttpRequest) -> BoltResponse:
        body = await request.get_raw_body()
        asked = BoltRequest(body=body, query=request.query_string, headers=request.get_headers())
        return await asyncio.get_running_loop().run_in_executor(self.threads, self.app.dispatch, asked)


def _at_most(receive: Receive) -> Receive:
    """The body of a request as it arrives, given up when it becomes too large."""
    taken = 0

    async def limited() -> MutableMapping[str, Any]:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BODY:
            raise _TooLargeError
        return message

    return limited


async def _send(send: Send, status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
    headers: dict[str, Sequence[str]] = {"content-type": [kind], "cache-control": ["no-store"]}
    response = AsgiHttpResponse(status=status.value, headers=headers, body=body.decode())
    await send(dict(response.get_response_start()))
    await send(dict(response.get_response_body()))
