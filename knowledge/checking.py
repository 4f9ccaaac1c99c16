"""Checks a set of documents and reports every finding at once, errors and advice apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path

from knowledge.errors import DocumentError
from knowledge.loading import line_of_field, load_documents
from knowledge.models import Bullet, Document, FrozenModel, Kind, Standing, State
from knowledge.vocabulary import Vocabulary

LONGEST_BULLET = 240
"""Characters: a bullet is shown whole on a phone or in a corridor."""
FEWEST_QUESTIONS = 4


class Level(StrEnum):
    ERROR = "error"
    ADVICE = "advice"


class Finding(FrozenModel):
    """One thing to mend, and where."""

    level: Level
    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: {self.message}"


def check_files(
    paths: Sequence[Path], *, vocabulary: Vocabulary, today: date, local: bool = False
) -> tuple[list[Document], list[Finding]]:
    """The documents that can be read, and all findings about the files, by file and line."""
    documents: list[Document] = []
    findings: list[Finding] = []
    for loaded in load_documents(paths, local=local):
        if isinstance(loaded, DocumentError):
            findings.append(Finding(level=Level.ERROR, path=loaded.path, line=loaded.line, message=loaded.message))
        else:
            documents.append(loaded)
    findings += check_documents(documents, vocabulary=vocabulary, today=today)
    return documents, sorted(findings, key=lambda finding: (finding.path, finding.line))


def check_documents(documents: Sequence[Document], *, vocabulary: Vocabulary, today: date) -> list[Finding]:
    """Findings about documents that could be read, each alone and all together."""
    by_id = {document.id: document for document in documents}
    findings = list(_duplicates(documents))
    for document in documents:
        findings += _Checker(document, by_id=by_id, vocabulary=vocabulary, today=today).findings()
    return findings


def _duplicates(documents: Sequence[Document]) -> Iterator[Finding]:
    counts = Counter(document.id for document in documents)
    seen: dict[str, str] = {}
    for document in documents:
        if counts[document.id] > 1 and document.id in seen:
            message = f"id {document.id!r} is already used by {seen[document.id]}: give this one its own"
            yield Finding(level=Level.ERROR, path=document.path, line=_line(document, "id"), message=message)
        seen.setdefault(document.id, document.path)


class _Checker:
    """The findings about one document among the others."""

    def __init__(self, document: Document, *, by_id: dict[str, Document], vocabulary: Vocabulary, today: date) -> None:
        self.document, self.by_id, self.vocabulary, self.today = document, by_id, vocabulary, today
        self._header = _header(document)

    def findings(self) -> Iterator[Finding]:
        yield from self._facets()
        yield from self._links()
        yield from self._bullets()
        yield from self._questions()
        yield from self._dates()

    def _error(self, field: str, message: str) -> Finding:
        return self._finding(Level.ERROR, field, message)

    def _finding(self, level: Level, field: str, message: str) -> Finding:
        return Finding(level=level, path=self.document.path, line=line_of_field(self._header, field), message=message)

    def _facets(self) -> Iterator[Finding]:
        yield from self._facet_values(self.document.facets, field="facets")
        yield from self._facet_values({"holder": self.document.sectors}, field="sectors")
        for link in self.document.law:
            yield from self._facet_values(link.when, field="law")
        for role in self.document.decides:
            if role not in self.vocabulary.roles:
                yield self._error("decides", f"unknown role {role!r}; known: {', '.join(self.vocabulary.roles)}")

    def _facet_values(self, facets: dict[str, tuple[str, ...]], *, field: str) -> Iterator[Finding]:
        for facet, values in facets.items():
            known = self.vocabulary.facets.get(facet)
            if known is None:
                yield self._error(field, f"unknown facet {facet!r}; known: {', '.join(self.vocabulary.facets)}")
                continue
            for value in values:
                if value not in known.values:
                    yield self._error(field, f"unknown {facet} {value!r}; known: {', '.join(known.values)}")

    def _links(self) -> Iterator[Finding]:
        for name, field in self._linked():
            target = self.by_id.get(name)
            if name == self.document.id:
                yield self._error(field, f"{field} names the document itself")
            elif target is None:
                yield self._error(field, f"{field} names {name!r}, which is no document")
            elif field == "related" and self.document.id not in _neighbours(target):
                yield self._error(field, f"{name!r} does not link back: add {self.document.id!r} to its related")
            elif field == "law" and self.document.id not in _neighbours(target):
                yield self._error(field, f"law {name!r} does not link back: add {self.document.id!r} to its related")

    def _linked(self) -> Iterator[tuple[str, str]]:
        yield from ((link.id, "law") for link in self.document.law)
        yield from ((name, "related") for name in self.document.related)
        if self.document.superseded_by:
            yield self.document.superseded_by, "superseded_by"

    def _bullets(self) -> Iterator[Finding]:
        for bullet in self.document.bullets():
            if self.document.local:
                continue
            if len(bullet.text) > LONGEST_BULLET:
                yield self._at(bullet, f"{len(bullet.text)} characters; at most {LONGEST_BULLET}: split it")
            if not bullet.pinpoint:
                yield self._at(bullet, "no pinpoint: end the bullet with [where it was found]")

    def _at(self, bullet: Bullet, message: str) -> Finding:
        return Finding(level=Level.ERROR, path=self.document.path, line=bullet.line, message=message)

    def _questions(self) -> Iterator[Finding]:
        if len(self.document.questions) < FEWEST_QUESTIONS and not self.document.local:
            count = len(self.document.questions)
            yield self._error("questions", f"{count} example questions; at least {FEWEST_QUESTIONS}")

    def _dates(self) -> Iterator[Finding]:
        document = self.document
        if document.review_by < self.today and document.state is State.APPROVED:
            yield self._finding(Level.ADVICE, "review_by", f"review was due on {document.review_by}")
        if document.reviewed > self.today:
            yield self._error("reviewed", f"reviewed on {document.reviewed}, which is in the future")
        if document.status is Standing.SUPERSEDED and not document.superseded_by:
            yield self._error("status", "superseded, but superseded_by does not say by what")
        if document.superseded_by and document.status is not Standing.SUPERSEDED:
            yield self._error("superseded_by", "superseded_by is set, so status must be superseded")
        since = document.in_force_from
        if document.status is Standing.NOT_YET_IN_FORCE and since and since <= self.today:
            yield self._error("status", f"not_yet_in_force, yet in_force_from {since} has come")
        if document.kind is Kind.LEGISLATION and document.status is Standing.IN_FORCE and not since:
            yield self._finding(Level.ADVICE, "status", "in force since when? give in_force_from where it is known")
        if document.verified.value == "official" and not document.checked:
            yield self._error("verified", "verified: official, but checked names no page that was read")


def _neighbours(document: Document) -> set[str]:
    names = {*document.related, *(link.id for link in document.law)}
    return names | ({document.superseded_by} if document.superseded_by else set())


def _header(document: Document) -> str:
    try:
        text = Path(document.path).read_text(encoding="utf-8")
    except OSError:
        return ""
    return text.removeprefix("\ufeff").split("\n---", 1)[0].removeprefix("---\n")


def _line(document: Document, field: str) -> int:
    return line_of_field(_header(document), field)
