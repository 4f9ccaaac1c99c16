"""How a ranking of documents is judged against those a case names; shared by the metrics of sources."""

from __future__ import annotations

import math
from collections.abc import Sequence

from evals.cases import Case

FIRST = 10
"""How many sources of an answer are judged: its first ten distinct documents in citation order."""


def recall(ranked: Sequence[str], case: Case, *, at: int | None = FIRST) -> float:
    """The share of the needed documents among the first ``at``."""
    return len(set(ranked[:at]) & set(case.sources)) / len(case.sources)


def hit(ranked: Sequence[str], case: Case, *, at: int) -> float:
    """1 when a needed document is among the first ``at``."""
    return float(bool(set(ranked[:at]) & set(case.sources)))


def reciprocal_rank(ranked: Sequence[str], case: Case, *, at: int = FIRST) -> float:
    """1 over the place of the first needed document; documents that are merely acceptable take no place."""
    judged = _judged(ranked, case)[:at]
    return next((1 / place for place, name in enumerate(judged, start=1) if name in case.sources), 0.0)


def ndcg(ranked: Sequence[str], case: Case, *, at: int = FIRST) -> float:
    """Discounted gain as a share of the best order; documents that are merely acceptable take no place."""
    judged = _judged(ranked, case)[:at]
    gain = sum(1 / math.log2(place + 1) for place, name in enumerate(judged, start=1) if name in case.sources)
    best = sum(1 / math.log2(place + 1) for place in range(1, min(at, len(case.sources)) + 1))
    return gain / best


def _judged(ranked: Sequence[str], case: Case) -> list[str]:
    return [name for name in ranked if name not in case.acceptable]
