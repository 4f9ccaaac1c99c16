"""Words that are part of a law, an organisation, a place or a published case, whoever they are named for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.personal_data.lexicon import GIVEN, SURNAME, Phrase
from advisor.personal_data.reader import Reader
from advisor.personal_data.tokens import Shape

_LONGEST_RUN = 5
"""Words with capitals that may stand before "School" or "Act" and belong to it."""


def public_words(reader: Reader) -> set[int]:
    """Positions of the words that are not to be taken for a person's name."""
    public: set[int] = set()
    signs = reader.lexicon.public_signs
    for at, token in enumerate(reader.tokens):
        if token.key in signs:
            for find in (_phrase, _law, _case, _saint_or_operation, _organisation):
                public.update(find(reader, at))
    return public


def _phrase(reader: Reader, at: int) -> range:
    """The longest phrase of the lists that starts here."""
    following = reader.key(at + 1)
    phrases = [p for p in reader.lexicon.phrases.get(reader.key(at), ()) if len(p) == 1 or p[1][0] == following]
    size = max((len(phrase) for phrase in phrases if _matches(reader, at, phrase)), default=0)
    if size == 1 and reader.is_in(at + 1, "person"):
        return range(0)
    return range(at, at + size)


def _matches(reader: Reader, at: int, phrase: Phrase) -> bool:
    if at + len(phrase) > len(reader):
        return False
    found = reader.tokens[at : at + len(phrase)]
    return all(token.key == key and (token.owns or not owns) for token, (key, owns) in zip(found, phrase, strict=True))


def _law(reader: Reader, at: int) -> range:
    """ "Clare's Law", but not "Clare's law firm"."""
    named = reader.key(at) in ("law", "rule") and at > 0 and reader.tokens[at - 1].owns
    return range(at - 1, at + 1) if named and not reader.is_in(at + 1, "law follows") else range(0)


def _case(reader: Reader, at: int) -> Iterable[int]:
    """Both sides of "Montgomery v Lanarkshire"."""
    if (
        reader.key(at) not in ("v", "vs")
        or at == 0
        or not _is_capital(reader, at - 1)
        or not _is_capital(reader, at + 1)
    ):
        return set()
    return {*_run_before(reader, at), at, *_run_after(reader, at)}


def _saint_or_operation(reader: Reader, at: int) -> range:
    """ "St Mary's", "Operation Encompass": the word and what it names."""
    if not reader.is_in(at, "operation") or not _is_capital(reader, at) or not _is_capital(reader, at + 1):
        return range(0)
    if not reader.is_joined(at + 1) or reader.tokens[at + 1].opens or reader.is_strict(at - 1) and reader.is_joined(at):
        return range(0)
    if reader.key(at) in ("storm", "ben") and (reader.marks[at + 1] & SURNAME or reader.is_strict(at, GIVEN)):
        return range(0)
    return range(at, at + 2)


def _organisation(reader: Reader, at: int) -> range:
    """ "Oakfield Academy", "the Jay Report": the words with capitals before such a word."""
    if reader.has_capital(at) and reader.is_in(at, "organisation suffix"):
        lower = False
    elif reader.tokens[at].shape is Shape.LOWER and reader.is_in(at, "lower suffix"):
        lower = True
    else:
        return range(0)
    if not reader.is_joined(at):
        return range(0)
    run = list(_run_before(reader, at))
    if not run or _is_person_before(reader, run[-1], at, lower=lower):
        return range(0)
    return range(run[-1], at + 1)


def _is_person_before(reader: Reader, first: int, suffix: int, *, lower: bool) -> bool:
    """True for "Dr Patel Surgery", "Sarah Support Worker", "Emma Ward" and "tell Kelly council tax"."""
    if reader.is_in(first - 1, "title") or reader.is_in(first, "title"):
        return True
    if reader.key(first - 1) == "the":
        return False
    given = any(reader.is_strict(at, GIVEN) for at in range(first, suffix))
    if not given:
        return False
    pair = suffix - first == 1 and reader.is_in(suffix, "pair suffix")
    return lower or pair or reader.is_in(suffix, "soft suffix")


def _run_before(reader: Reader, at: int) -> Iterator[int]:
    """Positions of the joined words with capitals before this one, nearest first."""
    for before in range(at - 1, max(-1, at - 1 - _LONGEST_RUN), -1):
        if not reader.is_joined(before + 1) or not _is_capital(reader, before) or reader.is_in(before, "never"):
            return
        yield before


def _run_after(reader: Reader, at: int) -> Iterator[int]:
    for after in range(at + 1, min(len(reader), at + 1 + _LONGEST_RUN)):
        if not reader.is_joined(after) or not _is_capital(reader, after):
            return
        yield after


def _is_capital(reader: Reader, at: int) -> bool:
    return 0 <= at < len(reader) and reader.tokens[at].shape in (Shape.TITLE, Shape.UPPER)
