"""The options that say which cases: the same for a list, an export and statistics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from advisor.cases.models import LIVE, DecisionOutcome, Filter, State
from advisor.models import Urgency
from advisor.people import Actor

DAY = click.DateTime(["%Y-%m-%d"])
Command = Callable[..., Any]
_OPTIONS = (
    click.option(
        "--state", "states", multiple=True, type=click.Choice([state.value for state in State]), help="Only these."
    ),
    click.option("--live", is_flag=True, help="Only what nobody has decided yet."),
    click.option("--mine", is_flag=True, help="Only those that you hold."),
    click.option("--asked", is_flag=True, help="Only those that you opened."),
    click.option("--overdue", is_flag=True, help="Only those past their due time."),
    click.option("--held", is_flag=True, help="Only those on legal hold."),
    click.option("--role", "roles", multiple=True, help="Only this queue."),
    click.option("--urgency", type=click.Choice([urgency.value for urgency in Urgency]), help="Only of this urgency."),
    click.option("--outcome", type=click.Choice([kind.value for kind in DecisionOutcome]), help="Only decided so."),
    click.option("--since", type=DAY, metavar="DATE", help="Only those opened from that day on."),
    click.option("--before", type=DAY, metavar="DATE", help="Only those opened before that day."),
)


def case_filters(command: Command) -> Command:
    """Gives a command the options; it takes them as keywords and passes them to ``wanted``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def wanted(given: dict[str, Any], *, me: Actor, limit: int = 100, after: str | None = None) -> Filter:
    """Which cases the options ask for."""
    return Filter(
        states=tuple(map(State, given["states"])) or (LIVE if given["live"] else ()),
        holder=me.key if given["mine"] else None,
        asker=me.key if given["asked"] else None,
        overdue_at=datetime.now(UTC) if given["overdue"] else None,
        held=True if given["held"] else None,
        roles=given["roles"],
        urgency=Urgency(given["urgency"]) if given["urgency"] else None,
        outcome=DecisionOutcome(given["outcome"]) if given["outcome"] else None,
        opened_from=_midnight(given["since"]),
        opened_before=_midnight(given["before"]),
        limit=limit,
        after=after,
    )


def _midnight(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None
