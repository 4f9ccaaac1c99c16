"""What can be wrong with suites that the shape of a case does not show."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from evals.cases import Case, Part, Suite
from knowledge.lexical import words
from knowledge.models import Document
from knowledge.vocabulary import Vocabulary

TOO_ALIKE = 0.5
"""Share of a question's shingles (pairs of neighbouring words) in another's from which the two are nearly one."""
_SHORTEST = 4
"""Meaningful words under which a question is too short to be told from another."""


def check_suites(suites: Sequence[Suite], *, documents: Sequence[Document], vocabulary: Vocabulary) -> list[str]:
    """One line for each thing that is wrong."""
    known = {document.id for document in documents}
    examples: dict[str, list[tuple[str, str]]] = {}
    for document in documents:
        for question in document.questions:
            for shingle in shingles(question):
                examples.setdefault(shingle, []).append((question, document.id))
    findings = [
        f"{suite.suite} {case.id}: {problem}"
        for suite in suites
        for case in suite.cases
        for problem in (*_names(case, known, vocabulary), *_near_examples(case, examples))
    ]
    return findings + list(_across_parts(suites))


def _names(case: Case, documents: Collection[str], vocabulary: Vocabulary) -> Iterator[str]:
    for name in (*case.sources, *case.acceptable, *case.without):
        if name not in documents:
            yield f"no document has the id {name!r}"
    for role in case.role:
        if role not in vocabulary.roles:
            yield f"unknown role {role!r}"
    for facet, wanted in (case.situation or {}).items():
        for value in [wanted] if isinstance(wanted, str) else wanted:
            if value not in vocabulary.facets[facet].values:
                yield f"unknown {facet} {value!r}"
    if case.sector and case.sector not in vocabulary.facets["holder"].values:
        yield f"unknown sector {case.sector!r}"


def _near_examples(case: Case, examples: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    near = {each for shingle in shingles(case.question) for each in examples.get(shingle, ())}
    for example, document in sorted(near):
        if likeness(case.question, example) >= TOO_ALIKE:
            yield f"nearly an example question of {document}: a case must not be what the documents were written for"


def _across_parts(suites: Iterable[Suite]) -> Iterator[str]:
    """Questions of a development part that are nearly one of the test part, over all suites."""
    cases = [(suite.suite, case) for suite in suites for case in suite.cases]
    held: dict[str, list[tuple[str, Case]]] = {}
    for suite, case in cases:
        if case.split is Part.TEST:
            for shingle in shingles(case.question):
                held.setdefault(shingle, []).append((suite, case))
    for suite, case in cases:
        if case.split is Part.DEV:
            near = {
                other.question: name for shingle in shingles(case.question) for name, other in held.get(shingle, ())
            }
            for question, name in near.items():
                if likeness(case.question, question) >= TOO_ALIKE:
                    yield f"{suite} {case.id}: nearly a question of the test part of {name}"


def likeness(one: str, other: str) -> float:
    """The share of shingles that two questions have in common, of all that either has; 0 to 1."""
    first, second = shingles(one), shingles(other)
    return len(first & second) / len(first | second) if first and second else 0.0


@cache
def shingles(text: str) -> frozenset[str]:
    """Pairs of neighbouring meaningful words; none for a text too short to be told from another."""
    said = [re.sub(r"'s$", "", word) for word in words(text)]
    pairs = zip(said, said[1:], strict=False)
    return frozenset(" ".join(pair) for pair in pairs) if len(said) >= _SHORTEST else frozenset()
