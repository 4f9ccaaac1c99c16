"""What every reader gives: headings and paragraphs in reading order, each with the place it stands at."""

from __future__ import annotations

import re
import unicodedata

from knowledge.models import FrozenModel

MOST_CHARACTERS = 5_000_000
"""Text of one source; a page of a policy holds about 3,000 characters."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")


class Block(FrozenModel):
    """A heading or a paragraph."""

    text: str
    level: int = 0
    """0 is a paragraph; 1 the highest heading."""
    place: str = ""
    """``p. 12`` or ``slide 3``; empty where the source has no pages."""


class Taken(FrozenModel):
    """All that was read of one source."""

    blocks: tuple[Block, ...]
    title: str = ""
    """As the source calls itself; empty when it does not say."""
    left_out: tuple[str, ...] = ()
    """What the source holds that was not taken, in words."""


def tidy(text: str) -> str:
    """One line without control, zero-width and tag characters, which could smuggle words past a reader's eye."""
    shown = _INVISIBLE.sub("", text)
    kept = "".join(char if unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn") else " " for char in shown)
    return _SPACE.sub(" ", kept).strip()
