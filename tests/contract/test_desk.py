"""What people do with cases, on every database: the right queue, one winner, refusals recorded, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from advisor.cases.desk import Desk
from advisor.cases.models import Case, EventKind, Filter, State
from advisor.database import Database
from advisor.errors import CaseError, CaseNotFound, DecisionUnfinished, Refused, TakenAlready
from advisor.outbox import Outbox
from advisor.people import Action, Actor
from advisor.settings import Profile
from tests.casework import ASKER, MONDAY, PROFILE, Clock, a_decision, a_desk, an_answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return a_desk(database, clock=clock)


@pytest.fixture
def amira(desk: Desk) -> Actor:
    return desk.directory.actor("slack:UAMIRA")


@pytest.fixture
def ben(desk: Desk) -> Actor:
    return desk.directory.actor("os:bode")


def kinds(desk: Desk, case: Case, *, by: Actor) -> list[EventKind]:
    return [event.kind for event in desk.find(case.id, by=by).events]


# A matter arrives


def test_a_case_goes_to_the_queue_of_the_role_with_all_that_is_needed_to_decide(desk: Desk, amira: Actor) -> None:
    answer = an_answer()
    case = desk.open(answer, by=ASKER, why="Is Smith in danger?", earlier=("Before that.",))
    file = desk.find(case.id, by=amira)
    assert (case.role, case.state, case.asker) == ("information_governance_lead", State.OPEN, "os:joe")
    assert (case.due_at, case.question) == (MONDAY + timedelta(hours=120), answer.question)
    assert (file.answer, file.earlier, file.decision) == (answer, ("Before that.",), None)
    assert file.events[0].content is not None
    assert file.events[0].content["why"] == "Is [NAME 1] in danger?"


def test_an_answer_has_one_case_however_often_it_is_opened(desk: Desk, amira: Actor) -> None:
    answer = an_answer()
    first = desk.open(answer, by=ASKER, key="click-1")
    again = [desk.open(answer, by=ASKER, key="click-1"), desk.open(answer, by=ASKER, key="click-2")]
    assert again == [first, first]
    assert desk.list(by=amira) == (first,)


def test_many_who_open_the_same_at_once_get_the_same_case(desk: Desk, amira: Actor) -> None:
    answer, gate = an_answer(), Barrier(8)

    def opens(number: int) -> str:
        gate.wait()
        return desk.open(answer, by=ASKER, key=f"click-{number % 2}").id

    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(opens, range(8)))
    assert names == {case.id for case in desk.list(by=amira)}
    assert len(names) == 1


def test_a_decision_is_recorded_without_a_case_and_what_it_lacks_is_known(desk: Desk) -> None:
    decision = a_decision(purpose="To keep Smith safe", to_whom="Sgt Smith, Croydon", legal_power=None)
    case = desk.record(decision, by=ASKER, about="A call about Smith")
    kept = desk.find(case.id, by=ASKER).decision
    assert (case.state, case.role, case.question) == (State.CLOSED, "", "A call about [NAME 1]")
    assert kept is not None
    assert (kept.purpose, kept.to_whom) == ("To keep [NAME 1] safe", "Sgt Smith, Croydon")
    assert kept.missing() == ("legal_power",)


def test_who_acted_first_records_it_in_the_case_which_stays_in_its_queue(desk: Desk, amira: Actor) -> None:
    answer = an_answer()
    opened = desk.open(answer, by=ASKER)
    case = desk.record(a_decision(acted_first=True), by=ASKER, answer=answer)
    assert (case.id, case.state, case.acted_first) == (opened.id, State.OPEN, True)
    desk.decide(case.id, a_decision("do_not_share"), by=amira)
    decision = desk.find(case.id, by=amira).decision
    assert decision is not None
    assert decision.outcome == "do_not_share"


def test_a_decision_for_an_answer_keeps_the_answer_with_it(desk: Desk) -> None:
    answer = an_answer()
    case = desk.record(a_decision(), by=ASKER, answer=answer, key="k")
    assert desk.find(case.id, by=ASKER).answer == answer
    assert desk.record(a_decision(), by=ASKER, answer=answer, key="k") == case


# Somebody takes it up and decides


def test_a_case_is_claimed_asked_about_answered_decided_and_closed(desk: Desk, amira: Actor, ben: Actor) -> None:
    case = desk.open(an_answer(), by=ASKER)
    states = [
        desk.claim(case.id, by=amira).state,
        desk.ask(case.id, "What crime is it?", by=amira).state,
        desk.reply(case.id, "Burglary.", by=ASKER).state,
        desk.note(case.id, "Rang Smith", by=ben).state,
        desk.decide(case.id, a_decision(), by=amira).state,
        desk.close(case.id, by=amira).state,
    ]
    assert states == [State.CLAIMED, State.WAITING, State.CLAIMED, State.CLAIMED, State.DECIDED, State.CLOSED]
    file = desk.find(case.id, by=ASKER)
    assert [event.kind.value for event in file.events] == [
        "opened", "claimed", "asked", "replied", "noted", "decided", "closed",
    ]  # fmt: skip
    assert file.events[4].content == {"by": "os:bode", "name": "Ben Ode", "text": "Rang [NAME 1]"}
    assert (file.case.outcome, file.case.holder, file.decision) == ("share", "os:akhan", a_decision())


def test_deciding_a_case_that_nobody_has_claims_it_first(desk: Desk, ben: Actor) -> None:
    case = desk.decide(desk.open(an_answer(), by=ASKER).id, a_decision(), by=ben)
    assert (case.holder, kinds(desk, case, by=ben)[1:]) == ("os:bode", [EventKind.CLAIMED, EventKind.DECIDED])


@pytest.mark.parametrize("command", ["claim", "decide"])
def test_of_two_who_click_at_once_one_wins_and_the_other_is_told_who(
    desk: Desk, amira: Actor, ben: Actor, command: str
) -> None:
    case, gate = desk.open(an_answer(), by=ASKER), Barrier(2)

    def clicks(who: Actor) -> str:
        gate.wait()
        try:
            if command == "claim":
                desk.claim(case.id, by=who)
            else:
                desk.decide(case.id, a_decision(), by=who)
        except TakenAlready as told:
            return str(told)
        return who.name

    with ThreadPoolExecutor(2) as pool:
        won, told = sorted(pool.map(clicks, [amira, ben]), key=lambda said: said.startswith("Case"))
    assert won in ("Amira Khan", "Ben Ode")
    assert won in told
    assert kinds(desk, case, by=amira).count(EventKind.CLAIMED) == 1


def test_a_case_is_handed_to_a_colleague_or_to_another_queue(
    desk: Desk, amira: Actor, ben: Actor, clock: Clock
) -> None:
    case = desk.claim(desk.open(an_answer(), by=ASKER).id, by=amira)
    assert desk.assign(case.id, by=amira, to=ben, why="I am away").holder == "os:bode"
    clock.forward(hours=5)
    moved = desk.assign(case.id, by=ben, role="designated_safeguarding_lead")
    assert (moved.role, moved.holder, moved.state) == ("designated_safeguarding_lead", None, State.OPEN)
    assert moved.due_at == MONDAY + timedelta(hours=125)
    dee = desk.directory.actor("os:dlal")
    assert desk.claim(case.id, by=dee).holder == "os:dlal"
    with pytest.raises(TakenAlready, match="is with Dee Lal"):
        desk.ask(case.id, "Why?", by=Actor(key="x", name="x", roles=("designated_safeguarding_lead",)))


def test_a_decision_that_leaves_fields_out_is_not_taken_and_not_sure_is_an_entry(desk: Desk, amira: Actor) -> None:
    case = desk.open(an_answer(), by=ASKER)
    with pytest.raises(DecisionUnfinished, match="lawful_basis, consent") as unfinished:
        desk.decide(case.id, a_decision(lawful_basis=None, consent=""), by=amira)
    assert unfinished.value.fields == ("lawful_basis", "consent")
    assert kinds(desk, case, by=amira) == [EventKind.OPENED]
    decided = desk.decide(case.id, a_decision(lawful_basis="not sure"), by=amira)
    file = desk.find(decided.id, by=amira)
    assert file.decision is not None
    assert file.decision.unsure() == ("lawful_basis", "review_on")


@pytest.mark.parametrize("late", ["claim", "decide", "assign", "ask", "close"])
def test_what_is_closed_stays_closed(desk: Desk, amira: Actor, late: str) -> None:
    case = desk.open(an_answer(), by=ASKER)
    desk.close(case.id, by=ASKER, why="The request was withdrawn")
    commands: dict[str, Callable[[], object]] = {
        "claim": lambda: desk.claim(case.id, by=amira),
        "decide": lambda: desk.decide(case.id, a_decision(), by=amira),
        "assign": lambda: desk.assign(case.id, by=amira, role="siro"),
        "ask": lambda: desk.ask(case.id, "Why?", by=amira),
        "close": lambda: desk.close(case.id, by=amira),
    }
    with pytest.raises(TakenAlready, match="was closed on 2026-11-23"):
        commands[late]()
    assert kinds(desk, case, by=amira) == [EventKind.OPENED, EventKind.CLOSED]


def test_an_undecided_case_is_not_closed_without_a_reason(desk: Desk, amira: Actor) -> None:
    case = desk.open(an_answer(), by=ASKER)
    with pytest.raises(CaseError, match="Say why"):
        desk.close(case.id, by=amira)


@pytest.mark.parametrize(("text", "said"), [("  ", "is empty"), ("x" * 10_001, "10000 is the most")])
def test_a_text_that_says_nothing_or_too_much_is_not_taken(desk: Desk, amira: Actor, text: str, said: str) -> None:
    case = desk.open(an_answer(), by=ASKER)
    with pytest.raises(CaseError, match=said):
        desk.note(case.id, text, by=amira)


# Done once


def test_a_command_repeated_with_its_key_changes_nothing(desk: Desk, amira: Actor) -> None:
    case = desk.open(an_answer(), by=ASKER)
    commands: tuple[Callable[[], Case], ...] = (
        lambda: desk.claim(case.id, by=amira, key="1"),
        lambda: desk.ask(case.id, "Why?", by=amira, key="2"),
        lambda: desk.reply(case.id, "So.", by=ASKER, key="3"),
        lambda: desk.note(case.id, "Hm.", by=amira, key="4"),
        lambda: desk.hold(case.id, by=amira, why="claim", key="5"),
        lambda: desk.assign(case.id, by=amira, role="information_governance_lead", key="6"),
        lambda: desk.decide(case.id, a_decision(), by=amira, key="7"),
        lambda: desk.close(case.id, by=amira, key="8"),
    )
    for command in commands:
        before = command()
        assert command() == before
    assert len(desk.find(case.id, by=amira).events) == 1 + len(commands) + 1  # deciding claimed it as well


def test_a_key_repeated_at_once_counts_once(desk: Desk, amira: Actor) -> None:
    case = desk.open(an_answer(), by=ASKER)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: desk.note(case.id, "Once.", by=amira, key="click"), range(16)))
    assert kinds(desk, case, by=amira) == [EventKind.OPENED, EventKind.NOTED]


# Who may


def refusals(desk: Desk, case: Case, *, by: Actor) -> list[str]:
    events = desk.find(case.id, by=by).events
    return [event.content["reason"] for event in events if event.content and event.kind is EventKind.REFUSED]


def test_who_asked_does_not_decide_and_the_refusal_is_recorded(desk: Desk, amira: Actor) -> None:
    case = desk.open(an_answer(), by=desk.directory.actor("os:akhan"))
    with pytest.raises(Refused, match="whoever asks does not decide"):
        desk.decide(case.id, a_decision(), by=amira)
    with pytest.raises(Refused, match="whoever asks does not decide"):
        desk.claim(case.id, by=amira)
    assert len(refusals(desk, case, by=amira)) == 2
    assert desk.find(case.id, by=amira).case.state is State.OPEN


def test_who_asked_may_decide_where_the_profile_says_so(database: Database) -> None:
    desk = a_desk(database, profile=PROFILE.model_copy(update={"asker_may_decide": True}))
    amira = desk.directory.actor("os:akhan")
    assert desk.decide(desk.open(an_answer(), by=amira).id, a_decision(), by=amira).state is State.DECIDED


def test_one_without_the_role_is_refused_and_that_is_recorded(desk: Desk, amira: Actor) -> None:
    case, dee = desk.open(an_answer(), by=ASKER), desk.directory.actor("os:dlal")
    commands: tuple[Callable[[], object], ...] = (
        lambda: desk.claim(case.id, by=dee),
        lambda: desk.find(case.id, by=dee),
        lambda: desk.note(case.id, "Hm.", by=dee),
        lambda: desk.decide(case.id, a_decision(), by=dee),
        lambda: desk.reply(case.id, "So.", by=dee),
        lambda: desk.hold(case.id, by=dee, why="claim"),
        lambda: desk.require(Action.EXPORT, by=dee, case=case),
    )
    for command in commands:
        with pytest.raises(Refused, match="Dee Lal|who asked"):
            command()
    assert len(refusals(desk, case, by=amira)) == len(commands)
    assert kinds(desk, case, by=amira)[1:] == [EventKind.REFUSED] * len(commands)


def test_permissions_of_the_profile_replace_the_role_of_the_queue(database: Database) -> None:
    only = {"claim": ["siro"], "decide": ["siro"]}
    profile = Profile.model_validate({**PROFILE.model_dump(), "permissions": only})
    desk = a_desk(database, profile=profile)
    case = desk.open(an_answer(), by=ASKER)
    with pytest.raises(Refused, match="it takes siro"):
        desk.claim(case.id, by=desk.directory.actor("os:bode"))


def test_nobody_acts_as_somebody_else_and_everybody_as_themselves(desk: Desk, amira: Actor) -> None:
    assert [desk.acting_as(name, by=amira) for name in ("amira khan", "os:akhan", "slack:UAMIRA", "akhan")] == [
        amira
    ] * 4
    assert desk.acting_as("joe", by=ASKER) == ASKER
    for name in ("Ben Ode", "os:bode", "nobody"):
        with pytest.raises(Refused, match="may not act as"):
            desk.acting_as(name, by=amira)
    assert [event.kind for event in desk.own_events()] == [EventKind.REFUSED] * 3


def test_two_workspaces_never_see_each_others_cases(database: Database) -> None:
    ours, theirs = a_desk(database, workspace="T1"), a_desk(database, workspace="T2")
    amira = ours.directory.actor("os:akhan")
    answer = an_answer()
    case = ours.open(answer, by=ASKER, key="k")
    other = theirs.open(answer, by=ASKER, key="k")
    assert case.id != other.id
    assert (ours.list(by=amira), theirs.list(by=amira)) == ((case,), (other,))
    for command in (theirs.claim, theirs.find):
        with pytest.raises(CaseNotFound):
            command(case.id, by=amira)
    with pytest.raises(CaseNotFound):
        theirs.note(case.id, "Hm.", by=amira, key="other")


# Finding


def test_cases_are_listed_to_who_may_see_them_newest_first(desk: Desk, amira: Actor, ben: Actor, clock: Clock) -> None:
    first = desk.open(an_answer(), by=ASKER)
    clock.forward(hours=1)
    second = desk.open(an_answer(), by=ben, role="siro")
    clock.forward(hours=1)
    third = desk.record(a_decision(), by=ASKER, about="x")
    assert [case.id for case in desk.list(by=amira)] == [third.id, second.id, first.id]
    assert [case.id for case in desk.list(by=ben)] == [second.id, first.id]
    assert [case.id for case in desk.list(by=ASKER)] == [third.id, first.id]
    assert desk.list(by=desk.directory.actor("os:dlal")) == ()


def test_lists_are_narrowed_and_paged(desk: Desk, amira: Actor, clock: Clock) -> None:
    made = []
    for _ in range(3):
        made.append(desk.open(an_answer(), by=ASKER))
        clock.forward(hours=1)
    claimed = desk.claim(made[0].id, by=amira)
    desk.decide(made[1].id, a_decision("not_ours_to_decide"), by=amira)
    wanted = {
        "state": Filter(states=(State.CLAIMED,)),
        "holder": Filter(holder="os:akhan", states=(State.CLAIMED,)),
        "role": Filter(roles=("siro",)),
        "outcome": Filter(outcome="not_ours_to_decide"),  # type: ignore[arg-type]
        "since": Filter(opened_from=MONDAY + timedelta(hours=2)),
        "before": Filter(opened_before=MONDAY + timedelta(hours=1)),
        "page": Filter(limit=2),
        "next": Filter(limit=2, after=made[1].id),
        "held": Filter(held=True),
        "overdue": Filter(overdue_at=MONDAY + timedelta(hours=121)),
    }
    found = {name: [made.index(next(one for one in made if one.id == case.id)) for case in desk.list(by_, by=amira)]
             for name, by_ in wanted.items()}  # fmt: skip
    assert found == {
        "state": [0], "holder": [0], "role": [], "outcome": [1], "since": [2], "before": [0], "page": [2, 1],
        "next": [0], "held": [], "overdue": [0],
    }  # fmt: skip
    assert desk.find(claimed.id[:6], by=amira).case.id == claimed.id


@pytest.mark.parametrize("name", ["", "zzz", "%", "_", "' OR 1=1 --"])
def test_an_id_that_no_case_has_says_so(desk: Desk, amira: Actor, name: str) -> None:
    desk.open(an_answer(), by=ASKER)
    with pytest.raises(CaseNotFound, match='See "advisor cases list"'):
        desk.find(name, by=amira)


# Time


def test_what_is_overdue_is_chased_once_a_while(desk: Desk, amira: Actor, clock: Clock) -> None:
    case = desk.open(an_answer(), by=ASKER)
    assert desk.chase(by=amira) == ()
    clock.forward(hours=121)
    assert [chased.id for chased in desk.chase(by=amira)] == [case.id]
    assert desk.chase(by=amira) == ()
    clock.forward(hours=24)
    assert [chased.chased_at for chased in desk.chase(by=amira)] == [clock.moment]
    desk.decide(case.id, a_decision(), by=amira)
    clock.forward(hours=48)
    assert desk.chase(by=amira) == ()


def test_out_of_hours_the_duty_person_comes_first(desk: Desk, clock: Clock) -> None:
    case = desk.open(an_answer(), by=ASKER)
    assert [contact.name for contact in desk.reach(case)] == ["IG desk"]
    clock.forward(hours=9)
    assert [contact.name for contact in desk.reach(case)] == ["duty person", "IG desk"]


# Messages


def test_an_event_and_its_message_are_one_once_somebody_follows(desk: Desk, database: Database, amira: Actor) -> None:
    outbox = Outbox(database)
    case = desk.open(an_answer(), by=ASKER)
    assert outbox.waiting() == 0
    desk.follow()
    desk.follow()
    desk.claim(case.id, by=amira, key="k")
    desk.claim(case.id, by=amira, key="k")
    jobs = outbox.claim("bot")
    assert [(job.kind, job.key, job.payload) for job in jobs] == [
        ("case.event", f"case:{case.id}:2", {"case": case.id, "sequence": 2, "kind": "claimed"})
    ]
