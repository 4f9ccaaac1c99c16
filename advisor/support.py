"""Whether a rewording says no more, and no less strongly, than the quote it rests on; the rules are in support.yaml."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

import yaml

from advisor.models import fold
from advisor.personal_data import Redactor
from advisor.personal_data.lexicon import ORDINARY, Lexicon
from knowledge.models import FrozenModel

RULES = Path(__file__).parent / "support.yaml"
Likeness = Callable[[str, str], float]
"""How near two texts are in meaning: a cosine."""

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|[a-z]{1,2}\b)?")
_LABELLED = re.compile(r"\b([a-z]+)\.?\s*(\d+[a-z]{0,2}(?:\(\w+\))*)")
_LINK = re.compile(
    r"://|\bwww\.|\S@\S|\b[\w-]+\.(?:com|org|net|uk|io|info|gov|co|eu|ai|app|dev|ru|cn|xyz)\b", re.IGNORECASE
)
_MARKUP = re.compile(r"[<>{}\[\]|`*_#\\~^=]")
_NOT = re.compile(r"n['\u2019]t\b")
_MAY_OF_YEAR = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)? may\b|\bmay (?=\d{4})")
_SENTENCE = re.compile(r"(?:^|[.!?:;]\s+)(\w+)")
_ENDINGS = ("ings", "ing", "'s", "ied", "ies", "ed", "es", "ly", "en", "e", "s", "y")
_SHORTEST_STEM = 3
_LEEWAY = 40
"""Characters by which a rewording of a short quote may be longer."""


class Unsupported(StrEnum):
    """What in a rewording its quote does not bear out."""

    LINK = "link"
    MARKUP = "markup"
    LENGTH = "length"
    NUMBER = "number"
    SECTION = "section"
    NAME = "name"
    NEGATION = "negation"
    MODALITY = "modality"
    OPPOSITE = "opposite"
    ADDRESS = "address"
    PERSONAL_DATA = "personal_data"
    WORDS = "words"
    OMISSION = "omission"
    MEANING = "meaning"


class Rules(FrozenModel):
    least_likeness: float
    longest: float
    negations: frozenset[str]
    classes: dict[str, tuple[str, ...]]
    limits: tuple[str, ...]
    opposites: tuple[frozenset[str], frozenset[str]]
    opposed_words: tuple[tuple[str, str], ...]
    bodies: frozenset[str]
    labels: dict[str, str]
    numbers: dict[str, str]
    address: frozenset[str]
    orders: frozenset[str]
    plain: frozenset[str]

    @cached_property
    def class_patterns(self) -> Mapping[str, re.Pattern[str]]:
        return {name: re.compile(rf"\b(?:{'|'.join(words)})\b") for name, words in self.classes.items()}


@cache
def load_rules() -> Rules:
    """The rules that come with the package."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Rules.model_validate(yaml.load(RULES.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - safe


def unsupported(text: str, quote: str, *, likeness: Likeness, rules: Rules | None = None) -> Unsupported | None:
    """The first thing in a rewording that its quote does not bear out, or None; word for word it always holds."""
    if fold(text) == fold(quote):
        return None
    rules = rules or load_rules()
    said, given = _Read(text, rules), _Read(quote, rules)
    for reason, is_broken in _CHECKS:
        if is_broken(said, given, rules):
            return reason
    return Unsupported.MEANING if likeness(fold(text), fold(quote)) < rules.least_likeness else None


class _Read:
    """A text taken apart."""

    def __init__(self, text: str, rules: Rules) -> None:
        self._rules = rules
        self.text = fold(unicodedata.normalize("NFKC", text)).replace("\u2019", "'")
        self.lower = _NOT.sub(" not", self.text.lower())
        self.words = _WORD.findall(self.lower)
        self.known = frozenset(self.words)

    @property
    def length(self) -> int:
        return len(self.text)

    def count(self, words: frozenset[str]) -> int:
        return sum(word in words for word in self.words)

    @cached_property
    def classes(self) -> Counter[str]:
        """How many words of each class of force there are."""
        found, text = self._rules.class_patterns.items(), _MAY_OF_YEAR.sub(" ", self.lower)
        return Counter({name: count for name, words in found if (count := len(words.findall(text)))})

    @cached_property
    def numbers(self) -> Counter[str]:
        told = (self._rules.numbers[word] for word in self.words if word in self._rules.numbers)
        return Counter([*_NUMBER.findall(self.lower), *told])

    @cached_property
    def sections(self) -> frozenset[tuple[str, str]]:
        labels = self._rules.labels
        return frozenset((labels[m[1]], m[2]) for m in _LABELLED.finditer(self.lower) if m[1] in labels)

    @cached_property
    def names(self) -> frozenset[str]:
        """Bodies, words with a capital inside a sentence, and strange ones at its head."""
        return frozenset((self.known & self._rules.bodies) | set(self._capitalised()))

    def _capitalised(self) -> Iterator[str]:
        heads = {match.start(1) for match in _SENTENCE.finditer(self.text)}
        for match in _WORD.finditer(self.text):
            word = match[0]
            if not any(letter.isupper() for letter in word):
                continue
            if match.start() not in heads or word[1:] != word[1:].lower() or not _is_ordinary(word.lower()):
                yield word.lower().removesuffix("'s")

    @cached_property
    def stems(self) -> Counter[str]:
        """The words that carry content, without their endings, and how often each is said."""
        return Counter(_stem(word) for word in self.words if word not in self._rules.plain)


