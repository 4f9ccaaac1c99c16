"""Where a person can be reached: telephone, e-mail, postcode."""

from __future__ import annotations

import re
from collections.abc import Collection

from advisor.personal_data.spans import EMAIL, PHONE, POSTCODE, Pattern, digits

_TOP = (
    r"(?:com|co|uk|org|net|gov|ac|nhs|sch|me|info|eu|ie|edu|io|biz|police|cymru|wales|scot|london|"
    r"pl|ro|de|fr|es|it|in|pk|ng)"
)
_AT = r"(?:\s{0,2}(?:@|[(\[{<]\s?at\s?[)\]}>])\s{0,2}|\s{1,2}at\s{1,2})"
_DOT = r"(?:\s{0,2}(?:\.|[(\[{<]\s?dot\s?[)\]}>])\s{0,2}|\s{1,2}dot\s{1,2})"
_DIGIT_WORD = r"(?:zero|oh|o|nought|naught|one|two|three|four|five|six|seven|eight|nine|double|triple)"
_NAMED_PHONE = (
    r"phone|tel|telephone|mob|mobile|landline|cell|whatsapp|ring (?:her|him|them|me|us)|call (?:her|him|them|me|us)"
)

_NAMED_PHONE_HINTS = ("phone", "tel", "mob", "landline", "cell", "whatsapp", "ring ", "call ")


def _pattern(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.IGNORECASE)


_MAIL_SERVICE = _pattern(
    r"(?:g|hot|proton|ya|y)?mail|googlemail|outlook|yahoo|icloud|live|btinternet|aol|sky|msn|me|nhs|virginmedia|talktalk"
)
_DATE = re.compile(r"[0-3]?\d[./ -](?:0?\d|1[0-2])[./ -](?:19|20)\d\d\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SECTION = re.compile(r"s\d\d[A-Za-z]{2}")
"""Section numbers such as "s16LA", which look like a postcode of Sheffield."""
_ORDINALS = ("1st", "2nd", "3rd", "4th")


def _is_spoken_email(match: re.Match[str]) -> bool:
    """With a bare "at" it wants a spoken dot or a mail service: "look at bbc.co.uk" is no address."""
    if match["at"].strip().lower() != "at":
        return True
    return bool(re.search(r"\bdot\b", match["it"], re.IGNORECASE) or _MAIL_SERVICE.fullmatch(match["host"]))


EMAIL_PATTERNS = (
    Pattern(EMAIL, _pattern(r"(?<![\w.%+-])(?P<it>[\w.%+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})"), hints=("@",)),
    Pattern(
        EMAIL,
        _pattern(
            rf"(?<![\w.+-])(?P<it>[\w+-]{{1,40}}(?:{_DOT}[\w+-]{{1,40}}|\.[\w+-]{{1,40}}){{0,3}}(?P<at>{_AT})"
            rf"(?P<host>[\w-]{{2,63}})(?:{_DOT}[\w-]{{2,63}}){{0,3}}?{_DOT}{_TOP}\b(?:{_DOT}{_TOP}\b){{0,2}})"
        ),
        _is_spoken_email,
        hints=("@", "dot", "(at", "[at", "{at", "<at", "mail", "outlook", "yahoo", "icloud"),
    ),
)
SPOKEN_PHONE_PATTERN = Pattern(
    PHONE,
    _pattern(rf"\b(?P<it>(?:oh|o|zero|nought|double)(?:[ ,-]{{1,3}}{_DIGIT_WORD}){{7,12}})\b"),
    hints=("zero", "oh ", "nought", "double", "o seven"),
)


def phone_patterns(helplines: Collection[str]) -> tuple[Pattern, ...]:
    """British numbers however they are spaced, foreign ones with their "+", and short ones named as a phone's."""

    def accepts(match: re.Match[str]) -> bool:
        number = digits(match["it"].replace("(0)", ""))
        return number not in helplines and not _DATE.match(match["it"]) and not _YEAR.fullmatch(match["it"])

    british = (
        r"(?<![\w+])(?P<it>(?:\(?(?:\+|00) ?44\)?[ .-]{0,2}(?:\(0\)|0)?[ .-]{0,2}[1-35789]|\(?0[ .()-]{0,2}[1-35789])"
        r"(?:[ .()/-]{0,3}\d){8,9})(?!\d)"
    )
    named = (
        rf"\b(?:{_NAMED_PHONE})\b(?:\W{{0,3}}\b(?:numbers?|no|num|is|was|on|at|her|his|their|for|the|s)\b\.?){{0,4}}"
        r"\W{0,4}(?P<it>\+?\d(?:[ .-]?\d){5,11})(?![\d/])"
    )
    return (
        Pattern(PHONE, _pattern(british), accepts, needs=9),
        Pattern(
            PHONE, _pattern(r"(?<![\w+])(?P<it>\+[1-9](?:[ .()-]{0,2}\d){7,13})(?!\d)"), accepts, needs=8, hints=("+",)
        ),
        Pattern(PHONE, _pattern(r"(?<!\w)(?P<it>[0o] ?7(?:[ .-]?[\do]){9})(?!\w)"), needs=6),
        Pattern(PHONE, _pattern(named), accepts, needs=6, hints=_NAMED_PHONE_HINTS),
    )


def postcode_pattern(areas: Collection[str]) -> Pattern:
    """A whole postcode of a real area, in capitals or not."""

    def accepts(match: re.Match[str]) -> bool:
        unit = match["unit"]
        if match["area"].lower() not in areas or _SECTION.fullmatch(match["it"]):
            return False
        return unit.isupper() or (unit[0].isdigit() and not (match["gap"] and unit.lower() in _ORDINALS))

    written = (
        r"(?<!\w)(?P<it>(?P<area>[A-Z]{1,2})(?:\d{1,2}|\d[A-Z])(?P<gap>[ .-]{0,3})"
        r"(?P<unit>[0-9O][ABD-HJLNP-UW-Z]{2}))(?!\w)"
    )
    return Pattern(POSTCODE, _pattern(written), accepts, needs=2)
