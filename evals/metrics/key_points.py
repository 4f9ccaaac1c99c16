"""Key-point coverage: the share of the points of a good answer that the answer makes.

Range 0 to 1, higher is better; unit: points for the pooled figure, cases for the mean. A point is made when one of
its patterns is found in what the answer states (quotes as statements; not its questions, reminders or titles).
Source: nugget recall, strict (TREC RAG 2024 and nuggetizer), with patterns in place of a judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, mean, pooled
from evals.metrics.shown import stated


def score(asked: Asked) -> Score | None:
    points = asked.case.points
    if not points:
        return None
    said = stated(asked.answer)
    missed = [
        point.text for point in points if not any(re.search(pattern, said, re.IGNORECASE) for pattern in point.any_of)
    ]
    made = len(points) - len(missed)
    return Score(
        value=round(made / len(points), 6),
        why=f"{made} of {len(points)} made; not made: {'; '.join(missed) or 'none'}",
        data={"made": made, "points": len(points)},
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return [
        *pooled("key_points", "key points covered", scored, of=("made", "points")),
        *mean("key_points", scored, name="key-point coverage, mean of cases"),
    ]


METRIC = Metric("key_points", "Key-point coverage", "points", "higher", score, figures)
