"""The advisor's own questions and documents in the shape of a public set, so that every system meets them alike."""

from __future__ import annotations

from collections.abc import Sequence

from evals.asking import Asker
from evals.benchmarks.sets import Asked, PublicSet, Unit
from evals.cases import Case
from evals.metrics.base import cited
from knowledge.chunking import chunk
from knowledge.models import Document, State

_ALPHA = 0.6
"""Dense share of weighted fusion where nothing was tuned."""


def core_set(name: str, cases: Sequence[Case], *, documents: Sequence[Document]) -> PublicSet:
    """Cases that name sources, over the approved documents cut as the index cuts them."""
    approved = [document for document in documents if document.state is State.APPROVED]
    return PublicSet(
        name=name,
        documents=approved,
        units=[Unit(document.id, piece.embedded) for document in approved for piece in chunk(document)],
        questions=[
            Asked(case.question, frozenset(case.sources), frozenset(case.acceptable)) for case in cases if case.sources
        ],
        alpha=_ALPHA,
    )


def whole_advisor(asker: Asker, cases: Sequence[Case]) -> list[list[str]]:
    """The documents that each answer cites, in citation order."""
    return [cited(asker.ask(case, suite="core")[0]) for case in cases if case.sources]
