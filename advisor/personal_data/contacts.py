"""Where a person can be reached: telephone, e-mail, postcode, street address."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from advisor.personal_data.spans import ADDRESS, EMAIL, PHONE, POSTCODE, Pattern, digits

_AREAS = frozenset(
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL "
    "GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE "
    "PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO "
    "ZE".split()
)
_TOP = r"(?:com|co|uk|org|net|gov|ac|nhs|sch|me|info|eu|ie|edu|io|biz|police|cymru|wales|scot|london|pl|ro|de|fr|es|it|in|pk|ng)"
_AT = r"(?:\s{0,2}(?:@|[(\[{<]\s?at\s?[)\]}>])\s{0,2}|\s{1,2}at\s{1,2})"
_DOT = r"(?:\s{0,2}(?:\.|[(\[{<]\s?dot\s?[)\]}>])\s{0,2}|\s{1,2}dot\s{1,2})"
_MAILERS = re.compile(
    r"(?:g|hot|proton|ya)mail|googlemail|gmail|hotmail|outlook|yahoo|icloud|live|btinternet|aol|sky|msn|me|nhs|virginmedia|talktalk|ymail|mail",
    re.IGNORECASE,
)
_DATE = re.compile(r"[0-3]?\d[./ -](?:0?\d|1[0-2])[./ -](?:19|20)\d\d\b")
_SECTION = re.compile(r"s\d\d(?:LA|la|ZA|ZB|[A-Z]{2})")
"""Section numbers such as "s16LA", which a Sheffield postcode can look like."""
_NUMBER_WORD = r"(?:zero|oh|o|nought|naught|one|two|three|four|five|six|seven|eight|nine|double|triple)"


def _pattern(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.IGNORECASE)


EMAIL_PATTERNS = (
    Pattern(EMAIL, _pattern(r"(?<![\w.%+-])(?P<it>[\w.%+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})")),
    Pattern(
        EMAIL,
        _pattern(
            rf"(?<![\w.+-])(?P<it>(?P<who>[\w+-]{{1,40}}(?:{_DOT}[\w+-]{{1,40}}|\.[\w+-]{{1,40}}){{0,3}})(?P<at>{_AT})"
            rf"(?P<host>[\w-]{{2,63}})(?:{_DOT}[\w-]{{2,63}}){{0,3}}?{_DOT}{_TOP}\b(?:{_DOT}{_TOP}\b){{0,2}})"
        ),
        lambda m: _is_spoken_email(m),
    ),
)


def phone_patterns(helplines: Collection[str]) -> tuple[Pattern, ...]:
    """British numbers however they are spaced, foreign ones with their "+", and short ones named as a phone's."""

    def accepts(match: re.Match[str]) -> bool:
        number = digits(match["it"].replace("(0)", ""))
        return number not in helplines and not _DATE.match(match["it"])

    return (
        Pattern(
            PHONE,
            _pattern(
                r"(?<![\w+])(?P<it>(?:\(?(?:\+|00) ?44\)?[ .-]{0,2}(?:\(0\)|0)?[ .-]{0,2}[1-35789]|\(?0[ .()-]{0,2}[1-35789])"
                r"(?:[ .()/-]{0,3}\d){8,9})(?!\d)"
            ),
            accepts,
            needs=9,
        ),
        Pattern(PHONE, _pattern(r"(?<![\w+])(?P<it>\+[1-9](?:[ .()-]{0,2}\d){7,13})(?!\d)"), accepts, needs=8),
        Pattern(
            PHONE,
            _pattern(r"(?<!\w)(?P<it>[0o] ?7(?:[ .-]?[\do]){9})(?!\w)"),
            lambda m: len(digits(m["it"])) > 5,
            needs=6,
        ),
        Pattern(
            PHONE,
            _pattern(
                r"\b(?:phone|tel|telephone|mob|mobile|landline|cell|whatsapp|ring (?:her|him|them|me|us)|call (?:her|him|them|me|us))\b"
                r"(?:\W{0,3}\b(?:numbers?|no|num|is|was|on|at|her|his|their|for|the|s)\b\.?){0,4}\W{0,4}(?P<it>\+?\d(?:[ .-]?\d){5,11})(?![\d/])"
            ),
            lambda m: accepts(m) and not re.match(r"(?:19|20)\d\d$", m["it"]),
            needs=6,
        ),
    )


SPOKEN_PHONE_PATTERN = Pattern(
    PHONE, _pattern(rf"\b(?P<it>(?:oh|o|zero|nought|double)(?:[ ,-]{{1,3}}{_NUMBER_WORD}){{7,12}})\b")
)

POSTCODE_PATTERN = Pattern(
    POSTCODE,
    _pattern(
        r"(?<!\w)(?P<it>(?P<area>[A-Z]{1,2})(?:\d{1,2}|\d[A-Z])(?P<gap>[ .-]{0,3})(?P<unit>[0-9O][ABD-HJLNP-UW-Z]{2}))(?!\w)"
    ),
    lambda m: _is_postcode(m),
    needs=2,
)


def _is_spoken_email(match: re.Match[str]) -> bool:
    """With a bare "at" it wants a spoken dot or a mail service: "look at bbc.co.uk" is no address."""
    if match["at"].strip().lower() != "at":
        return True
    return bool(re.search(r"\bdot\b", match["it"], re.IGNORECASE) or _MAILERS.fullmatch(match["host"]))


def _is_postcode(match: re.Match[str]) -> bool:
    """A real area; in small letters no "e1 1st", and no letter O for the digit."""
    unit = match["unit"]
    if match["area"].upper() not in _AREAS or _SECTION.fullmatch(match["it"]):
        return False
    return unit.isupper() or (unit[0].isdigit() and not (match["gap"] and unit.lower() in ("1st", "2nd", "3rd", "4th")))


