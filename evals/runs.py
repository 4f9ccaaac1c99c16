"""A run on disk: what was asked, every answer, every score, and the stamp that says from what they were made.

A run is a folder:

=================  ================================================================================================
``run.json``       one ``Stamp``: revision, digests, settings, package versions, seed, part; when it began and ended,
                   and what it cost (times and memory, which differ between two runs of the same inputs)
``cases.jsonl``    the cases as they were asked, ``{"suite": ..., "case": Case}`` a line, in the order they were asked
``answers.jsonl``  one ``Record`` a line in the same order: the full answer, what was found, which quotes are proved.
                   ``id``, ``asked_at`` and ``timings_ms`` of an answer are fixed, so that the same inputs give the
                   same bytes. While a run is going on, lines are appended as they come
``timings.jsonl``  one ``Timing`` a line, of what was fixed above
``scores.jsonl``   one ``CaseScores`` a line, in the same order: for each metric its value, why, and data
``summary.json``   one ``Summary``: the figures of every suite with intervals, and every value by suite, case and
                   metric. It is enough to compare with, and is what is kept in git as a baseline
=================  ================================================================================================

All but ``run.json`` and ``timings.jsonl`` (and the stamp and cost inside ``summary.json``) have the same bytes
whenever the inputs are the same. ``scores.jsonl`` and ``summary.json`` can be made again from the rest:
``advisor eval score RUN``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, JsonValue, ValidationError

from advisor.models import Answer
from evals.cases import Case
from evals.errors import RunError
from evals.loading import write_lines
from knowledge.models import FrozenModel
from knowledge.retrieval import Signals

STAMP, CASES, ANSWERS, TIMINGS = "run.json", "cases.jsonl", "answers.jsonl", "timings.jsonl"
SCORES, SUMMARY = "scores.jsonl", "summary.json"

_Model = TypeVar("_Model", bound=BaseModel)


class FoundSpan(FrozenModel):
    """Where the redactor found personal data: offsets in the question without its invisible characters."""

    label: str
    start: int
    end: int


class Record(FrozenModel):
    """What came of one case."""

    suite: str
    case: str
    answer: Answer
    ranked: tuple[str, ...] = ()
    """The documents the search found, best first, before anything was weighed; at most 50."""
    signals: Signals | None = None
    """What the search says of how well the question is covered; null when nothing was searched."""
    proved: tuple[bool, ...] = ()
    """For each citation: its quote stands, white space apart, in the file whose digest it names."""
    spans: tuple[FoundSpan, ...] | None = None
    """For a case that marks personal data: what the redactor found."""


class Timing(FrozenModel):
    """What asking one case took."""

    suite: str
    case: str
    asked_at: datetime
    milliseconds: dict[str, float]
    """By step, and ``total``."""


class SuiteStamp(FrozenModel):
    digest: str
    """SHA-256 of its cases that were asked."""
    cases: int


class KnowledgeSeen(FrozenModel):
    digest: str
    documents: int


class Stamp(FrozenModel):
    """From what a run was made."""

    schema_: Literal["advisor.eval.run/1"] = Field(default="advisor.eval.run/1", alias="schema")
    inputs: str
    """SHA-256 over everything here that answers can depend on; two runs that share it give the same answers."""
    part: Literal["dev", "test"] | None
    suites: dict[str, SuiteStamp]
    code: str
    """SHA-256 of the source files of advisor, knowledge and evals."""
    knowledge: KnowledgeSeen
    settings: dict[str, JsonValue]
    """Those that answers depend on; no path, address or secret."""
    packages: dict[str, str]
    python: str
    seed: int
    today: date
    """Answers note sources that are past their review date."""
    revision: str
    """Git revision, with ``+changes`` when files were changed since, or ``unknown`` outside a repository."""
    started: datetime
    finished: datetime | None = None
    jobs: int = 1
    peak_memory_mb: float | None = None
    """Largest resident memory of a process that asked."""

    model_config = {"frozen": True, "extra": "forbid", "populate_by_name": True}


class ScoreLine(FrozenModel):
    value: float
    why: str = ""
    data: dict[str, JsonValue] = {}


class CaseScores(FrozenModel):
    """Every metric's word on one case."""

    suite: str
    case: str
    scores: dict[str, ScoreLine]


class FigureLine(FrozenModel):
    """One number of a suite: see ``evals.metrics.base.Figure``."""

    suite: str
    metric: str
    name: str
    value: float
    low: float
    high: float
    n: int
    better: Literal["higher", "lower"]
    data: dict[str, JsonValue] = {}

    @property
    def key(self) -> tuple[str, str]:
        return self.suite, self.name


