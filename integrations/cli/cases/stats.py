"""``advisor cases stats``: volumes, time to decide, by role and outcome, and which guidance drives which decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from advisor.cases.exporting import files
from advisor.cases.statistics import Statistics, Times, statistics
from advisor.cases.wording import load_case_words
from integrations.cli.cases.desk import at_desk
from integrations.cli.cases.filtering import case_filters, wanted
from integrations.cli.cases.printing import counted, print_json, print_lines
from integrations.cli.rendering import wrapped
from knowledge.models import FrozenModel
from knowledge.vocabulary import Vocabulary

_MOST = 15
"""Rows of a table on the screen and in a plot; the JSON has all."""
_COLUMNS = {
    "share": "share",
    "share_in_part_or_with_conditions": "part",
    "do_not_share": "not",
    "not_ours_to_decide": "n/o",
}


class Group(FrozenModel):
    """One table: names, and for each the figures under the headings."""

    title: str
    headings: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plotted: dict[str, tuple[int, ...]]
    """Series of figures for the plot of it."""
    note: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.cases.stats/1).")
@click.option(
    "--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="A page with plots as well."
)
@case_filters
def stats(as_json: bool, page: Path | None, **given: Any) -> int:
    """Counts the cases that you may see: how many, how fast, by role and outcome, and the guidance they rest on."""
    if page is not None and not page.parent.is_dir():
        raise click.UsageError(f"There is no folder {page.parent}. Make it first.")
    with at_desk() as here:
        now = datetime.now(UTC)
        found = statistics(files(here.desk, wanted(given, me=here.me), by=here.me), now=now)
        vocabulary, organisation = here.workshop.vocabulary, here.desk.profile.name
    groups = list(groups_of(found, vocabulary=vocabulary))
    if page is not None:
        _write(page, found, groups, organisation=organisation)
    if as_json:
        print_json("advisor.cases.stats/1", found.model_dump(mode="json"))
    else:
        print_lines(summary(found))
        for group in groups:
            print_lines(["", *_table(group)])
    return 0


def summary(found: Statistics) -> list[str]:
    """The whole in two or three lines."""
    first = f"{counted(found.cases)}: {found.live} not decided yet, {found.overdue} of them overdue."
    beside = f"{found.recorded} recorded without a case, {found.acted_first} after acting first."
    return [*wrapped(f"{first} {beside}"), *wrapped(_speed(found.times))]


def groups_of(found: Statistics, *, vocabulary: Vocabulary) -> Iterator[Group]:
    """The tables that are not empty."""
    words = load_case_words()
    if found.months:
        yield _counts("Cases opened by month", dict(list(found.months.items())[-24:]))
    yield _counts("By urgency", found.urgencies)
    yield _counts("By decision", {words.outcomes[key]: count for key, count in found.outcomes.items()})
    if found.queues:
        roles = tuple(
            vocabulary.roles[each.role].label if each.role in vocabulary.roles else each.role for each in found.queues
        )
        yield Group(
            title="By role",
            headings=("cases", "live", "overdue", "decided", "median h", "90% h", "late"),
            names=roles,
            rows=tuple(
                (str(each.cases), str(each.live), str(each.overdue), *_figures(each.times)) for each in found.queues
            ),
            plotted={
                "live": tuple(each.live for each in found.queues),
                "not live": tuple(each.cases - each.live for each in found.queues),
            },
        )
    if found.guidance:
        shown = found.guidance[:_MOST]
        more = f" The first {_MOST} of {len(found.guidance)} documents." if len(found.guidance) > _MOST else ""
        unknown = f" Decided cases that do not say: {found.unknown_guidance}." if found.unknown_guidance else ""
        yield Group(
            title="Guidance cited in the answers of decided cases",
            headings=("cases", *_COLUMNS.values()),
            names=tuple(each.document for each in shown),
            rows=tuple((str(each.cases), *(str(each.outcomes[key]) for key in _COLUMNS)) for each in shown),
            plotted={words.outcomes[key]: tuple(each.outcomes[key] for each in shown) for key in _COLUMNS},
            note=f"share; part: in part or with conditions; not: do not share; n/o: not ours to decide.{more}{unknown}",
        )


def _counts(title: str, counts: dict[str, int]) -> Group:
    return Group(
        title=title,
        headings=("cases",),
        names=tuple(counts),
        rows=tuple((str(count),) for count in counts.values()),
        plotted={"cases": tuple(counts.values())},
    )


def _figures(times: Times) -> tuple[str, ...]:
    return (str(times.decided), _hours(times.median), _hours(times.ninety), str(times.late))


def _hours(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _speed(times: Times) -> str:
    if times.median is None:
        return "None was decided from a queue yet."
    within = f"half within {_hours(times.median)} hours, nine in ten within {_hours(times.ninety)}"
    return f"{times.decided} decided from a queue: {within}; {times.late} after their due time."


def _table(group: Group) -> list[str]:
    """Names to the left, figures to the right, 80 columns at most."""
    widths = [max(len(heading), *(len(row[at]) for row in group.rows)) for at, heading in enumerate(group.headings)]
    room = 80 - sum(widths) - 2 * len(widths)
    wide = min(room, max(map(len, group.names)))
    lines = [group.title.upper(), _line("", group.headings, widths, wide)]
    for name, row in zip(group.names, group.rows, strict=True):
        is_long = len(name) > wide
        lines += [*([name[:80]] if is_long else ()), _line("" if is_long else name, row, widths, wide)]
    return [*lines, *(wrapped(group.note) if group.note else [])]


def _line(name: str, cells: Sequence[str], widths: Sequence[int], wide: int) -> str:
    return name.ljust(wide) + "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _write(page: Path, found: Statistics, groups: Sequence[Group], *, organisation: str) -> None:
    from integrations.cli.cases.plotting import bars  # noqa: PLC0415 - matplotlib, which only a page needs
    from integrations.cli.pages import write_page  # noqa: PLC0415 - jinja2, likewise

    plots = [bars(group.names, dict(group.plotted), unit="cases") for group in groups]
    shown = {"groups": list(zip(groups, plots, strict=True)), "organisation": organisation}
    write_page(page, "cases/stats.html", mode=0o600, summary=" ".join(summary(found)), as_of=found.as_of, **shown)
    click.echo(f"Wrote {page}.", err=True)
