"""Small linear classifiers over words and the sentence vector: danger now, and whether a question is about sharing.

Trained by ``python -m evals.training.heads`` on the made-up sentences beside that script; the weights are
``advisor/data/heads.json``. Over words alone they need neither model nor index, so danger is heard even when
the knowledge base is away.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.models import FrozenModel
from knowledge.phrases import read_words

WEIGHTS = Path(__file__).parent / "data" / "heads.json"


class Head(FrozenModel):
    """One linear classifier: a class is as likely as its weighted signs say."""

    classes: tuple[str, ...]
    word_bias: tuple[float, ...]
    words: dict[str, tuple[float, ...]]
    """Word or pair of words to its rarity and then a weight for each class."""
    vector_bias: tuple[float, ...]
    vector: tuple[tuple[float, ...], ...]
    """Shape (classes, dimension); empty where a classifier reads words alone."""

    def from_both(self, text: str, vector: Any) -> dict[str, float]:
        """Class to log-odds, from the words and the unit sentence vector added up."""
        return added(self.from_words(text), self.from_vector(vector))

    def from_words(self, text: str) -> dict[str, float]:
        """Class to log-odds, from the words alone."""
        held = [self.words[gram] for gram in set(grams(text)) if gram in self.words]
        length = math.sqrt(sum(rarity * rarity for rarity, *_ in held)) or 1.0
        totals = list(self.word_bias)
        for rarity, *weights in held:
            for place, weight in enumerate(weights):
                totals[place] += rarity / length * weight
        return dict(zip(self.classes, totals, strict=True))

    def from_vector(self, vector: Any) -> dict[str, float]:
        """Class to log-odds, from the unit sentence vector."""
        totals = [
            bias + sum(weight * value for weight, value in zip(row, vector.tolist(), strict=True))
            for bias, row in zip(self.vector_bias, self.vector, strict=True)
        ]
        return dict(zip(self.classes, totals, strict=True))


class Heads(FrozenModel):
    embedder: str
    """The embedder whose vectors the vector weights were fitted on."""
    urgency: Head
    """By the words alone: it hears danger when the knowledge base is away."""
    danger: Head
    """The same classes by words and vector, fitted together."""
    scope: Head


@cache
def load_heads() -> Heads:
    """The classifiers that come with the package."""
    return Heads.model_construct(**_parts(json.loads(WEIGHTS.read_text(encoding="utf-8"))))


def _parts(stored: Mapping[str, Any]) -> dict[str, Any]:
    heads = {name: Head.model_construct(**stored[name]) for name in ("urgency", "danger", "scope")}
    return {"embedder": stored["embedder"], **heads}


def grams(text: str) -> list[str]:
    """The folded words of a text and each pair of neighbours."""
    folded = [word.folded for word in read_words(text)]
    return [*folded, *(f"{left} {right}" for left, right in zip(folded, folded[1:], strict=False))]


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(min(value, 30.0), -30.0)))


def softmax(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores as probabilities."""
    top = max(scores.values())
    parts = {name: math.exp(score - top) for name, score in scores.items()}
    total = sum(parts.values())
    return {name: part / total for name, part in parts.items()}


def added(*scores: Mapping[str, float]) -> dict[str, float]:
    """Log-odds of several classifiers added up, class by class."""
    names: Iterable[str] = scores[0]
    return {name: sum(each[name] for each in scores) for name in names}
