"""Source hit@k: whether a document that a good answer needs is among the first k sources.

Each value is hit@5, 0 or 1, higher is better; unit: cases that name sources; figures for k of 1, 3, 5 and 10. Source:
hit rate (success@k) of information retrieval.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.intervals import of_mean
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, clusters, figure, listed, number
from evals.metrics.sources import hit

AT = (1, 3, 5, 10)


def score(asked: Asked) -> Score | None:
    if not asked.case.sources:
        return None
    why = f"first five: {listed(asked.documents[:5])}"
    each = {f"hit@{at}": hit(asked.documents, asked.case, at=at) for at in AT}
    return Score(value=each["hit@5"], why=why, data={**each})


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return [
        figure(
            "source_hit",
            f"source hit@{at}",
            of_mean([number(each.score, f"hit@{at}") for each in scored], clusters=clusters(scored)),
            n=len(scored),
        )
        for at in AT
        if scored
    ]


METRIC = Metric(
    "source_hit", "Source hit@k", "cases that name sources", "higher", score, figures, passes=1.0, is_binary=True
)
