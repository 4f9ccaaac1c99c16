"""Names of people, by what a word looks like, what the lists say of it, and the words around it. There is no model."""

from __future__ import annotations

from advisor.personal_data.full_names import complete_lists, extend, runs, spread
from advisor.personal_data.introductions import (
    follows_a_person,
    follows_person,
    is_introduced,
    is_titled,
    owns_kin,
    owns_something_personal,
)
from advisor.personal_data.lexicon import GIVEN, NAME, ORDINARY, PERSON_FIRST, PLACE, WORD
from advisor.personal_data.persons import is_lower_person, is_person, is_place
from advisor.personal_data.public_words import public_words
from advisor.personal_data.reader import Reader
from advisor.personal_data.tokens import Shape

_LONGEST_WORD = 40
"""Letters; what is longer is no name."""
_LONGEST_INITIALS = 3
_SLIP_FROM_WITH_CAPITAL, _SLIP_FROM = 5, 4
"""Letters from which an unknown word may be an English one misspelt; shorter ones are near too many."""
_IN_A_LINK = frozenset("/=?&.@_#")


def find_names(reader: Reader) -> list[tuple[int, int]]:
    """First and last position of each name, in order."""
    public = public_words(reader)
    free = [at not in public and reader.tokens[at].shape is not Shape.NAME for at in range(len(reader))]
    named = [free[at] and _is_name(reader, at) for at in range(len(reader))]
    spread(reader, named, free)
    complete_lists(reader, named, free)
    extend(reader, named, free)
    return runs(reader, named)


def _is_name(reader: Reader, at: int) -> bool:
    """Whether the word is a name by itself, or by what introduces it."""
    token, marks = reader.tokens[at], reader.marks[at]
    if len(token.key) > _LONGEST_WORD or (token.shape is Shape.LOWER and marks and not marks & NAME):
        return False
    if is_titled(reader, at) or is_introduced(reader, at):
        return True
    if len(token.key) == 1 or reader.is_in(at, "never") or reader.is_in(at, "title"):
        return False
    if "." in token.text:
        return token.text.isupper() and token.key not in reader.lexicon.abbreviations
    return _is_name_by_marks(reader, at)


def _is_name_by_marks(reader: Reader, at: int) -> bool:
    token, marks = reader.tokens[at], reader.marks[at]
    if not marks:
        return _is_unknown_name(reader, at)
    if marks & NAME and not marks & ORDINARY:
        is_place = not marks & GIVEN and _is_in_somewhere(reader, at)
        return not is_place and (len(token.key) > 2 or token.shape is Shape.TITLE)
    if marks & NAME:
        return _is_ambiguous_name(reader, at)
    plain = marks == WORD and reader.has_capital(at) and not token.opens
    return plain and owns_kin(reader, at) and not reader.is_refused(at)


def _is_ambiguous_name(reader: Reader, at: int) -> bool:
    """A name that is a word, a place or an organisation too."""
    token, marks = reader.tokens[at], reader.marks[at]
    if token.shape is not Shape.TITLE:
        return bool(marks & GIVEN) and is_lower_person(reader, at)
    if marks & PLACE:
        return is_person(reader, at) or (bool(marks & PERSON_FIRST) and not is_place(reader, at))
    if not marks & GIVEN:
        return owns_kin(reader, at) and not token.opens
    sure = not (token.opens or reader.is_in(at, "month") or reader.is_before_number(at) or _is_in_a_heading(reader, at))
    if marks & ORDINARY == WORD and sure:
        return not reader.is_in(at - 1, "determiner") or is_person(reader, at)
    return is_person(reader, at)


def _is_in_a_heading(reader: Reader, at: int) -> bool:
    """True for "Facilities Grant" and "Hope House": plain words with capitals beside it, and no "Tenant Grace"."""
    before = reader.is_joined(at) and _is_plain_capital(reader, at - 1) and not reader.ends_with(at - 1, "person")
    return before or (reader.is_joined(at + 1) and _is_plain_capital(reader, at + 1))


def _is_plain_capital(reader: Reader, at: int) -> bool:
    marks = reader.marks[at]
    return reader.has_capital(at) and bool(marks & ORDINARY) and not marks & NAME and not reader.tokens[at].opens


def _is_unknown_name(reader: Reader, at: int) -> bool:
    """A word no list holds: with a capital a name, without one only where the words around it say so."""
    token = reader.tokens[at]
    if reader.text[token.start - 1 : token.start] in _IN_A_LINK:
        return False
    if _is_the_something(reader, at) or _is_in_somewhere(reader, at):
        return False
    if token.shape is Shape.TITLE:
        return not token.opens or is_person(reader, at) or not _is_slip(reader, at, shortest=_SLIP_FROM_WITH_CAPITAL)
    if token.shape is Shape.UPPER and len(token.key) <= _LONGEST_INITIALS:
        return _is_initials(reader, at)
    return len(token.key) > 2 and _is_unknown_lower_name(reader, at) and not _is_slip(reader, at, shortest=_SLIP_FROM)


def _is_the_something(reader: Reader, at: int) -> bool:
    """True for "the Smithsonian", and not for "the Thevarajah family" or "the Adebayos"."""
    if reader.key(at - 1) != "the" or not reader.is_joined(at):
        return False
    return not reader.starts_with(at + 1, "belonging") and not reader.key(at).endswith("s")


def _is_in_somewhere(reader: Reader, at: int) -> bool:
    """True for a capital after "in", as in "lives in Kelso", and for the second word of "Newport Pagnell"."""
    if not reader.has_capital(at) or not reader.is_joined(at) or reader.tokens[at].owns:
        return False
    if reader.is_joined(at + 1) and reader.has_capital(at + 1) and not reader.marks[at + 1] & ORDINARY:
        return False
    if reader.is_in(at - 1, "somewhere"):
        return True
    place_before = reader.has_capital(at - 1) and reader.marks[at - 1] & PLACE and not reader.marks[at - 1] & NAME
    return bool(place_before) or (not reader.marks[at] and _is_second_word(reader, at))


def _is_second_word(reader: Reader, at: int) -> bool:
    """True for "Wenlock" in "Much Wenlock": after a plain word with a capital that is no role."""
    if not _is_plain_capital(reader, at - 1) or reader.is_refused(at - 1):
        return False
    return not (
        reader.ends_with(at - 1, "person") or reader.is_in(at - 1, "title") or reader.is_in(at - 1, "weak title")
    )


def _is_unknown_lower_name(reader: Reader, at: int) -> bool:
    """True for "osagie's mum", "my client osagie has", "osagie (15)" and "osagie told me"."""
    token = reader.tokens[at]
    if owns_something_personal(reader, at) or (reader.is_aged(at) and token.shape is Shape.LOWER):
        return True
    if follows_a_person(reader, at) and not token.key.endswith(("ed", "ing", "ly")):
        return reader.ends_phrase(at) or reader.is_in(at + 1, "speech") or reader.key(at + 1) == "and"
    return reader.is_in(at + 1, "plain speech") and reader.is_subject(at)


def _is_initials(reader: Reader, at: int) -> bool:
    """True for "JB has told me", "client MK", "AK (15)" and "TW's mum"."""
    if owns_something_personal(reader, at) or reader.is_aged(at):
        return True
    if follows_person(reader, at):
        return reader.ends_phrase(at) or reader.is_in(at + 1, "speech")
    return reader.does(at, "plain speech")


def _is_slip(reader: Reader, at: int, *, shortest: int) -> bool:
    key = reader.key(at)
    return len(key) >= shortest and reader.lexicon.words.is_almost(key)
