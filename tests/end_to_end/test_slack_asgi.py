"""The Slack bot behind an ASGI server: signed requests answered, all others refused, and a stop that loses nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from integrations.slack.asgi import AsyncWeb
from tests.slack_payloads import SECRET, as_request, direct_message, signed
from tests.slack_running import Running, running
from tests.slack_server import BOT_TOKEN, SlackServer

QUESTION = "The police have rung asking where one of our tenants lives. Can I tell them?"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def bot(slack: SlackServer, tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, slack) as runs:
        yield runs


def asked(
    web: AsyncWeb, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None, method: str = "POST"
) -> tuple[int, str]:
    """The status and the body that an ASGI server is given for a request, whose body arrives in two parts."""
    sent: list[MutableMapping[str, Any]] = []
    half = len(body) // 2
    parts = iter([(body[:half], True), (body[half:], False)])
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()],
    }

    async def receive() -> MutableMapping[str, Any]:
        part, more = next(parts)
        return {"type": "http.request", "body": part, "more_body": more}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(web(scope, receive, send))
    return sent[0]["status"], sent[1]["body"].decode()


def post(web: AsyncWeb, payload: dict[str, Any], *, headers: dict[str, str] | None = None) -> tuple[int, str]:
    body, kind = as_request(payload)
    given = signed(body) if headers is None else headers
    return asked(web, "/slack/events", body=body.encode(), headers={"Content-Type": kind, **given})


def test_a_signed_event_is_answered(bot: Running) -> None:
    assert post(AsyncWeb(bot.bot), direct_message(QUESTION))[0] == 200
    assert "A police request" in bot.slack.wait_for("chat.postMessage")[0].text
    assert 'kind="event_callback"} 1.0' in bot.request("GET", "/metrics").body


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=00"}, signed("another body"), signed("", at=1)],
)
def test_a_request_that_is_not_signed_by_slack_is_refused(bot: Running, headers: dict[str, str]) -> None:
    assert post(AsyncWeb(bot.bot), direct_message(QUESTION), headers=headers)[0] == 401
    assert bot.outbox().waiting() == 0


def test_what_is_too_large_or_is_no_text_is_refused(bot: Running) -> None:
    web = AsyncWeb(bot.bot)
    assert asked(web, "/slack/events", body=b"x" * 1_000_001, headers=signed("x")) == (413, "too large")
    assert asked(web, "/slack/events", body=b"\xff\xfe", headers=signed("x")) == (400, "not text")


def test_health_metrics_and_nothing_else_are_served_beside_events(bot: Running) -> None:
    web = AsyncWeb(bot.bot)
    status, body = asked(web, "/healthz", method="GET")
    assert (status, json.loads(body)) == (200, {"store": "ok", "workers": "ok", "events": "ok"})
    assert "advisor_slack_outbox_waiting" in asked(web, "/metrics", method="GET")[1]
    assert asked(web, "/elsewhere") == (404, "not found")
    bot.bot.is_socket_connected = lambda: False
    assert asked(web, "/healthz", method="GET")[0] == 503


def test_in_socket_mode_no_event_is_taken(slack: SlackServer, tmp_path: Path) -> None:
    with running(tmp_path, slack, mode="socket") as runs:
        assert post(AsyncWeb(runs.bot), direct_message(QUESTION)) == (404, "not found")


def test_an_asgi_server_runs_the_bot_and_its_stop_ends_it_in_order(
    slack: SlackServer, home: Path, content: Path
) -> None:
    environment = {
        "ADVISOR_HOME": str(home),
        "ADVISOR_CONTENT": str(content),
        "ADVISOR_SLACK_BOT_TOKEN": BOT_TOKEN,
        "ADVISOR_SLACK_SIGNING_SECRET": SECRET,
        "ADVISOR_SLACK_API_URL": slack.url,
    }
    command = [sys.executable, "-m", "uvicorn", "--factory", "integrations.slack.asgi:application", "--port", "0"]
    started = subprocess.Popen(  # noqa: S603 - a server that comes with chromadb
        command, env={**os.environ, **environment}, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    try:
        assert started.stderr is not None
        ready = next(line for line in started.stderr if "running on http" in line)
        address = ready.split("running on ")[1].split()[0]
        body, kind = as_request(direct_message(QUESTION))
        headers = {**signed(body), "Content-Type": kind}
        assert httpx.post(f"{address}/slack/events", content=body, headers=headers).status_code == 200
        slack.wait_for("chat.postMessage", seconds=20)
        started.send_signal(signal.SIGTERM)
        _, err = started.communicate(timeout=30)
    finally:
        if started.poll() is None:
            started.kill()
            started.communicate(timeout=20)
    assert '"event": "stopped", "whole": 1' in err
    assert QUESTION not in err
