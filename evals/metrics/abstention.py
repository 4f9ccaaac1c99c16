"""Abstention: whether the advisor gives no guidance where none can be given, for each kind of such a question apart.

Each value is 1 when answering or not is right, else 0, higher is better; unit: cases that say how they should end.
For each kind of unanswerable question, recall is the share of that kind not answered, precision the share of that
kind among those not answered when it is put together with the suite's answerable questions, and F1 their harmonic
mean. Kinds are never pooled: an off-topic question is easy and a missing document is hard, and one figure would hide
it. Source: AbstentionBench (2025).
"""

from __future__ import annotations

from collections.abc import Sequence

from advisor.outcomes import Outcome
from evals.cases import Expected
from evals.intervals import Array, of_ratio, share
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, clusters, figure, mean


def score(asked: Asked) -> Score | None:
    expected = asked.case.expected
    if expected is None:
        return None
    abstained = asked.answer.outcome is not Outcome.ANSWERED
    should = expected is not Expected.ANSWERED
    return Score(
        value=float(abstained == should),
        why="" if abstained == should else f"{'not ' if abstained else ''}answered, though expected {expected.value}",
        data={"expected": expected.value, "abstained": abstained},
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    answerable = [each for each in scored if each.score.data["expected"] == "answered"]
    made = mean("abstention", answerable, name="answerable questions answered")
    for kind in Expected:
        some = [each for each in scored if each.score.data["expected"] == kind.value]
        if some and kind is not Expected.ANSWERED:
            made += _of_kind(kind.value, some, answerable)
    return made


def _of_kind(kind: str, some: Sequence[Scored], answerable: Sequence[Scored]) -> list[Figure]:
    made = mean("abstention", some, name=f"abstention recall: {kind}")
    if not answerable:
        return made
    together = [*some, *answerable]
    rows = [_counts(each, each.score.data["expected"] == kind) for each in together]
    for name, statistic, columns in (("precision", share, (0, 1)), ("F1", f1, (0, 1, 2))):
        picked = [[row[column] for column in columns] for row in rows]
        interval = of_ratio(picked, clusters=clusters(together), statistic=statistic)
        made.append(figure("abstention", f"abstention {name}: {kind}", interval, n=len(together)))
    return made


def _counts(each: Scored, should: bool) -> tuple[float, float, float]:
    """Rightly abstained, abstained, and should have."""
    abstained = bool(each.score.data["abstained"])
    return float(abstained and should), float(abstained), float(should)


def f1(sums: Array) -> Array:
    """Twice the right over found and wanted together."""
    quotient: Array = 2 * sums[..., 0] / (sums[..., 1] + sums[..., 2])
    return quotient


METRIC = Metric(
    "abstention", "Abstention", "cases that say how they end", "higher", score, figures, passes=1.0, is_binary=True
)
