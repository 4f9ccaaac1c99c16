"""What cases amount to, counted by hand first."""

from __future__ import annotations

from advisor.cases.desk import Desk
from advisor.cases.exporting import files
from advisor.cases.models import Filter
from advisor.cases.statistics import Statistics, statistics
from advisor.people import Actor
from tests.casework import ASKER, Clock, a_decision, an_answer

AMIRA = "os:akhan"


def counted(desk: Desk, clock: Clock, *, by: Actor | None = None) -> Statistics:
    return statistics(files(desk, Filter(), by=by or desk.directory.actor(AMIRA)), now=clock.moment)


def a_case(desk: Desk, number: int) -> str:
    return desk.open(an_answer().model_copy(update={"id": f"{number:032}"}), by=ASKER).id


def test_volumes_times_roles_and_outcomes_are_those_counted_by_hand(desk: Desk, clock: Clock) -> None:
    amira = desk.directory.actor(AMIRA)
    cases = [a_case(desk, number) for number in range(4)]
    clock.forward(hours=2)
    desk.decide(cases[0], a_decision("share"), by=amira)
    clock.forward(hours=8)
    desk.decide(cases[1], a_decision("do_not_share"), by=amira)
    clock.forward(hours=190)
    desk.decide(cases[2], a_decision("share"), by=amira)
    desk.record(a_decision("share", acted_first=True), by=ASKER, about="at night", key="k")
    found = counted(desk, clock)
    assert (found.cases, found.live, found.overdue, found.recorded, found.acted_first) == (5, 1, 1, 1, 1)
    assert found.months == {"2026-11": 4, "2026-12": 1}
    assert found.outcomes == {
        "share": 3,
        "share_in_part_or_with_conditions": 0,
        "do_not_share": 1,
        "not_ours_to_decide": 0,
    }
    assert found.times.model_dump() == {"decided": 3, "median": 10.0, "ninety": 200.0, "late": 1}
    [queue] = found.queues
    assert (queue.role, queue.cases, queue.live, queue.overdue) == ("information_governance_lead", 4, 1, 1)
    assert queue.outcomes["share"] == 2


def test_each_document_counts_once_for_each_decided_case_that_cites_it(desk: Desk, clock: Clock) -> None:
    amira = desk.directory.actor(AMIRA)
    for number, outcome in enumerate(("share", "share", "do_not_share")):
        desk.decide(a_case(desk, number), a_decision(outcome), by=amira)
    a_case(desk, 9)
    desk.record(a_decision(), by=ASKER, about="at night", key="k")
    found = counted(desk, clock)
    assert {each.document for each in found.guidance} == {each.document for each in an_answer().citations}
    assert {(each.cases, each.outcomes["share"], each.outcomes["do_not_share"]) for each in found.guidance} == {
        (3, 2, 1)
    }
    assert found.unknown_guidance == 1


def test_a_month_without_a_case_is_there_with_nought(desk: Desk, clock: Clock) -> None:
    a_case(desk, 1)
    clock.forward(days=60)
    a_case(desk, 2)
    assert counted(desk, clock).months == {"2026-11": 1, "2026-12": 0, "2027-01": 1}


def test_nobody_counts_what_they_may_not_see(desk: Desk, clock: Clock) -> None:
    a_case(desk, 1)
    assert counted(desk, clock, by=desk.directory.actor("os:dlal")).cases == 0
    assert counted(desk, clock, by=ASKER).cases == 1


def test_no_cases_make_statistics_of_nothing(desk: Desk, clock: Clock) -> None:
    found = counted(desk, clock)
    assert (found.cases, found.months, found.queues, found.guidance, found.times.median) == (0, {}, (), (), None)
