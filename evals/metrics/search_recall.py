"""Search recall: the share of the needed documents among the first ten that the search found, before any is weighed.

Range 0 to 1, higher is better; unit: cases that name sources whose question was searched; mean over cases. Beside
source recall it tells a document that was never found from one that was found and not cited. Source: as
``source_recall``.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, listed, mean
from evals.metrics.sources import FIRST, recall


def score(asked: Asked) -> Score | None:
    ranked = asked.record.ranked
    if not asked.case.sources or not ranked:
        return None
    missed = [name for name in asked.case.sources if name not in ranked[:FIRST]]
    return Score(value=recall(ranked, asked.case), why=f"not in the first ten found: {listed(missed)}")


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return mean("search_recall", scored, name="search recall@10")


METRIC = Metric("search_recall", "Search recall@10", "searched cases that name sources", "higher", score, figures)
