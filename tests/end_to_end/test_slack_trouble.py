"""The Slack bot on a bad day: forged requests, duplicates, a Slack or a store that fails, a stop in the middle."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from advisor.database import Database, sqlite_url
from advisor.outbox import Outbox
from advisor.store import AnswerStore
from integrations.slack.logs import LOGGER
from tests.end_to_end.conftest import start
from tests.slack_payloads import (
    ASKER,
    SECRET,
    as_request,
    command,
    direct_message,
    home_opened,
    mention,
    signed,
)
from tests.slack_running import PROFILE, Running, a_bot, names_in, running
from tests.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer

QUESTION = "The police have rung asking where one of our tenants lives. Can I tell them?"
EMERGENCY = "He has a knife and he is attacking her right now. Can I tell the police where she lives?"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def bot(slack: SlackServer, tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, slack) as runs:
        yield runs


@pytest.fixture
def silent(slack: SlackServer, tmp_path: Path) -> Iterator[Running]:
    """A bot that takes questions in, and whose workers have not been started."""
    made = a_bot(tmp_path, slack)
    yield Running(slack, made, home=tmp_path)
    made.stop()


# Forged and repeated requests


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "1795600000"},
        {"X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=00"},
        signed("another body"),
    ],
)
def test_a_request_that_is_not_signed_by_slack_is_refused(silent: Running, headers: dict[str, str]) -> None:
    assert silent.post(direct_message(QUESTION), headers=headers).status == 401
    assert silent.outbox().waiting() == 0


def test_a_request_signed_with_another_secret_is_refused(silent: Running) -> None:
    asked = direct_message(QUESTION)
    body, _ = as_request(asked)
    assert silent.post(asked, headers=signed(body, secret="another")).status == 401  # noqa: S106 - no secret of anybody
    assert silent.outbox().waiting() == 0


@pytest.mark.parametrize("age", [301, 86_400, -301])
def test_an_old_or_future_request_is_refused(silent: Running, age: int) -> None:
    asked = direct_message(QUESTION)
    body, _ = as_request(asked)
    assert silent.post(asked, headers=signed(body, at=time.time() - age)).status == 401
    assert silent.outbox().waiting() == 0


def test_a_replayed_request_changes_nothing(silent: Running) -> None:
    for payload in (direct_message(QUESTION), command(QUESTION)):
        before = silent.outbox().waiting()
        body, _ = as_request(payload)
        headers = signed(body)
        assert [silent.post(payload, headers=headers).status for _ in range(3)] == [200, 200, 200]
        assert silent.outbox().waiting() == before + 1


def test_an_event_that_slack_sends_again_is_answered_once(bot: Running) -> None:
    asked = direct_message(QUESTION)
    for number in range(4):
        body, _ = as_request(asked)
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {}
        assert bot.post(asked, headers=signed(body) | retry).status == 200
    bot.slack.wait_for("chat.postMessage")
    bot.send(direct_message(QUESTION))
    bot.slack.wait_for("chat.postMessage", count=2)
    assert len(bot.slack.of("chat.postMessage")) == 2


def test_slack_s_challenge_is_met_and_other_paths_are_not_found(silent: Running) -> None:
    challenge = {"token": "t", "challenge": "3eZbrw1aB", "type": "url_verification"}
    assert silent.post(challenge).body == {"challenge": "3eZbrw1aB"}
    assert silent.post(challenge, path="/elsewhere").status == 404


def test_a_request_that_is_far_too_large_is_refused(silent: Running) -> None:
    assert silent.request("POST", "/slack/events", body="x" * 1_000_001).status == 413


def test_a_request_that_is_no_text_is_refused(silent: Running) -> None:
    assert silent.request("POST", "/slack/events", body=b"\xff\xfe", headers=signed("x")).status == 400


def test_in_socket_mode_no_event_is_taken_over_http(slack: SlackServer, tmp_path: Path) -> None:
    made = a_bot(tmp_path, slack, mode="socket")
    assert Running(slack, made, home=tmp_path).post(direct_message(QUESTION)).status == 404
    made.stop()


# Two bots on one store


def test_two_bots_on_one_store_answer_an_event_once(slack: SlackServer, tmp_path: Path) -> None:
    with running(tmp_path, slack) as one, running(tmp_path, slack) as other:
        asked = [direct_message(QUESTION, user=f"U0ASKER{number:02}") for number in range(8)]
        for payload in asked:
            one.send(payload)
            other.send(payload)
        slack.wait_for("chat.postMessage", count=len(asked))
        one.slack.wait_until(lambda: [call for call in slack.calls if one.outbox().waiting() == 0][:1])
    # A bot that waited too long for the store may say so; the other one has taken the question then.
    answers = [call for call in slack.of("chat.postMessage") if "A police request" in call.text]
    assert len(answers) == len(asked)


# Slack fails


def test_when_slack_asks_to_wait_the_answer_comes_after_that_wait(bot: Running) -> None:
    bot.slack.fail("chat.postMessage", status=429, error="ratelimited", retry_after=1, times=1)
    bot.send(direct_message(QUESTION))
    answer = bot.slack.wait_for("chat.postMessage")[0]
    assert "A police request" in answer.text
    (kept,) = AnswerStore(Database(sqlite_url(bot.home)), keep_days=36_500).recorded()
    assert f"Answer {kept.id}" in answer.text


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "msg_blocks_too_long"])
def test_when_slack_refuses_the_blocks_a_plain_answer_follows_with_the_buttons_apart(bot: Running, code: str) -> None:
    bot.slack.fail("chat.postMessage", error=code, when=lambda body: len(body.get("blocks", [])) > 5)
    bot.send(direct_message(QUESTION))
    calls = bot.slack.wait_until(lambda: [call for call in bot.slack.of("chat.postMessage") if call.body.get("blocks")])
    plain = [call.body["text"] for call in bot.slack.of("chat.postMessage") if not call.body.get("blocks")]
    assert "A police request is only a request" in "\n".join(plain)
    assert {"human", "record", "helpful", "not_helpful"} <= names_in(calls[0])


def test_when_slack_refuses_all_blocks_the_plain_answer_says_how_to_reach_a_human(bot: Running) -> None:
    bot.slack.fail("chat.postMessage", error="invalid_blocks", when=lambda body: bool(body.get("blocks")))
    asked = direct_message(QUESTION)
    bot.send(asked)
    told = bot.slack.wait_until(
        lambda: [call for call in bot.slack.of("chat.postMessage") if "send me the word: human" in call.text]
    )
    assert told
    bot.slack.mend("chat.postMessage")
    bot.send(direct_message("human", thread=asked["event"]["ts"]))
    bot.slack.wait_until(
        lambda: [call for call in bot.slack.of("chat.postMessage") if "It is with a human now" in call.text]
    )


@pytest.mark.parametrize("code", ["not_in_channel", "is_archived", "channel_not_found", "user_not_in_channel"])
def test_where_the_place_is_lost_the_asker_is_answered_directly(bot: Running, code: str) -> None:
    bot.slack.fail("chat.postEphemeral", error=code)
    bot.send(mention(QUESTION))
    notice, answer = bot.slack.wait_for("chat.postMessage", count=2)[:2]
    assert (notice.body["channel"], answer.body["channel"]) == (ASKER, ASKER)
    assert "could not be shown where you asked" in notice.text
    assert "A police request" in answer.text


@pytest.mark.parametrize(
    "fault",
    [
        {"error": "token_revoked"},
        {"status": 503, "error": "service_unavailable"},
        {"status": 500},
        {"status": 429, "error": "ratelimited", "retry_after": 60},
        {"hang": 1.5},
    ],
)
def test_what_slack_cannot_take_now_is_kept_and_comes_after_a_restart(
    slack: SlackServer, tmp_path: Path, fault: dict[str, Any]
) -> None:
    slack.fail("chat.postMessage", **fault)
    with running(tmp_path, slack) as bot:
        bot.bot.client.timeout = 1
        bot.send(direct_message(QUESTION))
        slack.wait_until(lambda: [entry for entry in slack.refused if entry.startswith("chat.postMessage")])
    slack.mend("chat.postMessage")
    _make_due(tmp_path)
    with running(tmp_path, slack):
        assert "A police request" in slack.wait_for("chat.postMessage")[0].text


def test_when_slack_cannot_say_who_asks_nothing_is_said_yet_and_nothing_lost(
    slack: SlackServer, tmp_path: Path
) -> None:
    slack.fail("users.info", status=503, error="service_unavailable")
    with running(tmp_path, slack) as bot:
        bot.send(direct_message(QUESTION))
        slack.wait_until(lambda: [entry for entry in slack.refused if "users.info" in entry])
        assert slack.of("chat.postMessage") == []
    slack.mend("users.info")
    _make_due(tmp_path)
    with running(tmp_path, slack):
        slack.wait_for("chat.postMessage")


def test_a_form_that_slack_does_not_open_is_said(bot: Running) -> None:
    bot.slack.fail("views.open", error="expired_trigger_id")
    bot.send(command("", response_url=bot.slack.response_url()))
    assert "could not be opened (expired" in bot.slack.wait_for("response_url")[0].text


def test_nobody_waits_for_what_slack_need_not_show(bot: Running) -> None:
    for method in ("assistant.threads.setStatus", "assistant.threads.setSuggestedPrompts"):
        bot.slack.fail(method, error="unknown_method")
    assert bot.send(home_opened(tab="messages")).status == 200
    bot.send(direct_message(QUESTION))
    bot.slack.wait_for("chat.postMessage")


def test_a_lost_connection_is_opened_anew_and_what_comes_then_is_answered(slack: SlackServer, tmp_path: Path) -> None:
    with running(tmp_path, slack, mode="socket", socket=True) as bot:
        slack.drop()
        slack.wait_connected(times=2, seconds=20)
        bot.send(direct_message(QUESTION))
        slack.wait_for("chat.postMessage")


# The store fails


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Another process that writes and does not end."""
    connection = sqlite3.connect(home / "answers.sqlite3", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


def test_when_the_store_is_away_the_asker_is_told_at_once(silent: Running) -> None:
    with locked(silent.home):
        assert silent.send(direct_message(QUESTION)).status == 200
        told = silent.slack.wait_for("chat.postMessage")[0]
    assert "cannot be taken just now" in told.text
    assert silent.outbox().waiting() == 0


def test_when_the_store_is_away_danger_is_heard(silent: Running) -> None:
    with locked(silent.home):
        silent.send(mention(EMERGENCY))
        first, second = silent.slack.wait_for("chat.postEphemeral", count=2)[:2]
    assert "Ring 999 now" in first.text
    assert "cannot be taken just now" in second.text


def test_a_button_pressed_while_the_store_is_away_is_answered(silent: Running) -> None:
    payload = direct_message(QUESTION)
    silent.send(payload)
    silent.bot.start()
    answer = silent.slack.wait_for("chat.postMessage")[0]
    silent.slack.wait_until(lambda: [call for call in silent.slack.calls if silent.outbox().waiting() == 0][:1])
    with locked(silent.home):
        silent.press("human", answer, user=ASKER)
        told = silent.slack.wait_for("chat.postMessage", count=2)[1]
    assert "cannot be taken just now" in told.text


# What operators see


def test_health_and_metrics_say_how_it_goes(bot: Running) -> None:
    bot.send(direct_message(QUESTION))
    bot.slack.wait_for("chat.postMessage")
    health = bot.request("GET", "/healthz")
    assert (health.status, health.body) == (200, {"store": "ok", "workers": "ok", "events": "ok"})
    page = bot.request("GET", "/metrics").body
    assert 'advisor_slack_answers_total{outcome="answered"}' in page
    assert 'advisor_slack_received_total{kind="event_callback"} 1.0' in page
    assert "advisor_slack_outbox_waiting" in page
    assert "advisor_slack_ack_seconds_bucket" in page


def test_health_says_when_the_workers_stopped_or_the_connection_is_lost(bot: Running) -> None:
    bot.bot.is_socket_connected = lambda: False
    health = bot.request("GET", "/healthz")
    assert (health.status, health.body["events"]) == (503, "not connected")


def test_logs_carry_ids_and_never_a_text_a_name_or_a_token(bot: Running, caplog: pytest.LogCaptureFixture) -> None:
    LOGGER.propagate = True
    with caplog.at_level("DEBUG", logger="advisor.slack"):
        bot.slack.fail("chat.postEphemeral", error="is_archived")
        bot.send(mention("Can I tell the police where Sarah Jones lives? She is our tenant."))
        bot.slack.wait_for("chat.postMessage", count=2)
    told = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "answered" in told
    assert ASKER in told
    for secret in ("Sarah", "tenant", BOT_TOKEN, SECRET, APP_TOKEN):
        assert secret not in told


# Restarts, in processes of their own


@contextmanager
def process(home: Path, content: Path, slack: SlackServer, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """``advisor slack run`` as operators start it."""
    (home / "profile.toml").write_text(PROFILE, encoding="utf-8")
    environment = {
        "ADVISOR_HOME": str(home),
        "ADVISOR_CONTENT": str(content),
        "ADVISOR_SLACK_BOT_TOKEN": BOT_TOKEN,
        "ADVISOR_SLACK_APP_TOKEN": APP_TOKEN,
        "ADVISOR_SLACK_SIGNING_SECRET": SECRET,
        "ADVISOR_SLACK_API_URL": slack.url,
        "ADVISOR_SLACK_PORT": "0",
        "ADVISOR_SLACK_WORKERS": "2",
        **settings,
    }
    started = start("slack", "run", environment=environment)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate(timeout=20)


def address_of(started: subprocess.Popen[str]) -> str:
    """Where a process serves health and metrics; it is ready then."""
    assert started.stderr is not None
    for line in started.stderr:
        if line.startswith("Ready."):
            return line.split()[-1].removesuffix("/metrics")
    raise AssertionError("it did not start")


def test_a_bot_without_an_index_does_not_start_and_says_why(slack: SlackServer, tmp_path: Path, content: Path) -> None:
    with process(tmp_path, content, slack) as started:
        out, err = started.communicate(timeout=30)
    assert (started.returncode, out) == (2, "")
    assert "The bot cannot answer." in err
    assert "advisor kb index" in err


def test_sigterm_in_the_middle_finishes_what_is_in_hand_and_loses_nothing(
    slack: SlackServer, home: Path, content: Path
) -> None:
    with process(home, content, slack) as first:
        address_of(first)
        slack.wait_connected()
        for number in range(10):
            delivered = slack.deliver(direct_message(QUESTION, user=f"U0ASKER{number:02}"))
            assert delivered.done.wait(5)
        first.send_signal(signal.SIGTERM)
        out, err = first.communicate(timeout=30)
        assert (first.returncode, out) == (0, "")
        assert all(json.loads(line)["event"] for line in err.splitlines() if line.startswith("{"))
    with process(home, content, slack) as second:
        address_of(second)
        answers = slack.wait_for("chat.postMessage", count=10, seconds=20)
    assert len({call.body["thread_ts"] for call in answers}) == 10
    assert len(slack.of("chat.postMessage")) == 10


def test_killed_between_taking_in_and_answering_the_answer_comes_after_the_restart(
    slack: SlackServer, home: Path, content: Path
) -> None:
    slack.fail("users.info", hang=30)
    with process(home, content, slack) as first:
        address_of(first)
        slack.wait_connected()
        assert slack.deliver(direct_message(QUESTION)).done.wait(5)
        time.sleep(0.3)
        os.kill(first.pid, signal.SIGKILL)
    slack.mend("users.info")
    assert Outbox(Database(sqlite_url(home))).waiting() == 1
    _make_due(home)
    with process(home, content, slack) as second:
        address_of(second)
        assert "police" in slack.wait_for("chat.postMessage")[0].text


def test_two_processes_on_one_store_answer_an_event_that_both_get_once(
    slack: SlackServer, home: Path, content: Path
) -> None:
    http = {"ADVISOR_SLACK_MODE": "http"}
    with process(home, content, slack, **http) as one, process(home, content, slack, **http) as other:
        addresses = [address_of(one), address_of(other)]
        asked = [direct_message(QUESTION, user=f"U0ASKER{number:02}") for number in range(6)]
        for payload in asked:
            body, kind = as_request(payload)
            for address in addresses:
                headers = {**signed(body), "Content-Type": kind}
                assert httpx.post(f"{address}/slack/events", content=body, headers=headers).status_code == 200
        slack.wait_for("chat.postMessage", count=6, seconds=20)
        for address in addresses:
            assert httpx.get(f"{address}/healthz").json()["workers"] == "ok"
    assert len(slack.of("chat.postMessage")) == 6


def _make_due(home: Path) -> None:
    """Time passes: what was put off, or was in the hands of a process that died, is due now."""
    with sqlite3.connect(home / "answers.sqlite3") as connection:
        connection.execute(
            "UPDATE outbox SET due_at = put_at, claimed_by = NULL, claimed_until = NULL WHERE done_at IS NULL"
        )
    connection.close()


def test_a_wsgi_server_can_serve_the_bot_and_end_it(slack: SlackServer, home: Path, content: Path) -> None:
    code = (
        "from integrations.slack.serving import application\n"
        "from wsgiref.util import setup_testing_defaults\n"
        "app, environ = application(), {'PATH_INFO': '/healthz'}\n"
        "setup_testing_defaults(environ)\n"
        "print(b''.join(app(environ, lambda status, headers: print(status))).decode())\n"
    )
    environment = {
        "ADVISOR_HOME": str(home),
        "ADVISOR_CONTENT": str(content),
        "ADVISOR_SLACK_BOT_TOKEN": BOT_TOKEN,
        "ADVISOR_SLACK_SIGNING_SECRET": SECRET,
        "ADVISOR_SLACK_API_URL": slack.url,
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "200 OK"), done.stderr
    assert '"event": "stopped"' in done.stderr
