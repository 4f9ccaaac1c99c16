"""``advisor eval run`` and ``advisor eval score``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from evals.cases import Case, Part, Suite
from evals.comparing import compare
from evals.failing import as_junit
from evals.loading import bundled, find_suites, write_lines
from evals.looking import log_look
from evals.running import Progress, choose, find_unfinished, run_suites
from evals.runs import Run, Summary, read_summary
from evals.scoring import score_run
from evals.stamping import make_stamp, revision
from integrations.cli.ask import build_with_bar
from integrations.cli.evaluation.telling import comparison, echo, markdown, table, usable

PARTS = {"dev": Part.DEV, "test": Part.TEST, "all": None}


@click.command()
@click.argument("names", nargs=-1, metavar="[SUITE]...")
@click.option("--part", type=click.Choice(list(PARTS)), default="dev", show_default=True, help="Which cases.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="At most N cases of a suite, evenly chosen.")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="A run, or a summary kept from one.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the run; one there goes on.")
@click.option("--jobs", type=click.IntRange(min=1, max=64), default=1, show_default=True, help="Processes that ask.")
@click.option(
    "--junit", type=click.Path(path_type=Path), metavar="FILE", help="Writes JUnit XML, a test for each case."
)
@click.option("--no-log", is_flag=True, help="Does not write a look at the test part to evals/looks.md.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.eval.summary/1).")
def run(
    names: tuple[str, ...],
    part: str,
    sample: int | None,
    baseline: Path | None,
    out: Path | None,
    jobs: int,
    junit: Path | None,
    no_log: bool,
    as_json: bool,
) -> int:
    """Asks the cases of suites, keeps every answer, and prints the figures.

    SUITE is a name ("advisor eval list") or a file of your own; without any, all that come with the package. A run
    that was stopped goes on where it was.
    """
    with usable():
        before = read_summary(baseline) if baseline else None
        suites = find_suites(names)
        chosen = choose(suites, part=PARTS[part], sample=sample)
        if not no_log:
            _log(suites, chosen)
        made = carry_out(chosen, part=PARTS[part], out=out, jobs=jobs)
        if junit:
            write_lines(junit, as_junit(made))
    summary = made.summary()
    if as_json:
        click.echo(json.dumps(summary.model_dump(mode="json", by_alias=True), ensure_ascii=False))
    else:
        _tell(summary, before)
    click.echo(f"Kept in {made.folder}", err=True)
    return 0


def carry_out(chosen: dict[str, tuple[Case, ...]], *, part: Part | None, out: Path | None, jobs: int = 1) -> Run:
    """The finished run of those cases, with a progress bar; one from the same inputs that was stopped goes on."""
    workshop = Workshop(load_settings())
    folder = out or _folder(workshop, chosen, part)
    with _bar() as progress:
        return run_suites(
            folder,
            workshop,
            chosen,
            part=part,
            jobs=jobs,
            on_missing=lambda: build_with_bar(workshop),
            progress=progress,
        )


def _folder(workshop: Workshop, chosen: dict[str, tuple[Case, ...]], part: Part | None) -> Path:
    runs = workshop.settings.home / "runs"
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    inputs = make_stamp(workshop, chosen, part=part, documents=len(workshop.paths)).inputs
    return find_unfinished(runs, inputs) or runs / f"{now}-{part.value if part else 'all'}-{os.getpid()}"


def _log(suites: Sequence[Suite], chosen: dict[str, tuple[Case, ...]]) -> None:
    """Writes down a look at the test parts of the package's own suites."""
    own = {path.stem for path in bundled()}
    looked = [name for name, cases in chosen.items() if name in own and any(case.split is Part.TEST for case in cases)]
    if looked:
        log_look(looked, revision=revision())


@contextmanager
def _bar() -> Iterator[Progress]:
    bar: Any = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = click.progressbar(length=total, label="Asking", file=sys.stderr)
        bar.update(done - bar.pos)

    try:
        yield show
    finally:
        if bar is not None:
            bar.render_finish()


def _tell(summary: Summary, before: Summary | None) -> None:
    echo(table(summary))
    if before is not None:
        click.echo("")
        echo(comparison(compare(before, summary), most=3))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--markdown", "as_markdown", is_flag=True, help="A Markdown table.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.eval.summary/1).")
def score(folder: Path, as_markdown: bool, as_json: bool) -> int:
    """Scores a run's kept answers again, with the metrics as they are now, and prints the figures."""
    with usable():
        summary = score_run(Run(folder))
    if as_json:
        click.echo(json.dumps(summary.model_dump(mode="json", by_alias=True), ensure_ascii=False))
    else:
        echo(markdown(summary) if as_markdown else table(summary))
    return 0
