"""Words beside a name that say it is one: a title, "called", "her name is", "my client", "X's mum"."""

from __future__ import annotations

from advisor.personal_data.lexicon import FIELD, GIVEN, NAME, ORDINARY, PLACE, WORD
from advisor.personal_data.reader import Reader
from advisor.personal_data.tokens import Shape


def is_titled(reader: Reader, at: int) -> bool:
    """True after "Mr", "Dr", "PC": any word with a capital, and a name without one."""
    weak = reader.is_in(at - 1, "weak title")
    if not weak and not reader.is_in(at - 1, "title") or reader.is_in(at, "never"):
        return False
    if not (reader.is_joined(at) or reader.gap(at).strip().isdigit()):
        return False
    token = reader.tokens[at]
    if len(token.key) == 1:
        return token.shape is Shape.UPPER and token.key != "i" and not weak
    if token.shape is Shape.LOWER:
        return not weak and not reader.is_refused(at) and _is_lower_name(reader, at)
    return _is_name_after_title(reader, at, weak=weak)


def _is_lower_name(reader: Reader, at: int) -> bool:
    marks = reader.marks[at]
    if not marks or not marks & ORDINARY or reader.is_in(at, "lower surname"):
        return True
    return reader.is_in(at - 1, "sure title") and bool(marks & NAME) and not reader.is_in(at, "month")


def _is_name_after_title(reader: Reader, at: int, *, weak: bool) -> bool:
    """A word with a capital: after "Mrs" always, after "Nurse" and "Lord" unless it is a plain word."""
    marks = reader.marks[at]
    if marks & NAME or (reader.is_in(at - 1, "sure title") and reader.has_capital(at)):
        return True
    if reader.is_refused(at) or marks & (FIELD | PLACE):
        return False
    return not weak or not marks


def is_introduced(reader: Reader, at: int) -> bool:
    """True after "her name is", "known as", "a lad called"."""
    if not reader.follows_cue(at) or reader.is_refused(at) or len(reader.key(at)) < 2:
        return False
    size = reader.ends_with(at - 1, "naming")
    if size and not _names_a_thing(reader, at - 1 - size):
        bold = reader.key(at - 1) not in ("as", "alias", "formerly", "aka", "nicknamed")
        return _fits(reader, at, bold=bold, lower=True)
    if reader.is_in(at - 1, "calling") and not _names_a_thing(reader, at - 2):
        return _is_called(reader, at)
    return False


def _is_called(reader: Reader, at: int) -> bool:
    """After "called": bold where a person stands before it, and without a capital only where it can be no telephone."""
    before = at - 2
    while reader.is_in(before, "being"):
        before -= 1
    person = reader.ends_with(before, "person")
    is_passive = before < at - 2
    pronoun = is_passive and reader.is_in(before, "pronoun")
    article = any(reader.is_in(before - person - step, "article") for step in range(3))
    lower = pronoun or (person > 0 and (article or is_passive or reader.key(at - 1) == "named"))
    return _fits(reader, at, bold=person > 0 or pronoun, lower=lower)


def _fits(reader: Reader, at: int, *, bold: bool, lower: bool) -> bool:
    """Whether the word can be a name: ``bold`` takes a plain word with a capital, ``lower`` a name without one."""
    token, marks = reader.tokens[at], reader.marks[at]
    if token.shape is Shape.TITLE:
        return bool(marks & NAME) or not marks or (bold and marks == WORD)
    if token.shape is Shape.UPPER and marks & FIELD:
        return False
    return lower and (bool(marks & NAME) or not marks)


def _names_a_thing(reader: Reader, at: int) -> bool:
    """True for "an app called", "it is called"."""
    while reader.is_in(at, "being") or reader.key(at) in ("that", "the"):
        at -= 1
    if reader.key(at) in ("it", "its", "which"):
        return True
    return reader.is_in(at, "named thing") and not reader.is_in(at, "person")


def follows_person(reader: Reader, at: int) -> bool:
    """True after "client", "her son", "the tenant"."""
    return reader.is_joined(at) and bool(reader.ends_with(at - 1, "person")) and not reader.tokens[at].opens


def follows_a_person(reader: Reader, at: int) -> bool:
    """True after "my client" and "a patient", and not after a bare "student", as in "student bursary"."""
    size = reader.ends_with(at - 1, "person") if follows_person(reader, at) else 0
    return size > 0 and any(reader.is_in(at - 1 - size - step, "before a person") for step in (0, 1))


def owns_something_personal(reader: Reader, at: int) -> bool:
    """True for "X's mum", "X's new school"."""
    return reader.tokens[at].owns and reader.starts_with(at + 1, "belonging")


def owns_kin(reader: Reader, at: int) -> bool:
    """True for "X's mum", and not for "X's school"."""
    return reader.tokens[at].owns and reader.starts_with(at + 1, "person")


def is_beside_name(reader: Reader, at: int) -> bool:
    """True for "X and Kelly", "Kelly and X", and where the sentence opens with "X and her sister"."""
    if is_and(reader, at - 1) and reader.is_strict(at - 2, GIVEN):
        return True
    kin_of = reader.tokens[at].opens and reader.key(at + 2) in ("her", "his", "their")
    return is_and(reader, at + 1) and (kin_of or reader.is_strict(at + 2, GIVEN))


def is_and(reader: Reader, at: int) -> bool:
    return reader.key(at) in ("and", "or", "n")
