"""The Slack bot as practitioners meet it, by signed HTTP requests and over a real Socket Mode connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor.database import Database, sqlite_url
from advisor.pauses import Pauses
from advisor.store import AnswerStore
from tests.end_to_end.conftest import Run
from tests.slack_payloads import (
    ASKER,
    CHANNEL,
    DM,
    OTHER_TEAM,
    command,
    direct_message,
    event,
    home_opened,
    mention,
    shortcut,
)
from tests.slack_running import PROFILE, Running, names_in, running
from tests.slack_server import SlackServer

QUESTION = "The police have rung asking where one of our tenants lives. Can I tell them?"
NAMED = "The police have rung asking where Sarah Jones, NHS number 943 476 5919, one of our tenants, lives. May I?"
EMERGENCY = "He has a knife and he is attacking her right now. Can I tell the police where she lives?"


@pytest.fixture(scope="module")
def _slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def slack(_slack: SlackServer) -> SlackServer:
    """The loopback Slack, with nothing said and nothing amiss."""
    _slack.calls.clear()
    _slack.faults.clear()
    _slack.refused.clear()
    _slack.users.clear()
    _slack.channels.clear()
    return _slack


@pytest.fixture
def bot(slack: SlackServer, tmp_path: Path) -> Iterator[Running]:
    """A bot that hears signed HTTP requests."""
    with running(tmp_path, slack) as runs:
        yield runs


@pytest.fixture(scope="module")
def _connected(_slack: SlackServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("socket"), _slack, mode="socket", socket=True) as runs:
        yield runs


@pytest.fixture
def connected(_connected: Running, slack: SlackServer) -> Running:
    """A bot with a Socket Mode connection, shared by this module's tests."""
    return _connected


@pytest.fixture(params=["http", "socket"])
def either(request: pytest.FixtureRequest) -> Running:
    """The bot both ways."""
    found: Running = request.getfixturevalue("bot" if request.param == "http" else "connected")
    return found


# Asking


def test_a_direct_message_is_answered_in_its_thread(either: Running) -> None:
    asked = direct_message(QUESTION)
    assert either.send(asked).status == 200
    answer = either.slack.wait_for("chat.postMessage")[0]
    assert (answer.body["channel"], answer.body["thread_ts"]) == (DM, asked["event"]["ts"])
    assert "A police request is only a request" in answer.text
    assert {"human", "record", "helpful", "not_helpful", "correct"} <= names_in(answer)
    assert either.slack.refused == []


def test_a_mention_is_answered_to_the_asker_alone_until_they_show_it(either: Running) -> None:
    asked = mention(QUESTION)
    either.send(asked)
    answer = either.slack.wait_for("chat.postEphemeral")[0]
    assert (answer.body["channel"], answer.body["user"]) == (CHANNEL, ASKER)
    assert either.slack.of("chat.postMessage") == []
    either.press("show", answer, user=ASKER)
    shown = either.slack.wait_for("chat.postMessage")[0]
    assert (shown.body["channel"], shown.body["thread_ts"]) == (CHANNEL, asked["event"]["ts"])
    assert names_in(shown) == {"human"}


def test_an_ephemeral_answer_goes_into_a_thread_only_where_there_is_one(bot: Running) -> None:
    bot.send(mention(QUESTION))
    assert "thread_ts" not in bot.slack.wait_for("chat.postEphemeral")[0].body
    bot.send(mention(QUESTION, thread="1795500000.000001"))
    assert bot.slack.wait_for("chat.postEphemeral", count=2)[1].body["thread_ts"] == "1795500000.000001"


def test_the_words_after_the_command_are_a_question(either: Running) -> None:
    reply = either.send(command(QUESTION, response_url=either.slack.response_url()))
    assert reply.body == {"response_type": "ephemeral", "text": "Looking at the guidance ..."}
    answer = either.slack.wait_for("response_url")[0]
    assert answer.body["response_type"] == "ephemeral"
    assert "A police request is only a request" in answer.text


