"""Who is who within one text, so that the same person keeps the same number."""

from __future__ import annotations

from dataclasses import dataclass, field

from advisor.personal_data.lexicon import Lexicon


@dataclass
class _Person:
    number: int
    words: tuple[str, ...]
    titles: set[str] = field(default_factory=set)


class People:
    """Numbers for names, in order of appearance; two names share a number only where they are surely one person's."""

    def __init__(self, lexicon: Lexicon, *, after: int = 0) -> None:
        self._lexicon = lexicon
        self._people: list[_Person] = []
        self._after = after

    def number(self, words: tuple[str, ...], *, title: str | None = None) -> int:
        """The number of the person so named; ``title`` is the word before the name where it is one."""
        alike = [person for person in self._people if self._is_same(person, words, title)]
        exact = [person for person in alike if person.words == words]
        if len(exact) == 1 or len(alike) == 1:
            person = (exact if len(exact) == 1 else alike)[0]
        else:
            person = _Person(self._after + len(self._people) + 1, words)
            self._people.append(person)
        person.words = max(person.words, words, key=len)
        if title:
            person.titles.add(title)
        return person.number

    def _is_same(self, person: _Person, words: tuple[str, ...], title: str | None) -> bool:
        shorter, longer = sorted((person.words, words), key=len)
        if title and any(
            self._sex(title) != self._sex(other) for other in person.titles if self._sex(title) and self._sex(other)
        ):
            return False
        if shorter == longer:
            return True
        if len(shorter) > 1:
            return False
        surname_only = bool(title) if len(words) == 1 else bool(person.titles)
        if not surname_only:
            return shorter[0] in (longer[0], longer[-1])
        sex = (
            self._sex(title)
            if len(words) == 1 and title
            else next((self._sex(t) for t in person.titles if self._sex(t)), None)
        )
        return shorter[0] == longer[-1] and self._can_be(longer[0], sex)

    def _sex(self, title: str) -> str | None:
        if title in self._lexicon.cues["female title"]:
            return "female"
        return "male" if title in self._lexicon.cues["male title"] else None

    def _can_be(self, given: str, sex: str | None) -> bool:
        """Whether a title can go with a given name; one that tells no sex goes with any."""
        if sex is None:
            return True
        return given in (self._lexicon.female if sex == "female" else self._lexicon.male)
