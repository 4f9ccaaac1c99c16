"""Our side of a measurement that needs a process of its own: building, and answering warm.

Usage: ours.py export | ours.py build | ours.py warm (questions on standard input), with the settings of ``advisor``.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter

from advisor.library import meaning_phrases
from advisor.models import Question
from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.rendering import render
from knowledge.embedding import OnnxEmbedder
from knowledge.exporting import export
from knowledge.index import build_index
from knowledge.loading import load_document
from knowledge.vectors import VectorStore


def main() -> None:
    workshop = Workshop(load_settings())
    {"build": build, "warm": warm, "export": export_model}[sys.argv[1]](workshop)


def export_model(workshop: Workshop) -> None:
    """Exports the model once, which no measured build pays for."""
    settings = workshop.settings
    export(workshop.model_folder, model=settings.model, precision=settings.precision)


def build(workshop: Workshop) -> None:
    """Builds the index; the seconds printed leave out imports, reading files and opening the model, as plain's do."""
    documents = [load_document(path) for path in workshop.paths]
    embedder = OnnxEmbedder(workshop.model_folder, threads=workshop.settings.threads)
    phrases = meaning_phrases(workshop.vocabulary)
    VectorStore(workshop.settings.home / "chroma-imported", write=True).close()
    texts = 0

    def count(_: int, total: int) -> None:
        nonlocal texts
        texts = total

    start = perf_counter()
    manifest = build_index(
        workshop.index_folder,
        documents=documents,
        content=workshop.content,
        embedder=embedder,
        phrases=phrases,
        progress=count,
        rebuild=True,
    )
    print(json.dumps({"chunks": manifest.chunks, "texts": texts, "seconds": perf_counter() - start}))


def warm(workshop: Workshop) -> None:
    """Milliseconds from a question to its printable answer, one line each."""
    advisor = workshop.advisor()
    for line in sys.stdin:
        start = perf_counter()
        answer = advisor.answer(Question(text=line.strip()))
        render(answer, vocabulary=workshop.vocabulary)
        print(f"{1000 * (perf_counter() - start):.3f}", flush=True)
        if answer.outcome.value != "answered":
            raise SystemExit(f"Not answered, so not a fair measurement: {answer.outcome.value}.")


if __name__ == "__main__":
    main()