def test_the_command_alone_opens_a_form_in_which_not_sure_is_everywhere(either: Running) -> None:
    url = either.slack.response_url()
    either.send(command("", response_url=url))
    view = either.slack.wait_for("views.open")[0].body["view"]
    menus = {block["block_id"]: block["element"] for block in view["blocks"] if "options" in block["element"]}
    assert set(menus) == {"urgent", "holder", "subject", "recipient", "information", "purpose", "consent", "nation"}
    for facet in set(menus) - {"urgent"}:
        assert menus[facet]["initial_option"]["value"] == "not-sure"
    values = {"what": "They ask where he lives", "recipient": "police", "holder": "not-sure", "urgent": "routine"}
    either.submit(values, user=ASKER)
    answer = either.slack.wait_for("response_url")[0]
    assert "the police (given)" in answer.text


def test_the_shortcut_opens_the_form_with_the_redacted_words_of_a_message(either: Running) -> None:
    either.send(shortcut(NAMED, response_url=either.slack.response_url()))
    view = either.slack.wait_for("views.open")[0].body["view"]
    written = view["blocks"][0]["element"]["initial_value"]
    assert "[NHS NUMBER]" in written
    assert "Sarah" not in json.dumps(view)


def test_a_mention_without_words_is_told_how_to_ask(bot: Running) -> None:
    bot.send(mention(""))
    assert "Ask in your own words" in bot.slack.wait_for("chat.postEphemeral")[0].text


def test_the_agent_pane_offers_examples(either: Running) -> None:
    either.send(home_opened(tab="messages"))
    prompts = either.slack.wait_for("assistant.threads.setSuggestedPrompts")[0].body
    assert len(prompts["prompts"]) == 3
    assert "thread_ts" not in prompts


def test_that_it_works_on_it_is_shown_before_the_answer(bot: Running) -> None:
    bot.send(direct_message(QUESTION))
    bot.slack.wait_for("chat.postMessage")
    calls = [call.method for call in bot.slack.calls]
    assert calls.index("assistant.threads.setStatus") < calls.index("chat.postMessage")


def test_a_channels_own_nation_and_sector_are_taken_unless_the_words_say_another(bot: Running) -> None:
    bot.send(mention("The police ask for an address. Can I tell them?"))
    text = bot.slack.wait_for("chat.postEphemeral")[0].text
    assert "Wales (profile)" in text
    assert "a landlord or housing service (profile)" in text


# Emergencies


def test_in_an_emergency_what_to_do_is_said_at_once_and_alone(either: Running) -> None:
    either.send(direct_message(EMERGENCY))
    first, second = either.slack.wait_for("chat.postMessage", count=2)[:2]
    assert [block["type"] for block in first.body["blocks"]] == ["header", "section"]
    assert "Ring 999 now" in first.text
    assert "Who decides" in second.text


def test_danger_chosen_in_the_form_is_heard(bot: Running) -> None:
    bot.send(command("", response_url=bot.slack.response_url()))
    bot.slack.wait_for("views.open")
    bot.submit({"what": "Can I tell them where she lives?", "urgent": "emergency"}, user=ASKER)
    assert "Ring 999 now" in bot.slack.wait_for("response_url")[0].text


# Personal data


def test_personal_data_is_neither_kept_nor_said_and_the_asker_is_told_privately(either: Running) -> None:
    either.send(direct_message(NAMED))
    answer = either.slack.wait_for("chat.postMessage")[0]
    assert "Taken out before anything was kept: NAME (1), NHS NUMBER (1)" in answer.text
    assert "still stands in Slack" in answer.text
    for secret in ("Sarah", "Jones", "943 476 5919", "9434765919"):
        assert secret not in answer.text
        assert secret not in either.stored()


def test_what_was_recognised_is_not_told_to_the_thread(bot: Running) -> None:
    bot.send(mention(NAMED))
    answer = bot.slack.wait_for("chat.postEphemeral")[0]
    assert "Taken out" in answer.text
    bot.press("show", answer, user=ASKER)
    assert "Taken out" not in bot.slack.wait_for("chat.postMessage")[0].text


# Refining


def test_what_was_to_settle_refines_the_answer_in_place(either: Running) -> None:
    either.send(direct_message(QUESTION))
    answer = either.slack.wait_for("chat.postMessage")[0]
    answer.body["ts"] = "1795511111.000100"
    either.press("settle:purpose", answer, user=ASKER, value="crime")
    changed = either.slack.wait_for("chat.update")[0]
    assert (changed.body["channel"], changed.body["ts"]) == (DM, "1795511111.000100")
    assert "(given)" in changed.text


