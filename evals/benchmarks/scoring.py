"""hit@k and nDCG@10 with bootstrap intervals, alone and paired."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Figures = npt.NDArray[np.float64]
"""One figure a question."""
_RESAMPLES = 2000
_SEED = 20261122


class Interval(NamedTuple):
    """A mean and where 95% of resampled means lie (percentile bootstrap over questions, seed fixed)."""

    mean: float
    low: float
    high: float


def hit(ranked: Sequence[str], gold: Collection[str], *, at: int) -> float:
    """1 when one of the first ``at`` is gold."""
    return float(any(name in gold for name in ranked[:at]))


def ndcg(ranked: Sequence[str], gold: Collection[str], *, at: int = 10) -> float:
    """Discounted gain of gold among the first ``at``, as a share of the best order."""
    gain = sum(1 / math.log2(place + 2) for place, name in enumerate(ranked[:at]) if name in gold)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(at, len(gold))))


def interval(figures: Figures) -> Interval:
    """The mean of a figure over questions; give differences for a paired comparison."""
    chosen = np.random.default_rng(_SEED).integers(len(figures), size=(_RESAMPLES, len(figures)))
    low, high = np.percentile(figures[chosen].mean(axis=1), [2.5, 97.5])
    return Interval(float(figures.mean()), float(low), float(high))
