"""Measures what int8 weights cost against fp32: the vectors, and what is found with them.

    python -m tests.benchmarks.precision [--data DIR] [--work DIR]

The vectors are of our own chunks, example questions and the development questions of the core suite; what is found is
measured on those questions (through the whole advisor) and, with ``--data``, on the public sets of evals/README.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from advisor.models import Question
from advisor.settings import Settings
from advisor.wiring import Workshop
from evals.benchmarks.measuring import our_rankings
from evals.benchmarks.scoring import Figures, hit, interval, ndcg
from evals.benchmarks.sets import load_sets
from knowledge.chunking import chunk
from knowledge.embedding import OnnxEmbedder
from knowledge.exporting import PACKAGED, load_sentence_transformer, model_folder
from knowledge.loading import load_document
from knowledge.models import Document
from knowledge.retrieval import HybridRetriever
from tests.benchmarks.questions import Case, core_cases

_BY_TORCH = 200
"""How many texts are also encoded by sentence-transformers, which takes its time."""


def own_texts(documents: Sequence[Document], cases: Sequence[Case]) -> dict[str, list[str]]:
    """Our own texts by kind."""
    return {
        "chunks": [piece.embedded for document in documents for piece in chunk(document)],
        "example questions": [question for document in documents for question in document.questions],
        "core questions (dev)": [case.question for case in cases],
    }


def parity_rows(texts: Mapping[str, Sequence[str]], *, int8: OnnxEmbedder, fp32: OnnxEmbedder) -> list[str]:
    """How near the two vectors of a text are, by kind of text."""
    rows = []
    for kind, found in texts.items():
        cosines = np.sum(int8.embed(found) * fp32.embed(found), axis=1)
        low = np.percentile(cosines, 1)
        rows.append(f"| int8 to fp32, {kind} | {len(found)} | {cosines.mean():.4f} | {low:.4f} | {cosines.min():.4f} |")
    some = [text for found in texts.values() for text in found[: _BY_TORCH // len(texts)]]
    model = load_sentence_transformer(model_folder(PACKAGED))
    exact = np.sum(fp32.embed(some) * model.encode(some, normalize_embeddings=True), axis=1)
    low = np.percentile(exact, 1)
    rows.append(f"| fp32 to sentence-transformers | {len(some)} | {exact.mean():.6f} | {low:.6f} | {exact.min():.6f} |")
    return rows


def core_figures(workshop: Workshop, cases: Sequence[Case]) -> dict[str, Figures]:
    """Sources found for each question: by the answer's citations, and by the retriever alone without a situation."""
    advisor = workshop.advisor()
    cited: list[list[str]] = []
    for case in cases:
        facets = {"nation": case.nation} if case.nation else {}
        answer = advisor.answer(Question(text=case.question, facets=facets))
        cited.append(list(dict.fromkeys(citation.document for citation in answer.citations)))
    found = _retrieved(workshop, cases)
    golds = [case.sources for case in cases]
    return {
        "answer: share of sources in first 10": _each(cited, golds, _share),
        "answer: a source in first 5": _each(cited, golds, lambda names, gold: hit(names, gold, at=5)),
        "retriever alone: share of sources in first 10": _each(found, golds, _share),
        "retriever alone: nDCG@10": _each(found, golds, ndcg),
    }


def _retrieved(workshop: Workshop, cases: Sequence[Case]) -> list[list[str]]:
    index, embedder = workshop.open()
    try:
        retriever = HybridRetriever(index, embedder=embedder)
        return [list(retriever.retrieve(case.question).documents) for case in cases]
    finally:
        index.close()


def _share(names: Sequence[str], gold: frozenset[str]) -> float:
    return len(gold & set(names[:10])) / len(gold)


def _each(ranked: Sequence[Sequence[str]], golds: Sequence[frozenset[str]], figure: Any) -> Figures:
    return np.array([figure(names, gold) for names, gold in zip(ranked, golds, strict=True)])


def difference_row(what: str, *, int8: Figures, fp32: Figures) -> str:
    """Both means and their paired difference with its 95% interval."""
    less = interval(int8 - fp32)
    return (
        f"| {what} | {len(int8)} | {int8.mean():.3f} | {fp32.mean():.3f} |"
        f" {less.value:+.3f} [{less.low:+.3f}, {less.high:+.3f}] |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder that holds the public sets")
    parser.add_argument("--work", type=Path, help="keeps what is built there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as beside:
        report(given.work or Path(beside), data=given.data)


def report(work: Path, *, data: Path | None) -> None:
    """Prints both tables as Markdown."""
    workshops = {
        "int8": Workshop(Settings(home=work / "int8", precision="int8")),
        "fp32": Workshop(Settings(home=work / "fp32", precision="fp32")),
    }
    for workshop in workshops.values():
        workshop.build()
    embedders = {precision: OnnxEmbedder(workshop.model_folder) for precision, workshop in workshops.items()}
    cases = core_cases()
    core = {precision: core_figures(workshop, cases) for precision, workshop in workshops.items()}
    documents = [load_document(path) for path in workshops["int8"].paths]
    print("| cosine of the two vectors of a text | texts | mean | 1st percentile | least |\n|---|---|---|---|---|")
    print("\n".join(parity_rows(own_texts(documents, cases), **embedders)), flush=True)
    print("\n| found | questions | int8 | fp32 | int8 - fp32, paired |\n|---|---|---|---|---|")
    for what, figures in core["int8"].items():
        print(difference_row(f"core suite (dev), {what}", int8=figures, fp32=core["fp32"][what]), flush=True)
    for found in load_sets(data) if data else ():
        golds = [asked.gold for asked in found.questions]
        ranked = {name: our_rankings(found, embedder=embedder, work=work) for name, embedder in embedders.items()}
        both = {name: _each(names, golds, ndcg) for name, names in ranked.items()}
        print(difference_row(f"{found.name}, nDCG@10", **both), flush=True)


if __name__ == "__main__":
    main()