def test_not_sure_is_an_answer_and_leads_to_the_human(bot: Running) -> None:
    bot.send(direct_message(QUESTION))
    answer = bot.slack.wait_for("chat.postMessage")[0]
    bot.press("settle:purpose", answer, user=ASKER, value="not-sure")
    assert "You are not sure. That is a good answer" in bot.slack.wait_for("chat.update")[0].text


def test_an_ephemeral_answer_changes_through_its_response_url_and_after_five_times_comes_anew(bot: Running) -> None:
    bot.send(mention(QUESTION))
    answer = bot.slack.wait_for("chat.postEphemeral")[0]
    url = bot.slack.response_url()
    for number, value in enumerate(("crime", "not-sure", "crime", "not-sure", "crime"), start=1):
        bot.press("settle:purpose", answer, user=ASKER, value=value, response_url=url)
        assert bot.slack.wait_for("response_url", count=number)[-1].body["replace_original"] is True
    bot.press("settle:purpose", answer, user=ASKER, value="not-sure", response_url=url)
    assert len(bot.slack.wait_for("chat.postEphemeral", count=2)) == 2


def test_a_response_url_older_than_half_an_hour_gives_a_fresh_message(bot: Running) -> None:
    bot.send(mention(QUESTION))
    answer = bot.slack.wait_for("chat.postEphemeral")[0]
    bot.press("settle:purpose", answer, user=ASKER, value="crime", response_url=bot.slack.response_url(age=1801))
    assert "(given)" in bot.slack.wait_for("chat.postEphemeral", count=2)[1].text


def test_what_was_understood_can_be_corrected(either: Running) -> None:
    either.send(direct_message(QUESTION))
    answer = either.slack.wait_for("chat.postMessage")[0]
    answer.body["ts"] = "1795522222.000100"
    either.press("correct", answer, user=ASKER)
    view = either.slack.wait_for("views.open")[0].body["view"]
    chosen = {block["block_id"]: block["element"]["initial_option"]["value"] for block in view["blocks"]}
    assert chosen["recipient"] == "police"
    either.submit(chosen | {"holder": "health"}, user=ASKER)
    assert "a health service (given)" in either.slack.wait_for("chat.update")[0].text


def test_a_follow_up_in_the_thread_refines_the_situation_also_after_a_restart(
    slack: SlackServer, tmp_path: Path
) -> None:
    asked = direct_message(QUESTION)
    with running(tmp_path, slack) as bot:
        bot.send(asked)
        bot.slack.wait_for("chat.postMessage")
    with running(tmp_path, slack) as bot:
        bot.send(direct_message("It is about a burglary.", thread=asked["event"]["ts"]))
        answer = bot.slack.wait_for("chat.postMessage", count=2)[1]
        assert "the police" in answer.text
        assert "burglary" in answer.text
        conversation = bot.conversations().find(f"{DM}/{asked['event']['ts']}/{ASKER}")
    assert conversation is not None
    assert [turn.text for turn in conversation.turns] == [QUESTION, "It is about a burglary."]


def test_nobody_else_can_change_an_askers_answer(bot: Running) -> None:
    bot.send(direct_message(QUESTION))
    answer = bot.slack.wait_for("chat.postMessage")[0]
    bot.press("settle:purpose", answer, user="U0SOMEONE", value="crime")
    told = bot.slack.wait_for("chat.postMessage", count=2)[1]
    assert "Only whoever asked" in told.text
    assert bot.slack.of("chat.update") == []


def test_everything_found_follows_on_demand(bot: Running) -> None:
    bot.send(direct_message(QUESTION))
    answer = bot.slack.wait_for("chat.postMessage")[0]
    bot.press("more", answer, user=ASKER)
    assert "Sources" in bot.slack.wait_for("chat.postMessage", count=2)[-1].text


# Feedback


def test_helpful_is_kept_with_the_answer(either: Running) -> None:
    either.send(direct_message(QUESTION))
    answer = either.slack.wait_for("chat.postMessage")[0]
    either.press("helpful", answer, user=ASKER)
    assert "Thank you" in either.slack.wait_for("chat.postMessage", count=2)[1].text


