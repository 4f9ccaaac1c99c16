"""Right-role accuracy: how often an answer names a role that the case accepts.

Each value is 0 or 1, higher is better; unit: cases that name roles; mean over cases. A second figure pools the roles:
the share of those accepted that are named. Source: top-1 and set recall over labels, as in any multi-label task.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, listed, mean, pooled


def score(asked: Asked) -> Score | None:
    wanted = set(asked.case.role)
    if not wanted:
        return None
    named = asked.answer.escalation.roles
    right = wanted & set(named)
    return Score(
        value=float(bool(right)),
        why=f"named {listed(named)}; accepted {listed(asked.case.role)}",
        data={"right": len(right), "accepted": len(wanted)},
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return [
        *mean("right_role", scored, name="right role named"),
        *pooled("right_role", "accepted roles named", scored, of=("right", "accepted")),
    ]


METRIC = Metric(
    "right_role", "Right-role accuracy", "cases that name roles", "higher", score, figures, passes=1.0, is_binary=True
)
