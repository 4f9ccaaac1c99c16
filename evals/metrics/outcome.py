"""Outcome: whether a question ends as it should; with a confusion matrix.

Each value is 0 or 1, higher is better; unit: cases that say how they should end. An outcome is right when it is the
one expected; the share by expectation is given for each. The data of the first figure hold the matrix expected ->
outcome -> count. Source: accuracy and confusion matrix; the question router of alphagov/govuk-chat-evaluation is
judged so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evals.cases import OUTCOMES, Expected
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, mean


def score(asked: Asked) -> Score | None:
    expected = asked.case.expected
    if expected is None:
        return None
    outcome = asked.answer.outcome
    return Score(
        value=float(outcome is OUTCOMES[expected]),
        why=f"expected {expected.value}, ended {outcome.value}",
        data={"expected": expected.value, "outcome": outcome.value},
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    made = mean("outcome", scored, name="outcome right")
    counts = Counter((str(each.score.data["expected"]), str(each.score.data["outcome"])) for each in scored)
    matrix: dict[str, dict[str, int]] = {}
    for (expected, outcome), count in sorted(counts.items()):
        matrix.setdefault(expected, {})[outcome] = count
    made = [each.model_copy(update={"data": {"matrix": matrix}}) for each in made]
    for expected in Expected:
        some = [each for each in scored if each.score.data["expected"] == expected.value]
        made += mean("outcome", some, name=f"outcome right: {expected.value}")
    return made


METRIC = Metric(
    "outcome", "Outcome", "cases that say how they end", "higher", score, figures, passes=1.0, is_binary=True
)
