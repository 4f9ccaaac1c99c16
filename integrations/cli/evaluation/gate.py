"""``advisor eval gate``."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import click

from evals.gating import GATE, Thresholds, load_thresholds, reasons
from evals.loading import find_suites
from evals.running import choose
from evals.runs import Summary, read_summary
from integrations.cli.evaluation.run import carry_out
from integrations.cli.evaluation.telling import usable


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="[RUN]", required=False)
@click.option("--thresholds", "path", type=click.Path(path_type=Path), default=GATE, metavar="FILE", help="The bounds.")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="In place of the file's own.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.eval.gate/1).")
def gate(folder: Path | None, path: Path, baseline: Path | None, as_json: bool) -> int:
    """Tells whether a run is good enough; exit code 1 with the reasons when it is not.

    Without RUN the cases that the file of thresholds names are asked now.
    """
    with usable():
        thresholds = load_thresholds(path)
        held = baseline or thresholds.baseline
        before = read_summary(held) if held else None
        summary = read_summary(folder) if folder else _asked(thresholds)
        broken = reasons(summary, thresholds, baseline=before)
    if as_json:
        body = {"schema": "advisor.eval.gate/1", "passed": not broken, "reasons": broken}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        for reason in broken:
            click.echo("\n".join(textwrap.wrap(reason, 80, subsequent_indent="  ")))
        cases = sum(suite.cases for suite in summary.stamp.suites.values())
        click.echo(f"{len(thresholds.rules)} rules, {cases} cases: {f'{len(broken)} broken' if broken else 'passed'}")
    return 1 if broken else 0


def _asked(thresholds: Thresholds) -> Summary:
    chosen = choose(find_suites(thresholds.suites), part=thresholds.part, sample=thresholds.sample)
    return carry_out(chosen, part=thresholds.part, out=None).summary()
