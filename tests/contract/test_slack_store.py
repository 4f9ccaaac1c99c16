"""The Slack bot over each kind of store: taken in once, claimed once, answered once, by two bots that share it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from advisor.conversations import Conversations
from advisor.database import Database
from advisor.outbox import Outbox
from advisor.store import AnswerStore
from tests.slack_payloads import ASKER, DM, QUEUE, TEAM, direct_message
from tests.slack_running import Running, a_bot, running
from tests.slack_server import SlackServer

QUESTION = "The police have rung asking where one of our tenants lives. Can I tell them?"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


def test_an_event_that_two_bots_get_is_claimed_and_answered_once_and_kept(
    slack: SlackServer, tmp_path: Path, url: str, database: Database
) -> None:
    outbox = Outbox(database)
    with running(tmp_path, slack, database=url) as one, running(tmp_path, slack, database=url) as other:
        asked = [direct_message(QUESTION, user=f"U0ASKER{number:02}") for number in range(6)]
        for payload in asked:
            assert (one.send(payload).status, other.send(payload).status) == (200, 200)
        slack.wait_for("chat.postMessage", count=len(asked))
        slack.wait_until(lambda: [0] if outbox.waiting() == 0 else [], what="an empty outbox")
        answers = slack.of("chat.postMessage")
        assert sorted(call.body["thread_ts"] for call in answers) == sorted(each["event"]["ts"] for each in asked)
        assert all("A police request" in call.text for call in answers)
        one.press("human", answers[0], user="U0ASKER00")
        slack.wait_until(lambda: [call for call in slack.of("chat.postMessage") if call.body["channel"] == QUEUE])
    kept = AnswerStore(database, keep_days=30).recorded()
    assert [answer.question for answer in kept] == [QUESTION] * len(asked)


def test_what_a_bot_that_died_had_claimed_is_answered_once_by_the_next(
    slack: SlackServer, tmp_path: Path, url: str, database: Database
) -> None:
    outbox = Outbox(database)
    died = a_bot(tmp_path, slack, database=url)
    asked = direct_message(QUESTION)
    assert Running(slack, died, home=tmp_path).send(asked).status == 200
    (job,) = outbox.claim("a worker that dies", lease=timedelta(0))
    died.stop()
    with running(tmp_path, slack, database=url):
        assert "A police request" in slack.wait_for("chat.postMessage")[0].text
        slack.wait_until(lambda: [0] if outbox.waiting() == 0 else [], what="an empty outbox")
    assert outbox.done(job, worker="a worker that dies") is False
    assert len(slack.of("chat.postMessage")) == 1
    found = Conversations(database, workspace=TEAM).find(f"{DM}/{asked['event']['ts']}/{ASKER}")
    assert found is not None
    assert [turn.text for turn in found.turns] == [QUESTION]
