"""``advisor cases list`` and ``advisor cases show``."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from advisor.cases.models import DecisionOutcome, Filter, State
from advisor.models import Urgency
from integrations.cli.cases.desk import AtDesk, at_desk
from integrations.cli.cases.printing import case_json, counted, file_json, print_json, print_lines, summary, whole

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("list")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([state.value for state in State]), help="Only these."
)
@click.option("--live", is_flag=True, help="Only what nobody has decided yet.")
@click.option("--mine", is_flag=True, help="Only those that you hold.")
@click.option("--asked", is_flag=True, help="Only those that you opened.")
@click.option("--overdue", is_flag=True, help="Only those past their due time.")
@click.option("--held", is_flag=True, help="Only those on legal hold.")
@click.option("--role", "roles", multiple=True, help="Only this queue.")
@click.option("--urgency", type=click.Choice([urgency.value for urgency in Urgency]), help="Only of this urgency.")
@click.option("--outcome", type=click.Choice([kind.value for kind in DecisionOutcome]), help="Only decided so.")
@click.option("--since", type=_DAY, metavar="DATE", help="Only those opened from that day on.")
@click.option("--before", type=_DAY, metavar="DATE", help="Only those opened before that day.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many.")
@click.option("--after", metavar="CASE", help="The page after this case.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.cases.list/1).")
def list_(
    states: tuple[str, ...],
    live: bool,
    mine: bool,
    asked: bool,
    overdue: bool,
    held: bool,
    roles: tuple[str, ...],
    urgency: str | None,
    outcome: str | None,
    since: datetime | None,
    before: datetime | None,
    limit: int,
    after: str | None,
    as_json: bool,
) -> int:
    """Lists the cases that you may see, newest first."""
    with at_desk() as here:
        wanted = Filter(
            states=tuple(map(State, states)) or (tuple(state for state in State if state.is_live) if live else ()),
            holder=here.me.key if mine else None,
            asker=here.me.key if asked else None,
            overdue_at=datetime.now(UTC) if overdue else None,
            held=True if held else None,
            roles=roles,
            urgency=Urgency(urgency) if urgency else None,
            outcome=DecisionOutcome(outcome) if outcome else None,
            opened_from=since.replace(tzinfo=UTC) if since else None,
            opened_before=before.replace(tzinfo=UTC) if before else None,
            limit=limit,
            after=after,
        )
        _print(here, wanted, as_json=as_json)
    return 0


def _print(here: AtDesk, wanted: Filter, *, as_json: bool) -> None:
    found, directory = here.desk.list(wanted, by=here.me), here.desk.directory
    if as_json:
        body = [case_json(case, directory=directory) for case in found]
        return print_json("advisor.cases.list/1", {"cases": body})
    for case in found:
        print_lines(summary(case, directory=directory, vocabulary=here.workshop.vocabulary))
    more = f' More: "--after {found[-1].id}".' if len(found) == wanted.limit else ""
    print_lines([f"{counted(len(found))}.{more}"])


@click.command()
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.case.file/1).")
def show(case: str, as_json: bool) -> int:
    """Shows a CASE, by its id or the start of it, with everything that happened in it."""
    with at_desk() as here:
        file = here.desk.find(case, by=here.me)
        if as_json:
            print_json("advisor.case.file/1", file_json(file, directory=here.desk.directory))
        else:
            print_lines(whole(file, directory=here.desk.directory, vocabulary=here.workshop.vocabulary))
    return 0
