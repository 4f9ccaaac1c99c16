"""``advisor eval``: is it any good? A file for each command or few."""

from __future__ import annotations

import click

from integrations.cli.lazy import LazyGroup

COMMANDS = {
    "run": "integrations.cli.evaluation.run:run",
    "score": "integrations.cli.evaluation.run:score",
    "compare": "integrations.cli.evaluation.compare:compare",
    "report": "integrations.cli.evaluation.report:report",
    "bench": "integrations.cli.evaluation.bench:bench",
    "ablate": "integrations.cli.evaluation.ablate:ablation",
    "gate": "integrations.cli.evaluation.gate:gate",
    "list": "integrations.cli.evaluation.suites:list_",
    "show": "integrations.cli.evaluation.suites:show",
    "check": "integrations.cli.evaluation.suites:check",
    "schema": "integrations.cli.evaluation.suites:schema",
    "export": "integrations.cli.evaluation.suites:export",
}


@click.group("eval", cls=LazyGroup, modules=COMMANDS)
def evaluation() -> None:
    """Measures the advisor: suites, metrics with intervals, comparisons and gates."""
