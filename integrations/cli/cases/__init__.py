"""``advisor cases``: the matter goes to a human, and what they decide is recorded; a file for a command or few."""

from __future__ import annotations

import click

from integrations.cli.lazy import LazyGroup

COMMANDS = {
    "open": "integrations.cli.cases.arriving:open_",
    "record": "integrations.cli.cases.arriving:record",
    "list": "integrations.cli.cases.looking:list_",
    "show": "integrations.cli.cases.looking:show",
    "claim": "integrations.cli.cases.working:claim",
    "assign": "integrations.cli.cases.working:assign",
    "note": "integrations.cli.cases.working:note",
    "ask": "integrations.cli.cases.working:ask",
    "reply": "integrations.cli.cases.working:reply",
    "decide": "integrations.cli.cases.deciding:decide",
    "close": "integrations.cli.cases.deciding:close",
    "chase": "integrations.cli.cases.working:chase",
    "export": "integrations.cli.cases.export:export",
    "stats": "integrations.cli.cases.stats:stats",
    "verify": "integrations.cli.cases.proving:verify",
    "checkpoint": "integrations.cli.cases.proving:checkpoint",
    "replay": "integrations.cli.cases.proving:replay",
    "hold": "integrations.cli.cases.retaining:hold",
    "purge": "integrations.cli.cases.retaining:purge",
    "backup": "integrations.cli.cases.retaining:backup",
    "restore": "integrations.cli.cases.retaining:restore",
}


@click.group(cls=LazyGroup, modules=COMMANDS)
@click.option("--workspace", metavar="NAME", help="Whose cases; by default ADVISOR_WORKSPACE.")
@click.option("--as", "acting_as", metavar="WHO", help="Who you are, by any of your own names; nobody else's.")
@click.pass_context
def cases(ctx: click.Context, workspace: str | None, acting_as: str | None) -> None:
    """Cases: a human decides, and the decision is recorded so that it stands up years later."""
    ctx.obj = {"workspace": workspace, "acting_as": acting_as}
