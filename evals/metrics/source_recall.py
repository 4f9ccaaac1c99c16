"""Source recall: the share of the documents a good answer needs that are among its first ten sources.

Range 0 to 1, higher is better; unit: cases that name sources; mean over cases. The sources of an answer are its
distinct documents in citation order (the answer contract). Source: recall@k of information retrieval (Manning,
Raghavan and Schütze, 2008, ch. 8), at document level.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, listed, mean
from evals.metrics.sources import FIRST, recall


def score(asked: Asked) -> Score | None:
    if not asked.case.sources:
        return None
    first = asked.documents[:FIRST]
    found = [name for name in asked.case.sources if name in first]
    missed = [name for name in asked.case.sources if name not in first]
    why = f"{len(found)} of {len(asked.case.sources)} needed are in the first ten; missed: {listed(missed)}"
    return Score(value=recall(first, asked.case), why=why)


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return mean("source_recall", scored, name="source recall, first ten")


METRIC = Metric("source_recall", "Source recall, first ten", "cases that name sources", "higher", score, figures)
