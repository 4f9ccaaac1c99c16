"""Fits the classifiers of ``advisor/heads.py`` on the made-up sentences in this folder.

``python -m evals.training.heads`` writes ``advisor/data/heads.json``. The sentences were written by people who
had not seen the evaluation suites; of the suites only the development parts are read, never the
test parts. The knowledge base's own example questions
serve as further sharing questions, and those of documents that are not about danger as further calm ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from advisor.heads import WEIGHTS, grams
from advisor.settings import load_settings
from advisor.wiring import Workshop
from knowledge.embedding import OnnxEmbedder

HERE = Path(__file__).parent
_SUITES = {
    "urgency": (("emergency", "urgency"), ("core", "urgency"), ("robustness", "urgency")),
    "scope": (("answerability", "expected"),),
}
_LEAST_SEEN = 3
_WORDS_C, _VECTOR_C = 10.0, 10.0
_TOGETHER_C, _VECTOR_SCALE = 5.0, 2.0
"""Inverse regularisation and the weight of the vector beside the words, chosen on the development parts."""
_OFTEN_URGENT = frozenset(
    """danger-now ico-emergency-sharing suicide-consensus-statement civil-contingencies-2004 ico-mental-health-emergency
    gmc-gunshot-knife fgm-s5b modern-slavery-s52 worried-about-a-child worried-about-an-adult gmc-dvla
    domestic-abuse-keeping-people-safe told-in-confidence public-interest-test shared-by-mistake""".split()
)
"""Documents whose example questions may tell of danger now, so they say nothing about calm."""


def main() -> None:
    """Fits both classifiers and writes them."""
    workshop = Workshop(load_settings())
    index, embedder = workshop.open()
    questions = [question for document in index.catalogue.documents() for question in document.questions]
    calm = [
        q for document in index.catalogue.documents() if document.id not in _OFTEN_URGENT for q in document.questions
    ]
    told = _sentences("urgency", also=calm, label="routine")
    heads = {
        "embedder": embedder.id,
        "urgency": _fit_words(*told),
        "danger": _fit_together(*told, embedder=embedder),
        "scope": _fit(*_sentences("scope", also=questions, label="sharing"), embedder=embedder, weights="balanced"),
    }
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_text(json.dumps(heads, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size // 1000} kB")


def _sentences(name: str, *, also: Sequence[str], label: str) -> tuple[list[str], list[str]]:
    files = sorted(HERE.glob(f"{name}*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    pairs = [(line["text"], line["label"]) for line in lines] + _development(name) + [(text, label) for text in also]
    return [text for text, _ in pairs], [said for _, said in pairs]


def _development(name: str) -> list[tuple[str, str]]:
    """Questions and labels of the development parts of the suites that bear on a classifier."""
    pairs = []
    for suite, field in _SUITES[name]:
        cases = yaml.safe_load((HERE.parent / "suites" / f"{suite}.yaml").read_text(encoding="utf-8"))["cases"]
        pairs += [(case["question"], case[field]) for case in cases if case["split"] == "dev"]
    known = {"answered": "sharing"}
    return [(text, known.get(label, label)) for text, label in pairs if label != "other_language"]


def _fit(texts: list[str], labels: list[str], *, embedder: OnnxEmbedder, weights: str | None) -> dict[str, Any]:
    """A classifier over words and one over vectors, fitted apart; their log-odds are added up."""
    by_vector = _regression(_VECTOR_C, weights).fit(embedder.embed(texts), labels)
    return {
        **_fit_words(texts, labels, weights=weights),
        "vector_bias": np.round(by_vector.intercept_, 4).tolist(),
        "vector": np.round(by_vector.coef_, 4).tolist(),
    }


def _fit_words(texts: list[str], labels: list[str], *, weights: str | None = None) -> dict[str, Any]:
    """A classifier over words alone."""
    counter = TfidfVectorizer(analyzer=grams, min_df=_LEAST_SEEN, binary=True)
    fitted = _regression(_WORDS_C, weights).fit(counter.fit_transform(texts), labels)
    return {**_by_words(counter, fitted, fitted.coef_), "vector_bias": [], "vector": []}


def _fit_together(texts: list[str], labels: list[str], *, embedder: OnnxEmbedder) -> dict[str, Any]:
    """One classifier over words and vectors, so that neither counts again what the other has said."""
    counter = TfidfVectorizer(analyzer=grams, min_df=_LEAST_SEEN, binary=True)
    seen = hstack([counter.fit_transform(texts), csr_matrix(embedder.embed(texts) * _VECTOR_SCALE)]).tocsr()
    fitted = _regression(_TOGETHER_C, None).fit(seen, labels)
    number = len(counter.idf_)
    return {
        **_by_words(counter, fitted, fitted.coef_[:, :number]),
        "vector_bias": [0.0] * len(fitted.classes_),
        "vector": np.round(fitted.coef_[:, number:] * _VECTOR_SCALE, 4).tolist(),
    }


def _by_words(counter: TfidfVectorizer, fitted: LogisticRegression, weights: Any) -> dict[str, Any]:
    rarity, rows = np.round(counter.idf_, 3), np.round(weights.T, 2)
    names = counter.get_feature_names_out()
    return {
        "classes": [str(name) for name in fitted.classes_],
        "word_bias": np.round(fitted.intercept_, 4).tolist(),
        "words": {str(name): [float(rare), *row.tolist()] for name, rare, row in zip(names, rarity, rows, strict=True)},
    }


def _regression(strength: float, weights: str | None) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=3000, class_weight=weights)


if __name__ == "__main__":
    main()