class Summary(FrozenModel):
    """The figures of a run, and what they were made of."""

    schema_: Literal["advisor.eval.summary/1"] = Field(default="advisor.eval.summary/1", alias="schema")
    stamp: Stamp
    figures: tuple[FigureLine, ...]
    cost: tuple[FigureLine, ...] = ()
    """Times and memory, which differ between two runs of the same inputs."""
    values: dict[str, dict[str, dict[str, float]]]
    """Suite, case and metric to the value."""
    clusters: dict[str, dict[str, str]] = {}
    """Suite and case to the group it is resampled with, where it has one."""

    model_config = {"frozen": True, "extra": "forbid", "populate_by_name": True}


class Run:
    """A run's folder, read as it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def stamp(self) -> Stamp:
        """Raises RunError when the folder holds no run."""
        return read_model(self.folder / STAMP, Stamp, mend="Name the folder of a run: advisor eval run prints it.")

    def cases(self) -> dict[tuple[str, str], Case]:
        """Suite and id to the case, in the order asked."""
        lines = _lines(self.folder / CASES)
        return {(line["suite"], line["case"]["id"]): Case.model_validate(line["case"]) for line in lines}

    def records(self) -> dict[tuple[str, str], Record]:
        """Suite and id to what came of the case; a last line torn off by a kill is left out."""
        found = (Record.model_validate(line) for line in _lines(self.folder / ANSWERS))
        return {(record.suite, record.case): record for record in found}

    def timings(self) -> dict[tuple[str, str], Timing]:
        found = (Timing.model_validate(line) for line in _lines(self.folder / TIMINGS))
        return {(timing.suite, timing.case): timing for timing in found}

    def scores(self) -> dict[tuple[str, str], CaseScores]:
        found = (CaseScores.model_validate(line) for line in _lines(self.folder / SCORES))
        return {(scores.suite, scores.case): scores for scores in found}

    def summary(self) -> Summary:
        """Raises RunError when it was not finished."""
        return read_summary(self.folder)


def read_summary(path: Path) -> Summary:
    """The summary of a run's folder, or of a file such as a baseline.

    Raises:
        RunError: when it is not there or not one.
    """
    file = path / SUMMARY if path.is_dir() else path
    return read_model(file, Summary, mend="Name a finished run's folder, or a summary.json kept from one.")


def read_model(path: Path, model: type[_Model], *, mend: str) -> _Model:
    """One JSON file as a value.

    Raises:
        RunError: when it cannot be read or is not of the shape.
    """
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise RunError(f"{path} cannot be read ({error.strerror}). {mend}") from error
    except ValidationError as error:
        raise RunError(f"{path} is not a {model.__name__.lower()} of this version. {mend}") from error


def write_model(path: Path, model: BaseModel) -> None:
    """A value as a JSON file, with sorted keys so that a change is easy to read."""
    write_lines(path, _pretty(model.model_dump(mode="json", by_alias=True)) + "\n")


def _pretty(value: dict[str, Any]) -> str:
    """JSON with one line for each figure and each case, so that a diff shows which changed."""
    parts = []
    for name, part in value.items():
        if name in ("figures", "cost"):
            rows = ",\n".join("  " + json.dumps(row, sort_keys=True, ensure_ascii=False) for row in part)
            parts.append(f'"{name}": [\n{rows}\n ]')
        elif name == "values":
            suites = []
            for suite, cases in part.items():
                rows = ",\n".join(
                    f"   {json.dumps(case)}: {json.dumps(of, sort_keys=True)}" for case, of in cases.items()
                )
                suites.append(f"  {json.dumps(suite)}: {{\n{rows}\n  }}")
            parts.append('"values": {\n' + ",\n".join(suites) + "\n }")
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(part, sort_keys=True, ensure_ascii=False)}")
    return "{\n " + ",\n ".join(parts) + "\n}"


def as_line(model: BaseModel) -> str:
    """A value as one JSON line; the same value gives the same bytes."""
    return json.dumps(model.model_dump(mode="json", by_alias=True), ensure_ascii=False, sort_keys=True) + "\n"


def write_models(path: Path, models: Iterable[BaseModel]) -> None:
    """Values as JSON lines, whole or not at all."""
    write_lines(path, "".join(map(as_line, models)))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RunError(f"{path} cannot be read ({error.strerror}). Name the folder of a run.") from error
    whole = text[: text.rfind("\n") + 1]
    for number, line in enumerate(whole.split("\n")[:-1], start=1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise RunError(f"{path}:{number}: not JSON. Remove the line, or run the suites again.") from error
