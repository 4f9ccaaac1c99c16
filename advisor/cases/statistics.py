"""What the cases amount to: how many, how fast, whose, how they ended, and which guidance they rested on."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from advisor.cases.exporting import decided_late, hours_to_decide
from advisor.cases.models import Case, CaseFile, DecisionOutcome, State
from advisor.models import Urgency
from knowledge.models import FrozenModel

Counts = dict[str, int]


class Times(FrozenModel):
    """Hours from opening to decision."""

    decided: int
    median: float | None
    ninety: float | None
    """Nine in ten were decided within that many hours (nearest rank)."""
    late: int
    """Decided after their due time."""


class Queue(FrozenModel):
    """The cases of one role."""

    role: str
    cases: int
    live: int
    overdue: int
    times: Times
    outcomes: Counts


class Guidance(FrozenModel):
    """One document, and how the cases whose answers cited it were decided."""

    document: str
    title: str
    cases: int
    outcomes: Counts


class Statistics(FrozenModel):
    as_of: datetime
    cases: int
    live: int
    overdue: int
    recorded: int
    """Decisions recorded without a case in a queue."""
    acted_first: int
    months: Counts
    """Month, such as ``2026-11``, to cases opened in it; a month without any is there with 0."""
    states: Counts
    urgencies: Counts
    outcomes: Counts
    times: Times
    queues: tuple[Queue, ...]
    """Most cases first."""
    guidance: tuple[Guidance, ...]
    """Of decided cases; most first."""
    unknown_guidance: int
    """Decided cases that do not say what they rested on: purged, or recorded without an answer."""


def statistics(files: Iterable[CaseFile], *, now: datetime) -> Statistics:
    """Counts cases, reading each file once and keeping only what is counted."""
    cases: list[Case] = []
    cited: dict[str, Counter[str]] = defaultdict(Counter)
    titles: dict[str, str] = {}
    unknown = 0
    for file in files:
        cases.append(file.case)
        if file.case.outcome is None:
            continue
        documents = _documents(file)
        unknown += not documents
        titles |= documents
        for document in documents:
            cited[document][file.case.outcome.value] += 1
    queued = [case for case in cases if case.role]
    return Statistics(
        as_of=now,
        cases=len(cases),
        live=sum(case.state.is_live for case in cases),
        overdue=sum(case.is_overdue(now) for case in cases),
        recorded=len(cases) - len(queued),
        acted_first=sum(case.acted_first for case in cases),
        months=_months(cases),
        states=_counted((case.state.value for case in cases), of=[state.value for state in State]),
        urgencies=_counted((case.urgency.value for case in cases), of=[urgency.value for urgency in Urgency]),
        outcomes=_outcomes(cases),
        times=_times(cases),
        queues=_queues(queued, now=now),
        guidance=tuple(_guidance(name, titles[name], counts) for name, counts in _most(cited)),
        unknown_guidance=unknown,
    )


def _documents(file: CaseFile) -> dict[str, str]:
    """Id to title of what the answer cited; read without checking each value, for there may be many cases."""
    answers = (event.content["answer"] for event in file.events if event.content and event.content.get("answer"))
    answer = next(answers, None)
    return {each["document"]: each["title"] for each in answer["citations"]} if answer else {}


def _queues(cases: Sequence[Case], *, now: datetime) -> tuple[Queue, ...]:
    by_role: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_role[case.role].append(case)
    ordered = sorted(by_role.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(
        Queue(
            role=role,
            cases=len(own),
            live=sum(case.state.is_live for case in own),
            overdue=sum(case.is_overdue(now) for case in own),
            times=_times(own),
            outcomes=_outcomes(own),
        )
        for role, own in ordered
    )


def _times(cases: Iterable[Case]) -> Times:
    decided = [case for case in cases if hours_to_decide(case) is not None]
    hours = sorted(hours_to_decide(case) or 0.0 for case in decided)
    late = sum(bool(decided_late(case)) for case in decided)
    return Times(decided=len(hours), median=_rank(hours, 0.5), ninety=_rank(hours, 0.9), late=late)


def _rank(hours: Sequence[float], share: float) -> float | None:
    """The smallest value that so large a share of them does not exceed."""
    return hours[math.ceil(share * len(hours)) - 1] if hours else None


def _months(cases: Iterable[Case]) -> Counts:
    found = Counter((case.opened_at.year, case.opened_at.month) for case in cases)
    if not found:
        return {}
    (first_year, first), (last_year, last) = min(found), max(found)
    between = range(first_year * 12 + first - 1, last_year * 12 + last)
    return {f"{at // 12}-{at % 12 + 1:02}": found[at // 12, at % 12 + 1] for at in between}


def _outcomes(cases: Iterable[Case]) -> Counts:
    made = (case.outcome.value for case in cases if case.outcome)
    return _counted(made, of=[outcome.value for outcome in DecisionOutcome])


def _counted(values: Iterable[str], *, of: Sequence[str]) -> Counts:
    found = Counter(values)
    return {value: found[value] for value in of}


def _most(cited: dict[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    return sorted(cited.items(), key=lambda pair: (-pair[1].total(), pair[0]))


def _guidance(document: str, title: str, counts: Counter[str]) -> Guidance:
    outcomes = {outcome.value: counts[outcome.value] for outcome in DecisionOutcome}
    return Guidance(document=document, title=title, cases=counts.total(), outcomes=outcomes)
