"""Words of a text as tokens: where each stands, what it looks like, and how it joins the one before."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import NamedTuple

NAME_MASK = "\ue000"
"""Stands for each character of a name that is found already, or of a "[NAME 1]" in the text."""
MASK = "\ue001"
"""Stands for each character of any other personal data that is found already."""

_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)
_ALIKE = str.maketrans(
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
    "\u2018\u2019\u02bc\u00b4`\u201c\u201d\u2010\u2011\u2012\u2013\u2014\u2212\uff20\uff0e\uff0b" + NAME_MASK + MASK,
    " " * 14 + "'''''" + '""' + "------" + "@.+" + "  ",
)
_WORD = re.compile(r"(?<!\w)(?:[^\W\d_](?:\.[^\W\d_])+(?!\w)\.?|[^\W\d_]+(?:['-][^\W\d_]+)*)(?!\w)|" + NAME_MASK + "+")
_TAIL = re.compile(r"'(?:s|ll|d|ve|re|m)$", re.IGNORECASE)
_NAME_CAPITALS = re.compile(
    r"(?:Mc|Mac|Fitz|De|Di|Da|Du|La|Le|Sha|Ja|Ty|Van|Ap|Jo|Mary|Mo)[A-Z][^\W\d_A-Z]+(?:-|$)|[A-Z]\w+[-'][A-Z]|[A-Z]'[A-Z]\w*[^\W\d_A-Z]"
)
"""McDonald, DeShawn, Smith-Jones, O'Brien; all else with a capital inside is an abbreviation such as DfE."""
_STOP = re.compile(r"[.!?:;\n\r\t\u2022\"*|>]")
_ABBREVIATED = frozenset(
    "mr mrs ms mx dr prof rev revd sgt cllr insp supt fr st no vs v eg ie etc hon capt lt mt".split()
)


class Shape(Enum):
    LOWER = "lower"
    TITLE = "Title"
    UPPER = "UPPER"
    NAME = "a name found already"


class Token(NamedTuple):
    """One word of the text, without the "'s" that follows it."""

    start: int
    end: int
    text: str
    key: str
    """Lower case, no accents, no stops: what the word lists hold."""
    shape: Shape
    opens: bool
    """True for the first word of a sentence, a line or a quotation."""
    joined: bool
    """True where nothing but a space or the stop of an initial parts it from the token before."""
    owns: bool
    """True where "'s", or an apostrophe after an s, follows."""


def clean(text: str) -> str:
    """The text in composed characters, without those that nobody sees."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    return composed if composed.isascii() else composed.translate(_INVISIBLE)


def fold(text: str) -> str:
    """The cleaned text with digits, dashes, quotes and spaces of every script made plain; as long as before."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text.translate(_ALIKE))


def plain(word: str) -> str:
    """Lower case, without accents and stops."""
    lower = word.lower()
    if lower.isascii():
        return lower.replace(".", "") if "." in lower else lower
    parts = unicodedata.normalize("NFD", lower.translate(_STROKES))
    return "".join(c for c in parts if c != "." and not unicodedata.combining(c))


_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "e"}
)


def tokenise(text: str) -> list[Token]:
    """Every word of a folded text; found names come back as one token each, other found data as none."""
    tokens: list[Token] = []
    before = 0
    for match in _WORD.finditer(text):
        token = _token(match, text, gap=text[before : match.start()], last=tokens[-1] if tokens else None)
        tokens.append(token)
        before = token.end
    return tokens


def _token(match: re.Match[str], text: str, *, gap: str, last: Token | None) -> Token:
    word, start = match[0], match.start()
    if word[0] == NAME_MASK:
        return Token(
            start, match.end(), word, "", Shape.NAME, False, gap in (" ", ""), text.startswith("'s", match.end())
        )
    tail = _TAIL.search(word) if "'" in word else None
    body = word[: tail.start()] if tail else word
    end = start + len(body)
    key = plain(body)
    owns = tail is not None and tail[0] in ("'s", "'S")
    if key.endswith("s") and not owns and text.startswith("' ", end):
        owns = True
    if gap == " " and last is not None and not last.owns:
        return Token(start, end, body, key, _shape(body), False, True, owns)
    return Token(start, end, body, key, _shape(body), _opens(gap, last), _joined(gap, last), owns)


def _shape(word: str) -> Shape:
    if word[0].islower():
        return Shape.LOWER
    if word.isupper() or (word[1:] != word[1:].lower() and not _NAME_CAPITALS.match(word)):
        return Shape.UPPER
    return Shape.TITLE


def _opens(gap: str, last: Token | None) -> bool:
    if last is None:
        return True
    if gap == " ":
        return False
    if last.owns:
        gap = gap.removeprefix("'s").removeprefix("'")
    if gap.startswith(".") and (len(last.key) == 1 or last.key in _ABBREVIATED) and "\n" not in gap:
        return False
    return bool(_STOP.search(gap)) or gap.strip(" ") in ("-", "- ", "(-")


def _joined(gap: str, last: Token | None) -> bool:
    if last is None or last.owns:
        return False
    return gap == " " or (gap in (". ", ".") and (len(last.key) == 1 or last.key in _ABBREVIATED))
