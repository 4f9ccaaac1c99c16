"""Words before a name that say one is coming: a title, "called", "her name is", "my client"."""

from __future__ import annotations

from advisor.personal_data.lexicon import FIELD, GIVEN, NAME, ORDINARY, PLACE, WORD
from advisor.personal_data.reader import Reader
from advisor.personal_data.tokens import Shape

_BE = frozenset("is was are were be been being also now".split())
_ARTICLES = frozenset("a an another some one this young old little named".split())
_SURE_TITLES = frozenset("mr mrs ms mx messrs prof rev revd cllr sgt".split())
"""Titles that are nothing else, with a capital or without ("miss" and "dr" are words)."""


def is_titled(reader: Reader, at: int) -> bool:
    """True after "Mr", "Dr", "PC": any word with a capital, and a name without one."""
    weak = reader.is_in(at - 1, "weak title")
    if not weak and not reader.is_in(at - 1, "title") or reader.is_in(at, "never"):
        return False
    if not (reader.is_joined(at) or reader.gap(at).strip().isdigit()):
        return False
    token, marks, sure = reader.tokens[at], reader.marks[at], reader.key(at - 1) in _SURE_TITLES
    if len(token.key) == 1:
        return token.shape is Shape.UPPER and token.key != "i" and not weak
    if token.shape is Shape.LOWER:
        return not weak and not reader.is_refused(at) and _is_lower_name(reader, at, sure=sure)
    if token.shape is Shape.TITLE and sure or marks & NAME:
        return True
    if reader.is_refused(at) or marks & (FIELD | PLACE):
        return False
    return not weak or not marks


def _is_lower_name(reader: Reader, at: int, *, sure: bool) -> bool:
    marks = reader.marks[at]
    if not marks:
        return True
    if not marks & ORDINARY or reader.is_in(at, "lower surname"):
        return True
    return sure and bool(marks & NAME) and not reader.is_in(at, "month")


def is_introduced(reader: Reader, at: int) -> bool:
    """True after "her name is", "known as", "a lad called"."""
    if not reader.follows_cue(at) or reader.is_refused(at) or reader.tokens[at].shape is Shape.NAME:
        return False
    size = reader.ends_with(at - 1, "naming")
    if size and not _names_a_thing(reader, at - 1 - size):
        bold = reader.key(at - 1) not in ("as", "alias", "formerly", "aka", "nicknamed")
        return _fits(reader, at, bold=bold, lower=True)
    if reader.is_in(at - 1, "calling") and not _names_a_thing(reader, at - 2):
        return _is_called(reader, at)
    return False


def _is_called(reader: Reader, at: int) -> bool:
    """After "called": sure where a person stands before it, with "a" where the name has no capital."""
    before = at - 2
    while before >= 0 and reader.key(before) in _BE:
        before -= 1
    person = reader.ends_with(before, "person")
    pronoun = before < at - 2 and reader.is_in(before, "pronoun")
    article = bool(person) and any(reader.key(before - person - step) in _ARTICLES for step in range(3))
    lower = pronoun or article or (bool(person) and reader.key(at - 1) == "named") or (bool(person) and before < at - 2)
    return _fits(reader, at, bold=bool(person) or pronoun, lower=lower)


def _fits(reader: Reader, at: int, *, bold: bool, lower: bool) -> bool:
    """Whether the word can be a name here; ``bold`` takes an ordinary word with a capital, ``lower`` a name without one."""
    token, marks = reader.tokens[at], reader.marks[at]
    if len(token.key) < 2:
        return False
    if token.shape is Shape.TITLE:
        return bool(marks & NAME) or not marks or (bold and marks == WORD)
    if token.shape is Shape.UPPER and marks & FIELD:
        return False
    return lower and (bool(marks & NAME) or not marks)


def _names_a_thing(reader: Reader, at: int) -> bool:
    """True for "an app called": the word before, past "is" and "was"."""
    while at >= 0 and (reader.key(at) in _BE or reader.key(at) in ("it", "its", "that", "which", "the")):
        if reader.key(at) in ("it", "its", "which"):
            return True
        at -= 1
    return reader.is_in(at, "named thing") and not reader.is_in(at, "person")


def follows_person(reader: Reader, at: int) -> bool:
    """True after "my client", "her son", "the tenant"."""
    return reader.is_joined(at) and bool(reader.ends_with(at - 1, "person")) and not reader.tokens[at].opens


def follows_a_person(reader: Reader, at: int) -> bool:
    """True after "my client" and "a patient", and not after a bare "student", as in "student bursary"."""
    size = reader.ends_with(at - 1, "person") if follows_person(reader, at) else 0
    return bool(size) and any(reader.key(at - 1 - size - step) in _BEFORE_A_PERSON for step in (0, 1))


_BEFORE_A_PERSON = frozenset("a an the this that my our your his her their another our new old young older younger ex late".split())


def owns_something_personal(reader: Reader, at: int) -> bool:
    """True for "X's mum", "X's new school"."""
    return reader.tokens[at].owns and reader.starts_with(at + 1, "belonging")


def owns_kin(reader: Reader, at: int) -> bool:
    """True for "X's mum", and not for "X's school"."""
    return reader.tokens[at].owns and reader.starts_with(at + 1, "person")


def is_beside_name(reader: Reader, at: int) -> bool:
    """True for "X and Kelly", "Kelly and X", "X and her sister"."""
    before = reader.key(at - 1) in _AND and reader.is_strict(at - 2, GIVEN)
    after = reader.key(at + 1) in _AND and (reader.is_strict(at + 2, GIVEN) or (reader.tokens[at].opens and reader.key(at + 2) in _KIN_OF))
    return before or after


_AND = frozenset(("and", "or", "n"))
_KIN_OF = frozenset(("her", "his", "their"))
