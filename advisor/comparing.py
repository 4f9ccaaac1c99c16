"""What an edit does to answers: how the answer to one question differs before and after."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Generic, TypeVar

from advisor.models import Answer, Citation, Statement
from knowledge.models import Document, FrozenModel

_T = TypeVar("_T")
_SHOWN = ("title", "source", "pinpoint", "url", "words", "status", "nations", "in_force_from", "verified", "local")
"""What is shown of a citation beside its quote; the dates of review are left out, for looking again changes nothing."""


class Sign(StrEnum):
    """What became of something."""

    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"


class Part(StrEnum):
    """Which part of an answer."""

    OUTCOME = "outcome"
    URGENCY = "urgency"
    ROLES = "roles"
    CITATION = "citation"
    STATEMENT = "statement"
    NOTE = "note"
    ASK = "ask"


class Change(FrozenModel):
    """One thing that is not as it was."""

    part: Part
    sign: Sign
    text: str
    """The quote, the statement, the note or the question asked back; for a changed value, what it is now."""
    document: str | None = None
    """Of a citation: the document it quotes."""
    pinpoint: str | None = None
    role: str | None = None
    """Of a statement: what it does in the answer."""
    how: str | None = None
    """Of what is changed: how, such as ``moved from 2 to 5``."""


class AnswerChange(FrozenModel):
    """One question whose answer is not as it was."""

    question: str
    """As kept: with personal data replaced."""
    asked_by: str
    """The document or the suite that the question is from."""
    changes: tuple[Change, ...]


class Edit(FrozenModel):
    """Which documents differ, by id."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def documents(self) -> frozenset[str]:
        return frozenset((*self.added, *self.removed, *self.changed))


def edit_between(before: Iterable[Document], after: Iterable[Document]) -> Edit:
    """What was done to the documents."""
    old, new = ({document.id: document.digest for document in side} for side in (before, after))
    return Edit(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(name for name in new.keys() & old.keys() if new[name] != old[name])),
    )


def changes_between(before: Answer, after: Answer) -> tuple[Change, ...]:
    """Everything a reader would see changed, the weightiest first; nothing when the answers say the same."""
    return (
        *_value(Part.OUTCOME, before.outcome.value, after.outcome.value),
        *_value(Part.URGENCY, before.urgency.value, after.urgency.value),
        *_value(Part.ROLES, ", ".join(before.escalation.roles), ", ".join(after.escalation.roles)),
        *_citations(before.citations, after.citations),
        *_statements(before.statements, after.statements),
        *_texts(Part.NOTE, [note.text for note in before.notes], [note.text for note in after.notes]),
        *_texts(Part.ASK, [ask.ask for ask in before.to_settle], [ask.ask for ask in after.to_settle]),
    )


def _value(part: Part, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(part=part, sign=Sign.CHANGED, text=after, how=f"was {before}")


def _citations(before: Sequence[Citation], after: Sequence[Citation]) -> Iterator[Change]:
    def change(sign: Sign, citation: Citation, how: str | None = None) -> Change:
        return Change(
            part=Part.CITATION,
            sign=sign,
            text=citation.quote,
            document=citation.document,
            pinpoint=citation.pinpoint,
            how=how,
        )

    paired = _Paired(before, after, key=lambda citation: (citation.document, citation.quote))
    yield from (change(Sign.ADDED, citation) for citation in paired.added)
    yield from (change(Sign.REMOVED, citation) for citation in paired.removed)
    for old, new in paired.kept:
        told = [_told(name, old, new) for name in _SHOWN if getattr(old, name) != getattr(new, name)]
        if told:
            yield change(Sign.CHANGED, new, "; ".join(told))
    for old, new in paired.moved:
        yield change(Sign.CHANGED, new, _moved(old.number, new.number))


def _told(name: str, before: Citation, after: Citation) -> str:
    said = [citation.model_dump(mode="json")[name] for citation in (before, after)]
    old, new = (", ".join(value) if isinstance(value, list) else value or "none" for value in said)
    return f"{name} was {old}, is {new}"


def _statements(before: Sequence[Statement], after: Sequence[Statement]) -> Iterator[Change]:
    def change(sign: Sign, statement: Statement, how: str | None = None) -> Change:
        return Change(part=Part.STATEMENT, sign=sign, text=_said(statement), role=statement.role.value, how=how)

    paired = _Paired(before, after, key=lambda statement: (statement.role, statement.strand, _said(statement)))
    yield from (change(Sign.ADDED, statement) for statement in paired.added)
    yield from (change(Sign.REMOVED, statement) for statement in paired.removed)
    for old, new in paired.moved:
        yield change(Sign.CHANGED, new, _moved(before.index(old) + 1, after.index(new) + 1))


def _moved(old: int, new: int) -> str:
    """How it moved among those that are in both; what came in or went may leave it the same number."""
    return f"moved from {old} to {new}" if old != new else f"in another order, still at {new}"


def _said(statement: Statement) -> str:
    return f"{statement.text} ({statement.condition})" if statement.condition else statement.text


def _texts(part: Part, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    yield from (Change(part=part, sign=Sign.ADDED, text=text) for text in after if text not in before)
    yield from (Change(part=part, sign=Sign.REMOVED, text=text) for text in before if text not in after)


class _Paired(Generic[_T]):
    """Two lists side by side, each thing matched with the one of the same key."""

    def __init__(self, before: Sequence[_T], after: Sequence[_T], *, key: Callable[[_T], Hashable]) -> None:
        old, new = {key(item): item for item in before}, {key(item): item for item in after}
        self.added = [item for name, item in new.items() if name not in old]
        self.removed = [item for name, item in old.items() if name not in new]
        self.kept = [(old[name], item) for name, item in new.items() if name in old]
        stayed = _in_order([name for name in old if name in new], [name for name in new if name in old])
        self.moved = [(old[name], item) for name, item in new.items() if name in old and name not in stayed]


def _in_order(before: Sequence[Hashable], after: Sequence[Hashable]) -> set[Hashable]:
    """Those that still follow one another as they did: what comes in or goes above them moves nothing."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {name for block in blocks for name in after[block.b : block.b + block.size]}
