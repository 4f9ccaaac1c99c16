"""Finds phrases of the vocabulary in a text: whole words, any case, singular or plural, in one pass."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")
_ENDS = ".?!;\n"


class Word(NamedTuple):
    """A word of a text, folded so that case, apostrophes and plural do not matter."""

    folded: str
    start: int
    end: int
    sentence: int


class Match(NamedTuple):
    """A phrase found: what it stands for and the words (by number) it covers."""

    value: str
    first: int
    after: int


def read_words(text: str) -> list[Word]:
    """The words of a text in order, each with its place and the number of its sentence."""
    found: list[Word] = []
    sentence, last = 0, 0
    for match in _WORD.finditer(text):
        if any(end in text[last : match.start()] for end in _ENDS):
            sentence += 1
        last = match.end()
        found.append(Word(_fold(match[0]), match.start(), match.end(), sentence))
    return found


def _fold(word: str) -> str:
    folded = word.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") and not folded.endswith("ss") else folded


class PhraseFinder:
    """Phrases with what they stand for; built once, then linear in the text."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """``phrases`` are (phrase, value) pairs; of two that begin alike the longer wins."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for phrase, value in phrases:
            words = tuple(word.folded for word in read_words(phrase))
            if words:
                self._by_first[words[0]].append((words, value))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    def find(self, words: list[Word]) -> list[Match]:
        """Every longest phrase, left to right; phrases do not overlap or cross a sentence."""
        matches: list[Match] = []
        place = 0
        while place < len(words):
            match = self._at(words, place)
            if match:
                matches.append(match)
                place = match.after
            else:
                place += 1
        return matches

    def _at(self, words: list[Word], place: int) -> Match | None:
        for phrase, value in self._by_first.get(words[place].folded, ()):
            part = words[place : place + len(phrase)]
            if tuple(word.folded for word in part) == phrase and part[0].sentence == part[-1].sentence:
                return Match(value, place, place + len(phrase))
        return None
