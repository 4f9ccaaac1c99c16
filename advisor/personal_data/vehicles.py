"""Number plates of the United Kingdom."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from advisor.personal_data.spans import VEHICLE_REGISTRATION, Pattern

_NEAR = 40
"""Characters before a plate, and half as many after it, in which a word for a vehicle counts."""
_LETTERS = r"[A-HJ-PR-Y]"
_CURRENT = rf"(?<!\w)(?P<it>{_LETTERS}{{2}} ?(?P<age>\d\d)[ -]?(?P<word>[A-HJ-PR-Z]{{3}}))(?!\w)"
_PREFIX = rf"(?<!\w)(?P<it>[A-HJ-NPR-TV-Y](?P<age>\d{{1,3}})[ -]?(?P<word>{_LETTERS}{{3}}))(?!\w)"
_SUFFIX = rf"(?<!\w)(?P<it>(?P<word>{_LETTERS}{{3}})[ -]?(?P<age>\d{{1,3}})[A-HJ-NPR-TV-Y])(?!\w)"
_NORTHERN = r"(?<!\w)(?P<it>(?P<word>[A-Z]?(?:I[ABGJLWZ]|[JOUX]I|[A-HJ-NR-YOP]Z))[ -]?(?P<age>\d{1,4}))(?!\w)"


def vehicle_patterns(cues: Collection[str], is_word: Callable[[str], bool]) -> tuple[Pattern, ...]:
    """The plates in use. ``is_word`` keeps "s47 and" and "S117 MHA" from being one."""
    cue = re.compile(rf"\b(?:{'|'.join(cues)})\b", re.IGNORECASE)

    def pattern(regex: str, is_certain: Callable[[re.Match[str]], bool]) -> Pattern:
        def accepts(match: re.Match[str]) -> bool:
            letters = match["word"].lower()
            if letters in cues:
                return False
            return _is_near(cue, match) or (is_certain(match) and not is_word(letters))

        return Pattern(VEHICLE_REGISTRATION, re.compile(regex, re.IGNORECASE), accepts, needs=1)

    return (
        pattern(_CURRENT, _is_current),
        pattern(_PREFIX, lambda match: _is_whole(match, digits=3)),
        pattern(_NORTHERN, lambda match: _is_whole(match, digits=4)),
        pattern(_SUFFIX, lambda match: _is_whole(match, digits=3)),
    )


def _is_near(cue: re.Pattern[str], match: re.Match[str]) -> bool:
    start, end = match.span("it")
    text = match.string
    return bool(cue.search(text, max(0, start - _NEAR), start) or cue.search(text, end, end + _NEAR // 2))


def _is_current(match: re.Match[str]) -> bool:
    """March registrations carry the year, September ones the year and fifty."""
    return 2 <= int(match["age"]) <= 29 or 51 <= int(match["age"]) <= 79


def _is_whole(match: re.Match[str], *, digits: int) -> bool:
    """All its digits, in capitals; a shorter plate, or one without, wants a word for a vehicle beside it."""
    return len(match["age"]) >= digits and match["it"].isupper()
