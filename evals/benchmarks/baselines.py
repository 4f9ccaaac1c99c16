"""Simple systems that ours must at least match: BM25, dense, reciprocal ranks, and a weighted sum over everything."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from evals.benchmarks.sets import PublicSet

_STOP_WORDS = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this"
    " to was will with".split()
)
"""English stop words of Lucene and most BM25 packages."""


class Bm25:
    """BM25 over Porter stems (cut by SQLite's tokenizer), k1 = 1.5, b = 0.75, idf as in Lucene."""

    def __init__(self, texts: Sequence[str]) -> None:
        rows = _stems(texts)
        lengths = np.array([len(row) for row in rows], dtype=np.float64)
        spread = 1.5 * (1 - 0.75 + 0.75 * lengths / lengths.mean())
        counts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for place, row in enumerate(rows):
            for stem in row:
                counts[stem][place] += 1
        self._size, self._weights = len(texts), {}
        for stem, found in counts.items():
            places, times = np.array(list(found)), np.array(list(found.values()), dtype=np.float64)
            rarity = np.log(1 + (len(texts) - len(found) + 0.5) / (len(found) + 0.5))
            self._weights[stem] = places, rarity * times / (times + spread[places])

    def scores(self, questions: Sequence[str]) -> Any:
        """One score a question and text."""
        scores = np.zeros((len(questions), self._size))
        for row, stems in zip(scores, _stems(questions), strict=True):
            for stem in stems:
                if stem in self._weights:
                    places, weights = self._weights[stem]
                    row[places] += weights
        return scores


def _stems(texts: Sequence[str]) -> list[list[str]]:
    """The Porter stems of each text, stop words left out."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'porter unicode61')")
    base.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(texts, 'instance')")
    rows = ((place, _without_stop_words(text)) for place, text in enumerate(texts, start=1))
    base.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", rows)
    found: list[list[str]] = [[] for _ in texts]
    for stem, place in base.execute("SELECT term, doc FROM stems"):
        found[place - 1].append(stem)
    base.close()
    return found


def _without_stop_words(text: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()
    return " ".join(word for word in words if word not in _STOP_WORDS)


def rankings(of: PublicSet, *, lexical: Any, dense: Any) -> dict[str, list[list[str]]]:
    """For each simple system, the documents of each question, best first."""
    fused = of.alpha * _scaled(dense) + (1 - of.alpha) * _scaled(lexical)
    reciprocal = 1 / (60 + _ranks(dense)) + 1 / (60 + _ranks(lexical))
    systems = {"BM25": lexical, "dense": dense, "RRF k=60": reciprocal, "weighted sum": fused}
    owners = [unit.document for unit in of.units]
    return {system: [_documents(row, owners) for row in scores] for system, scores in systems.items()}


def _scaled(scores: Any) -> Any:
    """Each question's scores stretched over 0 to 1, across the whole corpus."""
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    return (scores - low) / np.where(high > low, high - low, 1.0)


def _ranks(scores: Any) -> Any:
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, scores.shape[1] + 1)[None, :], axis=1)
    return ranks


def _documents(scores: Any, owners: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(owners[place] for place in np.argsort(-scores, kind="stable")[:300]))
