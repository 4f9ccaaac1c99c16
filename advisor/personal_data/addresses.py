"""Street addresses: a number and a street, a flat in a named house, a named house in a street."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from advisor.personal_data.spans import ADDRESS, Pattern, Span

_FLAT = (
    r"(?:\d/\d,? |(?:flat|apartment|apt|unit|room|maisonette|studio|bedsit|plot)\.? ?(?:no\.? ?)?"
    r"\w{1,4}(?: ?, ?| (?=\d)))?"
)
_HOUSE_NUMBER = (
    r"(?:(?:flat|apartment|apt|unit|block|plot)\.? ?)?(?<![\w£.:/-])\d{1,4}"
    r"(?: ?[a-h](?![\w']))?(?: ?[-/] ?\d{1,4}[a-h]?(?!\w))?"
)
_HOUSES = r"(?:House|Court|Lodge|Towers?|Point|Heights|Mansions?|Buildings?|Place|Hall|Apartments|Gardens|Close)"
_NAMED_HOUSES = r"(?:Cottages?|Farm|House|Lodge|Barn|Bungalow|Villa|Grange|Manor)"
_CAPITALS = r"(?:[A-Z][\w'.-]{0,24} ){1,3}"
_LESSER = r"St|Court|Place|Way|Square|Hill|Row|Walk|Rise|View"
"""What may end the name of a street without a number."""
_LIVES = r"lives?|lived|living|stays?|staying|moved|moving|resides?|address|home|house|flat|bungalow"
_FLATS = ("flat", "apartment", "apt", "unit", "room", "block")
_HOUSE_HINTS = ("cottage", "farm", "house", "lodge", "barn", "bungalow", "villa", "grange", "manor")
_LIVES_HINTS = ("liv", "stay", "mov", "reside", "address", "home", "house", "flat", "bungalow")
_WELSH_STREET = r"(?:Heol|Ffordd|Stryd|L[oô]n|Rhodfa)"
_WELSH_LESSER = r"(?:Maes|Clos|Cwrt|Teras|Rhes|Parc|Rhiw)"
"""Words for a street stand before its name in Wales; the lesser ones also begin the names of schools."""
_WELSH_NAME = r"(?: (?:y|yr|ac|a|o|[A-ZŴŶ][\w'’-]{1,24})){1,4}"
_WELSH_HINTS = tuple("heol ffordd stryd lon lôn rhodfa maes clos cwrt teras rhes parc rhiw".split())
_BEFORE = 40
"""Characters before a number in which a word such as "lives" counts."""
_AT_HOME = re.compile(
    r"\b(?:address|live|lives|lived|living|resides?|house|home|flat|door|property|moved to|move to|moving to|round to|"
    r"visit(?:ed)?|staying|stays|stay|sent to|posted to|deliver(?:ed)? to|called to|attended|at|from)\b[^.;!?]{0,24}$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:section|sections|s|article|art|schedule|sch|chapter|paragraph|para|part|act|regulation|year|yr|key stage|ks|"
    r"level|page|under|over|aged|age|ward|class|form|step|stage|tier|principle|question|about|a|an)\.? ?$",
    re.IGNORECASE,
)
"""Before a number that counts something else."""
_COUNTED_BEFORE = 16


def address_patterns(cues: Mapping[str, Collection[str]], is_word: Callable[[str], bool]) -> tuple[Pattern, ...]:
    """Street addresses. ``is_word`` tells ordinary words and abbreviations, as in "2 weeks off the road"."""
    street, lesser = "|".join(cues["street"]), "|".join(cues["lesser street"])
    numbered = (
        rf"(?<!\w)(?=\d|flat|ap|unit|room|mais|stud|bed|plot|block)(?P<it>(?P<flat>{_FLAT}){_HOUSE_NUMBER},? "
        rf"(?P<words>(?:[^\W\d][\w'.-]{{0,24}} ){{1,4}}?)(?P<kind>(?P<strong>{street})|{lesser}))(?![\w'])"
    )
    flat = rf"\b(?P<it>(?i:{'|'.join(_FLATS)})\.? ?\w{{1,4}},? {_CAPITALS}{_HOUSES})\b"
    house = rf"\b(?P<it>{_CAPITALS}{_NAMED_HOUSES}, ?{_CAPITALS}(?i:{street}|St))(?![\w'])"
    lives_on = (
        rf"\b(?i:{_LIVES})(?: is| are)?(?: just| still| now)? (?i:on|in|at|to|off|down|is|:) (?:the )?"
        rf"(?P<it>{_CAPITALS}(?i:{street}|{_LESSER}))(?![\w'])"
    )
    in_house = rf"[A-ZŴŶ][\w'’-]{{1,24}}(?: [A-ZŴŶ][\w'’-]{{1,24}}){{0,2}}, ?{_WELSH_STREET}"
    at_number = rf"\d{{1,4}}[a-h]?,? (?:{_WELSH_STREET}|{_WELSH_LESSER})"
    welsh = rf"(?<!\w)(?P<it>(?:{in_house}|{at_number}){_WELSH_NAME})(?![\w'])"
    return (
        Pattern(ADDRESS, re.compile(numbered, re.IGNORECASE), _Street(cues, is_word), needs=1),
        Pattern(ADDRESS, re.compile(flat), needs=1, hints=_FLATS),
        Pattern(ADDRESS, re.compile(house), hints=_HOUSE_HINTS),
        Pattern(ADDRESS, re.compile(welsh), hints=_WELSH_HINTS),
        Pattern(
            ADDRESS,
            re.compile(lives_on),
            lambda match: match["it"].split()[-2].lower() not in cues["no street court"],
            hints=_LIVES_HINTS,
        ),
    )


class _Street:
    """Whether a number and the words after it are an address."""

    def __init__(self, cues: Mapping[str, Collection[str]], is_word: Callable[[str], bool]) -> None:
        self._cues = cues
        self._is_word = is_word

    def __call__(self, match: re.Match[str]) -> bool:
        words = match["words"].split()
        names = [word.lower().strip(".,") for word in words]
        if any(map(self._is_stop, names)) or self._is_counted(match) or self._is_court(match["kind"], names[-1]):
            return False
        if all(word[0].isupper() for word in words):
            return match["strong"] is not None or match["kind"][0].isupper()
        return self._is_lower_street(match, names)

    def _is_lower_street(self, match: re.Match[str], names: list[str]) -> bool:
        """Without capitals: after "lives at", after a flat, or where the word for a street leaves no doubt."""
        start = match.start()
        if match["flat"] or _AT_HOME.search(match.string, max(0, start - _BEFORE), start):
            return True
        if match["strong"] is None:
            return False
        return match["strong"].lower() in self._cues["plain street"] or not all(map(self._is_word, names))

    def _is_stop(self, word: str) -> bool:
        stops = word in self._cues["never"] or word in self._cues["no street"]
        return stops and word not in self._cues["street word"]

    def _is_counted(self, match: re.Match[str]) -> bool:
        start = match.start()
        return bool(_COUNTED.search(match.string, max(0, start - _COUNTED_BEFORE), start))

    def _is_court(self, kind: str, name: str) -> bool:
        return kind.lower() in ("court", "ct") and name in self._cues["no street court"]


def join_addresses(spans: list[Span], text: str) -> list[Span]:
    """The parts of one address made one: "Flat 2, Oak House" and "9 High St" side by side."""
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last and last.label == span.label == ADDRESS and text[last.end : span.start].strip(" ,") == "":
            joined[-1] = Span(last.start, span.end, ADDRESS)
        else:
            joined.append(span)
    return joined
