"""Measures the advisor beside the plain script, in pairs taken in turn, and prints how many times better ours is.

    python -m tests.benchmarks.speed [--pairs 5] [--documents 30] [--threads N] [--precision int8|fp32]

Both sides read the same documents, start from the same weights and use as many threads; the two halves of a pair run
within seconds of each other. Ours stores the weights as int8 unless told otherwise: what that costs is measured by
``tests.benchmarks.precision``. Under five minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from math import isnan
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from knowledge.loading import CONTENT, document_paths
from tests.benchmarks.children import ROOT, Spent, Talker, spent_by
from tests.benchmarks.questions import core_cases

NO_NEW_PAIR_AFTER = 240.0
"""Seconds from the start; what was begun is finished."""

QUESTIONS = (
    "The police have rung asking where one of our tenants lives. Can I tell them?",
    "A mother has asked us for her daughter's counselling notes. The girl is 14 and said not to. Do I hand them over?",
    "Can the school tell children's social care about bruises a pupil showed us if the parents have not agreed?",
    "My patient keeps driving although she was told to stop because of her seizures. Can I tell the DVLA?",
    "The fire service wants a list of older patients who have fallen. Can the practice share it without asking them?",
)


class Pair(NamedTuple):
    plain: float
    ours: float

    @property
    def better(self) -> float:
        return self.plain / self.ours


class Row(NamedTuple):
    """One line of the table: what each half of each pair took, smaller is better."""

    what: str
    unit: str
    pairs: Sequence[Pair]
    aim: float | None = None

    def __str__(self) -> str:
        times = sorted(pair.better for pair in self.pairs)
        middle = statistics.median(times)
        sides = [statistics.median(side) for side in zip(*self.pairs, strict=True)]
        verdict = "" if self.aim is None else f"{self.aim:g} {'met' if middle >= self.aim else 'MISSED'}"
        plain, ours = (f"{side:.4g} {self.unit}" for side in sides)
        spread = f"{times[0]:.2f} to {times[-1]:.2f}"
        return f"{self.what:<48} {plain:>10} {ours:>10} {middle:>7.2f}  {spread:<14} {len(times):>3}  {verdict}"


class Bench:
    """Both sides in one folder, each with the whole base and with some documents of it."""

    def __init__(self, folder: Path, *, pairs: int, threads: int, precision: str) -> None:
        self._folder, self._pairs, self._start = folder, pairs, monotonic()
        ours = {"ADVISOR_THREADS": str(threads), "ADVISOR_PRECISION": precision, "OMP_NUM_THREADS": str(threads)}
        quiet = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
        theirs = {name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")}
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        self._environment = theirs | ours | quiet | {"PYTHONPATH": path}

    def rows(self, *, documents: int) -> list[Row]:
        whole, some = self._folder / "whole", self._some(documents)
        _say("exporting the model, which no measured build pays for")
        self._ours(whole, "export")
        (some / "home").mkdir()
        (some / "home" / "models").symlink_to(whole / "home" / "models")
        _say("indexing the whole base on each side")
        built = [self._build(whole, content=CONTENT)]
        asked = [self._ask(whole, question) for question in self._in_time("asking, cold", QUESTIONS)]
        warm = self._warm(whole)
        part = [self._build(some, content=some / "content") for _ in self._in_time("indexing some documents", [""])]
        return [*_ask_rows(asked), warm, *_build_rows("whole base", built), *_build_rows("some documents", part)]

    def _some(self, number: int) -> Path:
        """A folder with about so many documents, taken evenly from the whole base."""
        folder = self._folder / "some"
        (folder / "content").mkdir(parents=True)
        paths = document_paths(CONTENT)
        for path in paths[:: max(1, len(paths) // number)]:
            shutil.copy(path, folder / "content" / path.name)
        return folder

    def _in_time(self, doing: str, given: Sequence[str]) -> Iterator[str]:
        """What is given, over and over, for each pair that there is time for."""
        for number, item in enumerate(islice(cycle(given), self._pairs), start=1):
            if number > 1 and monotonic() - self._start > NO_NEW_PAIR_AFTER:
                _say(f"no time for more than {number - 1} pairs")
                return
            _say(f"{doing}: pair {number} of {self._pairs}")
            yield item

    def _build(self, base: Path, *, content: Path) -> tuple[Spent, Spent]:
        shutil.rmtree(base / "plain", ignore_errors=True)
        plain = self._plain(base, "build", str(content))
        return plain, self._ours(base, "build", content=content)

    def _ask(self, base: Path, question: str) -> tuple[Spent, Spent]:
        plain = self._plain(base, "ask", question)
        command = (str(Path(sys.executable).with_name("advisor")), "ask", question)
        return plain, spent_by(command, environment=self._environment | _home(base))

    def _warm(self, base: Path) -> Row:
        _say("asking, warm")
        environment = self._environment | _home(base)
        turns = [*QUESTIONS, *QUESTIONS, *(" ".join(case.question.split()) for case in core_cases())]
        with (
            Talker(_script("plain.py", "warm", str(base / "plain")), environment=environment) as plain,
            Talker(_script("ours.py", "warm"), environment=environment) as ours,
        ):
            pairs = [Pair(plain.figure(question), ours.figure(question)) for question in turns]
        counted = [pair for pair in pairs[2 * len(QUESTIONS) :] if not isnan(pair.ours)]
        return Row("one question, warm (ours: all steps, rendered)", "ms", counted, aim=2)

    def _plain(self, base: Path, mode: str, argument: str) -> Spent:
        return spent_by(_script("plain.py", mode, str(base / "plain"), argument), environment=self._environment)

    def _ours(self, base: Path, mode: str, *, content: Path = CONTENT) -> Spent:
        documents = {} if content == CONTENT else {"ADVISOR_CONTENT": str(content)}
        return spent_by(_script("ours.py", mode), environment=self._environment | _home(base) | documents)


def _home(base: Path) -> dict[str, str]:
    return {"ADVISOR_HOME": str(base / "home")}


def _script(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, str(Path(__file__).with_name(name)), *arguments)


def _ask_rows(asked: Sequence[tuple[Spent, Spent]]) -> list[Row]:
    def pairs(figure: Callable[[Spent], float]) -> list[Pair]:
        return [Pair(figure(plain), figure(ours)) for plain, ours in asked]

    return [
        Row("ask, cold: start to printed answer", "s", pairs(lambda spent: spent.printed), aim=6),
        Row("ask, cold: start to end (ours: answer kept)", "s", pairs(lambda spent: spent.ended)),
        Row("ask, cold: processor time", "s", pairs(lambda spent: spent.processor)),
        Row("ask, cold: peak memory", "MB", pairs(lambda spent: spent.memory), aim=2),
    ]


def _build_rows(what: str, built: Sequence[tuple[Spent, Spent]]) -> list[Row]:
    """Milliseconds a chunk, so that smaller is better here too."""
    reports = [(json.loads(plain.output), json.loads(ours.output)) for plain, ours in built]
    inside = [Pair(*(1000 * side["seconds"] / side["chunks"] for side in sides)) for sides in reports]
    embedded = [Pair(*(1e6 * side["seconds"] / side["characters"] for side in sides)) for sides in reports]
    whole = [
        Pair(*(1000 * spent.ended / side["chunks"] for spent, side in zip(pair, sides, strict=True)))
        for pair, sides in zip(built, reports, strict=True)
    ]
    return [
        Row(f"index {what}, a chunk: start excluded", "ms", inside, aim=2),
        Row(f"index {what}, a chunk: start included", "ms", whole, aim=2),
        Row(f"index {what}, 1,000 characters: excluded", "ms", embedded),
    ]


def _say(doing: str) -> None:
    print(f"... {doing}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--documents", type=int, default=30, help="about how many each repeated build indexes")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    given = parser.parse_args()
    start = monotonic()
    with tempfile.TemporaryDirectory(prefix="advisor-bench-") as folder:
        bench = Bench(Path(folder), pairs=given.pairs, threads=given.threads, precision=given.precision)
        rows = bench.rows(documents=given.documents)
    print(f"{'':<48} {'plain':>10} {'ours':>10} {'better':>7}  {'pair by pair':<14} {'n':>3}  aim")
    print("\n".join(map(str, rows)))
    print(
        "better = plain / ours, the median over pairs; beside it the median of each side."
        f" {given.threads} threads, {given.precision}. Ours also embeds example questions and single bullets:"
        f" 'a chunk' shares the time of all that among the chunks, '1,000 characters' counts all that"
        f" is embedded. Took {monotonic() - start:.0f} s."
    )


if __name__ == "__main__":
    main()
