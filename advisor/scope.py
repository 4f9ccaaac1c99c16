"""Decides whether a question is one to answer, and if not, how it ends."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from advisor.heads import Head, added, softmax
from advisor.models import ReadFrom, Situation
from advisor.outcomes import Outcome
from advisor.wording import ScopeWords
from knowledge.lexical import words
from knowledge.models import FrozenModel
from knowledge.retrieval import Signals

_ASKING = frozenset(
    "share shared sharing disclose confidential information info data gdpr allowed someone anyone".split()
)
"""Words that ask without saying anything of the matter."""
_SHORT = 8
"""Words of a question that may say nothing of the matter, at most; a longer one tells something in small words."""
_FACTS = ("holder", "recipient", "subject", "information", "purpose", "consent")
_OUTCOMES = {
    "off_topic": Outcome.NOT_ABOUT_SHARING,
    "other_country": Outcome.OTHER_COUNTRY,
    "drafting_request": Outcome.DRAFTING_REQUEST,
    "instruction_attempt": Outcome.INSTRUCTION_ATTEMPT,
    "too_vague": Outcome.TOO_VAGUE,
}


class Thresholds(FrozenModel):
    """Set on the development part of the answerability suite on 2026-11-22; see evals/README.md."""

    sure: float = 0.65
    """Probability from which a question that is not about sharing ends so."""
    sure_abroad: float = 0.85
    """The same for another country's law, which schools and years of UK life can look like."""
    covered: float = 0.62
    """Cosine to an example question from which a question is answered whatever the classifier says."""
    least: float = 0.22
    """Cosine to the nearest passage or example question under which nothing bears on the question."""


class Scope:
    """Tells questions to answer from those that end otherwise."""

    def __init__(self, words: ScopeWords, *, head: Head, thresholds: Thresholds | None = None) -> None:
        self._words, self._head, self._thresholds = words, head, thresholds or Thresholds()

    def before_search(self, text: str) -> Outcome | None:
        """An outcome that needs no search: nothing asked, another language, a plain instruction attempt."""
        if not text.strip():
            return Outcome.EMPTY
        if self._instructions.search(text):
            return Outcome.INSTRUCTION_ATTEMPT
        return Outcome.OTHER_LANGUAGE if is_other_language(text) else None

    def after_search(self, text: str, vector: Any, situation: Situation, signals: Signals | None) -> Outcome | None:
        """An outcome decided by what the question is and how well the knowledge base covers it, if that is known."""
        limits = self._thresholds
        likely = softmax(added(self._head.from_words(text), self._head.from_vector(vector)))
        kind = max(likely, key=lambda name: likely[name])
        known = sum(
            situation.reading(facet).from_ is ReadFrom.WORDS for facet in ("recipient", "holder", "purpose", "consent")
        )
        if self._says_nothing(text, situation):
            return Outcome.TOO_VAGUE
        nearest = signals.question_top if signals else 0.0
        excused = nearest >= limits.covered or (known >= 2 and kind == "off_topic")
        sure = limits.sure_abroad if kind == "other_country" else limits.sure
        if kind in _OUTCOMES and likely[kind] >= sure and not (excused and kind in ("off_topic", "too_vague")):
            return _OUTCOMES[kind]
        is_uncovered = signals is not None and max(signals.dense_top, nearest) < limits.least
        return Outcome.NO_GUIDANCE if is_uncovered else None

    def _says_nothing(self, text: str, situation: Situation) -> bool:
        said = [word for word in words(text) if word not in _ASKING]
        is_read = any(situation.reading(facet).from_ is ReadFrom.WORDS for facet in _FACTS)
        return len(text.split()) <= _SHORT and (not said or (len(said) == 1 and not is_read))

    @cached_property
    def _instructions(self) -> re.Pattern[str]:
        patterns = "|".join(f"(?:{pattern})" for pattern in self._words.instructions)
        return re.compile(patterns, re.IGNORECASE | re.DOTALL)


_ENGLISH = frozenset(
    """the a an to of and is it i we my our can should do does for with about on they he she her his them that this
    have has be if not no who what when where how tell share ask asked asks told give police school mum dad at from are
    want wants been us you your by as but or so there their any all its whats which still every new near between
    keep keeps getting got get names nobody trust sends send families family home office week team council housing
    child children social worker services doctor hospital letter need needs each other two old next project agency
    agencies working why says said in was were me off up out everyone someone alone without sharing please
    record""".split()
)
_ELSEWHERE = frozenset(
    """ich dem den der das ist darf nicht und wir ihr eine einen que qué puedo puede los las del una por para con está
    es mi el lo je puis dois peux une des les mon est dans avec pour nous il di della che posso mia sono nie czy mogę
    mam jest mojej się să și nu pot este ce unui cu meu minha não você um uma mae mae'r yn ddim gallaf gaf rannu dweud
    wrth gyda gyda'r heb ysgol yr mi'n ben bir ve için bu miyim waa maxaa ma aan ku soo inaan kan ik mag het een van
    niet zijn""".split()
)
"""Small words of German, Spanish, French, Italian, Polish, Romanian, Portuguese, Welsh, Turkish, Somali and Dutch."""


def is_other_language(text: str) -> bool:
    """Whether a text is mostly in another script, in small words of another language, or nearly without English."""
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c > "\u024f" for c in letters) > len(letters) / 3:
        return True
    said = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower().replace("’", "'"))
    english = sum(word.removesuffix("'s") in _ENGLISH for word in said)
    elsewhere = sum(word in _ELSEWHERE for word in said)
    return (elsewhere >= 2 and elsewhere > english) or (len(said) >= 6 and english / len(said) < 0.1)
