"""Replaces the personal data in a text by labels, before the text is kept, logged or sent anywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from advisor.personal_data import dates, identifiers
from advisor.personal_data.addresses import address_patterns, join_addresses
from advisor.personal_data.contacts import EMAIL_PATTERNS, SPOKEN_PHONE_PATTERN, phone_patterns, postcode_pattern
from advisor.personal_data.lexicon import ORDINARY, Lexicon
from advisor.personal_data.names import find_names
from advisor.personal_data.people import People
from advisor.personal_data.reader import Reader
from advisor.personal_data.spans import NAME, Span, hide, highest_number, labels_in
from advisor.personal_data.tokens import clean, fold, tokenise
from advisor.personal_data.vehicles import vehicle_pattern
from knowledge.models import FrozenModel

_PASSES = 4
"""A label may show what the word beside it is; a text settles in two passes, and one made to resist stops here."""
_DIGIT = re.compile(r"\d")


class Redaction(FrozenModel):
    """How often one kind of personal data was replaced."""

    label: str
    count: int


class Redacted(FrozenModel):
    """A text in which labels stand for the personal data that was recognised."""

    text: str
    redactions: tuple[Redaction, ...] = ()
    """Sorted by label."""


class Redactor:
    """Finds personal data by pattern, check digit, word list and context; it uses no model and no network.

    It errs: an unusual name without a capital can stay, an unusual word with one can go. Build it once and keep it.
    ``known_words`` are ordinary words of the caller; one that is on the lists of names is still read as a name.
    """

    def __init__(self, *, known_words: Collection[str] = ()) -> None:
        self._lexicon = Lexicon(known_words=known_words)
        cues = self._lexicon.cues
        self._patterns = (
            *EMAIL_PATTERNS,
            *dates.PATTERNS,
            *identifiers.PATTERNS,
            *phone_patterns(cues["helpline"]),
            SPOKEN_PHONE_PATTERN,
            postcode_pattern(cues["postcode area"]),
            vehicle_pattern(cues["vehicle"], self._is_word),
            *address_patterns(cues, self._is_word),
        )
        """In the order in which they may claim a place."""

    def redact(self, text: str) -> Redacted:
        """The text with labels; to redact it again changes nothing."""
        text = clean(text)
        people = People(self._lexicon, after=highest_number(text))
        counts: Counter[str] = Counter()
        for _ in range(_PASSES):
            found = self._find(text)
            if not found:
                break
            counts.update(one.span.label for one in found)
            text = _replace(text, found, people)
        return Redacted(text=text, redactions=tuple(Redaction(label=k, count=n) for k, n in sorted(counts.items())))

    def find(self, text: str) -> tuple[Span, ...]:
        """Where personal data stands in the text as ``clean`` leaves it: one pass, in order."""
        return tuple(one.span for one in self._find(clean(text)))

    def _find(self, text: str) -> list[_Found]:
        folded = fold(text)
        labels = labels_in(folded)
        spans, covered = self._find_data(hide(folded, labels))
        names = self._find_names(covered)
        covered = hide(covered, [name.span for name in names])
        spans += dates.AFTER_NAME.find(covered)
        return sorted([*names, *(_Found(span) for span in join_addresses(spans, folded))])

    def _find_data(self, text: str) -> tuple[list[Span], str]:
        """All but names, and the text with it covered, so that each pattern looks at what those before it left."""
        spans: list[Span] = []
        lower, held = text.lower(), len(_DIGIT.findall(text))
        for pattern in self._patterns:
            found = pattern.find(text) if pattern.fits(lower, held=held) else []
            if found:
                spans += found
                text = hide(text, found)
        return spans, text

    def _find_names(self, text: str) -> list[_Found]:
        reader = Reader(text, tokenise(text), self._lexicon)
        found = []
        for first, last in find_names(reader):
            span = Span(reader.tokens[first].start, reader.tokens[last].end, NAME)
            words = tuple(reader.key(at) for at in range(first, last + 1))
            titled = reader.is_in(first - 1, "title") or reader.is_in(first - 1, "weak title")
            found.append(_Found(span, words, reader.key(first - 1) if titled else None))
        return found

    def _is_word(self, word: str) -> bool:
        """An ordinary word or an abbreviation: not the letters of a number plate, not the name of a street."""
        return word in self._lexicon.abbreviations or bool(self._lexicon.marks(word) & ORDINARY)


class _Found(NamedTuple):
    span: Span
    words: tuple[str, ...] = ()
    """Of a name: its words, as the word lists hold them."""
    title: str | None = None


def _replace(text: str, found: list[_Found], people: People) -> str:
    pieces, at = [], 0
    for span, words, title in found:
        label = f"{span.label} {people.number(words, title=title)}" if span.label == NAME else span.label
        pieces += [text[at : span.start], f"[{label}]"]
        at = span.end
    return "".join([*pieces, text[at:]])
