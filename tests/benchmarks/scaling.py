"""Measures how indexing, editing and asking grow with the knowledge base, and prints a table.

    nice python -m tests.benchmarks.scaling --chunks 130 1000 10000 100000 [--threads N]

The documents are the bundled ones repeated and varied. Every step is a process of its own, from its imports to its
end; seconds are of the work inside it, memory is the peak of the whole process. 10,000 chunks, which are 50,000 vectors
with those of questions and bullets, take minutes; 100,000 take an hour or two.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

from advisor.models import Question
from advisor.settings import load_settings
from advisor.wiring import Workshop
from tests.benchmarks.children import ROOT, spent_by
from tests.benchmarks.growing import edit_one, write_grown_content
from tests.benchmarks.questions import core_cases

QUESTIONS = 50
"""Asked warm, after ten that are not counted."""


class Row(NamedTuple):
    """What was measured with one size."""

    chunks: int
    vectors: int
    index_seconds: float
    index_memory: float
    disk: float
    """Megabytes of one version."""
    edit_seconds: float
    edit_processor: float
    """Seconds of processor time, which other work on the machine lengthens less."""
    edit_memory: float
    open_seconds: float
    retrieve: float
    """Milliseconds, the median; of the search alone."""
    answer: float
    """Milliseconds, the median; of all steps from question to answer."""
    ask_memory: float

    def __str__(self) -> str:
        return (
            f"| {self.chunks:,} | {self.vectors:,} | {self.index_seconds:.1f} s | {self.index_memory:,.0f} MB "
            f"| {self.disk:,.0f} MB | {self.edit_seconds:.2f} s | {self.edit_processor:.2f} s "
            f"| {self.edit_memory:,.0f} MB "
            f"| {self.open_seconds:.2f} s | {self.retrieve:.1f} ms | {self.answer:.1f} ms | {self.ask_memory:,.0f} MB |"
        )


HEAD = (
    "| chunks | vectors | index | its memory | on disk | one edit | its processor time | its memory | open | search "
    "| answer | memory |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--chunks", type=int, nargs="+", default=[130, 1000, 10000])
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="where to work; by default a temporary folder")
    parser.add_argument("--step", choices=list(STEPS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(STEPS[given.step](Workshop(load_settings()))))
        return
    with tempfile.TemporaryDirectory(prefix="advisor-scaling-", dir=given.folder) as folder:
        rows = []
        print(HEAD, flush=True)
        for chunks in given.chunks:
            rows.append(_measured(Path(folder) / str(chunks), chunks=chunks, threads=given.threads))
            print(rows[-1], flush=True)
            shutil.rmtree(Path(folder) / str(chunks))
    print(growth(rows))


def _measured(folder: Path, *, chunks: int, threads: int) -> Row:
    made = write_grown_content(folder / "content", chunks=chunks)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")},
        "ADVISOR_HOME": str(folder / "home"),
        "ADVISOR_CONTENT": str(folder / "content"),
        "ADVISOR_THREADS": str(threads),
        "HF_HUB_OFFLINE": "1",
    }
    _run("export", environment)
    index, index_memory = _run("index", environment)
    asked, ask_memory = _run("ask", environment)
    edit_one(folder / "content")
    edited, edit_memory = _run("index", environment)
    return Row(
        chunks=made,
        vectors=index["vectors"],
        index_seconds=index["seconds"],
        index_memory=index_memory,
        disk=index["megabytes"],
        edit_seconds=edited["seconds"],
        edit_processor=edited["processor"],
        edit_memory=edit_memory,
        open_seconds=asked["open"],
        retrieve=asked["retrieve"],
        answer=asked["answer"],
        ask_memory=ask_memory,
    )


def _run(step: str, environment: Mapping[str, str]) -> tuple[dict[str, Any], float]:
    """What a step said of itself, and its peak memory in megabytes."""
    print(f"... {step}", file=sys.stderr, flush=True)
    command = (sys.executable, "-m", "tests.benchmarks.scaling", "--step", step)
    spent = spent_by(command, environment={**environment, "PYTHONPATH": str(ROOT)})
    said: dict[str, Any] = json.loads(spent.output)
    return said, spent.memory


def growth(rows: Sequence[Row]) -> str:
    """The exponent between the first and the last size: 1 is in proportion to the chunks, 0 is not at all."""
    first, last = rows[0], rows[-1]
    if first.chunks == last.chunks:
        return ""
    step = math.log(last.chunks / first.chunks)
    figures = ("index_seconds", "index_memory", "edit_seconds", "open_seconds", "retrieve", "answer", "ask_memory")
    told = (f"{name} {math.log(getattr(last, name) / getattr(first, name)) / step:.2f}" for name in figures)
    return f"growth as chunks to the power of: {', '.join(told)}"


def _export(workshop: Workshop) -> dict[str, Any]:
    """Exports the model, which no measured build pays for."""
    from knowledge.exporting import export  # noqa: PLC0415 - torch would count as memory of the other steps

    export(workshop.model_folder, model=workshop.settings.model, precision=workshop.settings.precision)
    return {}


def _index(workshop: Workshop) -> dict[str, Any]:
    """Builds on what is there: reading and checking every document, opening the model, and swapping included."""
    start, used = perf_counter(), process_time()
    manifest = workshop.build()
    seconds, processor = perf_counter() - start, process_time() - used
    newest = max((workshop.index_folder / "versions").iterdir(), key=lambda path: path.stat().st_mtime)
    size = sum(path.stat().st_size for path in newest.rglob("*") if path.is_file())
    return {
        "seconds": seconds,
        "processor": processor,
        "vectors": sum(manifest.vectors.values()),
        "megabytes": size / 1e6,
    }


def _ask(workshop: Workshop) -> dict[str, Any]:
    questions = [case.question for case in core_cases()][: QUESTIONS + 10]
    start = perf_counter()
    index, embedder = workshop.open()
    opened = perf_counter() - start
    index.close()
    del embedder
    advisor = workshop.advisor()
    answers, searches = [], []
    for question in questions:
        begin = perf_counter()
        answer = advisor.answer(Question(text=question))
        answers.append(1000 * (perf_counter() - begin))
        searches.append(answer.timings_ms.get("retrieve", 0.0))
    return {"open": opened, "answer": statistics.median(answers[10:]), "retrieve": statistics.median(searches[10:])}


STEPS = {"export": _export, "index": _index, "ask": _ask}


if __name__ == "__main__":
    main()
