"""Our side of a measurement that needs a process of its own: building, and answering warm.

Usage: ours.py export | ours.py build | ours.py warm (questions on standard input), with the settings of ``advisor``.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter

from advisor.library import meaning_phrases
from advisor.models import Question
from advisor.outcomes import Outcome
from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.rendering import render
from knowledge.building import texts_of
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
    start = perf_counter()
    manifest = build_index(
        workshop.index_folder,
        documents=documents,
        content=workshop.content,
        embedder=embedder,
        phrases=phrases,
        rebuild=True,
    )
    seconds = perf_counter() - start
    embedded = [text for document in documents for texts in texts_of(document).values() for text in texts.values()]
    size = sum(map(len, embedded)) + sum(len(text) for _, text in phrases)
    print(json.dumps({"chunks": manifest.chunks, "characters": size, "seconds": seconds}))


def warm(workshop: Workshop) -> None:
    """Milliseconds from a question to its printable answer, one line each; "nan" when it was not answered."""
    advisor = workshop.advisor()
    for line in sys.stdin:
        start = perf_counter()
        answer = advisor.answer(Question(text=line.strip()))
        render(answer, vocabulary=workshop.vocabulary)
        took = 1000 * (perf_counter() - start)
        print(f"{took:.3f}" if answer.outcome is Outcome.ANSWERED else "nan", flush=True)


if __name__ == "__main__":
    main()
