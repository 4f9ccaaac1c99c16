"""Runs suites into a folder: case by case, on as many processes as wanted, and where a killed run left off."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from filelock import FileLock, Timeout

from advisor.settings import Settings
from advisor.wiring import Workshop
from evals.asking import Asker
from evals.cases import Case, Part, Suite
from evals.comparing import differences
from evals.errors import RunError
from evals.loading import write_lines
from evals.metrics.memory import peak_mb
from evals.runs import ANSWERS, CASES, STAMP, TIMINGS, Record, Run, Stamp, Timing, as_line, write_model, write_models
from evals.scoring import score_run
from evals.stamping import Chosen, make_stamp

Progress = Callable[[int, int], None]
"""Called with how many cases are done and how many there are."""
Key = tuple[str, str]
_AT_ONCE = 8
"""Cases handed to a process at a time."""


def choose(suites: Sequence[Suite], *, part: Part | None, sample: int | None = None) -> dict[str, tuple[Case, ...]]:
    """The cases to ask of each suite; ``sample`` takes that many of each, evenly and always the same.

    Cases of one group stay together.

    Raises:
        RunError: when that leaves none.
    """
    chosen = {suite.suite: _sampled(suite.part(part), sample) for suite in suites}
    chosen = {name: cases for name, cases in chosen.items() if cases}
    if not chosen:
        raise RunError("No case of the suites named is in that part. Name another suite or part.")
    return chosen


def _sampled(cases: Sequence[Case], most: int | None) -> tuple[Case, ...]:
    if most is None or len(cases) <= most:
        return tuple(cases)
    groups = list(dict.fromkeys(case.cluster for case in cases))
    wanted = max(1, most * len(groups) // len(cases))
    kept = {groups[place * len(groups) // wanted] for place in range(wanted)}
    return tuple(case for case in cases if case.cluster in kept)


def run_suites(
    folder: Path,
    workshop: Workshop,
    chosen: Chosen,
    *,
    part: Part | None,
    jobs: int = 1,
    on_missing: Callable[[], object] | None = None,
    progress: Progress = lambda done, total: None,
) -> Run:
    """Asks every case that the folder has no answer to yet, scores all, and gives the finished run.

    Raises:
        RunError: when the folder holds another run, or another process is at it.
        KnowledgeError: when the index or the model cannot be used.
    """
    asker = Asker(workshop, on_missing=on_missing)
    try:
        stamp = make_stamp(workshop, chosen, part=part, documents=asker.documents, jobs=jobs)
        with _locked(folder):
            begun = _begin(folder, stamp, chosen)
            peak = _ask_all(folder, workshop.settings, asker, chosen, jobs=jobs, progress=progress)
            _put_in_order(folder, chosen)
            peaks = [each for each in (begun.peak_memory_mb, peak) if each is not None]
            finished = datetime.now(UTC).replace(microsecond=0)
            write_model(folder / STAMP, begun.model_copy(update={"finished": finished, "peak_memory_mb": max(peaks)}))
            run = Run(folder)
            score_run(run)
            return run
    finally:
        asker.close()


def find_unfinished(runs: Path, stamp_inputs: str) -> Path | None:
    """The newest run under a folder that was made from the same inputs and never finished."""
    for path in sorted(runs.glob(f"*/{STAMP}"), reverse=True):
        try:
            stamp = Run(path.parent).stamp
        except RunError:
            continue
        if stamp.inputs == stamp_inputs and stamp.finished is None:
            return path.parent
    return None


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".running", timeout=0):
            yield
    except Timeout as error:
        raise RunError(f"Another process is running into {folder}. Wait for it, or name another folder.") from error


def _begin(folder: Path, stamp: Stamp, chosen: Chosen) -> Stamp:
    """The stamp of what is in the folder, when it can be continued, else the new one, written."""
    if (folder / STAMP).exists():
        before = Run(folder).stamp
        if before.inputs != stamp.inputs:
            other = "; ".join(differences(before, stamp)) or "other suites"
            raise RunError(f"{folder} holds another run, which differs in: {other}. Name another folder.")
        if before.finished:
            raise RunError(f'{folder} holds this run already, finished. See: advisor eval show --run "{folder}" CASE')
        return before
    asked = [(suite, case) for suite, cases in chosen.items() for case in cases]
    write_lines(folder / CASES, "".join(_case_line(suite, case) for suite, case in asked))
    write_model(folder / STAMP, stamp)
    return stamp


def _case_line(suite: str, case: Case) -> str:
    return f'{{"suite": "{suite}", "case": {case.model_dump_json(exclude_defaults=True)}}}\n'


def _ask_all(folder: Path, settings: Settings, asker: Asker, chosen: Chosen, *, jobs: int, progress: Progress) -> float:
    """Asks what has no answer yet, each answer on disk before the next is waited for; gives the peak memory in MB."""
    have = _answered(folder)
    total = sum(map(len, chosen.values()))
    left = [(suite, case) for suite, cases in chosen.items() for case in cases if (suite, case.id) not in have]
    done, peak = total - len(left), 0.0
    progress(done, total)
    with (
        (folder / ANSWERS).open("a", encoding="utf-8") as answers,
        (folder / TIMINGS).open("a", encoding="utf-8") as times,
    ):
        for record, timing, memory in _asked(left, settings, asker, jobs=jobs):
            _append(times, timing)
            _append(answers, record)
            done, peak = done + 1, max(peak, memory)
            progress(done, total)
    return max(peak, peak_mb())


def _answered(folder: Path) -> set[Key]:
    """The cases that have an answer and a time; a line torn off by a kill is cut away first."""
    for name in (ANSWERS, TIMINGS):
        path = folder / name
        raw = path.read_bytes() if path.exists() else b""
        if not raw.endswith(b"\n"):
            write_lines(path, raw[: raw.rfind(b"\n") + 1].decode("utf-8"))
    run = Run(folder)
    return run.records().keys() & run.timings().keys()


def _append(file: TextIO, line: Record | Timing) -> None:
    file.write(as_line(line))
    file.flush()


def _asked(
    left: Sequence[tuple[str, Case]], settings: Settings, asker: Asker, *, jobs: int
) -> Iterator[tuple[Record, Timing, float]]:
    if jobs == 1 or len(left) < 2 * _AT_ONCE:
        for suite, case in left:
            yield (*asker.ask(case, suite=suite), peak_mb())
        return
    # One thread a process: the model would otherwise take every core in each of them.
    alone = settings.model_copy(update={"threads": 1})
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(alone,)) as pool:
        yield from pool.map(_ask_here, left, chunksize=_AT_ONCE)


_HERE: list[Asker] = []
"""The asker of a process that was started for a run."""


def _start(settings: Settings) -> None:
    _HERE.append(Asker(Workshop(settings)))


def _ask_here(item: tuple[str, Case]) -> tuple[Record, Timing, float]:
    suite, case = item
    return (*_HERE[0].ask(case, suite=suite), peak_mb())


def _put_in_order(folder: Path, chosen: Chosen) -> None:
    """The lines in the order of the cases, each once, however the run came about."""
    run, keys = Run(folder), [(suite, case.id) for suite, cases in chosen.items() for case in cases]
    records, timings = run.records(), run.timings()
    write_models(folder / ANSWERS, (records[key] for key in keys))
    write_models(folder / TIMINGS, (timings[key] for key in keys))