def _stem(word: str) -> str:
    """A word without its ending: "joined" and "joining" are the same."""
    for ending in _ENDINGS:
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


@cache
def _is_ordinary(word: str) -> bool:
    return bool(_lexicon().marks(word) & ORDINARY)


@cache
def _lexicon() -> Lexicon:
    return Lexicon()


@cache
def _redactor() -> Redactor:
    return Redactor()


def _has_link(said: _Read, given: _Read, rules: Rules) -> bool:
    return bool(_LINK.search(said.text)) and not _LINK.search(given.text)


def _has_markup(said: _Read, given: _Read, rules: Rules) -> bool:
    strange = {letter for letter in said.text if unicodedata.category(letter) in ("So", "Co", "Cn", "Cf")}
    return not ({*_MARKUP.findall(said.text)} | strange) <= set(given.text)


def _is_too_long(said: _Read, given: _Read, rules: Rules) -> bool:
    return said.length > rules.longest * given.length + _LEEWAY or not said.words


def _has_number(said: _Read, given: _Read, rules: Rules) -> bool:
    return not said.numbers <= given.numbers


def _has_section(said: _Read, given: _Read, rules: Rules) -> bool:
    return not said.sections <= given.sections


def _has_name(said: _Read, given: _Read, rules: Rules) -> bool:
    return any(name not in given.known and not given.known & _forms(name) for name in said.names)


def _forms(word: str) -> frozenset[str]:
    """A word and its plural, singular and possessive."""
    single = word.removesuffix("'s").removesuffix("s")
    irregular = {"child": "children", "children": "child"}.get(word, word)
    return frozenset({word, single, f"{single}s", f"{single}'s", f"{single}s'", irregular})


def _turns_round(said: _Read, given: _Read, rules: Rules) -> bool:
    return said.count(rules.negations) != given.count(rules.negations)


def _is_other_force(said: _Read, given: _Read, rules: Rules) -> bool:
    """A class of words of force that only one of the two has, one more often than the quote, or a limit less often."""
    if said.classes.keys() != given.classes.keys() or not said.classes <= given.classes:
        return True
    return any(said.classes[limit] != given.classes[limit] for limit in rules.limits)


def _is_opposite(said: _Read, given: _Read, rules: Rules) -> bool:
    pairs = [(frozenset({one}), frozenset({other})) for one, other in rules.opposed_words]
    for one, other in (*pairs, rules.opposites):
        for mine, theirs in ((one, other), (other, one)):
            if said.known & mine and not given.known & mine and given.known & theirs:
                return True
    return False


def _speaks_to_reader(said: _Read, given: _Read, rules: Rules) -> bool:
    heads = {match[1] for match in _SENTENCE.finditer(said.lower)}
    spoken = (said.known & rules.address) | (heads & rules.orders)
    return not spoken <= given.known or ("?" in said.text and "?" not in given.text) or "!" in said.text


def _has_personal_data(said: _Read, given: _Read, rules: Rules) -> bool:
    found = Counter(span.label for span in _redactor().find(said.text))
    return bool(found) and not found <= Counter(span.label for span in _redactor().find(given.text))


def _has_other_words(said: _Read, given: _Read, rules: Rules) -> bool:
    return not said.stems <= given.stems


def _leaves_out(said: _Read, given: _Read, rules: Rules) -> bool:
    """A word of content, or a number, of the quote that is not said: "in Wales" left out widens a rule."""
    return said.stems != given.stems or said.numbers != given.numbers


_CHECKS: tuple[tuple[Unsupported, Callable[[_Read, _Read, Rules], bool]], ...] = (
    (Unsupported.LENGTH, _is_too_long),
    (Unsupported.LINK, _has_link),
    (Unsupported.MARKUP, _has_markup),
    (Unsupported.NUMBER, _has_number),
    (Unsupported.SECTION, _has_section),
    (Unsupported.NEGATION, _turns_round),
    (Unsupported.MODALITY, _is_other_force),
    (Unsupported.OPPOSITE, _is_opposite),
    (Unsupported.ADDRESS, _speaks_to_reader),
    (Unsupported.NAME, _has_name),
    (Unsupported.WORDS, _has_other_words),
    (Unsupported.OMISSION, _leaves_out),
    (Unsupported.PERSONAL_DATA, _has_personal_data),
)
"""Cheap ones first. None of them needs a model; the likeness, which does, comes last."""
