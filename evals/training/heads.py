"""Fits the classifiers of ``advisor/heads.py`` on the made-up sentences in this folder.

``python -m evals.training.heads`` writes ``advisor/data/heads.json``. The sentences were written by people who
had not seen the evaluation suites; the suites are never read here. The knowledge base's own example questions
serve as further sharing questions, and those of documents that are not about danger as further calm ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from advisor.heads import WEIGHTS, grams
from advisor.settings import load_settings
from advisor.wiring import Workshop
from knowledge.embedding import OnnxEmbedder

HERE = Path(__file__).parent
_LEAST_SEEN = 3
_WORDS_C, _VECTOR_C = 1.0, 10.0
"""Inverse regularisation, chosen on the development parts of the suites."""
_OFTEN_URGENT = frozenset(
    """danger-now ico-emergency-sharing suicide-consensus-statement civil-contingencies-2004 ico-mental-health-emergency
    gmc-gunshot-knife fgm-s5b modern-slavery-s52 worried-about-a-child worried-about-an-adult gmc-dvla
    domestic-abuse-keeping-people-safe told-in-confidence public-interest-test shared-by-mistake""".split()
)
"""Documents whose example questions may tell of danger now, so they say nothing about calm."""
_SMALLEST = 0.03
"""Word weights smaller than this in every class are left out."""


def main() -> None:
    """Fits both classifiers and writes them."""
    workshop = Workshop(load_settings())
    index, embedder = workshop.open()
    questions = [question for document in index.catalogue.documents() for question in document.questions]
    calm = [q for document in index.catalogue.documents() if document.id not in _OFTEN_URGENT for q in document.questions]
    heads = {
        "embedder": embedder.id,
        "urgency": _fit(*_sentences("urgency", also=calm, label="routine"), embedder=embedder),
        "scope": _fit(*_sentences("scope", also=questions, label="sharing"), embedder=embedder),
    }
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_text(json.dumps(heads, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size // 1000} kB")


def _sentences(name: str, *, also: Sequence[str], label: str) -> tuple[list[str], list[str]]:
    lines = [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = [line["text"] for line in lines] + list(also)
    return texts, [line["label"] for line in lines] + [label] * len(also)


def _fit(texts: list[str], labels: list[str], *, embedder: OnnxEmbedder) -> dict[str, Any]:
    counter = CountVectorizer(analyzer=grams, min_df=_LEAST_SEEN, binary=True)
    seen = counter.fit_transform(texts)
    by_words = _regression(_WORDS_C).fit(seen, labels)
    by_vector = _regression(_VECTOR_C).fit(embedder.embed(texts), labels)
    weights = np.round(by_words.coef_.T, 3)
    kept = np.abs(weights).max(axis=1) >= _SMALLEST
    names = counter.get_feature_names_out()
    return {
        "classes": [str(name) for name in by_words.classes_],
        "word_bias": np.round(by_words.intercept_, 4).tolist(),
        "words": {str(name): row.tolist() for name, row, keep in zip(names, weights, kept, strict=True) if keep},
        "vector_bias": np.round(by_vector.intercept_, 4).tolist(),
        "vector": np.round(by_vector.coef_, 4).tolist(),
    }


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=3000, class_weight="balanced")


if __name__ == "__main__":
    main()