def test_why_it_was_not_helpful_reaches_the_gaps_of_the_knowledge_base(
    slack: SlackServer, home: Path, advisor: Run
) -> None:
    with running(home, slack) as bot:
        bot.send(direct_message(QUESTION))
        bot.press("not_helpful", bot.slack.wait_for("chat.postMessage")[0], user=ASKER)
        bot.submit({"text": "Nothing on housing benefit. Ring John Smith."}, user=ASKER)
        bot.slack.wait_until(
            lambda: [call for call in bot.slack.of("chat.postMessage") if "Thank you" in call.text], count=2
        )
    (gap,) = json.loads(advisor("kb", "gaps", "--json").out)["shown"]
    assert (gap["question"], gap["asked"], gap["reasons"]) == (QUESTION, 1, {"not_helpful": 1})
    assert gap["said"] == ["Nothing on housing benefit. Ring [NAME 1]."]


def test_why_it_was_not_helpful_is_asked_and_kept_redacted(bot: Running) -> None:
    bot.send(direct_message(QUESTION))
    answer = bot.slack.wait_for("chat.postMessage")[0]
    bot.press("not_helpful", answer, user=ASKER)
    bot.submit({"text": "Nothing on Sarah Jones's tenancy"}, user=ASKER)
    bot.slack.wait_for("chat.postMessage", count=3)
    name = answer.body["blocks"][-1]["elements"][0]["text"].split()[1].rstrip(".")
    said = AnswerStore(sqlite_url(bot.home), keep_days=365).feedback(name)
    assert [found.helpful for found in said] == [False, False]
    (why,) = [found.why for found in said if found.why]  # The button and the form are two jobs, done in either order.
    assert "Sarah" not in why
    assert "tenancy" in why


# Who is served


@pytest.mark.parametrize(
    ("user", "told"),
    [
        ({"is_restricted": True}, "Guests of this workspace"),
        ({"is_ultra_restricted": True}, "Guests of this workspace"),
        ({"team_id": OTHER_TEAM}, "People of other organisations"),
        ({"is_stranger": True}, "People of other organisations"),
    ],
)
def test_guests_and_outsiders_are_refused_and_told_why(bot: Running, user: dict[str, Any], told: str) -> None:
    bot.slack.users[ASKER] = user
    bot.send(direct_message(QUESTION))
    said = bot.slack.wait_for("chat.postMessage")[0]
    assert told in said.text
    assert "police" not in said.text


def test_a_guest_in_danger_is_told_what_to_do_all_the_same(bot: Running) -> None:
    bot.slack.users[ASKER] = {"is_restricted": True}
    bot.send(direct_message(EMERGENCY))
    assert "Ring 999 now" in bot.slack.wait_for("chat.postMessage")[0].text


def test_a_channel_shared_with_another_organisation_is_refused(bot: Running) -> None:
    bot.slack.channels[CHANNEL] = {"is_ext_shared": True}
    bot.send(mention(QUESTION))
    assert "shared with another organisation" in bot.slack.wait_for("chat.postEphemeral")[0].text


def test_the_profile_may_allow_guests_and_outsiders(slack: SlackServer, tmp_path: Path) -> None:
    slack.users[ASKER] = {"is_restricted": True, "team_id": OTHER_TEAM}
    slack.channels[CHANNEL] = {"is_ext_shared": True}
    with running(tmp_path, slack, profile=f"{PROFILE}\n[slack]\nguests = true\nexternal = true\n") as bot:
        bot.send(mention(QUESTION))
        assert "A police request" in bot.slack.wait_for("chat.postEphemeral")[0].text


def test_only_listed_channels_are_served_when_the_profile_says_so(slack: SlackServer, tmp_path: Path) -> None:
    with running(tmp_path, slack, profile=f"{PROFILE}\n[slack]\nonly_listed = true\n") as bot:
        bot.send(mention(QUESTION, channel="C0UNLISTED"))
        assert "not answered in this channel" in bot.slack.wait_for("chat.postEphemeral")[0].text
        bot.send(mention(QUESTION))
        assert "A police request" in bot.slack.wait_for("chat.postEphemeral", count=2)[1].text


