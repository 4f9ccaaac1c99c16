"""A text as the name finder reads it: its words, what the lists say of each, and the words around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from advisor.personal_data.lexicon import FIELD, GIVEN, NAME, ORDINARY, PLACE, WORD, Lexicon
from advisor.personal_data.tokens import MASK, NAME_MASK, Shape, Token

_AGED = re.compile(
    r"(?:'s)?,? ?(?:\(\s?(?:aged? |age:? |now |just |only )?\d{1,2}\s?(?:\)|,|y|m|/|[-] ?year)|aged? \d|,? who is \d|"
    r"is \d{1,2}\b|, ?\d{1,2}\b(?! ?(?:st|nd|rd|th|:|/|[a-z]{3,9} \d{4}))|"
    r"-? ?\d{1,2} ?(?:yo|y/o|(?:yrs?|years?) old)\b)",
    re.IGNORECASE,
)
_BESIDE_CUE = re.compile(r"[ :'\"(,=-]{1,4}")
_GOES_ON = re.compile(r" [\w" + NAME_MASK + MASK + "]")
_SHOUTED = 0.6
"""Share of words in capitals from which capitals say nothing."""
_LONGEST_SYLLABLE = 3
"""Letters of a part such as "woo" in "Hyun-woo"; longer ones, as in "Kelly-based", are read as words."""
_PLURAL = re.compile(r"[^']{4,}s")


class Reader:
    """The words of one text; a number is always the position of a token."""

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self.tokens = _hush(tokens, lexicon)
        self._keys = [token.key for token in self.tokens]
        self.marks = [self._marks(token) for token in self.tokens]

    def __len__(self) -> int:
        return len(self.tokens)

    def key(self, at: int) -> str:
        return self._keys[at] if 0 <= at < len(self._keys) else ""

    def is_in(self, at: int, cue: str) -> bool:
        return 0 <= at < len(self._keys) and self._keys[at] in self.lexicon.cues[cue]

    def ends_with(self, at: int, cue: str) -> int:
        """How many words, up to and with this one, make a phrase of the cue: the longest, or 0."""
        phrases, words, found = self.lexicon.cues[cue], "", 0
        for size in range(1, self.lexicon.longest_cue[cue] + 1):
            token = at - size + 1
            if token < 0:
                break
            words = f"{self._written(token)} {words}".strip()
            if words in phrases:
                found = size
        return found

    def starts_with(self, at: int, cue: str) -> bool:
        """True where this word, or it and the next, are a phrase of the cue."""
        key = self.key(at)
        return bool(key) and (key in self.lexicon.cues[cue] or f"{key} {self.key(at + 1)}" in self.lexicon.cues[cue])

    def gap(self, at: int) -> str:
        """What stands between this token and the one before, "'s" and all."""
        start = self.tokens[at - 1].end if at > 0 else 0
        return self.text[start : self.tokens[at].start]

    def follows_cue(self, at: int) -> bool:
        """True where only a space, a colon, a quotation mark or a bracket parts it from the word before."""
        return at > 0 and bool(_BESIDE_CUE.fullmatch(self.gap(at)))

    def is_joined(self, at: int) -> bool:
        return 0 < at < len(self.tokens) and self.tokens[at].joined and not self.tokens[at - 1].owns

    def has_capital(self, at: int) -> bool:
        """True for a word with one capital."""
        return 0 <= at < len(self.tokens) and self.tokens[at].shape is Shape.TITLE

    def is_strict(self, at: int, kind: int = NAME) -> bool:
        """True for a name of the kind that is no other word; a name found already counts."""
        if not 0 <= at < len(self.tokens):
            return False
        return self.tokens[at].shape is Shape.NAME or bool(self.marks[at] & kind and not self.marks[at] & ORDINARY)

    def is_aged(self, at: int) -> bool:
        """True where an age follows: "(15)", ", 15,", "aged 15"."""
        return bool(_AGED.match(self.text, self.tokens[at].end))

    def ends_phrase(self, at: int) -> bool:
        """True where the text, a clause or the possessive ends the words that belong together."""
        return self.tokens[at].owns or not _GOES_ON.match(self.text, self.tokens[at].end)

    def is_before_number(self, at: int) -> bool:
        """True for "May 2026" and "May 3"."""
        end = self.tokens[at].end
        return self.text[end : end + 2].strip(" ")[:1].isdigit()

    def is_subject(self, at: int) -> bool:
        """True where the word opens a sentence, or follows "and", "that", "because"."""
        return self.tokens[at].opens or self.is_in(at - 1, "before a subject")

    def does(self, at: int, cue: str) -> bool:
        """True for "X said", "X has said"."""
        return self.is_in(at + 1, cue) or (self.key(at + 1) in ("has", "had", "just") and self.is_in(at + 2, cue))

    def is_refused(self, at: int) -> bool:
        """True for words that are no part of any name, whatever stands beside them."""
        return self.is_in(at, "never") or self.is_in(at, "never beside")

    def _written(self, at: int) -> str:
        token = self.tokens[at]
        return f"{token.key}'s" if token.owns else token.key

    def _marks(self, token: Token) -> int:
        if token.shape is Shape.NAME:
            return GIVEN
        if token.shape is not Shape.LOWER and token.key in self.lexicon.abbreviations:
            if token.shape is Shape.UPPER or not self.lexicon.marks(token.key) & GIVEN:
                return FIELD
        marks = self.lexicon.marks(token.key)
        return self._marks_of_compound(token, marks) if "-" in token.text and marks != WORD else marks

    def _marks_of_compound(self, token: Token, marks: int) -> int:
        """A word for "Kelly-based", a place for "Ashby-de-la-Zouch", a name for "anne-marie", whose parts all are."""
        parts = token.text.split("-")
        if any(part.lower() in self.lexicon.cues["inside a place"] for part in parts[1:-1]):
            return PLACE
        if not marks & NAME:
            return marks
        of_parts = [self.lexicon.marks(part.lower()) for part in parts]
        small = token.shape is Shape.LOWER or any(
            mark & ORDINARY and part[:1].islower() and len(part) > _LONGEST_SYLLABLE
            for mark, part in zip(of_parts, parts, strict=True)
        )
        return WORD if small and not all(mark & NAME for mark in of_parts) else marks


def _hush(tokens: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Where a text shouts, its capitals become small letters; "jaydens" becomes "jayden" that owns."""
    words = [token for token in tokens if len(token.key) > 1]
    upper = sum(token.shape is Shape.UPPER for token in words)
    if upper >= 4 and upper >= _SHOUTED * len(words):
        tokens = [t._replace(shape=Shape.LOWER) if t.shape is Shape.UPPER and len(t.key) > 1 else t for t in tokens]
    return [_singular(token, lexicon) if token.key.endswith("s") else token for token in tokens]


def _singular(token: Token, lexicon: Lexicon) -> Token:
    """The given name under an "s" that has lost its apostrophe."""
    if (
        token.owns
        or not _PLURAL.fullmatch(token.key)
        or lexicon.knows(token.key)
        or not lexicon.is_given(token.key[:-1])
    ):
        return token
    return token._replace(key=token.key[:-1], owns=True)
