"""``advisor kb gaps``: what people asked that the knowledge base does not serve."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime

import click

from advisor.curating.gaps import Gap, GapFinder, Reason
from advisor.settings import load_settings
from advisor.situation import SituationReader
from advisor.store import Recorded
from advisor.wiring import Workshop
from integrations.cli.ask import build_with_bar
from integrations.cli.keeping import open_store
from integrations.cli.rendering import wrapped

_SAID = {
    Reason.NOTHING_FOUND: "nothing was found",
    Reason.NOT_HELPFUL: "not helpful",
    Reason.FAR_FROM_GUIDANCE: "only loosely covered",
    Reason.PARTLY_COVERED: "a part not covered",
}
_NOTHING_KEPT = "No answers are kept{since}. They are kept as people ask, unless ADVISOR_KEEP is false."


@click.command()
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only what was asked from that day on."
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many gaps to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.gaps/1).")
def gaps(since: datetime | None, limit: int, as_json: bool) -> int:
    """Groups what people asked that found nothing or did not help, so that it is known what to write next."""
    workshop = Workshop(load_settings())
    with closing(open_store(workshop.settings)) as store:
        recorded = store.recorded(since=since.replace(tzinfo=UTC) if since else None)
    found = _found(workshop, recorded) if recorded else []
    if as_json:
        body = {
            "schema": "advisor.kb.gaps/1",
            "since": since.date().isoformat() if since else None,
            "answers": len(recorded),
            "gaps": len(found),
            "not_served": sum(gap.asked for gap in found),
            "shown": [gap.model_dump(mode="json") for gap in found[:limit]],
        }
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return 0
    click.echo("\n".join(_lines(found, recorded, since=since, limit=limit)))
    return 0


def _found(workshop: Workshop, recorded: Sequence[Recorded]) -> list[Gap]:
    index, embedder = workshop.open_or_build(lambda: build_with_bar(workshop))
    try:
        return GapFinder(index, embedder=embedder, reader=SituationReader(workshop.vocabulary)).gaps(recorded)
    finally:
        index.close()


def _lines(found: Sequence[Gap], recorded: Sequence[Recorded], *, since: datetime | None, limit: int) -> list[str]:
    from_day = f" since {since:%Y-%m-%d}" if since else ""
    if not recorded:
        return wrapped(_NOTHING_KEPT.format(since=from_day))
    lines = [line for number, gap in enumerate(found[:limit], start=1) for line in (*_gap(gap, number), "")]
    not_served = sum(gap.asked for gap in found)
    total = f"{len(recorded)} answers kept{from_day}; {not_served} not well served, in {len(found)} groups."
    more = f" Shown: the first {limit}." if len(found) > limit else ""
    return [*lines, *wrapped(total + more)]


def _gap(gap: Gap, number: int) -> list[str]:
    times = "once" if gap.asked == 1 else f"{gap.asked} times"
    when = f"{gap.first}" if gap.first == gap.last else f"{gap.first} to {gap.last}"
    why = ", ".join(f"{_SAID[reason]} ({count})" for reason, count in gap.reasons.items())
    head = f"{number}. "
    inside = " " * len(head)
    return [
        *wrapped(_one_line(gap.question), first=head),
        *wrapped(f"Asked {times}, {when}: {why}", first=inside),
        *(line for text in gap.others for line in wrapped(_one_line(text), first=f"{inside}also: ", rest=9)),
        *(line for text in gap.said for line in wrapped(_one_line(text), first=f"{inside}said: ", rest=9)),
        *(
            line
            for near in gap.nearest
            for line in wrapped(f"{near.id}: {near.title}", first=f"{inside}near: ", rest=9)
        ),
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())
