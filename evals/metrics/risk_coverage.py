"""Risk and coverage: how wrong answers would get rarer if only the most confident were given.

Each value is a case's risk (1 when wrong, as in ``calibration``), lower is better; unit: cases that name sources and
were searched. The figure is the area under the risk-coverage curve, whose points are in its data; beside it the risk
when the most confident half is answered. Confidence is that of ``evals.confidence``. Source: El-Yaniv and Wiener,
2010; Geifman et al., 2019.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import JsonValue

from evals.confidence import confidence, is_right
from evals.intervals import Array, of_rows
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, clusters, figure, number


def score(asked: Asked) -> Score | None:
    sure = confidence(asked.record)
    if sure is None or not asked.case.sources:
        return None
    return Score(value=float(not is_right(asked)), data={"confidence": round(sure, 6)})


def figures(scored: Sequence[Scored]) -> list[Figure]:
    if not scored:
        return []
    rows = np.array([[number(each.score, "confidence"), each.score.value] for each in scored])
    points: list[JsonValue] = [[round(share, 4), round(risk, 4)] for share, risk in curve(rows)]
    names = clusters(scored)
    return [
        figure(
            "risk_coverage",
            "area under risk-coverage",
            of_rows(rows, clusters=names, statistic=area),
            n=len(rows),
            data={"points": points},
        ),
        figure("risk_coverage", "risk of the surer half", of_rows(rows, clusters=names, statistic=half), n=len(rows)),
    ]


def curve(rows: Array) -> list[tuple[float, float]]:
    """Share answered and the risk of it, from the most confident answer to all; rows are (confidence, risk)."""
    risks = _risks(rows)
    return [((place + 1) / len(risks), float(risk)) for place, risk in enumerate(risks)]


def area(rows: Array) -> float:
    return float(_risks(rows).mean())


def half(rows: Array) -> float:
    return float(_risks(rows)[(len(rows) + 1) // 2 - 1])


def _risks(rows: Array) -> Array:
    order = np.argsort(-rows[:, 0], kind="stable")
    risks: Array = np.cumsum(rows[order, 1]) / np.arange(1, len(rows) + 1)
    return risks


METRIC = Metric("risk_coverage", "Risk and coverage", "searched cases that name sources", "lower", score, figures)
