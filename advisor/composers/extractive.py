"""The default composer: it only quotes, one bullet a statement, the bullets nearest to the question first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.composers.base import Draft, DraftStatement
from advisor.evidence import Evidence, Source
from advisor.models import Situation, StatementRole, Urgency
from knowledge.models import Bullet, Kind
from knowledge.vocabulary import Vocabulary

GUIDANCE_SOURCES = 10
"""How many documents speak under what the guidance says."""
_MOST = {
    StatementRole.IF_URGENT: 2,
    StatementRole.BEFORE_YOU_SHARE: 5,
    StatementRole.WHAT_WOULD_CHANGE_THIS: 4,
    StatementRole.RISK_OF_SHARING: 3,
    StatementRole.RISK_OF_NOT_SHARING: 3,
}
_SAID_ELSEWHERE = frozenset({"who decides"})
"""Headings whose matter an answer says in its own place: the escalation."""
_PLACES = (0.12, 0.06)
"""Worth of being the first or second bullet of its section, where curators put what decides most, in cosine."""
_LATER = 0.05
"""Taken off for each further document a role's bullets are taken from, in cosine."""


class ExtractiveComposer:
    """Quotes bullets and writes nothing of its own."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @property
    def name(self) -> str:
        return "extractive"

    def compose(self, question: str, situation: Situation, evidence: Evidence, *, urgency: Urgency) -> Draft:
        urgent = list(self._role(evidence, StatementRole.IF_URGENT))
        rest = [*self._guidance(evidence)]
        for role in (
            StatementRole.BEFORE_YOU_SHARE,
            StatementRole.WHAT_WOULD_CHANGE_THIS,
            StatementRole.RISK_OF_SHARING,
            StatementRole.RISK_OF_NOT_SHARING,
        ):
            rest += self._role(evidence, role)
        rest += self._case(evidence)
        statements = [*urgent, *rest] if urgency is Urgency.EMERGENCY else [*rest, *urgent]
        return Draft(statements=tuple(statements), composer=self.name)

    def _guidance(self, evidence: Evidence) -> Iterator[DraftStatement]:
        sources = [source for source in evidence.sources if source.document.kind is not Kind.CASE_STUDY]
        for place, source in enumerate(sources[:GUIDANCE_SOURCES]):
            bullets = _best(source, StatementRole.GUIDANCE)
            for bullet in bullets[: 2 if place < 2 else 1]:
                yield self._quoted(source, bullet, StatementRole.GUIDANCE)

    def _role(self, evidence: Evidence, role: StatementRole) -> Iterator[DraftStatement]:
        """The nearest bullets of a role, at most two a document, from the best documents first."""
        found = [
            (nearness - _LATER * place, source, bullet)
            for place, source in enumerate(evidence.sources)
            for bullet, nearness in _ranked(source, role)[:2]
        ]
        found.sort(key=lambda item: -item[0])
        for _, source, bullet in found[: _MOST[role]]:
            yield self._quoted(source, bullet, role)

    def _case(self, evidence: Evidence) -> Iterator[DraftStatement]:
        cases = [source for source in evidence.sources if source.document.kind is Kind.CASE_STUDY]
        for source in cases[:1]:
            own = _in_order(source, StatementRole.CASE_STUDY)
            for bullet in dict.fromkeys((*own[:1], *own[-1:])):
                yield self._quoted(source, bullet, StatementRole.CASE_STUDY)

    def _quoted(self, source: Source, bullet: Bullet, role: StatementRole) -> DraftStatement:
        return DraftStatement(
            role=role,
            text=bullet.text,
            support=((source.document, bullet),),
            strand=source.strand if role is StatementRole.GUIDANCE else None,
            condition=self._condition(source) if role is StatementRole.GUIDANCE else None,
        )

    def _condition(self, source: Source) -> str | None:
        parts = [
            f"{self._vocabulary.facets[facet].label} is {_either(self._labels(facet, values))}"
            for facet, values in source.condition.items()
        ]
        return "if " + " and ".join(parts) if parts else None

    def _labels(self, facet: str, values: Sequence[str]) -> list[str]:
        return [self._vocabulary.label(facet, value) for value in values]


def _either(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else ", ".join(labels[:-1]) + " or " + labels[-1]


def _nearness(source: Source) -> dict[int, float]:
    """Nearness by identity: hashing what a bullet says took longer than all else here."""
    return {id(bullet): nearness for bullet, nearness in source.bullets}


def _ranked(source: Source, role: StatementRole) -> list[tuple[Bullet, float]]:
    nearness = _nearness(source)
    ranked = []
    for section in source.document.sections:
        if section.role is role and section.heading.lower() not in _SAID_ELSEWHERE:
            ranked += [
                (bullet, nearness[id(bullet)] + (_PLACES[place] if place < len(_PLACES) else 0.0))
                for place, bullet in enumerate(section.bullets)
                if id(bullet) in nearness
            ]
    return sorted(ranked, key=lambda pair: -pair[1])


def _best(source: Source, role: StatementRole) -> list[Bullet]:
    return [bullet for bullet, _ in _ranked(source, role)]


def _in_order(source: Source, role: StatementRole) -> list[Bullet]:
    usable = _nearness(source)
    return [
        bullet
        for section in source.document.sections
        if section.role is role
        for bullet in section.bullets
        if id(bullet) in usable
    ]
