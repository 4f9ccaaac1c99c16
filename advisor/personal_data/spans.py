"""Personal data found in a text: where, and of what kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from advisor.personal_data.tokens import MASK, NAME_MASK

NAME = "NAME"
NHS_NUMBER = "NHS NUMBER"
NATIONAL_INSURANCE_NUMBER = "NATIONAL INSURANCE NUMBER"
UPN = "UPN"
PHONE = "PHONE"
EMAIL = "EMAIL"
POSTCODE = "POSTCODE"
ADDRESS = "ADDRESS"
DATE_OF_BIRTH = "DATE OF BIRTH"
VEHICLE_REGISTRATION = "VEHICLE REGISTRATION"
BANK_ACCOUNT = "BANK ACCOUNT"
CARD_NUMBER = "CARD NUMBER"
LABELS = (
    NAME, NHS_NUMBER, NATIONAL_INSURANCE_NUMBER, UPN, PHONE, EMAIL, POSTCODE, ADDRESS, DATE_OF_BIRTH,
    VEHICLE_REGISTRATION, BANK_ACCOUNT, CARD_NUMBER,
)  # fmt: skip

_IN_TEXT = re.compile(r"\[(?:NAME (?P<number>\d{1,6})|" + "|".join(LABELS[1:]) + r")\]")


class Span(NamedTuple):
    """One piece of personal data, at its place in the cleaned text."""

    start: int
    end: int
    label: str


class Pattern(NamedTuple):
    """How one kind of personal data is written: the group ``it`` is the data, the rest shows what it is."""

    label: str
    regex: re.Pattern[str]
    accepts: Callable[[re.Match[str]], bool] = bool
    needs: int = 0
    """Digits a text must hold before it is worth looking."""
    hints: tuple[str, ...] = ()
    """Pieces in small letters of which the text must hold one; none asks for none."""

    def fits(self, lower: str, *, held: int) -> bool:
        """Whether it is worth looking in a text, given in small letters, with so many digits."""
        return held >= self.needs and (not self.hints or any(hint in lower for hint in self.hints))

    def find(self, text: str) -> list[Span]:
        return [Span(*match.span("it"), self.label) for match in self.regex.finditer(text) if self.accepts(match)]


def hide(text: str, spans: list[Span]) -> str:
    """The text with what was found covered, so that nothing is found twice; its length stays."""
    pieces, at = [], 0
    for span in sorted(spans):
        mask = NAME_MASK if span.label == NAME else MASK
        pieces += [text[at : span.start], mask * (span.end - span.start)]
        at = span.end
    return "".join([*pieces, text[at:]])


def labels_in(text: str) -> list[Span]:
    """Labels that stand in the text already; they are left as they are."""
    if "[" not in text:
        return []
    return [Span(*m.span(), NAME if m["number"] else LABELS[1]) for m in _IN_TEXT.finditer(text)]


def highest_number(text: str) -> int:
    """The highest n of a "[NAME n]" in the text, or 0."""
    return max((int(m["number"]) for m in _IN_TEXT.finditer(text) if m["number"]), default=0)


def digits(written: str) -> str:
    return "".join(c for c in written if c.isdigit())
