"""Who is who within one text, so that the same person keeps the same number."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.personal_data.lexicon import Lexicon

_MOST = 30
"""People of one name in a text from which only the very same words are the same person; it bounds the work."""


@dataclass
class _Person:
    number: int
    words: tuple[str, ...]
    """The longest form of the name so far."""
    is_titled: bool = False
    sex: str | None = None
    """As a title told it."""


class People:
    """Numbers for names, in order of appearance; two names share a number only where they are surely one person's."""

    def __init__(self, lexicon: Lexicon, *, after: int = 0) -> None:
        self._lexicon = lexicon
        self._last = after
        self._by_word: dict[str, list[_Person]] = {}

    def number(self, words: tuple[str, ...], *, title: str | None = None) -> int:
        """The number of the person so named; ``title`` is the word before the name where it is one."""
        sex = self._sex(title) if title else None
        person = self._known(words, sex=sex, is_titled=title is not None) or self._new(words)
        if len(words) > len(person.words):
            person.words = words
            self._index(person)
        person.is_titled = person.is_titled or title is not None
        person.sex = person.sex or sex
        return person.number

    def _new(self, words: tuple[str, ...]) -> _Person:
        self._last += 1
        person = _Person(self._last, words)
        self._index(person)
        return person

    def _index(self, person: _Person) -> None:
        for word in {person.words[0], person.words[-1]}:
            people = self._by_word.setdefault(word, [])
            if person not in people[-1:] and len(people) <= _MOST:
                people.append(person)

    def _known(self, words: tuple[str, ...], *, sex: str | None, is_titled: bool) -> _Person | None:
        """The one person it can be; of several, the one who was named just so."""
        people = {p.number: p for word in (words[0], words[-1]) for p in self._by_word.get(word, ())}
        alike = [p for p in people.values() if self._is_same(p, words, sex=sex, is_titled=is_titled)]
        exact = [p for p in alike if p.words == words]
        for few in (exact, alike, [p for p in exact if not p.is_titled]):
            if len(few) == 1:
                return few[0]
        return None

    def _is_same(self, person: _Person, words: tuple[str, ...], *, sex: str | None, is_titled: bool) -> bool:
        if sex and person.sex and sex != person.sex:
            return False
        shorter, longer = sorted((person.words, words), key=len)
        if shorter == longer or len(shorter) > 1:
            return shorter == longer
        is_surname = is_titled if shorter == words else person.is_titled
        if not is_surname:
            return shorter[0] in (longer[0], longer[-1])
        return shorter[0] == longer[-1] and self._can_be(longer[0], sex if shorter == words else person.sex)

    def _sex(self, title: str) -> str | None:
        if title in self._lexicon.cues["female title"]:
            return "female"
        return "male" if title in self._lexicon.cues["male title"] else None

    def _can_be(self, given: str, sex: str | None) -> bool:
        """Whether a title can go with a given name; one that tells no sex goes with any."""
        if sex is None:
            return True
        return given in (self._lexicon.female if sex == "female" else self._lexicon.male)
