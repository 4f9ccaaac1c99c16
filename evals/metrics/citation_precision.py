"""Citation precision: the share of the documents cited that are needed or acceptable.

Range 0 to 1, higher is better; unit: cases that name sources and cite something; mean over cases. It is a floor: a
document nobody thought of when the case was written counts as wrong. Source: ALCE (Gao et al., 2023), citation
precision, here by document id and so without a model.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, listed, mean


def score(asked: Asked) -> Score | None:
    cited = asked.documents
    if not asked.case.sources or not cited:
        return None
    right = {*asked.case.sources, *asked.case.acceptable}
    other = [name for name in cited if name not in right]
    return Score(
        value=round(1 - len(other) / len(cited), 6),
        why=f"{len(other)} of {len(cited)} cited are not named by the case: {listed(other)}",
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return mean("citation_precision", scored, name="citation precision")


METRIC = Metric(
    "citation_precision", "Citation precision", "cases that name sources and cite", "higher", score, figures
)
