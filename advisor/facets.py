"""How likely each facet value is, by a linear classifier over the words, the sentence vector and the words' reading.

It only ever turns the order of what is found: what is shown as understood, and on which conditions law applies, rests
on the words alone (``advisor/situation.py``), because a likelihood is no reading. Trained by
``python -m evals.training.facets``.

Decision (2026-11-22). Context: with the situations of the development questions read as a person reads them the first
ten sources held 0.65 of what was needed, with ours 0.55; practitioners name a recipient or a purpose in hints that no
word list holds. Consequence: 0.58, and a needed source in the first five for 0.94 of questions, not 0.89 (80 questions,
each read by a classifier that had not seen it). Not taken: to show what is likely as understood, as on short messages
it reads a holder where nothing is said in half.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from advisor.heads import grams
from advisor.models import ReadFrom, Situation

WEIGHTS = Path(__file__).parent / "data" / "facets.npz"
FACETS = ("holder", "recipient", "subject", "information", "purpose", "consent", "mode")

Likely = Mapping[str, Mapping[str, float]]
"""Facet to value to likelihood, 0 to 1."""


class FacetClassifier:
    """Weights for every value of every facet; rows are features, columns values."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.embedder = str(weights["embedder"])
        """The embedder whose vectors the weights were fitted on; with another there is nothing to say."""
        self._values = [tuple(str(name).split("/")) for name in weights["values"]]
        self._places = {str(gram): place for place, gram in enumerate(weights["grams"])}
        self._rarity, self._words = weights["rarity"], weights["words"]
        self._vector, self._read, self._bias = weights["vector"], weights["read"], weights["bias"]

    def read(self, text: str, vector: Any, situation: Situation) -> dict[str, dict[str, float]]:
        """The likelihood of each value, given the text, its unit vector and what its words say."""
        totals = self._bias + vector @ self._vector + said(situation, self._values) @ self._read
        held = [self._places[gram] for gram in set(grams(text)) if gram in self._places]
        if held:
            rarity = self._rarity[held]
            totals = totals + (rarity / math.sqrt(float(rarity @ rarity))) @ self._words[held].astype(np.float32)
        likely: dict[str, dict[str, float]] = {facet: {} for facet in FACETS}
        for (facet, value), total in zip(self._values, totals.tolist(), strict=True):
            likely[facet][value] = 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))
        return likely


def said(situation: Situation, values: list[tuple[str, ...]]) -> Any:
    """1 for each value that the words give first, then 1 for each that they also give; shape (2 * values,)."""
    first, also = [0.0] * len(values), [0.0] * len(values)
    for place, (facet, value) in enumerate(values):
        reading = situation.reading(facet)
        if reading.from_ is ReadFrom.WORDS:
            first[place] = float(reading.value == value)
            also[place] = float(value in reading.also)
    return np.array([*first, *also], dtype=np.float32)


@cache
def load_classifier() -> FacetClassifier:
    """The classifier that comes with the package."""
    with np.load(WEIGHTS) as stored:
        return FacetClassifier({name: stored[name] for name in stored.files})
