"""The word lists that come with the redactor, and what each says of a word."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from advisor.personal_data.tokens import plain, tokenise
from advisor.personal_data.words import EnglishWords

DATA = Path(__file__).parent / "data"

GIVEN, SURNAME, WORD, PLACE, FIELD, PERSON_FIRST = 1, 2, 4, 8, 16, 32
"""Marks of a word. A place with PERSON_FIRST is a person's name unless the words around it speak of a place."""
NAME = GIVEN | SURNAME
ORDINARY = WORD | PLACE | FIELD

_NO_WORDS = frozenset(("postcode area", "helpline"))
"""Cues that are not words of the language."""

Phrase = tuple[tuple[str, bool], ...]
"""Words in order, each with whether "'s" must follow it."""


class Lexicon:
    """Marks of single words, and the phrases that are nobody's name."""

    def __init__(self, *, known_words: Collection[str] = ()) -> None:
        given, surnames = _sections("given_names.txt"), _sections("surnames.txt")
        places, fields = _sections("places.txt"), _sections("not_names.txt")
        self.words = EnglishWords(_sections("english_words.txt")["word"])
        self.abbreviations = frozenset(fields.pop("abbreviations"))
        self.cues = {name: frozenset(map(plain, cues)) for name, cues in _sections("cues.txt").items()}
        self.longest_cue = {name: max(cue.count(" ") + 1 for cue in cues) for name, cues in self.cues.items()}
        self.female = frozenset(given["female"])
        self.male = frozenset(given["male"])
        self.phrases: dict[str, list[Phrase]] = {}
        self._marks: dict[str, int] = {}
        self._mark_names(given, surnames)
        for section, names in places.items():
            self._add(names, PLACE if section == "place" else PLACE | PERSON_FIRST)
        for names in fields.values():
            self._add(names, FIELD)
        self.public_signs = frozenset(self.phrases).union(
            ("law", "rule", "v", "vs"),
            *(self.cues[cue] for cue in ("operation", "organisation suffix", "lower suffix")),
        )
        """Words from which a law, a case, an organisation or a phrase of the lists can be told."""
        for cue in self.cues.keys() - _NO_WORDS:
            self._add_known(self.cues[cue])
        self._add_known(known_words)

    def marks(self, word: str) -> int:
        """What is known of a lower-case word without accents; 0 is a word never seen."""
        found = self._marks.get(word)
        if found is not None:
            return found
        if "-" in word or "'" in word:
            return self._marks_of_parts(word)
        base = self._marks.get(word[:-1], 0) if word.endswith("s") else 0
        if base & ORDINARY and not base & NAME:
            return base
        return WORD if word in self.words else 0

    def is_given(self, word: str) -> bool:
        """True for a given name that is nothing else."""
        marks = self._marks.get(word, 0)
        return bool(marks & GIVEN) and not marks & ORDINARY

    def knows(self, word: str) -> bool:
        return word in self._marks or word in self.words

    def _marks_of_parts(self, word: str) -> int:
        """Of "Smith-Jones" or "O'Brien": a name where a part is one, or where a part was never seen."""
        marks = [self.marks(part) for part in word.replace("'", "-").split("-") if len(part) > 1]
        if len(marks) > 1 and all(mark & GIVEN for mark in marks):
            return GIVEN
        if len(marks) > 1 and all(mark & SURNAME for mark in marks):
            return SURNAME
        names = 0
        for mark in marks:
            names |= mark & NAME
        if names and not all(mark & ORDINARY for mark in marks):
            return names
        return 0 if 0 in marks and not any(mark & WORD for mark in marks) else WORD

    def _mark_names(self, given: dict[str, list[str]], surnames: dict[str, list[str]]) -> None:
        for section, names in given.items():
            self._mark(names, WORD if section.startswith("also") else GIVEN)
        for section, names in surnames.items():
            self._mark(names, SURNAME | WORD if section.startswith("also") else SURNAME)

    def _mark(self, words: Iterable[str], mark: int) -> None:
        for word in words:
            self._marks[word] = self._marks.get(word, 0) | mark

    def _add(self, entries: Iterable[str], mark: int) -> None:
        """Single words are marked; phrases, and words that end in "'s", are kept as phrases."""
        for entry in entries:
            phrase = tuple((token.key, token.owns) for token in tokenise(entry))
            if len(phrase) == 1 and not phrase[0][1]:
                self._mark([phrase[0][0]], mark)
            elif phrase:
                self.phrases.setdefault(phrase[0][0], []).append(phrase)

    def _add_known(self, words: Collection[str]) -> None:
        """Words of the cues and of the caller are ordinary; one on a list of names stays a name (privacy first)."""
        for word in map(plain, words):
            if not self._marks.get(word, 0) & NAME:
                self._mark([word], WORD)


def _sections(name: str) -> dict[str, list[str]]:
    """A data file as its sections; commas part the entries where there are any, else white space."""
    found: dict[str, list[str]] = {}
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    for block in "\n".join(line for line in lines if not line.startswith("#")).split("\n[")[1:]:
        heading, _, body = block.partition("]\n")
        entries = body.replace("\n", " ")
        found[heading] = [e.strip() for e in entries.split(",") if e.strip()] if "," in entries else entries.split()
    return found
