"""An answer as plain text: 80 columns, 24 lines enough to act on, 60 in all unless all is asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from advisor.models import Answer, Citation, NoteKind, ReadFrom, Statement, StatementRole, Urgency
from advisor.outcomes import Outcome
from advisor.quoting import SOURCE_TEXT, is_quoted, quotes_beneath, shown_text
from knowledge.models import Standing, Verified
from knowledge.vocabulary import Vocabulary

WIDTH = 80
MOST_LINES = 60
MOST_ASKS = 3
"""What ``words`` says of a citation that is its source word for word."""

_HEADINGS = {
    StatementRole.GUIDANCE: "WHAT THE GUIDANCE SAYS (our summaries; numbers are the sources below)",
    StatementRole.BEFORE_YOU_SHARE: "SETTLE BEFORE YOU SHARE",
    StatementRole.WHAT_WOULD_CHANGE_THIS: "WHAT WOULD CHANGE THIS",
    StatementRole.RISK_OF_SHARING: "RISK IF YOU SHARE",
    StatementRole.RISK_OF_NOT_SHARING: "RISK IF YOU DO NOT",
    StatementRole.CASE_STUDY: "A CASE LIKE THIS",
    StatementRole.IF_URGENT: "IF IT IS URGENT",
}
_HEADING_WITH_QUOTES = "WHAT THE GUIDANCE SAYS (our summaries, or “quoted”; numbers: sources below)"
_ORDER = (
    StatementRole.GUIDANCE,
    StatementRole.BEFORE_YOU_SHARE,
    StatementRole.WHAT_WOULD_CHANGE_THIS,
    StatementRole.RISK_OF_SHARING,
    StatementRole.RISK_OF_NOT_SHARING,
    StatementRole.CASE_STUDY,
)
_GROWTH = (
    StatementRole.GUIDANCE,
    StatementRole.BEFORE_YOU_SHARE,
    StatementRole.GUIDANCE,
    StatementRole.WHAT_WOULD_CHANGE_THIS,
    StatementRole.CASE_STUDY,
    StatementRole.GUIDANCE,
    StatementRole.RISK_OF_SHARING,
    StatementRole.RISK_OF_NOT_SHARING,
)
_YIELDING = (
    StatementRole.CASE_STUDY,
    StatementRole.WHAT_WOULD_CHANGE_THIS,
    StatementRole.GUIDANCE,
    StatementRole.IF_URGENT,
)
"""What gives way, one each and in this order, when even the least of everything is too long."""


def render(answer: Answer, *, vocabulary: Vocabulary, full: bool = False) -> str:
    """The text of an answer, no line longer than 80 columns."""
    return "\n".join(_Page(answer, vocabulary, full=full).lines()) + "\n"


class _Page:
    """One answer laid out; without ``full`` it takes as many statements as fit 60 lines."""

    def __init__(self, answer: Answer, vocabulary: Vocabulary, *, full: bool) -> None:
        self._answer, self._vocabulary, self._full = answer, vocabulary, full
        self._by_role: dict[StatementRole, list[Statement]] = {role: [] for role in StatementRole}
        for statement in answer.statements:
            self._by_role[statement.role].append(statement)
        self._by_role[StatementRole.GUIDANCE] = _every_strand_first(self._by_role[StatementRole.GUIDANCE])

    def lines(self) -> list[str]:
        if self._full:
            return self._laid_out({role: len(found) for role, found in self._by_role.items()})
        shown = dict.fromkeys(_ORDER, 1)
        shown |= {StatementRole.GUIDANCE: 2, StatementRole.IF_URGENT: int(self._is_urgent)}
        lines = self._laid_out(shown)
        for role in _YIELDING:
            if len(lines) > MOST_LINES:
                shown[role] = max(0, shown[role] - 1)
                lines = self._laid_out(shown)
        for role in _GROWTH * 2:
            more = {**shown, role: shown[role] + 1}
            longer = self._laid_out(more)
            if len(longer) <= MOST_LINES:
                shown, lines = more, longer
        return lines

    @property
    def _is_urgent(self) -> bool:
        return self._answer.urgency is Urgency.EMERGENCY

    def _laid_out(self, shown: dict[StatementRole, int]) -> list[str]:
        statements = {role: found[: shown.get(role, 0)] for role, found in self._by_role.items()}
        parts = [
            self._act_now(statements[StatementRole.IF_URGENT]),
            self._message(),
            self._understood(),
            self._take_it_to(),
            *([self._guidance(statements), self._asks()] if self._answer.outcome is Outcome.ANSWERED else []),
            *(self._section(role, statements[role]) for role in _ORDER[1:]),
            self._if_urgent(statements[StatementRole.IF_URGENT]),
            self._record(),
            self._notes(),
            self._written(),
            self._sources(statements),
            self._foot(),
        ]
        return [line for part in parts for line in part]

    def _act_now(self, urgent: Sequence[Statement]) -> list[str]:
        if not self._is_urgent:
            return []
        lines = act_now(self._answer.act_now)
        for statement in urgent:
            lines += self._bullet(statement)
        return lines

    def _message(self) -> list[str]:
        return wrapped(self._answer.message) if self._answer.message else []

    def _understood(self) -> list[str]:
        read = [
            f"{self._vocabulary.label(facet, reading.value)}{_said(reading.from_, reading.words)}"
            for facet in ("holder", "recipient", "subject", "information", "purpose", "consent", "mode")
            if (reading := self._answer.situation.reading(facet)).value
        ]
        nation = self._answer.situation.nation
        if nation.value:
            read.append(self._vocabulary.label("nation", nation.value) + _said(nation.from_, nation.words))
        missing = [
            self._vocabulary.facets[facet].label
            for facet in ("holder", "recipient", "subject", "purpose", "consent")
            if not self._answer.situation.reading(facet).value
        ]
        lines = wrapped("; ".join(read), first="UNDERSTOOD: ", rest=2)
        if self._answer.outcome is Outcome.ANSWERED and missing:
            lines += wrapped("; ".join(missing), first="NOT SAID: ", rest=2)
        return lines

    def _take_it_to(self) -> list[str]:
        escalation = self._answer.escalation
        named = {contact.role: contact for contact in escalation.contacts}
        people = []
        for role in escalation.roles:
            person = f" ({named[role].name}, {named[role].reach})" if role in named else ""
            people.append(self._vocabulary.roles[role].label + person)
        lines = wrapped("; ".join(people), first="Take it to: ", rest=2)
        return [*lines, *wrapped(escalation.reason, first="  ", rest=2)]

    def _guidance(self, statements: dict[StatementRole, list[Statement]]) -> list[str]:
        return self._section(StatementRole.GUIDANCE, statements[StatementRole.GUIDANCE])

    def _if_urgent(self, statements: Sequence[Statement]) -> list[str]:
        return self._section(StatementRole.IF_URGENT, statements) if self._full and not self._is_urgent else []

    def _asks(self) -> list[str]:
        asks = self._answer.to_settle if self._full else self._answer.to_settle[:MOST_ASKS]
        lines = ["FIND OUT FIRST (it would change this answer)"] if asks else []
        for number, ask in enumerate(asks, start=1):
            lines += wrapped(ask.ask + (f" {ask.why}" if self._full else ""), first=f"{number}. ", rest=3)
        return lines

    def _section(self, role: StatementRole, statements: Sequence[Statement]) -> list[str]:
        has_quotes = role is StatementRole.GUIDANCE and any(is_quoted(self._answer, each) for each in statements)
        lines = [_HEADING_WITH_QUOTES if has_quotes else _HEADINGS[role]] if statements else []
        for statement in statements:
            lines += self._bullet(statement)
        return lines

    def _bullet(self, statement: Statement) -> list[str]:
        numbers = "".join(f"[{number}]" for number in statement.citations)
        unverified = any(self._answer.citation(number).verified.value == "unverified" for number in statement.citations)
        condition = f" ({statement.condition})" if statement.condition else ""
        doubt = " (not verified)" if unverified else ""
        lines = wrapped(f"{shown_text(self._answer, statement)}{condition}{doubt} {numbers}", first="- ")
        beneath = quotes_beneath(self._answer, statement)
        return [*lines, *(line for quote in beneath for line in wrapped(quote, first="  > ", rest=4))]

    def _record(self) -> list[str]:
        if self._answer.outcome is not Outcome.ANSWERED and not self._is_urgent:
            return []
        lines = ["WHATEVER IS DECIDED, RECORD IT"]
        for text in self._answer.record:
            lines += wrapped(text, first="- ")
        if self._full:
            lines += wrapped("; ".join(self._answer.escalation.bring), first="Bring: ", rest=2)
        return lines

    def _notes(self) -> list[str]:
        kinds = set(NoteKind) if self._full else set(NoteKind) - {NoteKind.NOT_COVERED, NoteKind.UNDER_REVIEW}
        notes = [note for note in self._answer.notes if note.kind in kinds]
        lines = []
        for note in notes if self._full else notes[:2]:
            lines += wrapped(note.text, first="Note: ", rest=2)
        return lines

    def _written(self) -> list[str]:
        made = self._answer.composed_by
        return wrapped(made.sent, first="Language model: ", rest=2) if made else []

    def _sources(self, statements: dict[StatementRole, list[Statement]]) -> list[str]:
        used = {number for found in statements.values() for statement in found for number in statement.citations}
        if self._full:
            used |= {citation.number for citation in self._answer.citations}
        cited = [citation for citation in self._answer.citations if citation.number in used]
        lines = ["SOURCES"] if cited else []
        for group in _by_document(cited):
            lines += self._source(group)
        return lines

    def _source(self, group: Sequence[Citation]) -> list[str]:
        by_pinpoint: dict[str, str] = {}
        for citation in group:
            pinpoint = citation.pinpoint or "as a whole"
            by_pinpoint[pinpoint] = by_pinpoint.get(pinpoint, "") + f"[{citation.number}]"
        pinpoints = "; ".join(f"{numbers} {pinpoint}" for pinpoint, numbers in by_pinpoint.items())
        first = group[0]
        local = "local; " if first.local else ""
        tail = f" ({local}{_standing(first)}; read {first.reviewed:%b %Y}, {_checked(group)})"
        if self._full:
            own = "" if first.words == SOURCE_TEXT else "our summary of "
            return wrapped(f"{first.title}: {own}{first.source}: {pinpoints}{tail} {first.url}", rest=4)
        source = textwrap.shorten(first.source, 60, placeholder=" ...")
        return wrapped(f"{source}: {pinpoints}{tail}", rest=4)

    def _foot(self) -> list[str]:
        kept = f"Answer {self._answer.id}. " + ("" if self._full else "More: --full. ")
        return wrapped(kept + self._answer.disclaimer)


def act_now(texts: Sequence[str]) -> list[str]:
    """The lines that say to act, first of all."""
    return ["ACT NOW", *(line for text in texts for line in wrapped(text, first="! "))]


def _every_strand_first(guidance: Sequence[Statement]) -> list[Statement]:
    """The best statement, then the best of each other legal question, then the rest."""
    first: dict[str, Statement] = {}
    for statement in guidance:
        first.setdefault(statement.strand or "", statement)
    leading = list(first.values())
    return [*leading, *(statement for statement in guidance if statement not in leading)]


def _said(source: ReadFrom | None, words: str | None) -> str:
    if source is ReadFrom.WORDS and words:
        return f' ("{textwrap.shorten(words, 32, placeholder="...")}")'
    marks = {ReadFrom.OPTION: " (given)", ReadFrom.PROFILE: " (profile)", ReadFrom.DEFAULT: " (assumed)"}
    return marks.get(source, "") if source else ""


def _checked(group: Sequence[Citation]) -> str:
    """How well the bullets shown were checked: the weakest among them."""
    checks = {citation.verified for citation in group}
    return next(check.value for check in reversed(Verified) if check in checks)


def _standing(citation: Citation) -> str:
    if citation.status is Standing.IN_FORCE:
        return f"in force {citation.in_force_from.year}" if citation.in_force_from else "current"
    return citation.status.value.replace("_", " ")


def _by_document(citations: Iterable[Citation]) -> Iterator[list[Citation]]:
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.document, []).append(citation)
    yield from groups.values()


def plural(number: int, noun: str) -> str:
    """Such as "1 finding" and "2 findings"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def wrapped(text: str, *, first: str = "", rest: int | None = None) -> list[str]:
    """A text in lines of 80 columns, the first begun with ``first`` and the others indented as far or by ``rest``."""
    indent = " " * (len(first) if rest is None else rest)
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=True, break_on_hyphens=False
    )
