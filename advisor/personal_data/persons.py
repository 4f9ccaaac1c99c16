"""Whether a name that is a word or a place too means a person here: what stands before and after it tells."""

from __future__ import annotations

from advisor.personal_data.introductions import (
    follows_person,
    is_and,
    is_beside_name,
    owns_kin,
    owns_something_personal,
)
from advisor.personal_data.lexicon import PLACE, SURNAME
from advisor.personal_data.reader import Reader
from advisor.personal_data.tokens import Shape

_FAR_FROM_VERB = 5
"""Words between "gave" or "moved" and its "to"."""


def is_person(reader: Reader, at: int) -> bool:
    """Whether the words around a name with a capital speak of a person."""
    if owns_something_personal(reader, at) or reader.is_aged(at) or follows_person(reader, at):
        return True
    if is_beside_name(reader, at):
        return True
    if reader.is_joined(at + 1) and reader.has_capital(at + 1) and _is_surname(reader, at + 1):
        return not opens_a_question(reader, at)
    if reader.is_in(at, "month") and reader.is_before_number(at):
        return False
    return _is_given_something(reader, at) or _is_told(reader, at) or _does_something(reader, at)


def _is_surname(reader: Reader, at: int) -> bool:
    """A surname that can follow a given name, though it may be a word too."""
    marks = reader.marks[at]
    return bool(marks & SURNAME) or (not marks and not reader.tokens[at].opens)


def opens_a_question(reader: Reader, at: int) -> bool:
    """True for "Will Kelly be": an opening word, a name, and a verb that follows no name."""
    if not reader.tokens[at].opens or not reader.is_in(at, "modal"):
        return False
    after = at + 1
    while reader.is_joined(after) and reader.has_capital(after):
        after += 1
    return reader.is_in(after, "base verb") or not reader.marks[at + 1] & SURNAME or reader.tokens[after - 1].owns


def _is_doubtful(reader: Reader, at: int) -> bool:
    """A month or a place: it takes more to make a person of it."""
    return reader.is_in(at, "month") or bool(reader.marks[at] & PLACE)


def _is_given_something(reader: Reader, at: int) -> bool:
    """True for "gave the file to April"; not for "from March to April"."""
    return reader.key(at - 1) == "to" and _is_verb_before(reader, at - 1, "giving")


def _is_told(reader: Reader, at: int) -> bool:
    """True for "asked April", "about Lincoln"."""
    told = reader.is_joined(at) and reader.is_in(at - 1, "told")
    return told and _is_doubtful(reader, at) and not is_place(reader, at)


def _does_something(reader: Reader, at: int) -> bool:
    """True for "Hope said", "Ruby's in hospital", "May is confused", "Pat in reception"."""
    if reader.tokens[at].owns:
        return reader.is_in(at + 1, "contraction") and not reader.is_in(at, "month")
    if reader.ends_phrase(at):
        return False
    if reader.key(at + 1) in ("is", "was", "has", "seems", "looks", "isn't") and reader.is_in(at + 2, "state"):
        return True
    return _is_colleague(reader, at) or reader.does(at, "plain speech" if _is_doubtful(reader, at) else "speech")


def _is_colleague(reader: Reader, at: int) -> bool:
    """True for "Pat in reception", "Sue from HR", "Grace from Oxfam"."""
    if reader.key(at + 1) not in ("from", "in") or at + 2 >= len(reader):
        return False
    outside = reader.key(at + 1) == "from" and reader.tokens[at + 2].shape is not Shape.LOWER
    return outside or reader.is_in(at + 2, "department")


def is_place(reader: Reader, at: int) -> bool:
    """Whether the words around the name speak of a place: "in Jordan", "moved to Chelsea", "Victoria Road"."""
    if reader.is_joined(at + 1) and reader.is_in(at + 1, "place follows"):
        return True
    if reader.is_joined(at) and reader.is_in(at - 1, "place preposition"):
        return True
    if reader.key(at - 1) == "from" or _is_listed_with_place(reader, at):
        return True
    return reader.key(at - 1) == "to" and _is_verb_before(reader, at - 1, "motion")


def _is_listed_with_place(reader: Reader, at: int) -> bool:
    """True for "Nelson, Colne and Burnley" and "Kerry in Ireland"."""
    if at + 1 < len(reader) and reader.gap(at + 1) == ", ":
        return bool(reader.marks[at + 1] & PLACE)
    beside = is_and(reader, at + 1) or (reader.key(at + 1) == "in" and not reader.is_in(at - 1, "told"))
    return beside and at + 2 < len(reader) and bool(reader.marks[at + 2] & PLACE)


def _is_verb_before(reader: Reader, at: int, cue: str) -> bool:
    return any(reader.is_in(before, cue) for before in range(at - _FAR_FROM_VERB, at))


def is_lower_person(reader: Reader, at: int) -> bool:
    """The same for a name without a capital: "grace's mum", "my client grace has", "mark told me"."""
    if reader.is_in(at - 1, "determiner"):
        return False
    if owns_kin(reader, at) or reader.is_aged(at):
        return True
    if reader.is_in(at, "month") or reader.is_in(at, "modal"):
        return False
    if reader.tokens[at].owns:
        return reader.is_in(at + 1, "contraction")
    return not reader.ends_phrase(at) and _is_lower_in_clause(reader, at)


def _is_lower_in_clause(reader: Reader, at: int) -> bool:
    """True for "told jade to", "does ruby know", "jordan from year 9"."""
    if follows_person(reader, at) and reader.is_in(at + 1, "speech"):
        return True
    if reader.is_in(at - 1, "telling") and reader.is_in(at + 1, "after a name"):
        return True
    if reader.is_in(at - 1, "asking") and reader.is_in(at + 1, "doing"):
        return True
    colleague = reader.key(at + 1) == "from" and reader.is_in(at + 2, "department")
    return reader.is_subject(at) and (colleague or reader.is_in(at + 1, "plain speech"))
