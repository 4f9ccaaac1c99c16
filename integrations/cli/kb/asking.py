"""Which questions ``advisor kb diff`` asks: the documents' own examples, and those of a suite."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence

import click

from advisor.models import Question
from evals.cases import Case, Part
from evals.errors import SuiteError
from evals.loading import find_suites
from knowledge.models import Document, FrozenModel, Nation


class Asked(FrozenModel):
    """A question and what it is from."""

    question: Question
    asked_by: str
    """A document's id or a suite's name."""


def example_questions(documents: Iterable[Document]) -> list[Asked]:
    """The example questions of documents, each text once; where England is not covered, asked from a nation that is."""
    first: dict[str, Asked] = {}
    for document in documents:
        nation = {} if Nation.ENGLAND in document.nations else {"nation": document.nations[0].value}
        for text in document.questions:
            first.setdefault(text, Asked(question=Question(text=text, facets=nation), asked_by=document.id))
    return list(first.values())


def sampled(asked: Sequence[Asked], *, number: int | None, seed: int, always: Collection[str]) -> list[Asked]:
    """All questions, or those of the documents named ``always`` and so many of the others, chosen by chance."""
    if number is None:
        return list(asked)
    others = [each for each in asked if each.asked_by not in always]
    chosen = random.Random(seed).sample(others, min(number, len(others)))  # noqa: S311 - a sample, not a secret
    taken = {each.question.text for each in chosen}
    return [each for each in asked if each.asked_by in always or each.question.text in taken]


def suite_questions(name: str) -> list[Asked]:
    """The questions of a suite, by its name or its file; the test part, which nothing is tuned on, stays unseen.

    Raises:
        click.UsageError: when there is none, or it cannot be used.
    """
    try:
        [suite] = find_suites([name])
    except SuiteError as error:
        raise click.UsageError(str(error)) from error
    return [_as_asked(case, asked_by=suite.suite) for case in suite.part(Part.DEV)]


def _as_asked(case: Case, *, asked_by: str) -> Asked:
    given = {"nation": case.nation.value if case.nation else None, "holder": case.sector}
    facets = {facet: value for facet, value in given.items() if value}
    return Asked(question=Question(text=case.question, facets=facets, earlier=case.earlier), asked_by=asked_by)
