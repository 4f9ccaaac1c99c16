"""First look at a question: takes out smuggled characters and personal data, and hears immediate danger."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from advisor.heads import Head, Heads, softmax
from advisor.models import Urgency
from advisor.personal_data import Redaction, Redactor
from advisor.wording import UrgencyWords
from knowledge.models import FrozenModel
from knowledge.phrases import PhraseFinder, Word, read_words

LONGEST = 6000
"""Characters of a question; more is a pasted document, not a question."""
EMERGENCY_BY_WORDS = 0.35
EMERGENCY_BY_BOTH = 0.3
"""Probabilities from which danger is heard: by the words alone, by words and sentence vector together. Set on the
development parts of the suites on 2026-11-22, each question read by a classifier that had not seen it: danger heard in
60 of 64, false alarms in 56 of 447 (59 and 90 with words and vectors fitted apart). Recall comes before precision."""
_PROMPT = 0.5
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)


_SUICIDE = re.compile(
    r"suicid|kill (?:him|her|them|my)sel|end (?:his|her|their|my|it) |overdos|jump|hang(?:ing)? |self.?harm",
    re.IGNORECASE,
)
_LEAK = re.compile(
    r"(?:leaked|got out|found out|sent|gave|given|posted|knows?) .{0,60}\b(?:address|refuge|where (?:she|he|they))",
    re.IGNORECASE,
)


class Screening(FrozenModel):
    """A question made safe to keep, and what was noticed."""

    text: str
    """Without personal data, control or invisible characters."""
    redactions: tuple[Redaction, ...]
    urgency: Urgency
    dangers: tuple[str, ...] = ()
    """The words that say someone is in danger now, free of personal data."""

    @property
    def is_about_suicide(self) -> bool:
        return bool(_SUICIDE.search(self.text))

    @property
    def is_location_leak(self) -> bool:
        return bool(_LEAK.search(self.text))

    is_too_long: bool = False


class Screener:
    """Screens questions; build once."""

    def __init__(self, *, redactor: Redactor, words: UrgencyWords, heads: Heads) -> None:
        self._redactor = redactor
        self._urgency = UrgencyReader(words, by_words=heads.urgency, by_both=heads.danger)

    def screen(self, text: str) -> Screening:
        """The first look at a question."""
        clean = visible(text)
        urgency, dangers = self._urgency.read(clean[:LONGEST])
        redacted = self._redactor.redact(clean[:LONGEST])
        return Screening(
            text=redacted.text,
            redactions=redacted.redactions,
            urgency=urgency,
            dangers=dangers,
            is_too_long=len(clean) > LONGEST,
        )

    def with_meaning(self, screening: Screening, text: str, vector: Any) -> Screening:
        """The screening, raised to an emergency when the meaning says so; it is never lowered."""
        if screening.urgency is Urgency.EMERGENCY or not self._urgency.hears_danger(text, vector):
            return screening
        return screening.model_copy(update={"urgency": Urgency.EMERGENCY})


def visible(text: str) -> str:
    """A text without control characters, invisible ones or Unicode tags, and with white space folded by line."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    kept = "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in text)
    return "\n".join(" ".join(line.split()) for line in kept.splitlines()).strip()


class UrgencyReader:
    """Hears danger now, as opposed to danger past, denied, or talked about."""

    def __init__(self, words: UrgencyWords, *, by_words: Head, by_both: Head) -> None:
        self._by_words, self._by_both = by_words, by_both
        self._finders = {
            name: PhraseFinder((phrase, phrase) for phrase in getattr(words, name))
            for name in UrgencyWords.model_fields
        }

    def read(self, text: str) -> tuple[Urgency, tuple[str, ...]]:
        """The urgency of a text by its words, and the phrases that plainly say danger."""
        words = read_words(text)
        found = {name: finder.find(words) for name, finder in self._finders.items()}
        past = {words[match.first].sentence for match in found["past"]}
        dangers = [
            text[words[match.first].start : words[match.after - 1].end]
            for match in found["danger"]
            if words[match.first].sentence not in past and not self._is_denied(match.first, words)
        ]
        likely = softmax(self._by_words.from_words(text))
        if dangers or (likely["emergency"] >= EMERGENCY_BY_WORDS and not found["safe"]):
            return Urgency.EMERGENCY, tuple(dict.fromkeys(dangers))
        return (Urgency.PROMPT if found["prompt"] or likely["prompt"] >= _PROMPT else Urgency.ROUTINE), ()

    def hears_danger(self, text: str, vector: Any) -> bool:
        """Whether the meaning of a text says danger now; the words alone may not have."""
        if self._finders["safe"].find(read_words(text)):
            return False
        return softmax(self._by_both.from_both(text, vector))["emergency"] >= EMERGENCY_BY_BOTH

    def _is_denied(self, place: int, words: list[Word]) -> bool:
        before = words[max(0, place - 4) : place]
        return bool(self._finders["denied"].find(before))
