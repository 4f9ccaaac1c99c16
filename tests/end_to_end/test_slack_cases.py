"""Cases in Slack, from "Ask a human" to the decision: each is told at each step, one store for Slack and the CLI."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from advisor.cases.desk import Desk
from advisor.cases.models import Case, DecisionOutcome, EventKind, Filter, State
from advisor.database import Database, sqlite_url
from advisor.learning import next_time
from advisor.people import Actor
from advisor.settings import Settings, load_profile
from advisor.wording import load_wording
from knowledge.vocabulary import load_vocabulary
from tests.slack_payloads import (
    ASKER,
    CHANNEL,
    DECIDER,
    DM,
    OTHER_TEAM,
    QUEUE,
    TEAM,
    direct_message,
    home_opened,
    mention,
)
from tests.slack_running import PROFILE, Running, names_in, running
from tests.slack_server import Call, SlackServer

QUESTION = "The police have rung asking where one of our tenants lives. Can I tell them?"
SECOND = "U0DECIDE2"
TWO_DECIDERS = f"""{PROFILE}
[[people]]
name = "Sam Second"
identities = ["slack:{SECOND}"]
roles = ["information_governance_lead"]
"""


@pytest.fixture(scope="module")
def _slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def slack(_slack: SlackServer) -> SlackServer:
    _slack.calls.clear()
    _slack.faults.clear()
    _slack.refused.clear()
    _slack.team = TEAM
    return _slack


@pytest.fixture
def bot(slack: SlackServer, tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, slack, profile=TWO_DECIDERS) as runs:
        yield runs


def desk_of(home: Path, *, workspace: str = TEAM) -> Desk:
    """The desk as the command line opens it."""
    profile = load_profile(Settings(home=home), vocabulary=load_vocabulary())
    return Desk(Database(sqlite_url(home)), profile=profile, redact=lambda text: text, workspace=workspace)


def the_case(bot: Running) -> Case:
    found = desk_of(bot.home).all(Filter())
    assert len(found) == 1
    return found[0]


def to(bot: Running, channel: str, *, saying: str = "") -> list[Call]:
    return [
        call
        for call in bot.slack.of("chat.postMessage", "chat.postEphemeral")
        if call.body.get("channel") == channel and saying in call.text
    ]


def told(bot: Running, channel: str, saying: str) -> Call:
    """Waits until something is said in a channel."""
    return bot.slack.wait_until(lambda: to(bot, channel, saying=saying), what=saying)[-1]


def escalated(bot: Running) -> Call:
    """Asks, presses "Ask a human", and gives the card in the channel of those who decide."""
    bot.send(direct_message(QUESTION))
    answer = bot.slack.wait_for("chat.postMessage")[0]
    bot.press("human", answer, user=ASKER)
    return told(bot, QUEUE, "Case ")


def form(bot: Running, count: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = bot.slack.wait_for("views.open", count=count)[-1].body["view"]
    return found


def test_ask_a_human_opens_a_case_that_calls_the_right_group_and_tells_the_asker(bot: Running) -> None:
    card = escalated(bot)
    assert "<!subteam^S0GROUP01>" in card.text
    assert QUESTION in card.text
    assert {"case_claim", "case_decide", "case_ask", "case_note", "case_assign", "case_close"} == names_in(card)
    case = the_case(bot)
    opened = told(bot, DM, "It is with a human now")
    assert case.id in opened.text
    assert "information governance lead" in opened.text
    assert (case.state, case.asker, case.role) == (State.OPEN, f"slack:{ASKER}", "information_governance_lead")


def test_ask_a_human_pressed_twice_is_one_case(bot: Running) -> None:
    bot.send(direct_message(QUESTION))
    answer = bot.slack.wait_for("chat.postMessage")[0]
    bot.press("human", answer, user=ASKER)
    bot.press("human", answer, user=ASKER)
    bot.slack.wait_until(lambda: to(bot, DM, saying="It is with a human now"), count=2)
    told(bot, QUEUE, "Case ")
    assert bot.bot._workers.stop()
    assert len(to(bot, QUEUE, saying="Case ")) == 1
    assert the_case(bot).state is State.OPEN


def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told(bot: Running) -> None:
    card = escalated(bot)
    bot.press("case_claim", card, user=DECIDER)
    told(bot, QUEUE, "took it up")
    bot.press("case_claim", card, user=SECOND)
    refused = bot.slack.wait_until(lambda: bot.slack.said_to(SECOND))[0]
    assert "Dana Decider" in refused.text
    assert the_case(bot).holder == f"slack:{DECIDER}"


def test_the_card_follows_the_case_and_the_asker_is_told_that_it_is_taken_up(bot: Running) -> None:
    card = escalated(bot)
    bot.press("case_claim", card, user=DECIDER)
    updated = bot.slack.wait_for("chat.update")[0]
    assert updated.body["channel"] == QUEUE
    assert "taken up with Dana Decider" in updated.text
    assert "Dana Decider took it up" in told(bot, DM, "took it up").text


def test_when_the_asker_can_only_be_told_later_nothing_is_said_twice_to_those_who_decide(bot: Running) -> None:
    card = escalated(bot)
    told(bot, DM, "It is with a human now")
    later = {"status": 429, "error": "ratelimited", "retry_after": 1, "times": 1}
    bot.slack.fail("chat.postMessage", when=lambda body: body.get("channel") == DM, **later)
    bot.press("case_claim", card, user=DECIDER)
    told(bot, DM, "took it up")
    assert bot.slack.refused == ["chat.postMessage: ratelimited"]
    assert len(to(bot, QUEUE, saying="took it up")) == 1


def test_whoever_may_not_decide_is_told_so_and_that_is_kept(bot: Running) -> None:
    card = escalated(bot)
    bot.press("case_claim", card, user="U0NOBODY1")
    assert "may not claim" in bot.slack.wait_until(lambda: bot.slack.said_to("U0NOBODY1"))[0].text
    file = desk_of(bot.home).find(the_case(bot).id, by=_machine())
    assert EventKind.REFUSED in [event.kind for event in file.events]


def test_the_asker_is_asked_for_more_and_answers_in_a_form(bot: Running) -> None:
    card = escalated(bot)
    bot.press("case_ask", card, user=DECIDER)
    bot.submit({"text": "Which crime is it about?"}, user=DECIDER)
    asked = told(bot, DM, "Which crime is it about?")
    bot.press("case_reply", asked, user=ASKER)
    form(bot, 2)
    bot.submit({"text": "A burglary, says the officer, of Sarah Jones"}, user=ASKER, count=2)
    reply = told(bot, QUEUE, "A burglary")
    assert "Sarah" not in reply.text
    assert the_case(bot).state is State.CLAIMED


def test_a_case_is_decided_in_a_form_with_every_field_and_the_asker_is_told(bot: Running) -> None:
    card = escalated(bot)
    bot.press("case_decide", card, user=DECIDER)
    view = form(bot)
    fields = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert {"purpose", "legal_power", "lawful_basis", "special_category_condition", "necessity", "consent", "told",
            "what", "to_whom", "how", "risk_of_sharing", "risk_of_not_sharing", "agreement", "retention", "review_on",
            "role", "outcome", "conditions", "reasons", "acted_first"} == set(fields)  # fmt: skip
    assert fields["purpose"]["initial_value"] == "not sure"
    entries = {name: element.get("initial_value", "") for name, element in fields.items() if "initial_value" in element}
    bot.submit(
        entries
        | {
            "outcome": "do_not_share",
            "role": "information_governance_lead",
            "reasons": "No crime was named and no power was shown.",
            "review_on": "2027-01-10",
        },
        user=DECIDER,
    )
    decided = told(bot, DM, "No crime was named")
    assert "Dana Decider decided" in decided.text
    file = desk_of(bot.home).find(the_case(bot).id, by=_machine())
    assert file.decision is not None
    assert (file.case.state, file.decision.outcome) == (State.DECIDED, DecisionOutcome.DO_NOT_SHARE)
    assert file.decision.decided_by.name == "Dana Decider"
    assert file.decision.purpose == "not sure"
    advised = bot.slack.wait_until(lambda: bot.slack.said_to(DECIDER))[0]
    assert "You were not sure of some entries" in advised.text
    answer = file.answer
    assert answer is not None
    learnt = next_time(answer, turn=file.case.id, wording=load_wording())
    assert learnt is not None
    assert f"*To know next time*\n• {learnt.text}" in [block["text"]["text"] for block in advised.body["blocks"][1:2]]
    assert f"<{learnt.citation.url}|{learnt.citation.title}>" in advised.text
    assert advised.body["channel"] == QUEUE


def test_a_case_is_handed_on_to_a_colleague_or_to_a_queue_but_not_to_both(bot: Running) -> None:
    card = escalated(bot)
    bot.press("case_assign", card, user=DECIDER)
    both = {"person": SECOND, "role": "data_protection_officer", "text": "on leave"}
    assert "one of the two" in str(bot.submit(both, user=DECIDER).body)
    bot.submit({"person": SECOND, "text": "on leave"}, user=DECIDER)
    told(bot, QUEUE, "handed it on to Sam Second")
    assert the_case(bot).holder == f"slack:{SECOND}"


def test_a_note_is_added_without_names_and_a_case_is_closed_with_a_reason(bot: Running) -> None:
    card = escalated(bot)
    bot.press("case_note", card, user=DECIDER)
    bot.submit({"text": "Rang Sarah Jones at the station"}, user=DECIDER)
    note = told(bot, QUEUE, "added a note")
    assert "Sarah" not in note.text
    bot.press("case_close", card, user=DECIDER)
    form(bot, 2)
    bot.submit({"text": "The request was withdrawn"}, user=DECIDER, count=2)
    told(bot, DM, "The request was withdrawn")
    assert the_case(bot).state is State.CLOSED


def test_ones_own_decision_is_recorded_without_a_case(bot: Running) -> None:
    bot.send(mention(QUESTION))
    answer = bot.slack.wait_for("chat.postEphemeral")[0]
    bot.press("record", answer, user=ASKER)
    values = {"outcome": "share", "role": "line_manager", "reasons": "A life was at risk.", "acted_first": "yes"}
    bot.submit(values, user=ASKER)
    recorded = told(bot, CHANNEL, "Your decision is recorded")
    assert (recorded.method, "*To know next time*" in recorded.text) == ("chat.postEphemeral", True)
    case = the_case(bot)
    assert (case.acted_first, case.outcome, case.role) == (True, DecisionOutcome.SHARE, "")
    assert to(bot, QUEUE) == []


def test_what_the_command_line_does_is_told_in_slack(bot: Running) -> None:
    escalated(bot)
    desk = desk_of(bot.home)
    desk.claim(the_case(bot).id, by=desk.directory.actor("os:dana"))
    bot.bot._workers.wake()
    told(bot, QUEUE, "Dana Decider took it up")
    told(bot, DM, "Dana Decider took it up")


def test_what_is_overdue_is_chased_in_the_channel_and_calls_the_group(bot: Running) -> None:
    escalated(bot)
    later = datetime.now(UTC) + timedelta(days=30)
    profile = load_profile(Settings(home=bot.home), vocabulary=load_vocabulary())
    desk = Desk(Database(sqlite_url(bot.home)), profile=profile, redact=str, workspace=TEAM, now=lambda: later)
    assert len(desk.chase(by=_machine())) == 1
    bot.bot._workers.wake()
    assert "<!subteam^S0GROUP01>" in told(bot, QUEUE, "It is overdue").text


def test_where_the_channel_of_a_role_is_lost_the_asker_is_told_and_the_case_stands(bot: Running) -> None:
    bot.slack.fail("chat.postMessage", error="is_archived", when=lambda body: body.get("channel") == QUEUE)
    bot.send(direct_message(QUESTION))
    answer = bot.slack.wait_for("chat.postMessage")[0]
    bot.press("human", answer, user=ASKER)
    told(bot, DM, "its channel in Slack cannot be reached")
    assert the_case(bot).state is State.OPEN


def test_app_home_shows_my_questions_my_queue_and_what_is_overdue(bot: Running) -> None:
    escalated(bot)
    case = the_case(bot)
    bot.send(home_opened(user=DECIDER))
    theirs = bot.slack.wait_for("views.publish")[0]
    assert (theirs.body["user_id"], case.id in theirs.text) == (DECIDER, True)
    bot.send(home_opened(user=ASKER))
    mine = bot.slack.wait_for("views.publish", count=2)[1]
    assert case.id in mine.text
    bot.send(home_opened(user="U0NOBODY1"))
    assert case.id not in bot.slack.wait_for("views.publish", count=3)[2].text


def test_two_workspaces_never_see_each_others_cases(slack: SlackServer, tmp_path: Path) -> None:
    with running(tmp_path, slack) as one:
        escalated(one)
        case = the_case(one)
        slack.team = OTHER_TEAM
        with running(tmp_path, slack) as other:
            other.send(home_opened(user=DECIDER, team=OTHER_TEAM))
            assert case.id not in slack.wait_for("views.publish")[0].text
            claim = other.pressed("case_claim", told(one, QUEUE, "Case "), user=DECIDER, team=OTHER_TEAM)
            other.send(claim)
            refused = slack.wait_until(lambda: slack.said_to(DECIDER))[0]
            assert "No case has the id" in refused.text
    assert the_case(one).state is State.OPEN


def _machine() -> Actor:
    return Actor(key="app:test", name="test", roles=tuple(load_vocabulary().roles))
