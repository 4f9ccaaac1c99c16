"""Paraphrase agreement: how alike the answers to several wordings of one question are.

Each value is the Jaccard index of a wording's first five sources with those of the first wording of its group, 0 to
1, higher is better; unit: wordings other than the first. Beside it: the share of wordings with the same outcome, the
same urgency (emergency or not) and the same first source. Groups are resampled whole. Source: Jaccard, 1912;
paraphrase consistency as in PDPA-QA-500.
"""

from __future__ import annotations

from collections.abc import Sequence

from advisor.models import Urgency
from evals.intervals import of_mean
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, cited, clusters, figure, listed, mean, number

_FIRST = 5
_SAME = ("same outcome", "same urgency", "same first source")


def score(asked: Asked) -> Score | None:
    if not asked.case.wording or not asked.group or asked.group[0].case == asked.case.id:
        return None
    first = asked.group[0]
    one, other = set(cited(first)[:_FIRST]), set(asked.documents[:_FIRST])
    either = one | other
    urgent = (first.answer.urgency is Urgency.EMERGENCY, asked.answer.urgency is Urgency.EMERGENCY)
    return Score(
        value=round(len(one & other) / len(either), 6) if either else 1.0,
        why=f"only the first wording: {listed(sorted(one - other))}; only this one: {listed(sorted(other - one))}",
        data={
            "same outcome": float(first.answer.outcome is asked.answer.outcome),
            "same urgency": float(urgent[0] == urgent[1]),
            "same first source": float(cited(first)[:1] == asked.documents[:1]),
        },
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    made = mean("agreement", scored, name="first five sources alike (Jaccard)")
    for name in _SAME:
        if scored:
            values = [number(each.score, name) for each in scored]
            made.append(figure("agreement", name, of_mean(values, clusters=clusters(scored)), n=len(scored)))
    for wording in dict.fromkeys(each.case.wording for each in scored if each.case.wording):
        some = [each for each in scored if each.case.wording == wording]
        made += mean("agreement", some, name=f"first five sources alike: {wording}")
    return made


METRIC = Metric("agreement", "Paraphrase agreement", "wordings", "higher", score, figures)
