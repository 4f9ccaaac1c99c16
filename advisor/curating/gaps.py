"""What people asked that the knowledge base does not serve, grouped by meaning, with the documents nearest to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

import numpy as np

from advisor.engine import as_searched
from advisor.library import as_facets
from advisor.outcomes import Outcome
from advisor.situation import SituationReader
from advisor.store import Recorded
from knowledge.embedding import Embedder, Vectors
from knowledge.index import Index
from knowledge.models import FrozenModel
from knowledge.retrieval import HybridRetriever
from knowledge.vectors import Space

ALIKE = 0.55
"""Cosine from which two questions ask the same kind of thing.

Chosen by reading the groups it makes of our 2,148 example questions (2026-11-22), as nobody has sorted real ones yet:
the largest group has 17; at 0.45 it has 93, of many kinds, and at 0.65 hardly any two questions meet.
"""
FAR = 0.45
"""Cosine to the nearest passage and example question under which an answer can only be loosely about the question.

Of the 160 questions of evals/suites/core.yaml, all of which the knowledge base should serve, 1 in 100 lies lower.
"""
NEAREST = 3
"""Documents shown for a gap."""
_EXAMPLES = 5
_BLOCK = 512


class Reason(StrEnum):
    """Why a question counts as one that was not served, the plainest first."""

    NOTHING_FOUND = "nothing_found"
    NOT_HELPFUL = "not_helpful"
    FAR_FROM_GUIDANCE = "far_from_guidance"
    PARTLY_COVERED = "partly_covered"


PLAIN = (Reason.NOTHING_FOUND, Reason.NOT_HELPFUL)
"""Reasons that somebody saw; the others are what the advisor itself doubts."""


class Near(FrozenModel):
    """A document near to what was asked."""

    id: str
    title: str
    score: float


class Gap(FrozenModel):
    """Questions that ask the same kind of thing and were not served."""

    question: str
    """The one that stands for them all: it is near to the most others."""
    asked: int
    """How many times; who asked is not kept."""
    reasons: dict[Reason, int]
    first: date
    last: date
    others: tuple[str, ...] = ()
    """Further questions in other words, at most five."""
    said: tuple[str, ...] = ()
    """What people said of unhelpful answers, redacted, at most five."""
    nearest: tuple[Near, ...] = ()

    @property
    def plain(self) -> int:
        """How many times somebody saw it: nothing was found, or the answer did not help."""
        return sum(self.reasons.get(reason, 0) for reason in PLAIN)


class GapFinder:
    """Finds gaps in an open index."""

    def __init__(self, index: Index, *, embedder: Embedder, reader: SituationReader) -> None:
        self._index, self._embedder, self._reader = index, embedder, reader
        self._retriever = HybridRetriever(index, embedder=embedder)

    def gaps(self, recorded: Sequence[Recorded]) -> list[Gap]:
        """All gaps, those that most people saw first."""
        answered = [each for each in recorded if each.outcome in (Outcome.ANSWERED, Outcome.NO_GUIDANCE)]
        vectors = self._embedder.embed([as_searched(each.question) for each in answered])
        far = self._far(vectors)
        reasons = [_reason(each, is_far=is_far) for each, is_far in zip(answered, far, strict=True)]
        chosen = [place for place, reason in enumerate(reasons) if reason]
        found = [
            self._gap([(answered[chosen[member]], reasons[chosen[member]]) for member in members])
            for members in clustered(vectors[chosen])
        ]
        return sorted(found, key=lambda gap: (-gap.plain, -gap.asked, gap.question))

    def _far(self, vectors: Vectors) -> list[bool]:
        """For each question, whether no passage and no example question is near it."""
        top = np.zeros(len(vectors))
        for space in (Space.CHUNKS, Space.QUESTIONS):
            nearest = self._index.vectors.nearest_each(space, vectors=vectors, limit=1)
            top = np.maximum(top, [max(near.values(), default=0.0) for near in nearest])
        return [bool(cosine < FAR) for cosine in top]

    def _gap(self, members: Sequence[tuple[Recorded, Reason | None]]) -> Gap:
        first, *rest = [each for each, _ in members]
        every = [first, *rest]
        others = dict.fromkeys(each.question for each in rest if each.question != first.question)
        said = dict.fromkeys(one.why for each in every for one in each.feedback if one.why and not one.helpful)
        counts = Counter(reason for _, reason in members if reason)
        return Gap(
            question=first.question,
            asked=len(every),
            reasons={reason: counts[reason] for reason in Reason if counts[reason]},
            first=min(each.asked_at for each in every).date(),
            last=max(each.asked_at for each in every).date(),
            others=tuple(others)[:_EXAMPLES],
            said=tuple(said)[:_EXAMPLES],
            nearest=self._nearest(first.question),
        )

    def _nearest(self, question: str) -> tuple[Near, ...]:
        facets = as_facets(self._reader.read(question).known())
        found = self._retriever.retrieve(as_searched(question), facets=facets, limit=1).documents
        best = [(self._index.catalogue.document(name), score) for name, score in list(found.items())[:NEAREST]]
        return tuple(Near(id=it.id, title=it.title, score=round(score, 3)) for it, score in best if it)


def _reason(each: Recorded, *, is_far: bool) -> Reason | None:
    """The plainest reason why a question was not served; none when it was."""
    if each.outcome == Outcome.NO_GUIDANCE:
        return Reason.NOTHING_FOUND
    if each.feedback and not each.feedback[-1].helpful:
        return Reason.NOT_HELPFUL
    if is_far:
        return Reason.FAR_FROM_GUIDANCE
    return Reason.PARTLY_COVERED if each.not_covered else None


def clustered(vectors: Vectors, *, alike: float = ALIKE) -> list[list[int]]:
    """Places of unit vectors in groups that share a centre, largest first; each group begins with its centre.

    The vector with the most others within ``alike`` takes them all, then the next of those that are left: no chain of
    likenesses joins two questions that are not alike. Vectors are compared in blocks, so that memory grows with how
    many are alike and not with the square of how many there are.
    """
    neighbours = [near for start in range(0, len(vectors), _BLOCK) for near in _alike(vectors, start, alike)]
    count = np.array([len(near) for near in neighbours])
    free = np.ones(len(vectors), dtype=bool)
    groups = []
    while free.any():
        centre = int(np.argmax(np.where(free, count, -1)))
        members = [centre, *(int(place) for place in neighbours[centre] if free[place] and place != centre)]
        free[members] = False
        for member in members:
            count[neighbours[member]] -= 1
        groups.append(members)
    return groups


def _alike(vectors: Vectors, start: int, alike: float) -> Iterable[np.ndarray]:
    likeness = vectors[start : start + _BLOCK] @ vectors.T
    return (np.flatnonzero(row >= alike) for row in likeness)
