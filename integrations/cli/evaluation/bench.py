"""``advisor eval bench``."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from evals.asking import Asker
from evals.benchmarks.chain import MISSING
from evals.benchmarks.core import core_set, whole_advisor
from evals.benchmarks.measuring import SetMeasured, SystemRow, measure
from evals.benchmarks.scoring import METRICS
from evals.benchmarks.sets import PublicSet, load_sets
from evals.cases import Case, Part
from evals.intervals import Interval
from evals.loading import find_suites
from evals.looking import log_look
from evals.running import choose
from evals.stamping import revision
from integrations.cli.ask import build_with_bar
from integrations.cli.evaluation.telling import echo, usable
from knowledge.embedding import OnnxEmbedder
from knowledge.exporting import export, export_folder
from knowledge.models import Document

_OURS_WHOLE = "ours, whole advisor"
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--data", type=_FOLDER, metavar="DIR", help="Public question sets; by default ADVISOR_BENCHMARKS.")
@click.option("--part", type=click.Choice(["dev", "test"]), default="dev", show_default=True, help="Of the core suite.")
@click.option("--only", metavar="NAME", help="Only sets whose name starts so, such as core.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="At most N questions of a set, evenly chosen.")
@click.option("--no-log", is_flag=True, help="Does not write a look at the test part to evals/looks.md.")
@click.option("--markdown", "as_markdown", is_flag=True, help="A Markdown table.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.eval.bench/1).")
def bench(
    data: Path | None,
    part: str,
    only: str | None,
    sample: int | None,
    no_log: bool,
    as_markdown: bool,
    as_json: bool,
) -> int:
    """Measures the search beside simple systems: BM25, dense, reciprocal ranks, weights, LangChain with Chroma.

    All meet the same questions of the core suite, and of the public sets in a folder when one is named.
    """
    settings = load_settings()
    workshop, folder = Workshop(settings), data or settings.benchmarks
    wanted = (only or "").lower()
    measured = []
    for found in _measured(workshop, folder, part=part, wanted=wanted, sample=sample, is_logged=not no_log):
        measured.append(found)
        if not as_json:
            echo(_markdown(found, is_first=len(measured) == 1) if as_markdown else _table(found))
    if not measured:
        raise click.UsageError(f"No set whose name starts with {only!r}. Leave --only out, or name a folder by --data.")
    if as_json:
        click.echo(json.dumps(_body(measured, part=part), indent=2))
    return 0


def _measured(
    workshop: Workshop, folder: Path | None, *, part: str, wanted: str, sample: int | None, is_logged: bool
) -> Iterator[SetMeasured]:
    """Every set, measured as it is asked for; indexes are built in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="advisor-bench-") as beside:
        work = Path(beside)
        if "core".startswith(wanted) or wanted.startswith("core"):
            yield _core(workshop, part=part, sample=sample, is_logged=is_logged, work=work)
        for found in load_sets(folder) if folder else ():
            if found.name.lower().startswith(wanted):
                yield _set(workshop, _sampled(found, sample), work=work, more={})


def _core(workshop: Workshop, *, part: str, sample: int | None, is_logged: bool, work: Path) -> SetMeasured:
    with usable():
        (cases,) = choose(find_suites(["core"]), part=Part(part), sample=sample).values()
    if part == "test" and is_logged:
        log_look(["core"], revision=revision())
    asker = Asker(workshop, on_missing=lambda: build_with_bar(workshop))
    try:
        whole = whole_advisor(asker, cases)
    finally:
        asker.close()
    return _set(workshop, _core_set(workshop, cases, part), work=work, more={_OURS_WHOLE: whole})


def _core_set(workshop: Workshop, cases: Sequence[Case], part: str) -> PublicSet:
    documents = [loaded for loaded in workshop.loaded() if isinstance(loaded, Document)]
    return core_set(f"core {part}", cases, documents=documents)


def _set(workshop: Workshop, of: PublicSet, *, work: Path, more: Mapping[str, list[list[str]]]) -> SetMeasured:
    click.echo(f"... {of.name}: {len(of.questions)} questions, {len(of.documents)} documents", err=True)
    ours, exact = (_embedder(workshop, precision) for precision in (workshop.settings.precision, "fp32"))
    return measure(of, embedder=ours, exact=exact, work=work, more=more)


def _embedder(workshop: Workshop, precision: str) -> OnnxEmbedder:
    """The model of the settings at a precision, exported into the home when it is not there."""
    settings = workshop.settings
    folder = export_folder(settings.home, model=settings.model, precision=precision)
    if not (folder / "manifest.json").exists():
        export(folder, model=settings.model, precision=precision)
    return OnnxEmbedder(folder, threads=settings.threads)


def _sampled(of: PublicSet, most: int | None) -> PublicSet:
    count = len(of.questions)
    if most is None or count <= most:
        return of
    return of._replace(questions=[of.questions[place * count // most] for place in range(most)])


def _body(measured: Sequence[SetMeasured], *, part: str) -> dict[str, object]:
    sets = [
        {
            **found._asdict(),
            "rows": [
                {"system": row.system, "values": _plain(row.values), "less_simple": _plain(row.less_simple)}
                for row in found.rows
            ],
        }
        for found in measured
    ]
    return {"schema": "advisor.eval.bench/1", "part": part, "sets": sets}


def _plain(values: Mapping[str, Interval]) -> dict[str, dict[str, float]]:
    return {metric: value._asdict() for metric, value in values.items()}


def _table(found: SetMeasured) -> Iterator[str]:
    """A set in 80 columns: two lines a system, the value and under it the interval."""
    yield f"\n{found.name}: {found.questions} questions, {found.documents} documents"
    yield f"{'':24}{''.join(f'{metric:>14}' for metric in METRICS)}"
    for row in found.rows:
        if not row.values:
            yield f"{row.system:24}{MISSING}"
            continue
        yield from _lines(row.system, row.values, sign="")
        if row.less_simple:
            yield from _lines(f"  less {found.best_simple}", row.less_simple, sign="+")


def _lines(name: str, values: Mapping[str, Interval], *, sign: str) -> Iterator[str]:
    yield f"{name:24}{''.join(f'{values[metric].value:{sign}14.3f}' for metric in METRICS)}"
    spreads = [f"{values[metric].low:{sign}.2f}, {values[metric].high:{sign}.2f}" for metric in METRICS]
    yield f"{'':24}{''.join(f'{spread:>14}' for spread in spreads)}"


def _markdown(found: SetMeasured, *, is_first: bool) -> Iterator[str]:
    """Rows of one table over all sets; differences are paired."""
    if is_first:
        yield f"| set ({date.today()}, {revision()}) | system | {' | '.join(METRICS)} |"
        yield f"|---|---|{'---|' * len(METRICS)}"
    name = f"{found.name} (n={found.questions})"
    for row in found.rows:
        yield f"| {name} | {row.system} | {_cells(row, row.values, sign='')} |"
        if row.less_simple:
            less = f"{row.system} less {found.best_simple}, paired"
            yield f"| {name} | {less} | {_cells(row, row.less_simple, sign='+')} |"


def _cells(row: SystemRow, values: Mapping[str, Interval], *, sign: str) -> str:
    if not row.values:
        return " | ".join([MISSING, *[""] * (len(METRICS) - 1)])
    return " | ".join(
        f"{values[metric].value:{sign}.3f} [{values[metric].low:{sign}.3f}, {values[metric].high:{sign}.3f}]"
        for metric in METRICS
    )
