"""``advisor cases hold``, ``purge``, ``backup`` and ``restore``: how long the record is kept, and in safety."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from advisor.backup import Backup, back_up
from advisor.backup import restore as put_back
from advisor.cases.purging import due_for_purge
from advisor.cases.purging import purge as remove
from advisor.database import open_database
from advisor.people import Action
from advisor.settings import load_settings
from integrations.cli.cases.desk import at_desk
from integrations.cli.cases.printing import case_json, counted, print_json, print_lines, summary
from integrations.cli.rendering import wrapped


@click.command()
@click.argument("case")
@click.option("--release", is_flag=True, help="Ends the hold.")
@click.option("--why", required=True, help="The reason, such as the claim it is needed for.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.case/1).")
def hold(case: str, release: bool, why: str, as_json: bool) -> int:
    """Puts a CASE on legal hold: what it says is not purged until released."""
    with at_desk() as here:
        change = here.desk.release if release else here.desk.hold
        found = change(case, by=here.me, why=why)
        if as_json:
            print_json("advisor.case/1", {"case": case_json(found, directory=here.desk.directory)})
        else:
            print_lines(wrapped(f"Case {found.id} is {'' if found.held else 'no longer '}on legal hold."))
    return 0


@click.command()
@click.argument("case", required=False)
@click.option("--why", default="", help="The reason; needed for a single CASE.")
@click.option("--dry-run", is_flag=True, help="Only lists what would be purged.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.cases.purge/1).")
def purge(case: str | None, why: str, dry_run: bool, as_json: bool) -> int:
    """Removes what closed cases say once ADVISOR_CASES_KEEP_DAYS are over, or a single CASE now.

    The chain of their events stays whole and says what was removed. Cases on legal hold are left.
    """
    if case and not why.strip():
        raise click.UsageError("Say --why this case is purged before its time.")
    with at_desk() as here:
        keep = here.workshop.settings.cases_keep_days
        now = datetime.now(UTC)
        here.desk.require(Action.PURGE, by=here.me)
        found = (
            (here.desk.find(case, by=here.me).case,)
            if case
            else due_for_purge(here.desk, closed_before=now - timedelta(days=keep))
        )
        reason = why or f"retention of {keep} days is over"
        done = 0 if dry_run else remove(here.desk, found, by=here.me, why=reason)
        if as_json:
            print_json("advisor.cases.purge/1", {"purged": done, "cases": [each.id for each in found]})
            return 0
        for each in found:
            print_lines(summary(each, directory=here.desk.directory, vocabulary=here.workshop.vocabulary)[:1])
        print_lines([f"{counted(len(found))} would be purged." if dry_run else f"{counted(done)} purged."])
    return 0


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.backup/1).")
def backup(file: Path, as_json: bool) -> int:
    """Writes the whole store to a FILE (answers, cases, conversations), while others go on working."""
    if not file.parent.is_dir():
        raise click.UsageError(f"There is no folder {file.parent}. Make it first.")
    with at_desk() as here:
        here.desk.require(Action.EXPORT, by=here.me)
        return _told(back_up(here.database, file), "Backed up", as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.backup/1).")
def restore(file: Path, as_json: bool) -> int:
    """Puts the FILE of a backup into a store that is still empty, then says how to prove it whole."""
    database = open_database(load_settings())
    try:
        done = put_back(database, file)
    finally:
        database.close()
    _told(done, "Restored", as_json=as_json)
    if not as_json:
        print_lines(wrapped('Now run "advisor cases verify": what came after the backup is missing and will be named.'))
    return 0


def _told(done: Backup, what: str, *, as_json: bool) -> int:
    if as_json:
        print_json("advisor.backup/1", {"path": str(done.path), "rows": done.rows})
    else:
        print_lines(wrapped(f"{what} {done.rows} rows: {done.path}"))
    return 0
