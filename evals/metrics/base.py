"""What a metric is: a scorer for one case, and apart from it an aggregate that makes figures of many scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from pydantic import JsonValue

from advisor.models import Answer
from evals.cases import Case
from evals.intervals import Interval, Statistic, of_mean, of_ratio, share
from evals.runs import Record, Timing
from knowledge.models import FrozenModel


class Asked(NamedTuple):
    """One case and what came of it."""

    case: Case
    record: Record
    timing: Timing | None = None
    group: tuple[Record, ...] = ()
    """The records of its group, its own among them, the first wording first; empty when it has no group."""

    @property
    def answer(self) -> Answer:
        return self.record.answer

    @property
    def documents(self) -> list[str]:
        """The distinct documents an answer cites, in citation order: its sources."""
        return cited(self.record)


class Score(FrozenModel):
    """What one metric says of one case."""

    value: float
    why: str = ""
    """One line for whoever reads why it is so."""
    data: dict[str, JsonValue] = {}
    """What the aggregate needs beside the value."""


class Scored(NamedTuple):
    """A case with its score."""

    case: Case
    score: Score


class Figure(FrozenModel):
    """One number of a suite, with its 95% interval and the number of cases (or of what ``unit`` names) behind it."""

    metric: str
    name: str
    value: float
    low: float
    high: float
    n: int
    data: dict[str, JsonValue] = {}
    """What a plot needs, such as a confusion matrix or the points of a curve."""
    better: Literal["higher", "lower"] | None = None
    """Where it differs from what is better for the metric's values."""


class Metric(NamedTuple):
    """One way to judge answers. ``score`` gives None where the case does not say what is right."""

    name: str
    title: str
    unit: str
    better: Literal["higher", "lower"]
    score: Callable[[Asked], Score | None]
    figures: Callable[[Sequence[Scored]], Iterable[Figure]]
    passes: float | None = None
    """The value that a single case must reach (or not pass, where lower is better) not to be counted as failed;
    None for what is only ever judged over many cases."""
    is_binary: bool = False
    """Whether every value is 0 or 1, so that McNemar's test fits."""
    varies: bool = False
    """Whether it differs between two runs of the same inputs, as times do."""

    def fails(self, value: float) -> bool:
        """Whether one case with that value counts as failed."""
        if self.passes is None:
            return False
        return value < self.passes if self.better == "higher" else value > self.passes


def cited(record: Record) -> list[str]:
    """The distinct documents an answer cites, in citation order."""
    return list(dict.fromkeys(citation.document for citation in record.answer.citations))


def figure(metric: str, name: str, interval: Interval, *, n: int, data: dict[str, JsonValue] | None = None) -> Figure:
    value, low, high = (round(number, 6) for number in interval)
    return Figure(metric=metric, name=name, value=value, low=low, high=high, n=n, data=data or {})


def mean(metric: str, scored: Sequence[Scored], *, name: str = "", by_kind: bool = False) -> list[Figure]:
    """The mean of the values, and where asked for that of each kind of case."""
    figures = [_mean(metric, name or metric, scored)] if scored else []
    kinds = dict.fromkeys(each.case.kind for each in scored if each.case.kind) if by_kind else {}
    return figures + [
        _mean(metric, f"{name or metric}: {kind}", [each for each in scored if each.case.kind == kind])
        for kind in kinds
    ]


def _mean(metric: str, name: str, scored: Sequence[Scored]) -> Figure:
    interval = of_mean([each.score.value for each in scored], clusters=clusters(scored))
    return figure(metric, name, interval, n=len(scored))


def pooled(
    metric: str, name: str, scored: Sequence[Scored], *, of: Sequence[str], statistic: Statistic = share
) -> list[Figure]:
    """A statistic of the sums of some data fields, such as right over found; ``n`` is the sum of the last field."""
    rows = [[number(each.score, field) for field in of] for each in scored]
    count = sum(row[-1] for row in rows)
    if not count:
        return []
    return [figure(metric, name, of_ratio(rows, clusters=clusters(scored), statistic=statistic), n=round(count))]


def clusters(scored: Sequence[Scored]) -> list[str]:
    return [each.case.cluster for each in scored]


def number(score: Score, field: str) -> float:
    """A number among a score's data."""
    value = score.data.get(field, 0.0)
    assert isinstance(value, int | float)
    return float(value)


def listed(names: Iterable[str], *, most: int = 8) -> str:
    """Names as a reader takes them in, or that there are none."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more if every else "none"
