"""Citation recall: the share of the needed documents that the answer cites anywhere.

Range 0 to 1, higher is better; unit: cases that name sources; mean over cases. Source: ALCE (Gao et al., 2023),
citation recall, here by document id and so without a model.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, listed, mean
from evals.metrics.sources import recall


def score(asked: Asked) -> Score | None:
    if not asked.case.sources:
        return None
    missed = [name for name in asked.case.sources if name not in asked.documents]
    value = recall(asked.documents, asked.case, at=None)
    return Score(value=round(value, 6), why=f"never cited: {listed(missed)}")


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return mean("citation_recall", scored, name="citation recall")


METRIC = Metric("citation_recall", "Citation recall", "cases that name sources", "higher", score, figures)
