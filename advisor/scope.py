"""Decides whether a question is one to answer, and if not, how it ends. Thresholds are data with their date."""

from __future__ import annotations

import math
import re
from functools import cached_property

from advisor.models import Situation
from advisor.outcomes import Outcome
from advisor.wording import ScopeWords
from knowledge.lexical import words as meaning_words
from knowledge.models import FrozenModel
from knowledge.retrieval import Signals


class Calibration(FrozenModel):
    """A logistic model of "this is a question about sharing that the knowledge base can answer".

    Fitted on the development part of evals/suites/answerability.yaml; see evals/README.md for date and command.
    """

    bias: float = -4.6
    dense_top: float = 5.0
    question_top: float = 6.0
    covered: float = 0.8
    facets: float = 0.55
    """For each facet read from the words, at most four."""
    sharing: float = 1.6
    """When a word of sharing was said."""
    threshold: float = 0.5

    def probability(self, signals: Signals, *, facets: int, sharing: bool) -> float:
        """How likely the question is one to answer, between 0 and 1."""
        total = (
            self.bias
            + self.dense_top * (signals.dense_top - 0.35)
            + self.question_top * (signals.question_top - 0.35)
            + self.covered * signals.covered
            + self.facets * min(facets, 4)
            + self.sharing * sharing
        )
        return 1 / (1 + math.exp(-total))


class Scope:
    """Tells questions to answer from those that end otherwise."""

    def __init__(self, words: ScopeWords, *, calibration: Calibration | None = None) -> None:
        self._words, self._calibration = words, calibration or Calibration()

    def before_search(self, text: str) -> Outcome | None:
        """An outcome that needs no search: nothing asked, another language, a drafting or instruction request."""
        if not text.strip():
            return Outcome.EMPTY
        if is_other_language(text):
            return Outcome.OTHER_LANGUAGE
        if self._instructions.search(text):
            return Outcome.INSTRUCTION_ATTEMPT
        if self._drafting.search(text):
            return Outcome.DRAFTING_REQUEST
        if self._countries.search(text):
            return Outcome.OTHER_COUNTRY
        return None

    def after_search(self, text: str, situation: Situation, signals: Signals) -> Outcome | None:
        """An outcome decided by how well the knowledge base covers the question."""
        read = sum(
            1 for facet in type(situation).model_fields
            if facet != "nation" and situation.reading(facet).from_ in ("words", "option")
        )
        sharing = bool(self._sharing.search(text))
        if len(meaning_words(text)) <= 3 and sharing and read <= 1:
            return Outcome.TOO_VAGUE
        if self._calibration.probability(signals, facets=read, sharing=sharing) < self._calibration.threshold:
            return Outcome.NOT_ABOUT_SHARING
        return None

    @cached_property
    def _instructions(self) -> re.Pattern[str]:
        return _either(self._words.instructions)

    @cached_property
    def _drafting(self) -> re.Pattern[str]:
        return _either(self._words.drafting)

    @cached_property
    def _countries(self) -> re.Pattern[str]:
        return _either(self._words.countries)

    @cached_property
    def _sharing(self) -> re.Pattern[str]:
        return _either(self._words.sharing)


def _either(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE | re.DOTALL)


_ENGLISH = frozenset(
    """the a an to of and in is it i we my our can should do does for with about on they he she her his them that this
    have has be if not no who what when where how tell share ask asked told give police school mum dad""".split()
)


def is_other_language(text: str) -> bool:
    """Whether a text is mostly in another script, or long and nearly without common English words."""
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c > "\u024f" for c in letters) > len(letters) / 3:
        return True
    said = re.findall(r"[^\W\d_]+", text.lower())
    return len(said) >= 5 and sum(word in _ENGLISH for word in said) / len(said) < 0.08
