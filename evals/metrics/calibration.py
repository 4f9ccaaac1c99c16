"""Calibration: whether a confidence of 0.7 means that 7 in 10 such answers bring what is needed.

Each value is the squared error of a case (its part of the Brier score), 0 to 1, lower is better; unit: cases that
name sources and were searched. The confidence is ``evals.confidence``: a logistic of what the search itself tells,
fitted on development parts, so that development figures flatter. An answer is right when its first ten sources hold
at least half of those needed. Figures: Brier score, expected calibration error (ten bins of equal width; data hold
the bins), and the area under the ROC curve. Source: Brier, 1950; ECE, Naeini et al., 2015.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import JsonValue

from evals.confidence import confidence, is_right
from evals.intervals import Array, of_mean, of_rows
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, clusters, figure, number

_BINS = 10


def score(asked: Asked) -> Score | None:
    sure = confidence(asked.record)
    if sure is None or not asked.case.sources:
        return None
    right = float(is_right(asked))
    return Score(
        value=round((sure - right) ** 2, 6),
        why=f"confidence {sure:.2f}, {'right' if right else 'wrong'}",
        data={"confidence": round(sure, 6), "right": right},
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    if not scored:
        return []
    names = clusters(scored)
    rows = np.array([[number(each.score, "confidence"), number(each.score, "right")] for each in scored])
    bins: list[JsonValue] = [{"confidence": sure, "right": right, "n": count} for sure, right, count in _bins(rows)]
    return [
        figure(
            "calibration", "Brier score", of_mean([each.score.value for each in scored], clusters=names), n=len(scored)
        ),
        figure(
            "calibration",
            "expected calibration error",
            of_rows(rows, clusters=names, statistic=ece),
            n=len(scored),
            data={"bins": bins},
        ),
        figure(
            "calibration", "confidence AUROC", of_rows(rows, clusters=names, statistic=auroc), n=len(scored)
        ).model_copy(update={"better": "higher"}),
    ]


def ece(rows: Array) -> float:
    """Mean distance of confidence and share right, over bins by their size; rows are (confidence, right)."""
    return sum(count * abs(sure - right) for sure, right, count in _bins(rows)) / len(rows)


def _bins(rows: Array) -> list[tuple[float, float, int]]:
    """Mean confidence, share right and size of each bin that holds something."""
    places = np.minimum((rows[:, 0] * _BINS).astype(int), _BINS - 1)
    found = [rows[places == place] for place in range(_BINS)]
    return [(float(of[:, 0].mean()), float(of[:, 1].mean()), len(of)) for of in found if len(of)]


def auroc(rows: Array) -> float:
    """The chance that a right answer has the higher confidence of a right and a wrong one; NaN without both."""
    right, wrong = rows[rows[:, 1] == 1, 0], rows[rows[:, 1] == 0, 0]
    if not len(right) or not len(wrong):
        return float("nan")
    above = (right[:, None] > wrong[None, :]).mean() + (right[:, None] == wrong[None, :]).mean() / 2
    return float(above)


METRIC = Metric("calibration", "Calibration", "searched cases that name sources", "lower", score, figures)
