"""Fits the classifier of ``advisor/facets.py`` on the labelled situations in this folder.

``python -m evals.training.facets`` writes ``advisor/data/facets.npz``. The situations were made up by people who had
not seen the evaluation suites; of the suites only the development parts are read, never the test parts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from advisor.facets import FACETS, WEIGHTS, said
from advisor.heads import grams
from advisor.settings import load_settings
from advisor.situation import SituationReader
from advisor.wiring import Workshop

HERE = Path(__file__).parent
_SUITES = ("core", "situation")
_LEAST_SEEN = 3
_LEAST_WEIGHT = 0.1
"""Word weights nearer 0 are left out: they halve the file and change nothing that was measured."""
_STRENGTH = 5.0
"""Inverse regularisation; it and the weights below were chosen on the development parts, a quarter left out in turn."""
_VECTOR, _SAID = 4.0, 1.5
"""How much the vector and the words' reading weigh beside the words."""


def main() -> None:
    """Fits a classifier for each value that is seen at least three times, and writes them."""
    workshop = Workshop(load_settings())
    _, embedder = workshop.open()
    texts, labels = _situations()
    reader = SituationReader(workshop.vocabulary)
    values: list[tuple[str, ...]] = [
        (facet, value)
        for facet in FACETS
        for value in workshop.vocabulary.facets[facet].values
        if sum(value in label.get(facet, ()) for label in labels) >= 3
    ]
    counter = TfidfVectorizer(analyzer=grams, min_df=_LEAST_SEEN, binary=True)
    read = np.array([said(reader.read(text), values) for text in texts])
    parts = (counter.fit_transform(texts), csr_matrix(embedder.embed(texts) * _VECTOR), csr_matrix(read * _SAID))
    weights, bias = _fit(hstack(parts).tocsr(), values, labels)
    words, vector = parts[0].shape[1], embedder.dimension
    np.savez_compressed(
        WEIGHTS,
        embedder=np.array(embedder.id),
        values=np.array(["/".join(value) for value in values]),
        grams=counter.get_feature_names_out().astype(str),
        rarity=counter.idf_.astype(np.float32),
        words=np.where(abs(weights[:words]) < _LEAST_WEIGHT, 0, weights[:words]).astype(np.float16),
        vector=(weights[words : words + vector] * _VECTOR).astype(np.float32),
        read=(weights[words + vector :] * _SAID).astype(np.float32),
        bias=bias.astype(np.float32),
    )
    print(f"{WEIGHTS}: {len(texts)} situations, {len(values)} values, {WEIGHTS.stat().st_size // 1000} kB")


def _fit(seen: Any, values: list[tuple[str, ...]], labels: list[dict[str, list[str]]]) -> tuple[Any, Any]:
    columns, bias = [], []
    for facet, value in values:
        holds = [value in label.get(facet, ()) for label in labels]
        fitted = LogisticRegression(C=_STRENGTH, solver="liblinear").fit(seen, holds)
        columns.append(fitted.coef_[0])
        bias.append(fitted.intercept_[0])
    return np.array(columns).T, np.array(bias)


def _situations() -> tuple[list[str], list[dict[str, list[str]]]]:
    lines = [
        json.loads(line)
        for file in sorted(HERE.glob("situations_*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    made = [(line["text"], line["facets"]) for line in lines]
    for suite in _SUITES:
        cases = yaml.safe_load((HERE.parent / "suites" / f"{suite}.yaml").read_text(encoding="utf-8"))["cases"]
        made += [
            (case["question"], _lists(case["situation"]))
            for case in cases
            if case["split"] == "dev" and "situation" in case
        ]
    return [text for text, _ in made], [label for _, label in made]


def _lists(situation: Mapping[str, Any]) -> dict[str, list[str]]:
    return {facet: [said] if isinstance(said, str) else list(said) for facet, said in situation.items()}


if __name__ == "__main__":
    main()
