"""``advisor eval report``."""

from __future__ import annotations

from pathlib import Path

import click

from evals.reporting.contents import make_report
from evals.runs import Run
from integrations.cli.evaluation.telling import usable
from integrations.cli.pages import write_page

_PAGE = "evaluation/report.html"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="A run, or a summary kept from one.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="By default report.html in RUN.")
def report(folder: Path, baseline: Path | None, out: Path | None) -> int:
    """Writes a run as one HTML page: figures, plots, what changed since a baseline, and every case.

    The page needs nothing beside it and asks nothing of the network.
    """
    path = out or folder / "report.html"
    with usable():
        made = make_report(Run(folder), baseline=baseline)
    try:
        write_page(path, _PAGE, report=made)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written ({error.strerror}). Name another file with --out.") from error
    click.echo(f"Wrote {path}.", err=True)
    return 0
