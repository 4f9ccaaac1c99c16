"""Two runs beside each other, case by case: what got better or worse, by how much, and whether that could be chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from evals.intervals import Interval, mcnemar, of_sums, share
from evals.metrics.base import Metric
from evals.metrics.registry import metrics
from evals.runs import Stamp, Summary

_LEAST = 1e-9
"""A smaller difference of two values is none."""


class Flip(NamedTuple):
    """One case whose value changed."""

    suite: str
    case: str
    metric: str
    before: float
    after: float

    @property
    def gain(self) -> float:
        """By how much it got better; below 0 when it got worse."""
        change = self.after - self.before
        return change if metrics()[self.metric].better == "higher" else -change


class Change(NamedTuple):
    """One metric of one suite in both runs, over the cases that both have."""

    suite: str
    metric: str
    title: str
    better: Literal["higher", "lower"]
    before: float
    after: float
    difference: Interval
    """After less before, paired by case; 95% bootstrap over cases, groups of wordings drawn whole."""
    n: int
    p: float | None
    """Two-sided exact McNemar, where every value is 0 or 1."""
    flips: tuple[Flip, ...]
    """Cases whose value changed, what got worse most first."""

    @property
    def improved(self) -> int:
        return sum(flip.gain > 0 for flip in self.flips)

    @property
    def worsened(self) -> int:
        return sum(flip.gain < 0 for flip in self.flips)

    @property
    def gain(self) -> Interval:
        """The difference turned so that more is better."""
        value, low, high = self.difference
        return self.difference if self.better == "higher" else Interval(-value, -high, -low)


class Comparison(NamedTuple):
    changes: tuple[Change, ...]
    only_before: int
    only_after: int
    """Cases that only one of the two has; they are left out."""
    differs: tuple[str, ...]
    """What besides the results is not the same in both."""


def compare(before: Summary, after: Summary) -> Comparison:
    """Every metric of every suite that both have."""
    old, new = _cases(before), _cases(after)
    return Comparison(
        changes=tuple(_changes(before, after)),
        only_before=len(old - new),
        only_after=len(new - old),
        differs=tuple(differences(before.stamp, after.stamp)),
    )


def _cases(summary: Summary) -> set[tuple[str, str]]:
    return {(suite, case) for suite, cases in summary.values.items() for case in cases}


def _changes(before: Summary, after: Summary) -> Iterator[Change]:
    for suite, cases in after.values.items():
        clusters = after.clusters.get(suite, {})
        for metric in metrics().values():
            pairs = {
                name: (before.values[suite][name][metric.name], values[metric.name])
                for name, values in cases.items()
                if metric.name in values and metric.name in before.values.get(suite, {}).get(name, {})
            }
            if pairs:
                yield _change(suite, metric, pairs, clusters)


def _change(
    suite: str, metric: Metric, pairs: Mapping[str, tuple[float, float]], clusters: Mapping[str, str]
) -> Change:
    flips = [Flip(suite, name, metric.name, old, new) for name, (old, new) in pairs.items() if abs(new - old) > _LEAST]
    flips.sort(key=lambda flip: (flip.gain, flip.case))
    difference = of_sums(
        [(new - old, 1.0) for old, new in pairs.values()],
        clusters=[clusters.get(name, name) for name in pairs],
        statistic=share,
    )
    better, worse = (sum(flip.gain > 0 for flip in flips), sum(flip.gain < 0 for flip in flips))
    return Change(
        suite=suite,
        metric=metric.name,
        title=metric.title,
        better=metric.better,
        before=sum(old for old, _ in pairs.values()) / len(pairs),
        after=sum(new for _, new in pairs.values()) / len(pairs),
        difference=difference,
        n=len(pairs),
        p=mcnemar(better, worse) if metric.is_binary else None,
        flips=tuple(flips),
    )


def differences(before: Stamp, after: Stamp) -> Iterator[str]:
    """What besides the results is not the same in two runs."""
    if before.part != after.part:
        yield f"the part ({before.part} and {after.part})"
    changed = [
        name
        for name in before.suites
        if name in after.suites and before.suites[name].digest != after.suites[name].digest
    ]
    if changed:
        yield f"the cases of {', '.join(changed)}"
    if before.knowledge != after.knowledge:
        yield f"the knowledge base ({before.knowledge.documents} and {after.knowledge.documents} documents)"
    if before.code != after.code:
        yield f"the code ({before.revision} and {after.revision})"
    if before.today != after.today:
        yield f"the day ({before.today} and {after.today})"
    if before.settings != after.settings:
        yield "the settings"
    if (before.packages, before.python) != (after.packages, after.python):
        yield "package versions"
