"""Chooses what to ask back: the unknown facets that would change the answer for these very sources."""

from __future__ import annotations

from collections import defaultdict

from advisor.evidence import Evidence
from advisor.models import ReadFrom, Situation, ToSettle
from knowledge.vocabulary import Vocabulary

MOST = 5
_PRIOR = {
    "purpose": 0.5,
    "consent": 0.45,
    "recipient": 0.6,
    "subject": 0.35,
    "holder": 0.5,
    "information": 0.3,
    "mode": 0.1,
}
"""What each facet is worth knowing before any source speaks: shares of one open legal condition."""


def to_settle(
    situation: Situation, evidence: Evidence, *, vocabulary: Vocabulary, numbers: dict[str, int]
) -> tuple[ToSettle, ...]:
    """At most five questions back, most decisive first.

    ``numbers`` maps document ids to the citation that stands for them in the answer.
    """
    worth: dict[str, float] = defaultdict(float)
    behind: dict[str, dict[int, None]] = defaultdict(dict)
    best = max((source.score for source in evidence.sources), default=1.0)
    for source in evidence.sources:
        share = source.score / best
        for facet in source.condition:
            worth[facet] += share
            if source.document.id in numbers:
                behind[facet][numbers[source.document.id]] = None
        for facet in source.document.facets:
            worth[facet] += 0.25 * share
    unknown = [facet for facet in vocabulary.facets if _is_open(situation, facet)]
    ranked = sorted(unknown, key=lambda facet: -(worth[facet] + _PRIOR.get(facet, 0.0)))
    return tuple(
        ToSettle(
            facet=facet,
            ask=vocabulary.facets[facet].ask,
            why=vocabulary.facets[facet].why,
            citations=tuple(behind[facet])[:3],
        )
        for facet in ranked
        if worth[facet] + _PRIOR.get(facet, 0.0) >= _LEAST
    )[:MOST]


_LEAST = 0.3


def _is_open(situation: Situation, facet: str) -> bool:
    reading = situation.reading(facet)
    return reading.value is None and reading.from_ is not ReadFrom.DEFAULT
