"""How a ranking of documents is judged: hit@k, recall@10 and nDCG@10, a figure a question, with intervals."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from evals.benchmarks.sets import Asked
from evals.intervals import Interval, of_mean, of_sums, share

Figures = npt.NDArray[np.float64]
"""One figure a question."""
METRICS = ("hit@1", "hit@5", "recall@10", "nDCG@10")


def figures_of(ranked: Sequence[Sequence[str]], asked: Sequence[Asked]) -> dict[str, Figures]:
    """Metric to one figure a question; documents that are merely acceptable take no place in nDCG, as in a run."""
    pairs = list(zip(ranked, asked, strict=True))
    return {
        "hit@1": np.array([hit(found, each.gold, at=1) for found, each in pairs]),
        "hit@5": np.array([hit(found, each.gold, at=5) for found, each in pairs]),
        "recall@10": np.array([len({*found[:10]} & each.gold) / len(each.gold) for found, each in pairs]),
        "nDCG@10": np.array(
            [ndcg([name for name in found if name not in each.acceptable], each.gold) for found, each in pairs]
        ),
    }


def hit(ranked: Sequence[str], gold: Collection[str], *, at: int) -> float:
    """1 when one of the first ``at`` is gold."""
    return float(any(name in gold for name in ranked[:at]))


def ndcg(ranked: Sequence[str], gold: Collection[str], *, at: int = 10) -> float:
    """Discounted gain of gold among the first ``at``, as a share of the best order."""
    gain = sum(1 / math.log2(place + 2) for place, name in enumerate(ranked[:at]) if name in gold)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(at, len(gold))))


def level(figures: Figures) -> Interval:
    """The mean of a figure over questions with its 95% interval, Wilson's where all are 0 or all are 1."""
    return of_mean(list(figures), clusters=_each(figures))


def interval(differences: Figures) -> Interval:
    """The mean of paired differences over questions with its 95% interval."""
    rows = [(difference, 1.0) for difference in differences]
    return of_sums(rows, clusters=_each(differences), statistic=share)


def _each(figures: Figures) -> list[str]:
    """Every question by itself."""
    return [str(place) for place in range(len(figures))]
