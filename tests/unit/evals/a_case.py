"""Cases and answers for tests of scoring, made by a whole advisor over a shelf of small documents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from advisor.models import Answer, Question, Urgency
from advisor.outcomes import Outcome
from evals.cases import Case
from evals.metrics.base import Asked, Figure, Scored
from evals.metrics.registry import metrics
from evals.runs import Record
from knowledge.retrieval import Signals
from tests.advising import EMERGENCY_QUESTION, POLICE_QUESTION, an_advisor


@cache
def answered(question: str = POLICE_QUESTION) -> Answer:
    """A real answer to a question."""
    return an_advisor().answer(Question(text=question))


@cache
def closed(question: str = "what is the weather like in Leeds tomorrow") -> Answer:
    """An answer without guidance."""
    return answered().model_copy(
        update={
            "outcome": Outcome.NOT_ABOUT_SHARING,
            "statements": (),
            "citations": (),
            "notes": (),
            "to_settle": (),
            "message": "Nothing to quote.",
        }
    )


def urgent() -> Answer:
    answer = answered(EMERGENCY_QUESTION)
    assert answer.urgency is Urgency.EMERGENCY
    return answer


def citing(*documents: str, answer: Answer | None = None) -> Answer:
    """An answer with one statement for each document, cited in that order."""
    whole = answer or answered()
    citations = [
        whole.citations[0].model_copy(update={"number": number, "document": name})
        for number, name in enumerate(documents, start=1)
    ]
    statements = [
        whole.statements[0].model_copy(update={"citations": (number,)}) for number in range(1, len(documents) + 1)
    ]
    return whole.model_copy(
        update={"citations": tuple(citations), "statements": tuple(statements), "notes": (), "to_settle": ()}
    )


def stating(*texts: str) -> Answer:
    """An answer that states those texts."""
    whole = answered()
    every = tuple(citation.number for citation in whole.citations)
    first = whole.statements[0].model_copy(update={"citations": every})
    statements = tuple(first.model_copy(update={"text": text}) for text in texts)
    return whole.model_copy(update={"statements": statements})


def asked(answer: Answer | None = None, *, record: dict[str, Any] | None = None, **fields: Any) -> Asked:
    """A case with those expectations, and an answer to it."""
    case = Case(**{"id": "CASE-1", "question": "Can I tell them?", **fields})
    made = Record(suite="made", case=case.id, answer=answer or answered(), **(record or {}))
    return Asked(case, made)


def value(metric: str, of: Asked) -> float | None:
    """What a metric says of one case."""
    score = metrics()[metric].score(of)
    return None if score is None else score.value


def figures(metric: str, every: Sequence[Asked]) -> dict[str, Figure]:
    """The figures of a metric by name."""
    of = metrics()[metric]
    scored = [Scored(each.case, score) for each in every if (score := of.score(each))]
    return {figure.name: figure for figure in of.figures(scored)}


def values(metric: str, every: Sequence[Asked]) -> dict[str, float]:
    return {name: round(figure.value, 3) for name, figure in figures(metric, every).items()}


SURE = Signals(dense_top=0.7, question_top=0.9, margin=0.4, agreement=0.6)
