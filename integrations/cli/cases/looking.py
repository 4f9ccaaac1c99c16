"""``advisor cases list`` and ``advisor cases show``."""

from __future__ import annotations

from typing import Any

import click

from advisor.cases.models import Filter
from integrations.cli.cases.desk import AtDesk, at_desk
from integrations.cli.cases.filtering import case_filters, wanted
from integrations.cli.cases.printing import case_json, counted, file_json, print_json, print_lines, summary, whole


@click.command("list")
@case_filters
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many.")
@click.option("--after", metavar="CASE", help="The page after this case.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.cases.list/1).")
def list_(limit: int, after: str | None, as_json: bool, **given: Any) -> int:
    """Lists the cases that you may see, newest first."""
    with at_desk() as here:
        _print(here, wanted(given, me=here.me, limit=limit, after=after), as_json=as_json)
    return 0


def _print(here: AtDesk, selected: Filter, *, as_json: bool) -> None:
    found, directory = here.desk.list(selected, by=here.me), here.desk.directory
    if as_json:
        body = [case_json(case, directory=directory) for case in found]
        return print_json("advisor.cases.list/1", {"cases": body})
    for case in found:
        print_lines(summary(case, directory=directory, vocabulary=here.workshop.vocabulary))
    more = f' More: "--after {found[-1].id}".' if len(found) == selected.limit else ""
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
