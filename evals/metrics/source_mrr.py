"""Source MRR@10: one over the place of the first needed document among the sources.

Range 0 to 1, higher is better; unit: cases that name sources; mean over cases. A document that is merely acceptable
takes no place. Source: mean reciprocal rank, Voorhees, TREC-8, 1999.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, mean
from evals.metrics.sources import reciprocal_rank


def score(asked: Asked) -> Score | None:
    if not asked.case.sources:
        return None
    return Score(value=round(reciprocal_rank(asked.documents, asked.case), 6))


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return mean("source_mrr", scored, name="source MRR@10")


METRIC = Metric("source_mrr", "Source MRR@10", "cases that name sources", "higher", score, figures)
