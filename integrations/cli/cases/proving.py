"""``advisor cases verify``, ``checkpoint`` and ``replay``: that the record is as written and answers can be redone."""

from __future__ import annotations

import click

from advisor.cases.opening import checkpoints_of
from advisor.cases.replaying import Replay
from advisor.cases.replaying import replay as run_again
from advisor.cases.verifying import Finding, heads_of
from advisor.cases.verifying import verify as look
from advisor.comparing import Change
from integrations.cli.cases.desk import at_desk
from integrations.cli.cases.printing import print_json, print_lines
from integrations.cli.rendering import plural, wrapped


@click.command()
@click.argument("case", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.cases.verify/1).")
def verify(case: str | None, as_json: bool) -> int:
    """Finds any change, gap, reordering, cut tail or rewrite in the record; exit code 1 when there is one.

    With CASE only that one is looked at; otherwise every case of every workspace is.
    """
    with at_desk() as here:
        name = here.desk.find(case, by=here.me).case.id if case else None
        checkpoints = checkpoints_of(here.workshop.settings, here.database)
        found = look(here.database, checkpoints, case=name)
    if as_json:
        print_json("advisor.cases.verify/1", found.model_dump(mode="json"))
    else:
        for finding in found.findings:
            print_lines(wrapped(_finding(finding), rest=4))
        looked = f"Looked at {plural(found.events, 'event')} of {plural(found.cases, 'case')} ({found.purged} purged)"
        beyond = f"; {found.beyond} end beyond the checkpoint" if found.beyond else ""
        print_lines(wrapped(f"{looked}{beyond}. {plural(len(found.findings), 'finding')}."))
    return 1 if found.findings else 0


@click.command()
@click.option("--accept", is_flag=True, help="Start anew although something was found, as after a restored backup.")
@click.option("--why", default="", help="The reason for --accept; it is kept in the checkpoint.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.cases.checkpoint/1).")
def checkpoint(accept: bool, why: str, as_json: bool) -> int:
    """Notes the end of every chain outside the store, once the record proves to be whole."""
    if accept and not why.strip():
        raise click.UsageError("Say --why you accept the record as it is.")
    with at_desk() as here:
        checkpoints = checkpoints_of(here.workshop.settings, here.database)
        found = look(here.database, checkpoints if checkpoints.read().exists else None)
        heads = heads_of(here.database)
        if found.findings and not accept:
            for finding in found.findings:
                print_lines(wrapped(_finding(finding), rest=4))
            click.echo("Nothing was noted. Find out why, then --accept --why TEXT.", err=True)
            return 1
        if accept:
            checkpoints.accept(by=here.me.key, why=why, heads=heads)
        else:
            checkpoints.note_all(heads)
    if as_json:
        print_json("advisor.cases.checkpoint/1", {"path": str(checkpoints.path), "chains": len(heads)})
    else:
        print_lines(wrapped(f"Noted the ends of {len(heads)} chains in {checkpoints.path}"))
    return 0


@click.command()
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.case.replay/1).")
def replay(case: str, as_json: bool) -> int:
    """Asks the question of a CASE again, on the sources as they stood; exit code 1 when the answer differs."""
    with at_desk() as here:
        file = here.desk.find(case, by=here.me)
        done = run_again(file, workshop=here.workshop, database=here.database)
    if as_json:
        print_json("advisor.case.replay/1", done.model_dump(mode="json"))
    else:
        print_lines(_replayed(done))
    return 1 if done.changes or done.quotes_missing else 0


def _replayed(done: Replay) -> list[str]:
    use = "still in use" if done.is_current else "no longer in use"
    lines = wrapped(f"Asked again on the documents as they stood ({done.knowledge[:12]}, {use}).")
    found = done.quotes - len(done.quotes_missing)
    lines += wrapped(f"{found} of {done.quotes} quotes are in the kept sources, word for word.")
    lines += wrapped(f"Program then {done.software_then or 'unknown'}, now {done.software_now}.")
    if not done.same_vocabulary:
        lines += wrapped("The vocabulary is not the one of then, which may explain a difference.")
    if done.composer_then != done.composer_now:
        lines += wrapped(f"Composed then by {done.composer_then}, now by {done.composer_now}.")
    if not done.changes:
        return [*lines, "The answer is the same."]
    return [*lines, "WHAT DIFFERS", *(line for change in done.changes for line in _change(change))]


def _change(change: Change) -> list[str]:
    where = f" {change.document}" if change.document else ""
    how = f" ({change.how})" if change.how else ""
    return wrapped(f"{change.sign.value} {change.part.value}{where}{how}: {change.text}", rest=2)


def _finding(finding: Finding) -> str:
    place = f"case {finding.case}" if finding.case else "checkpoint"
    event = f", event {finding.sequence}" if finding.sequence else ""
    return f"{place}{event} ({finding.trouble.value}): {finding.text}"
