"""Dates of birth: a date beside a word for one. Other dates stay."""

from __future__ import annotations

import re

from advisor.personal_data.spans import DATE_OF_BIRTH, Pattern
from advisor.personal_data.tokens import NAME_MASK

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = (
    r"(?:[0-3]?\d ?(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"\w{5,9}teenth|twentieth|twenty[ -]\w{5,7}|thirtieth|thirty[ -]first)"
)
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)(?!\d)"
_NUMERIC = r"(?:[0-3]?\d ?[/.-] ?[0-3]?\d ?[/.-] ?(?:19|20)?\d\d|(?:19|20)\d\d[/.-][01]?\d[/.-][0-3]?\d)(?!\d)"
_SPACED = r"[0-3]?\d [01]?\d (?:19|20)?\d\d(?!\d)"
_DAY_FIRST = rf"{_DAY}[ -]?(?:of |day of )?{_MONTH}(?:,?[ -]?(?:in )?{_YEAR})?"
_MONTH_FIRST = rf"{_MONTH} ?(?:the )?{_DAY}(?!\d)(?:,? {_YEAR})?"
_DATE = rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? ?(?:the )?)?(?:{_NUMERIC}|{_DAY_FIRST}|{_MONTH_FIRST})"
_MONTH_AND_YEAR = rf"{_MONTH},? (?:of )?(?:19|20)\d\d"
_BORN_AS = r"d\.? ?o\.? ?b\b\.?|date of birth|birth ?date"
_BIRTHDAY = r"birth ?days?|b'?day"
_IS = (
    r"(?:\W{0,3}\b(?:of (?:the|her|his|their|my|our) [a-z]{3,10}|on (?:the|his|her|their|our) [a-z]{3,12}|"
    r"is|was|of|as|the|it's|its|it|given|recorded|listed|being|shown|down|her|his|their|for|both|wrong|correct|says)\b)"
    r"{0,4}\W{0,4}"
)
_FALLS_ON = r"(?:\W{0,3}\b(?:s|is|was|on|it's|falls|fell|the|of|being|will be|next|this|coming up)\b){0,4}\W{0,3}"
_AFTER_BORN = (
    r"(?:\W{1,3}(?!(?:who|that|when|before|after|and|but|because|which|we|i|they|she|he)\b)[a-z'-]{1,14}){0,5}?\W{1,3}"
)
_WHOSE = r"(?:(?:is|was|as|=|for|as being) )?(?:(?:her|his|their|the|my|our client's|a) )?"

_BIRTH = ("birth", "born", "dob", "d.o", "d o", "do.b", "o.b", "b'day", "bday")

PATTERNS = tuple(
    Pattern(DATE_OF_BIRTH, re.compile(regex, re.IGNORECASE), hints=hints)
    for regex, hints in (
        (rf"\b(?:{_BORN_AS}){_IS}(?P<it>{_DATE}|{_SPACED}|{_MONTH_AND_YEAR}|(?:19|20)?\d{{6}}(?!\d))", _BIRTH),
        (rf"\b(?:{_BIRTHDAY}){_FALLS_ON}(?P<it>{_DATE}|{_MONTH_AND_YEAR})", ("day",)),
        (rf"\bborn\b{_AFTER_BORN}(?P<it>{_DATE}|{_SPACED}|{_MONTH_AND_YEAR})", ("born",)),
        (rf"(?<![\w/.-])\bb\. ?(?P<it>{_NUMERIC})", ("b.",)),
        (
            rf"(?<![\w/.-])(?=[\djfmasondtwe])(?P<it>{_DATE})\W{{0,3}}"
            rf"(?:{_WHOSE}(?:{_BORN_AS}|{_BIRTHDAY})|(?:is|was) when (?:she|he|they) (?:was|were) born)\b",
            _BIRTH,
        ),
    )
)
AFTER_NAME = Pattern(DATE_OF_BIRTH, re.compile(rf"{NAME_MASK}(?:'s)? ?[(\[] ?(?P<it>{_NUMERIC}) ?[,;)\]]"))
"""A whole date in brackets after a name, once the name is covered."""
