"""``advisor slack``, ``advisor pause`` and ``advisor resume`` as operators type them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.database import Database, sqlite_url
from advisor.pauses import Pauses
from integrations.slack.manifest import SCOPES
from tests.end_to_end.conftest import Run
from tests.slack_payloads import CHANNEL, QUEUE
from tests.slack_running import PROFILE
from tests.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer

QUESTION = "The police have rung asking where one of our tenants lives. Can I tell them?"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def tokens(slack: SlackServer, home: Path) -> dict[str, str]:
    (home / "profile.toml").write_text(PROFILE, encoding="utf-8")
    return {
        "ADVISOR_SLACK_BOT_TOKEN": BOT_TOKEN,
        "ADVISOR_SLACK_APP_TOKEN": APP_TOKEN,
        "ADVISOR_SLACK_API_URL": slack.url,
    }


def test_the_manifest_asks_for_the_least_and_is_of_the_current_experience(advisor: Run) -> None:
    made = json.loads(advisor("slack", "manifest").out)
    assert made["oauth_config"]["scopes"] == {"bot": list(SCOPES)}
    assert made["settings"]["event_subscriptions"] == {"bot_events": ["app_home_opened", "app_mention", "message.im"]}
    assert made["settings"]["socket_mode_enabled"] is True
    assert "agent_view" in made["features"]
    assert "assistant_view" not in made["features"]
    assert len(made["features"]["agent_view"]["agent_description"]) <= 300


def test_the_manifest_for_http_names_the_address_everywhere(advisor: Run) -> None:
    url = "https://advisor.example.org/slack/events"
    made = json.loads(advisor("slack", "manifest", "--url", url, "--name", "Sharing").out)
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert made["settings"]["interactivity"]["request_url"] == url
    assert made["features"]["slash_commands"][0]["url"] == url
    assert made["display_information"]["name"] == "Sharing"


def test_each_scope_is_explained(advisor: Run) -> None:
    told = advisor("slack", "manifest", "--explain").out
    assert all(f"{scope}\n    {what}" in told for scope, what in SCOPES.items())


def test_a_bot_that_is_set_up_passes_its_check(advisor: Run, slack: SlackServer, tokens: dict[str, str]) -> None:
    ran = advisor("slack", "check", **tokens)
    assert (ran.code, ran.err) == (0, "")
    assert f"ok    channel {CHANNEL}: the app is in it" in ran.out
    assert "MEND" not in ran.out


def test_the_check_says_what_is_amiss_and_the_mend(advisor: Run, slack: SlackServer, tokens: dict[str, str]) -> None:
    slack.channels = {QUEUE: {"is_archived": True}, CHANNEL: {"is_member": False}}
    ran = advisor("slack", "check", "--json", **tokens)
    body = json.loads(ran.out)
    amiss = {found["what"]: found["says"] for found in body["checks"] if not found["ok"]}
    assert (ran.code, body["schema"]) == (1, "advisor.slack.check/1")
    assert amiss == {f"channel {QUEUE}": "archived", f"channel {CHANNEL}": "the app is not in it"}


def test_a_token_that_slack_does_not_take_is_named(advisor: Run, tokens: dict[str, str]) -> None:
    wrong = tokens | {"ADVISOR_SLACK_BOT_TOKEN": "xoxb-wrong"}
    ran = advisor("slack", "check", **wrong)
    assert ran.code == 1
    assert "MEND  token: invalid_auth" in ran.out
    ran = advisor("slack", "run", **wrong)
    assert ran.code == 2
    assert "does not take ADVISOR_SLACK_BOT_TOKEN (invalid_auth)" in ran.err
    assert "xoxb-wrong" not in ran.err


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"ADVISOR_SLACK_BOT_TOKEN": ""}, "ADVISOR_SLACK_BOT_TOKEN"),
        ({"ADVISOR_SLACK_MODE": "http"}, "ADVISOR_SLACK_SIGNING_SECRET is not set"),
        ({"ADVISOR_SLACK_API_URL": "http://127.0.0.1:9/api/"}, "ADVISOR_SLACK_API_URL"),
        ({"ADVISOR_SLACK_MODE": "carrier pigeon"}, "ADVISOR_SLACK_MODE"),
    ],
)
def test_what_is_not_set_up_is_named_with_the_mend(
    advisor: Run, tokens: dict[str, str], changed: dict[str, str], named: str
) -> None:
    ran = advisor("slack", "run", **tokens | changed)
    assert ran.code == 2
    assert named in ran.err


def test_a_channel_of_the_profile_is_named_by_its_id(advisor: Run, home: Path, tokens: dict[str, str]) -> None:
    (home / "profile.toml").write_text('[[slack.channels]]\nid = "general"\n', encoding="utf-8")
    ran = advisor("slack", "check", **tokens)
    assert ran.code == 2
    assert "slack.channels.0.id" in ran.err


@pytest.mark.parametrize(
    ("profile", "named"),
    [
        ('[[slack.queues]]\nrole = "boss"\nchannel = "C0AAAAAAA"\n', "role 'boss' is unknown"),
        ('[[slack.channels]]\nid = "C0AAAAAAA"\nsector = "circus"\n', "holder 'circus' is unknown"),
        ('[[slack.channels]]\nid = "C0AAAAAAA"\nfacets = {colour = "red"}\n', "colour 'red' is unknown"),
    ],
)
def test_a_word_of_the_profile_that_is_not_known_is_named(
    advisor: Run, home: Path, tokens: dict[str, str], profile: str, named: str
) -> None:
    (home / "profile.toml").write_text(profile, encoding="utf-8")
    ran = advisor("slack", "check", **tokens)
    assert ran.code == 2
    assert named in ran.err


# The kill switch


def test_while_paused_the_command_line_says_why_and_whom_to_ask(advisor: Run) -> None:
    paused = advisor("pause", "--why", "a wrong source was found by Sarah Jones")
    assert paused.code == 0
    assert "Sarah" not in paused.out
    ran = advisor("ask", QUESTION, "--json")
    answer = json.loads(ran.out)
    assert (ran.code, answer["outcome"], answer["statements"]) == (3, "guardrail_paused", [])
    assert "a wrong source was found" in answer["message"]
    assert answer["escalation"]["roles"]
    assert "It is paused already" in advisor("pause", "--why", "another reason").out
    assert "At work again" in advisor("resume").out
    assert json.loads(advisor("ask", QUESTION, "--json").out)["outcome"] == "answered"
    assert "It is not paused" in advisor("resume").out


def test_while_paused_danger_is_heard_on_the_command_line(advisor: Run) -> None:
    advisor("pause", "--why", "testing")
    assert advisor("ask", "He has a knife and is attacking her right now. Can I tell the police?").out.startswith(
        "ACT NOW"
    )


def test_many_questions_and_a_conversation_meet_the_pause_too(advisor: Run) -> None:
    advisor("pause", "--why", "testing")
    many = advisor("ask", "--from", "-", stdin=f"{QUESTION}\n")
    assert json.loads(many.out)["outcome"] == "guardrail_paused"
    assert "The advisor is paused for now" in advisor("chat", stdin=f"{QUESTION}\n").out


def test_a_pause_without_a_reason_is_refused(advisor: Run) -> None:
    assert advisor("pause").code == 2
    assert advisor("pause", "--why", "  ").code == 2


def test_a_pause_is_kept_with_who_and_why(advisor: Run, environment: dict[str, str]) -> None:
    advisor("pause", "--why", "testing")
    advisor("resume")
    database = Database(sqlite_url(Path(environment["ADVISOR_HOME"])))
    kept = Pauses(database).all()
    database.close()
    assert [(pause.why, pause.until is not None, pause.resumed_by == pause.paused_by) for pause in kept] == [
        ("testing", True, True)
    ]
