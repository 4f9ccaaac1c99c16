"""Escalation rate: how often an answer names at least one human role, says why, and how urgently.

Each value is 0 or 1, higher is better, 1 is required; unit: answers; mean over cases, whatever the outcome. Source:
the answer contract.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, listed, mean


def score(asked: Asked) -> Score:
    to = asked.answer.escalation
    is_whole = bool(to.roles) and bool(to.reason.strip()) and to.urgency is asked.answer.urgency
    return Score(value=float(is_whole), why=f"named: {listed(to.roles)}")


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return mean("escalation", scored, name="escalation rate")


METRIC = Metric("escalation", "Escalation rate", "answers", "higher", score, figures, passes=1.0, is_binary=True)
