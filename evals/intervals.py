"""95% intervals by bootstrap over clusters of cases: the same seed gives the same interval.

A figure is a statistic of rows, one row a case. Cases of one cluster (the wordings of one question) are drawn
together, for they are not independent. A rate that no case, or every case, reaches has no spread to resample: it gets
Wilson's interval, so that 0 of 60 is not shown as certain (rule of three).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

SEED = 20261122
RESAMPLES = 2000
_Z = 1.959964
_FEWER = 400
"""Resamples of a statistic that cannot be had from sums."""

Array = npt.NDArray[np.float64]
Statistic = Callable[[Array], Array]


class Interval(NamedTuple):
    """A value, and between what 95% of resampled values lie."""

    value: float
    low: float
    high: float


def of_sums(rows: Sequence[Sequence[float]], *, clusters: Sequence[str], statistic: Statistic) -> Interval:
    """The interval of a statistic of column sums, such as a mean or an F1.

    ``rows`` has shape (cases, columns); ``statistic`` takes sums of shape (..., columns) and gives shape (...), NaN
    where it is not defined.
    """
    sums = _by_cluster(np.asarray(rows, dtype=np.float64), clusters)
    drawn = _draws(len(sums), RESAMPLES) @ sums
    with np.errstate(divide="ignore", invalid="ignore"):
        value, spread = float(statistic(sums.sum(axis=0))), statistic(drawn)
    return _between(value, spread)


def of_rows(rows: Array, *, clusters: Sequence[str], statistic: Callable[[Array], float]) -> Interval:
    """The interval of any statistic of rows, shape (cases, columns)."""
    names = list(dict.fromkeys(clusters))
    members = [np.flatnonzero(np.asarray(clusters) == name) for name in names]
    generator = np.random.default_rng(SEED)
    spread = [
        statistic(rows[np.concatenate([members[place] for place in generator.integers(len(names), size=len(names))])])
        for _ in range(_FEWER)
    ]
    return _between(statistic(rows), np.asarray(spread))


def of_ratio(rows: Sequence[Sequence[float]], *, clusters: Sequence[str], statistic: Statistic) -> Interval:
    """As ``of_sums`` for what lies between 0 and 1; Wilson's interval over clusters where all is 0 or all is 1."""
    interval = of_sums(rows, clusters=clusters, statistic=statistic)
    if interval.value in (0.0, 1.0):
        # Only cases that have a say, those with something in the last column, count towards how sure it is.
        speaking = {cluster for row, cluster in zip(rows, clusters, strict=True) if row[-1]}
        return wilson(interval.value * len(speaking), len(speaking), interval.value)
    return interval


def of_mean(values: Sequence[float], *, clusters: Sequence[str]) -> Interval:
    """The interval of a mean; Wilson's where every value is 0 or every value is 1."""
    return of_ratio([(value, 1.0) for value in values], clusters=clusters, statistic=share)


def share(sums: Array) -> Array:
    """The first column over the second."""
    quotient: Array = sums[..., 0] / sums[..., 1]
    return quotient


def wilson(successes: float, count: int, value: float) -> Interval:
    """Wilson's interval of a rate."""
    if not count:
        return Interval(value, 0.0, 1.0)
    rate = min(successes / count, 1.0)
    middle = (rate + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z * math.sqrt(rate * (1 - rate) / count + _Z**2 / (4 * count**2)) / (1 + _Z**2 / count)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Interval(value, 0.0 if value == 0 else low, 1.0 if value == 1 else high)


def mcnemar(better: int, worse: int) -> float:
    """Two-sided exact p of so many cases changing one way and so many the other (a binomial with one half)."""
    changed = better + worse
    tail = sum(math.comb(changed, number) for number in range(min(better, worse) + 1))
    return float(min(1.0, 2 * tail / 2**changed))


def _by_cluster(rows: Array, clusters: Sequence[str]) -> Array:
    places = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    sums = np.zeros((len(places), rows.shape[1]))
    np.add.at(sums, [places[name] for name in clusters], rows)
    return sums


def _draws(count: int, times: int) -> Array:
    """How often each of ``count`` clusters is drawn, shape (times, count)."""
    generator = np.random.default_rng(SEED)
    return generator.multinomial(count, np.full(count, 1 / count), size=times).astype(np.float64)


def _between(value: float, spread: Array) -> Interval:
    kept: Any = spread[~np.isnan(spread)]
    if not len(kept):
        return Interval(value, value, value)
    low, high = np.percentile(kept, [2.5, 97.5])
    return Interval(value, float(low), float(high))
