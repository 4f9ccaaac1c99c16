"""Facet accuracy: how often the situation's facets are read as the words settle them.

Each value is the share of a case's labelled facets that are read right, 0 to 1, higher is better; unit: facets.
Figures are pooled over facets, also for each facet, and beside them the share of facets read although the words do
not settle them (for holder, recipient, consent and nation, where a guess misleads). A nation that was only assumed
counts as not read. Source: slot accuracy of dialogue state tracking (Williams et al., 2013).
"""

from __future__ import annotations

from collections.abc import Sequence

from advisor.models import ReadFrom, Situation
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, pooled

GUESSED = ("holder", "recipient", "consent", "nation")


def score(asked: Asked) -> Score | None:
    labels = asked.case.situation
    if labels is None:
        return None
    given = {"nation": asked.case.nation, "holder": asked.case.sector}
    data: dict[str, int] = {"right": 0, "labelled": 0, "guessed": 0, "unsettled": 0}
    wrong = []
    for facet in Situation.model_fields:
        read, wanted = _read(asked, facet), labels.get(facet)
        if wanted is not None:
            is_right = read in ([wanted] if isinstance(wanted, str) else wanted)
            data["right"] += is_right
            data["labelled"] += 1
            data[f"{facet} right"], data[f"{facet} labelled"] = int(is_right), 1
            wrong += [] if is_right else [f"{facet} is {read}, not {wanted}"]
        elif facet in GUESSED and not given.get(facet):
            data["guessed"] += read is not None
            data["unsettled"] += 1
            wrong += [] if read is None else [f"{facet} guessed: {read}"]
    if not data["labelled"]:
        return (
            None
            if not data["unsettled"]
            else Score(value=1.0 - (data["guessed"] > 0), why="; ".join(wrong), data={**data})
        )
    return Score(value=round(data["right"] / data["labelled"], 6), why="; ".join(wrong), data={**data})


def _read(asked: Asked, facet: str) -> str | None:
    reading = asked.answer.situation.reading(facet)
    return reading.value if reading.from_ is not ReadFrom.DEFAULT else None


def figures(scored: Sequence[Scored]) -> list[Figure]:
    made = pooled("facets", "facets read right", scored, of=("right", "labelled"))
    for facet in Situation.model_fields:
        made += pooled("facets", f"facets read right: {facet}", scored, of=(f"{facet} right", f"{facet} labelled"))
    guessed = pooled("facets", "facets read though not settled", scored, of=("guessed", "unsettled"))
    return made + [each.model_copy(update={"better": "lower"}) for each in guessed]


METRIC = Metric("facets", "Facet accuracy", "facets", "higher", score, figures)
