"""What can be wrong with one document among the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from knowledge.checking.facets import unknown_values
from knowledge.checking.findings import Finding, Level
from knowledge.checking.places import Places
from knowledge.checking.standing import contradictions
from knowledge.models import Bullet, Document, Kind, LawLink, Standing, State
from knowledge.vocabulary import Vocabulary

LONGEST_BULLET = 240
"""Characters: a bullet is shown whole on a phone or in a corridor."""
FEWEST_QUESTIONS = 4


class DocumentChecker:
    """The findings about one document among the others."""

    def __init__(
        self, document: Document, *, by_id: Mapping[str, Document], vocabulary: Vocabulary, today: date
    ) -> None:
        self.document, self.by_id, self.vocabulary, self.today = document, by_id, vocabulary, today
        self._places = Places(document)

    def findings(self) -> Iterator[Finding]:
        """All of them, in the order of the checks."""
        yield from self._facets()
        yield from self._links()
        yield from self._bullets()
        yield from self._questions()
        yield from self._dates()

    def _facets(self) -> Iterator[Finding]:
        for message in unknown_values(self.document.facets, vocabulary=self.vocabulary):
            yield self._error("facets", message)
        for message in unknown_values({"holder": self.document.sectors}, vocabulary=self.vocabulary):
            yield self._error("sectors", message)
        for role in self.document.decides:
            if role not in self.vocabulary.roles:
                yield self._error("decides", f"unknown role {role!r}; known: {', '.join(self.vocabulary.roles)}")

    def _links(self) -> Iterator[Finding]:
        for number, link in enumerate(self.document.law):
            line = self._places.item("law", number)
            yield from self._link(link.id, "law", line)
            yield from self._law(link, line)
        for number, name in enumerate(self.document.related):
            yield from self._link(name, "related", self._places.item("related", number))
        if self.document.superseded_by:
            yield from self._link(self.document.superseded_by, "superseded_by", self._places.field("superseded_by"))

    def _link(self, name: str, field: str, line: int) -> Iterator[Finding]:
        target = self.by_id.get(name)
        if name == self.document.id:
            yield self._at(line, f"{field} names the document itself")
        elif target is None:
            yield self._at(line, f"{field} names {name!r}, which is no document")
        elif self.document.local != target.local:
            return  # Neither can be asked to know the other: one is replaced by upgrades, the other comes and goes.
        elif field != "superseded_by" and self.document.id not in _neighbours(target):
            named = f"law {name!r}" if field == "law" else repr(name)
            yield self._at(line, f"{named} does not link back: add {self.document.id!r} to its related")

    def _law(self, link: LawLink, line: int) -> Iterator[Finding]:
        for message in unknown_values(link.when, vocabulary=self.vocabulary):
            yield self._at(line, message)
        target = self.by_id.get(link.id)
        if target and target.state is not State.APPROVED:
            yield self._at(line, f"law {link.id!r} is {target.state.value}, so no answer brings it", Level.ADVICE)
        elif target and target.status is Standing.SUPERSEDED and self.document.status is not Standing.SUPERSEDED:
            yield self._at(line, f"law {link.id!r} is superseded, so no answer brings it", Level.ADVICE)

    def _bullets(self) -> Iterator[Finding]:
        for bullet in () if self.document.local else self.document.bullets():
            if len(bullet.text) > LONGEST_BULLET and self.document.words != "source_text":
                yield self._at(bullet.line, f"{len(bullet.text)} characters; at most {LONGEST_BULLET}: split it")
            yield from self._pinpoint(bullet)

    def _pinpoint(self, bullet: Bullet) -> Iterator[Finding]:
        if not bullet.pinpoint:
            yield self._at(bullet.line, "no pinpoint: end the bullet with [where it was found]")

    def _questions(self) -> Iterator[Finding]:
        count = len(self.document.questions)
        if count < FEWEST_QUESTIONS and not self.document.local:
            yield self._error("questions", f"{count} example questions; at least {FEWEST_QUESTIONS}")

    def _dates(self) -> Iterator[Finding]:
        document = self.document
        if document.review_by < self.today and document.state is State.APPROVED:
            yield self._advice("review_by", f"review was due on {document.review_by}")
        if document.reviewed > self.today:
            yield self._error("reviewed", f"reviewed on {document.reviewed}, which is in the future")
        for field, message in contradictions(document, by_id=self.by_id, today=self.today):
            yield self._error(field, message)
        if document.kind is Kind.LEGISLATION and document.status is Standing.IN_FORCE and not document.in_force_from:
            yield self._advice("status", "in force since when? give in_force_from where it is known")
        if document.verified.value == "official" and not document.checked:
            yield self._error("verified", "verified: official, but checked names no page that was read")

    def _error(self, field: str, message: str) -> Finding:
        return self._at(self._places.field(field), message)

    def _advice(self, field: str, message: str) -> Finding:
        return self._at(self._places.field(field), message, Level.ADVICE)

    def _at(self, line: int, message: str, level: Level = Level.ERROR) -> Finding:
        return Finding(level=level, path=self.document.path, line=line, message=message)


def _neighbours(document: Document) -> set[str]:
    names = {*document.related, *(link.id for link in document.law)}
    return names | ({document.superseded_by} if document.superseded_by else set())
