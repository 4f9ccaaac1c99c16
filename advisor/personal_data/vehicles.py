"""Number plates of the United Kingdom."""

from __future__ import annotations

import re
from collections.abc import Callable

from advisor.personal_data.spans import VEHICLE_REGISTRATION, Pattern

_CUE = re.compile(
    r"\b(?:reg|regs|registration|plates?|number ?plates?|vrm|vrn|car|vehicle|van|lorry|motorbike|moped|taxi|minibus|driv(?:es?|ing)|drove|parked|audi|bmw|ford|vauxhall|corsa|astra|golf|polo|fiesta|focus|mercedes|merc|toyota|nissan|honda|kia|skoda|volvo|mini|fiat|"
    r"peugeot|renault|clio|citroen|hyundai|mazda|rover|transit|scooter|pickup|saloon|hatchback)\b",
    re.IGNORECASE,
)
_NEAR = 40
"""Characters before a plate, and half as many after it, in which a word for a vehicle counts."""
_CURRENT = re.compile(
    r"(?<!\w)(?P<it>[A-HJ-PR-Y][A-HJ-PR-Y] ?(?P<age>\d\d)[ -]?(?P<word>[A-HJ-PR-Z]{3}))(?!\w)", re.IGNORECASE
)
_PREFIX = re.compile(
    r"(?<!\w)(?P<it>[A-HJ-NPR-TV-Y](?P<age>\d{1,3})[ -]?(?P<word>[A-HJ-PR-Y]{3}))(?!\w)", re.IGNORECASE
)
_SUFFIX = re.compile(
    r"(?<!\w)(?P<it>(?P<word>[A-HJ-PR-Y]{3})[ -]?(?P<age>\d{1,3})[A-HJ-NPR-TV-Y])(?!\w)", re.IGNORECASE
)
_NORTHERN = re.compile(
    r"(?<!\w)(?P<it>(?P<word>[A-Z]?(?:I[ABGJLW]|[JOUX]I|[A-HJ-NR-Y]Z|OZ|PZ|IZ))[ -]?(?P<age>\d{1,4}))(?!\w)",
    re.IGNORECASE,
)


def vehicle_patterns(is_word: Callable[[str], bool]) -> tuple[Pattern, ...]:
    """The plates in use. ``is_word`` keeps "s47 and" and "S117 MHA" from being one."""

    def accepts(match: re.Match[str], *, certain: bool) -> bool:
        if match["word"].lower() in ("reg", "van", "car"):
            return False
        if _is_near_a_vehicle(match):
            return True
        return certain and not is_word(match["word"].lower())

    return (
        Pattern(VEHICLE_REGISTRATION, _CURRENT, lambda m: accepts(m, certain=_is_current(m))),
        Pattern(VEHICLE_REGISTRATION, _PREFIX, lambda m: accepts(m, certain=_is_long(m, digits=3))),
        Pattern(VEHICLE_REGISTRATION, _NORTHERN, lambda m: accepts(m, certain=_is_long(m, digits=4))),
        Pattern(VEHICLE_REGISTRATION, _SUFFIX, lambda m: accepts(m, certain=_is_long(m, digits=3))),
    )


def _is_near_a_vehicle(match: re.Match[str]) -> bool:
    start, end = match.span("it")
    return bool(
        _CUE.search(match.string, max(0, start - _NEAR), start) or _CUE.search(match.string, end, end + _NEAR // 2)
    )


def _is_current(match: re.Match[str]) -> bool:
    """March registrations carry the year, September ones the year and fifty."""
    return 2 <= int(match["age"]) <= 29 or 51 <= int(match["age"]) <= 79


def _is_long(match: re.Match[str], *, digits: int) -> bool:
    """A whole plate in capitals; a shorter one, or one without, wants a word for a vehicle beside it."""
    return len(match["age"]) >= digits and match["it"].isupper()