def test_another_workspace_is_not_served(bot: Running) -> None:
    bot.send(direct_message(QUESTION, team=OTHER_TEAM))
    assert bot.outbox().waiting() == 0
    assert bot.slack.calls[1:] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "bot_message"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"user": "U0BOT0001"},
        {"user": "USLACKBOT"},
    ],
)
def test_bots_itself_and_what_is_no_message_are_ignored(bot: Running, changes: dict[str, Any]) -> None:
    asked = direct_message(QUESTION)
    asked["event"] |= changes
    assert bot.send(asked).status == 200
    assert bot.outbox().waiting() == 0


def test_messages_in_channels_are_not_read(bot: Running) -> None:
    asked = direct_message(QUESTION)
    asked["event"] |= {"channel_type": "channel", "channel": CHANNEL}
    assert bot.send(asked).status == 200
    assert bot.outbox().waiting() == 0


def test_what_is_not_known_is_acknowledged_and_left(bot: Running) -> None:
    assert bot.send(event({"type": "reaction_added", "user": ASKER})).status == 200


# Limits on people


def test_too_many_questions_are_met_with_one_kind_word(slack: SlackServer, tmp_path: Path) -> None:
    with running(tmp_path, slack, slack_user_limit=2) as bot:
        for _ in range(5):
            bot.send(direct_message(QUESTION))
        said = bot.slack.wait_for("chat.postMessage", count=3)
    assert sum("Wait a minute and ask again" in call.text for call in said) == 1
    assert sum("A police request" in call.text for call in said) == 2


def test_a_busy_channel_is_met_with_one_kind_word_each(slack: SlackServer, tmp_path: Path) -> None:
    with running(tmp_path, slack, slack_channel_limit=1) as bot:
        bot.send(mention(QUESTION))
        bot.send(mention(QUESTION, user="U0SECOND1"))
        told = bot.slack.wait_until(lambda: bot.slack.said_to("U0SECOND1"))
    assert "Many people are asking in this channel" in told[0].text


def test_a_limit_holds_over_all_processes_and_a_question_that_comes_again_does_not_count(
    slack: SlackServer, tmp_path: Path
) -> None:
    with running(tmp_path, slack, slack_user_limit=2) as one, running(tmp_path, slack, slack_user_limit=2) as other:
        first = direct_message(QUESTION)
        for bot, payload in [(one, first), (other, first), (other, direct_message(QUESTION))]:
            bot.send(payload)
        slack.wait_for("chat.postMessage", count=2)
        one.send(direct_message(QUESTION))
        other.send(direct_message(QUESTION))
        said = slack.wait_for("chat.postMessage", count=3)
    assert sum("A police request" in call.text for call in said) == 2
    assert "Wait a minute and ask again" in said[2].text


def test_no_limit_keeps_danger_from_being_heard(slack: SlackServer, tmp_path: Path) -> None:
    with running(tmp_path, slack, slack_user_limit=1) as bot:
        bot.send(direct_message(QUESTION))
        bot.send(direct_message(EMERGENCY))
        bot.slack.wait_until(lambda: [call for call in bot.slack.of("chat.postMessage") if "Ring 999 now" in call.text])


# The kill switch


def test_while_paused_everybody_is_told_whom_to_ask_instead_and_why(bot: Running) -> None:
    Pauses(Database(sqlite_url(bot.home))).pause(by="os:dana", why="a wrong source was found")
    bot.send(direct_message(QUESTION))
    answer = bot.slack.wait_for("chat.postMessage")[0]
    assert "a wrong source was found" in answer.text
    assert "Information governance, 01632 960123" in answer.text
    assert "A police request" not in answer.text
    assert "human" in names_in(answer)


def test_while_paused_an_earlier_answer_is_not_shown_to_others(bot: Running) -> None:
    bot.send(mention(QUESTION))
    answer = bot.slack.wait_for("chat.postEphemeral")[0]
    Pauses(Database(sqlite_url(bot.home))).pause(by="os:dana", why="a wrong source was found")
    bot.press("show", answer, user=ASKER)
    told = bot.slack.wait_for("chat.postEphemeral", count=2)[1]
    assert "paused (a wrong source was found)" in told.text
    assert bot.slack.of("chat.postMessage") == []


def test_while_paused_danger_is_heard(bot: Running) -> None:
    Pauses(Database(sqlite_url(bot.home))).pause(by="os:dana", why="testing")
    bot.send(direct_message(EMERGENCY))
    assert "Ring 999 now" in bot.slack.wait_for("chat.postMessage", count=2)[0].text
