"""The lines of a document's history: what was done to it, when and by whom."""

from __future__ import annotations

import unicodedata
from datetime import date

from knowledge.errors import CurationRefused


def entry(act: str, *, by: str, on: date, detail: str = "") -> str:
    """One line: ``2026-11-22 reviewed by A. Lewis: next 2027-05-22``."""
    return f"{on} {act} by {by}" + (f": {detail}" if detail else "")


def one_line(text: str, *, what: str) -> str:
    """A name or reason with its white space folded and without control characters.

    Raises:
        CurationRefused: nothing is left of it; ``what`` says of what.
    """
    plain = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    folded = " ".join(plain.split())
    if not folded:
        raise CurationRefused(f"{what} is empty. Give it in words.")
    return folded


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are the same but for letter case, white space and how letters are encoded."""
    return _key(one) == _key(other)


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
