"""Number plates of the United Kingdom."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from advisor.personal_data.spans import VEHICLE_REGISTRATION, Pattern

_NEAR = 40
"""Characters before a plate, and half as many after it, in which a word for a vehicle counts."""
_LETTERS = r"[A-HJ-PR-Y]"
_ANY = re.compile(r"(?<!\w)(?P<it>[A-Z]{1,2} ?\d{1,3}[ -]?[A-Z]{3}|[A-Z]{2,3}[ -]?\d{1,4}[A-Z]?)(?!\w)", re.IGNORECASE)
_CURRENT = re.compile(rf"{_LETTERS}{{2}} ?(?P<age>\d\d)[ -]?(?P<word>[A-HJ-PR-Z]{{3}})", re.IGNORECASE)
_OLDER = tuple(
    (re.compile(regex, re.IGNORECASE), whole)
    for regex, whole in (
        (rf"[A-HJ-NPR-TV-Y](?P<age>\d{{1,3}})[ -]?(?P<word>{_LETTERS}{{3}})", 3),
        (r"(?P<word>[A-Z]?(?:I[ABGJLWZ]|[JOUX]I|[A-HJ-NR-YOP]Z))[ -]?(?P<age>\d{1,4})", 4),
        (rf"(?P<word>{_LETTERS}{{3}})[ -]?(?P<age>\d{{1,3}})[A-HJ-NPR-TV-Y]", 3),
    )
)
"""Prefix, Northern Irish and suffix plates, each with the digits of a whole one."""


def vehicle_pattern(cues: Collection[str], is_word: Callable[[str], bool]) -> Pattern:
    """The plates in use. ``is_word`` keeps "s47 and" and "S117 MHA" from being one."""
    cue = re.compile(rf"\b(?:{'|'.join(cues)})\b", re.IGNORECASE)

    def accepts(match: re.Match[str]) -> bool:
        letters, is_certain = _read(match["it"])
        if not letters or letters in cues:
            return False
        is_plate = is_certain and (not is_word(letters) or _is_four_digits(match["it"]))
        return is_plate or _is_near(cue, match)

    return Pattern(VEHICLE_REGISTRATION, _ANY, accepts, needs=1)


def _read(written: str) -> tuple[str, bool]:
    """The letters that may be a word, or none where it is no plate; and whether it can be nothing but a plate.

    A shorter plate, or an older one without capitals, wants a word for a vehicle beside it.
    """
    current = _CURRENT.fullmatch(written)
    if current:
        return current["word"].lower(), _is_age(int(current["age"]))
    for regex, whole in _OLDER:
        older = regex.fullmatch(written)
        if older:
            return older["word"].lower(), len(older["age"]) >= whole and written.isupper()
    return "", False


def _is_four_digits(written: str) -> bool:
    """Whether it ends in four digits that are no year: "BIG 4417" is a plate although "big" is a word."""
    number = written[-4:]
    return number.isdigit() and not number.startswith(("19", "20"))


def _is_age(age: int) -> bool:
    """March registrations carry the year, September ones the year and fifty."""
    return 2 <= age <= 29 or 51 <= age <= 79


def _is_near(cue: re.Pattern[str], match: re.Match[str]) -> bool:
    start, end = match.span("it")
    text = match.string
    return bool(cue.search(text, max(0, start - _NEAR), start) or cue.search(text, end, end + _NEAR // 2))