# A street address: a number, up to four words, and a word for a street.
_STRONG = (
    "street|str|road|rd|avenue|ave|lane|ln|crescent|cres|terrace|terr|gardens|gdns|grove|mews|close|drive|parade|villas"
)
_WEAK = (
    "st|cl|dr|ct|court|place|pl|way|square|sq|hill|row|walk|park|green|rise|view|wharf|quay|mount|end|yard|path|fold|croft|vale|"
    "heights|broadway|embankment|circus|gate|common|buildings|meadow|meadows|field|fields|bank|wynd|brae|loan|causeway|drove|"
    "chase|dene|dale|garth|glade|glebe|copse|ridge|approach|esplanade|promenade|orchard|nook|wood|woods|crest|corner|cottages"
)
_FLAT = r"(?:\d/\d,? |(?:flat|apartment|apt|unit|room|maisonette|studio|bedsit|plot)\.? ?(?:no\.? ?)?\w{1,4}(?: ?, ?| (?=\d)))?"
_HOUSE_NUMBER = r"(?:(?:flat|apartment|apt|unit|block|plot)\.? ?)?(?<![\w£.:/-])\d{1,4}(?: ?[a-h](?![\w']))?(?: ?[-/] ?\d{1,4}[a-h]?(?!\w))?"
_NAMED_HOUSE = r"(?:House|Court|Lodge|Towers?|Point|Heights|Mansions?|Buildings?|Place|Hall|Apartments|Gardens|Close)"
_CAPITAL = r"(?:[A-Z][\w'.-]{0,24} ){1,3}"
_STREET = rf"(?:{_STRONG}|{_WEAK})"
_LIVES = re.compile(
    r"(?:\b(?:address|live|lives|lived|living|resides?|house|home|flat|door|property|moved to|move to|moving to|round to|visit(?:ed)?|"
    r"staying|stays|stay|sent to|posted to|deliver(?:ed)? to|called to|attended|at|from)\b)[^.;!?]{0,24}$",
    re.IGNORECASE,
)
_STREET_WORDS = frozenset("the old new first second third fourth back over under".split())
"""Small words that streets are named with."""
_NO_COURT = frozenset(
    "crown county family high magistrates magistrates' youth supreme tennis coroners sheriff juvenile".split()
)
_NOT_BEFORE = re.compile(
    r"\b(?:section|sections|s|article|art|schedule|sch|chapter|paragraph|para|part|act|regulation|year|yr|key stage|ks|level|page|under|over|"
    r"aged|age|ward|class|form|step|stage|tier|principle|question|about|a|an)\.? ?$",
    re.IGNORECASE,
)


def address_patterns(is_stop: Callable[[str], bool], is_word: Callable[[str], bool]) -> tuple[Pattern, ...]:
    """Street addresses. ``is_stop`` are words in no street's name, ``is_word`` ordinary words, as in "2 weeks off"."""

    def is_street(match: re.Match[str]) -> bool:
        words = match["words"].split()
        lower = [word.lower().strip(".,") for word in words]
        if any(is_stop(word) for word in lower if word not in _STREET_WORDS) or _NOT_BEFORE.search(
            match.string, max(0, match.start() - 16), match.start()
        ):
            return False
        if match["kind"].lower() in ("court", "ct") and lower[-1] in _NO_COURT:
            return False
        if all(word[0].isupper() or word[0].isdigit() for word in words):
            return match["kind"][0].isupper() or match["strong"] is not None
        if _LIVES.search(match.string, max(0, match.start() - 40), match.start()) or match["flat"]:
            return True
        return (
            match["strong"] is not None
            and not all(map(is_word, lower))
            or (match["strong"] or "").lower() in _PLAIN_STREETS
        )

    return (
        Pattern(
            ADDRESS,
            _pattern(
                rf"(?<!\w)(?=\d|flat|ap|unit|room|mais|stud|bed|plot|block)(?P<it>(?P<flat>{_FLAT}){_HOUSE_NUMBER},? (?P<words>(?:[^\W\d][\w'.-]{{0,24}} ){{1,4}}?)(?P<kind>(?P<strong>{_STRONG})|{_WEAK}))(?![\w'])"
            ),
            is_street,
            needs=1,
        ),
        Pattern(
            ADDRESS,
            re.compile(rf"(?P<it>(?i:flat|apartment|apt|unit|room|block)\.? ?\w{{1,4}},? {_CAPITAL}{_NAMED_HOUSE})\b"),
            needs=1,
        ),
        Pattern(
            ADDRESS,
            re.compile(
                rf"\b(?P<it>{_CAPITAL}(?:Cottages?|Farm|House|Lodge|Barn|Bungalow|Villa|Grange|Manor), ?{_CAPITAL}(?i:{_STREET}))(?![\w'])"
            ),
        ),
        Pattern(
            ADDRESS,
            re.compile(
                rf"\b(?i:lives?|lived|living|stays?|staying|moved|moving|resides?|address|home|house|flat|bungalow)(?: is| are)?(?: just| still| now)? "
                rf"(?i:on|in|at|to|off|down|is|:) (?:the )?(?P<it>{_CAPITAL}(?i:{_STRONG}|St|Court|Place|Way|Square|Hill|Row|Walk|Rise|View))(?![\w'])"
            ),
            lambda m: m["it"].split()[-2].lower() not in _NO_COURT,
        ),
    )


_PLAIN_STREETS = frozenset(
    "street str road rd avenue ave lane ln crescent cres terrace gardens gdns grove close drive mews".split()
)
