"""Latency: milliseconds from question to answer, in a process that has answered before.

Each value is a case's milliseconds, lower is better; unit: answers; figures are the 50th and 95th percentile and the
largest, with intervals for the percentiles. It differs from run to run and from machine to machine, so it is never
part of a baseline's values. Source: nearest-rank percentiles; ``timings_ms`` of the answer contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from evals.intervals import Array, Interval, of_rows
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, clusters, figure


def score(asked: Asked) -> Score | None:
    if asked.timing is None:
        return None
    return Score(value=asked.timing.milliseconds["total"])


def figures(scored: Sequence[Scored]) -> list[Figure]:
    if not scored:
        return []
    values = np.array([[each.score.value] for each in scored])
    made = [
        figure(
            "latency",
            f"latency p{share}, ms",
            of_rows(values, clusters=clusters(scored), statistic=partial(_percentile, share)),
            n=len(scored),
        )
        for share in (50, 95)
    ]
    most = float(values.max())
    return [*made, figure("latency", "latency, slowest, ms", Interval(most, most, most), n=len(scored))]


def _percentile(share: int, rows: Array) -> float:
    return float(np.percentile(rows[:, 0], share, method="inverted_cdf"))


METRIC = Metric("latency", "Latency", "answers", "lower", score, figures, varies=True)
