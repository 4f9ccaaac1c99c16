"""Urgency: whether danger now is heard where it is, and only there; with a confusion matrix of all three urgencies.

Each value is 1 when emergency or not is heard right, else 0, higher is better; unit: cases that say how urgent they
are. Figures: emergency recall (missed danger is the costliest error there is), emergency precision, emergency raised
where none is, and the share of exact matches of routine, prompt and emergency, whose data holds the matrix expected
-> heard -> count. Source: precision and recall, van Rijsbergen, 1979.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pydantic import JsonValue

from advisor.models import Urgency
from evals.intervals import of_mean
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, clusters, figure, mean, number


def score(asked: Asked) -> Score | None:
    expected, heard = asked.case.urgency, asked.answer.urgency
    if expected is None:
        return None
    is_right = (expected is Urgency.EMERGENCY) == (heard is Urgency.EMERGENCY)
    return Score(
        value=float(is_right),
        why=f"expected {expected.value}, heard {heard.value}",
        data={"expected": expected.value, "heard": heard.value, "exact": float(expected is heard)},
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    urgent = [each for each in scored if each.score.data["expected"] == "emergency"]
    heard = [each for each in scored if each.score.data["heard"] == "emergency"]
    calm = [each for each in scored if each.score.data["expected"] != "emergency"]
    raised = [1 - each.score.value for each in calm]
    return [
        *mean("urgency", urgent, name="emergency recall"),
        *mean("urgency", heard, name="emergency precision"),
        *(each.model_copy(update={"better": "lower"}) for each in _of("emergency raised where none is", raised, calm)),
        *_of("urgency exactly right", [number(each.score, "exact") for each in scored], scored, matrix=True),
    ]


def _of(name: str, values: list[float], scored: Sequence[Scored], *, matrix: bool = False) -> list[Figure]:
    if not values:
        return []
    interval = of_mean(values, clusters=clusters(scored))
    return [figure("urgency", name, interval, n=len(values), data=confusion(scored) if matrix else None)]


def confusion(scored: Sequence[Scored]) -> dict[str, JsonValue]:
    """``matrix``: expected to heard to how many."""
    counts = Counter((each.score.data["expected"], each.score.data["heard"]) for each in scored)
    return {
        "matrix": {said.value: {heard.value: counts[said.value, heard.value] for heard in Urgency} for said in Urgency}
    }


METRIC = Metric("urgency", "Urgency", "cases that say how urgent", "higher", score, figures, passes=1.0, is_binary=True)
