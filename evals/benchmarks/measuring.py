"""Every system on the same questions of a set, and ours against the best of the simple ones, paired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evals.benchmarks.baselines import Bm25, rankings
from evals.benchmarks.chain import Remembering, chain_rankings
from evals.benchmarks.scoring import METRICS, Figures, figures_of, interval, level
from evals.benchmarks.sets import PublicSet
from evals.intervals import Interval
from knowledge.embedding import Embedder
from knowledge.index import build_index, open_index
from knowledge.retrieval import HybridRetriever

CHAIN = "LangChain + Chroma"
_LIMIT = 200
"""Passages asked for: enough that ten documents are always among them."""

Ranked = Sequence[Sequence[str]]
"""For each question the documents found, best first."""


class SystemRow(NamedTuple):
    """One system on one set."""

    system: str
    values: Mapping[str, Interval]
    """By metric; empty when it could not be measured."""
    less_simple: Mapping[str, Interval]
    """By metric: less the best simple system, paired by question; empty for simple systems."""


class SetMeasured(NamedTuple):
    """Every system on one set."""

    name: str
    questions: int
    documents: int
    best_simple: str
    """The simple system with the highest nDCG@10 on this very set, which is the hardest to beat."""
    rows: tuple[SystemRow, ...]


def measure(
    of: PublicSet, *, embedder: Embedder, exact: Embedder, work: Path, more: Mapping[str, Ranked]
) -> SetMeasured:
    """Every system on every question of a set.

    ``embedder`` is ours and ``exact`` the same model in full precision, for the simple systems; indexes are built
    under ``work``. ``more`` are rankings of further systems of ours.
    """
    questions, texts, exact = (
        [asked.question for asked in of.questions],
        [unit.text for unit in of.units],
        Remembering(exact),
    )
    simple: dict[str, Ranked | None] = {
        **rankings(of, lexical=Bm25(texts).scores(questions), dense=exact.embed(questions) @ exact.embed(texts).T),
        CHAIN: chain_rankings(of, embedder=exact),
    }
    ours = {"ours": our_rankings(of, embedder=embedder, work=work), **more}
    return compared(of, simple=simple, ours=ours)


def compared(of: PublicSet, *, simple: Mapping[str, Ranked | None], ours: Mapping[str, Ranked]) -> SetMeasured:
    """The rows of rankings; a simple system without one could not be measured."""
    figures = {system: figures_of(ranked, of.questions) for system, ranked in simple.items() if ranked is not None}
    best = max(figures, key=lambda system: float(figures[system]["nDCG@10"].mean()))
    rows = [SystemRow(system, _levels(figures.get(system, {})), {}) for system in simple]
    for system, ranked in ours.items():
        own = figures_of(ranked, of.questions)
        less = {metric: own[metric] - figures[best][metric] for metric in METRICS}
        rows.append(SystemRow(system, _levels(own), {metric: interval(of) for metric, of in less.items()}))
    return SetMeasured(of.name, len(of.questions), len(of.documents), best, tuple(rows))


def _levels(figures: Mapping[str, Figures]) -> dict[str, Interval]:
    return {metric: level(of) for metric, of in figures.items()}


def our_rankings(of: PublicSet, *, embedder: Embedder, work: Path) -> list[list[str]]:
    """The documents our retriever finds for each question with its shipped weights, best first."""
    content = "".join(document.digest for document in of.documents)
    folder = work / f"{of.name.partition(' ')[0].strip(',')}--{embedder.id.replace('/', '--')}"
    build_index(folder, documents=of.documents, content=content, embedder=embedder)
    index = open_index(folder, content=content, embedder=embedder.id)
    retriever = HybridRetriever(index, embedder=embedder)
    try:
        return [list(retriever.retrieve(asked.question, limit=_LIMIT).documents) for asked in of.questions]
    finally:
        index.close()
