"""Learning on the job: a two-minute scenario from the case studies, and one thing to know next time after a decision.

Nothing that the learner answers is kept, and nothing is marked right or wrong: what was found, and where, is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from advisor.grounding import gives_verdict
from advisor.models import Answer, Citation, Situation, StatementRole
from advisor.wording import Wording
from knowledge.models import Bullet, Document, FrozenModel, Kind, SectionRole, Standing, State
from knowledge.vocabulary import Vocabulary

HAPPENED, FOUND, TEACHES = "what happened", "what was found", "what it teaches"
_MOST_ASKS = 5
_MOST_NEXT = 3
_NOT_ASKED = ("holder", "nation", "mode")
"""Facets that a case study settles by what it is."""
_PREFERRED = (
    StatementRole.CASE_STUDY,
    StatementRole.BEFORE_YOU_SHARE,
    StatementRole.WHAT_WOULD_CHANGE_THIS,
    StatementRole.RISK_OF_NOT_SHARING,
    StatementRole.RISK_OF_SHARING,
    StatementRole.GUIDANCE,
)


class Point(FrozenModel):
    """One bullet, word for word, and where it stands."""

    text: str
    citation: Citation


class Scenario(FrozenModel):
    """A case study in the order in which somebody learns from it."""

    id: str
    title: str
    happened: tuple[Point, ...]
    choices: tuple[str, ...]
    """What one might want to know before sharing or not sharing."""
    found: tuple[Point, ...]
    teaches: tuple[Point, ...]
    risk_of_sharing: tuple[Point, ...]
    risk_of_not_sharing: tuple[Point, ...]
    to_settle: tuple[Point, ...]
    """What guidance that belongs with it says to settle first."""


def scenarios(
    documents: Iterable[Document], *, vocabulary: Vocabulary, wording: Wording, today: date
) -> tuple[Scenario, ...]:
    """The scenarios of all case studies that may be cited, by id; one that says too little is left out."""
    usable = {each.id: each for each in documents if _is_usable(each, today)}
    studies = (each for _, each in sorted(usable.items()) if each.kind is Kind.CASE_STUDY)
    made = (_scenario(study, usable, vocabulary=vocabulary, wording=wording) for study in studies)
    return tuple(each for each in made if each.happened and each.found and each.teaches)


def of_the_day(scenarios: Sequence[Scenario], *, today: date) -> Scenario:
    """One a day, each in turn."""
    return scenarios[today.toordinal() % len(scenarios)]


def next_time(answer: Answer | None, *, turn: str, wording: Wording) -> Point | None:
    """One short thing to know next time, from the sources of an answer; None when it has none.

    ``turn`` is any text, such as the id of the case: from it follows which of several, so that they take turns.
    """
    if answer is None:
        return None
    for role in _PREFERRED:
        numbers = [each.citations[0] for each in answer.statements if each.role is role]
        fitting = [
            citation
            for number in dict.fromkeys(numbers)
            if not gives_verdict((citation := answer.citation(number)).quote, wording=wording)
        ]
        if fitting:
            chosen = fitting[sum(turn.encode()) % len(fitting)]
            return Point(text=chosen.quote, citation=chosen)
    return None


def _scenario(study: Document, usable: dict[str, Document], *, vocabulary: Vocabulary, wording: Wording) -> Scenario:
    def under(*headings: str) -> tuple[Point, ...]:
        sections = (section for section in study.sections if section.heading.casefold() in headings)
        return _points(study, (bullet for section in sections for bullet in section.bullets), wording=wording)

    def of_role(role: SectionRole) -> tuple[Point, ...]:
        return _points(study, _bullets(study, role), wording=wording)

    guidance = (usable[name] for name in study.related if name in usable and usable[name].kind is Kind.GUIDANCE)
    first = (points[0] for each in guidance
             if (points := _points(each, _bullets(each, SectionRole.BEFORE_YOU_SHARE), wording=wording)))  # fmt: skip
    return Scenario(
        id=study.id,
        title=study.title,
        happened=under(HAPPENED),
        choices=_choices(study, vocabulary),
        found=under(FOUND),
        teaches=under(TEACHES),
        risk_of_sharing=of_role(SectionRole.RISK_OF_SHARING),
        risk_of_not_sharing=of_role(SectionRole.RISK_OF_NOT_SHARING),
        to_settle=tuple(first)[:_MOST_NEXT],
    )


def _choices(study: Document, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The questions about the facets that the case turned on come first."""
    facets = [name for name in Situation.model_fields if name not in _NOT_ASKED]
    ordered = sorted(facets, key=lambda name: name not in study.facets)
    return tuple(vocabulary.facets[name].ask for name in ordered)[:_MOST_ASKS]


def _points(document: Document, bullets: Iterable[Bullet], *, wording: Wording) -> tuple[Point, ...]:
    return tuple(
        Point(text=bullet.text, citation=Citation.of(document, bullet, number=1))
        for bullet in bullets
        if not gives_verdict(bullet.text, wording=wording)
    )


def _bullets(document: Document, role: SectionRole) -> Iterable[Bullet]:
    return (bullet for section in document.sections if section.role is role for bullet in section.bullets)


def _is_usable(document: Document, today: date) -> bool:
    """Whether it may be cited as what holds today."""
    begun = document.in_force_from is None or document.in_force_from <= today
    holds = document.status in (Standing.IN_FORCE, Standing.UNDER_REVIEW)
    return document.state is State.APPROVED and holds and begun
