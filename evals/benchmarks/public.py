"""Measures retrieval on public question sets beside simple systems, on the same questions.

    python -m evals.benchmarks.public --data DIR [--precision int8|fp32] [--work DIR] [--only NAME]

Ours is the Index and HybridRetriever that answer questions, with their shipped weights and nothing tuned for a set.
The simple systems use the same model in fp32. ``--work`` keeps the exported model and indexes for the next run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from evals.benchmarks.baselines import Bm25, rankings
from evals.benchmarks.scoring import Figures, Interval, hit, interval, ndcg
from evals.benchmarks.sets import PublicSet, load_sets
from knowledge.embedding import Embedder, OnnxEmbedder
from knowledge.exporting import PACKAGED, export, export_folder
from knowledge.index import build_index, open_index
from knowledge.retrieval import HybridRetriever

_LIMIT = 200
"""Passages asked for: enough that ten documents are always among them."""

Measured = Mapping[str, Mapping[str, Figures]]
"""System to metric to one figure a question."""


def measure(of: PublicSet, *, embedder: Embedder, exact: Embedder, work: Path) -> Measured:
    """Every system on every question of a set; ``exact`` is the model the simple systems use."""
    questions = [asked.question for asked in of.questions]
    texts = [unit.text for unit in of.units]
    ranked = rankings(
        of, lexical=Bm25(texts).scores(questions), dense=exact.embed(questions) @ exact.embed(texts).T
    ) | {"ours": our_rankings(of, embedder=embedder, work=work)}
    return {system: _figures(of, found) for system, found in ranked.items()}


def our_rankings(of: PublicSet, *, embedder: Embedder, work: Path) -> list[list[str]]:
    """The documents our retriever finds for each question, best first."""
    content = "".join(document.digest for document in of.documents)
    folder = work / f"{of.name.partition(' ')[0].strip(',')}--{embedder.id.replace('/', '--')}"
    build_index(folder, documents=of.documents, content=content, embedder=embedder)
    index = open_index(folder, content=content, embedder=embedder.id)
    retriever = HybridRetriever(index, embedder=embedder)
    try:
        return [list(retriever.retrieve(asked.question, limit=_LIMIT).documents) for asked in of.questions]
    finally:
        index.close()


def _figures(of: PublicSet, ranked: Sequence[Sequence[str]]) -> dict[str, Figures]:
    pairs = [(found, asked.gold) for found, asked in zip(ranked, of.questions, strict=True)]
    return {
        "hit@1": np.array([hit(found, gold, at=1) for found, gold in pairs]),
        "hit@5": np.array([hit(found, gold, at=5) for found, gold in pairs]),
        "nDCG@10": np.array([ndcg(found, gold) for found, gold in pairs]),
    }


def table(name: str, measured: Measured) -> str:
    """The systems of one set as Markdown rows, then ours less the best cheap system, paired."""
    rows = [f"| {name} | {system} | {_cells(figures)} |" for system, figures in measured.items()]
    paired = {metric: figures - measured["best cheap"][metric] for metric, figures in measured["ours"].items()}
    return "\n".join([*rows, f"| {name} | ours - best cheap, paired | {_cells(paired, sign='+')} |"])


def _cells(figures: Mapping[str, Figures], *, sign: str = "") -> str:
    return " | ".join(_cell(interval(found), sign) for found in figures.values())


def _cell(found: Interval, sign: str) -> str:
    return f"{found.mean:{sign}.3f} [{found.low:{sign}.3f}, {found.high:{sign}.3f}]"


def open_embedder(work: Path, *, precision: str) -> OnnxEmbedder:
    """The packaged model at a precision, exported into the work folder when it is not there."""
    folder = export_folder(work, model=PACKAGED, precision=precision)
    if not (folder / "manifest.json").exists():
        export(folder, precision=precision)
    return OnnxEmbedder(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    parser.add_argument("--work", type=Path, help="keeps what is built there")
    parser.add_argument("--only", default="", help="sets whose name starts so")
    given = parser.parse_args()
    sets = [found for found in load_sets(given.data) if found.name.startswith(given.only)]
    if not sets:
        raise SystemExit(f"No set in {given.data}: evals/README.md says which files it must hold.")
    print("| set | system | hit@1 | hit@5 | nDCG@10 |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as beside:
        work = given.work or Path(beside)
        ours, exact = (open_embedder(work, precision=precision) for precision in (given.precision, "fp32"))
        for found in sets:
            print(f"... {found.name}: {len(found.documents)} documents", file=sys.stderr, flush=True)
            named = f"{found.name} (n={len(found.questions)})"
            print(table(named, measure(found, embedder=ours, exact=exact, work=work)), flush=True)


if __name__ == "__main__":
    main()
