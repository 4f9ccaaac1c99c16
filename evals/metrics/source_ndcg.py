"""Source nDCG@10: how near the order of the sources is to one with every needed document first.

Range 0 to 1, higher is better; unit: cases that name sources; mean over cases. A needed document gains 1; one that is
merely acceptable is taken out before ranks are counted. Source: Järvelin and Kekäläinen, 2002.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, mean
from evals.metrics.sources import ndcg


def score(asked: Asked) -> Score | None:
    if not asked.case.sources:
        return None
    return Score(value=round(ndcg(asked.documents, asked.case), 6))


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return mean("source_ndcg", scored, name="source nDCG@10")


METRIC = Metric("source_ndcg", "Source nDCG@10", "cases that name sources", "higher", score, figures)
