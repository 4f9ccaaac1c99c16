"""``advisor cases claim``, ``assign``, ``note``, ``ask``, ``reply`` and ``chase``: what is done on the way."""

from __future__ import annotations

import click

from advisor.cases.models import Case
from advisor.people import Actor
from integrations.cli.cases.desk import AtDesk, at_desk
from integrations.cli.cases.printing import case_json, counted, print_json, print_lines, summary
from integrations.cli.rendering import wrapped

_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.case/1).")


@click.command()
@click.argument("case")
@_JSON
def claim(case: str, as_json: bool) -> int:
    """Takes a CASE from its queue; you then decide it."""
    with at_desk() as here:
        return _told(here, here.desk.claim(case, by=here.me), as_json=as_json)


@click.command()
@click.argument("case")
@click.option("--to", metavar="WHO", help="A colleague, by name or identity.")
@click.option("--role", help="The queue of another role.")
@click.option("--why", default="", help="The reason; personal data is taken out.")
@_JSON
def assign(case: str, to: str | None, role: str | None, why: str, as_json: bool) -> int:
    """Hands a CASE to a colleague or to another role's queue."""
    with at_desk() as here:
        if role and role not in here.workshop.vocabulary.roles:
            raise click.UsageError(f"Role {role!r} is unknown; use one of {', '.join(here.workshop.vocabulary.roles)}.")
        if (to is None) == (role is None):
            raise click.UsageError("Say either --to or --role.")
        found = here.desk.assign(case, by=here.me, to=_person(here, to) if to else None, role=role, why=why)
        return _told(here, found, as_json=as_json)


@click.command()
@click.argument("case")
@click.argument("text")
@_JSON
def note(case: str, text: str, as_json: bool) -> int:
    """Adds a note to a CASE; personal data is taken out of the TEXT."""
    with at_desk() as here:
        return _told(here, here.desk.note(case, text, by=here.me), as_json=as_json)


@click.command()
@click.argument("case")
@click.argument("text")
@_JSON
def ask(case: str, text: str, as_json: bool) -> int:
    """Asks whoever opened a CASE for more."""
    with at_desk() as here:
        return _told(here, here.desk.ask(case, text, by=here.me), as_json=as_json)


@click.command()
@click.argument("case")
@click.argument("text")
@_JSON
def reply(case: str, text: str, as_json: bool) -> int:
    """Answers what you were asked about a CASE that you opened."""
    with at_desk() as here:
        return _told(here, here.desk.reply(case, text, by=here.me), as_json=as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.cases.list/1).")
def chase(as_json: bool) -> int:
    """Reminds of every case that is overdue, and says whom to reach; for a timer to run."""
    with at_desk() as here:
        found, directory = here.desk.chase(by=here.me), here.desk.directory
        if as_json:
            print_json("advisor.cases.list/1", {"cases": [case_json(case, directory=directory) for case in found]})
            return 0
        for case in found:
            print_lines(summary(case, directory=directory, vocabulary=here.workshop.vocabulary))
            for contact in here.desk.reach(case):
                print_lines(wrapped(f"{contact.name}: {contact.reach}", first="    "))
        print_lines([f"{counted(len(found))} chased."])
    return 0


def _person(here: AtDesk, words: str) -> Actor:
    found = here.desk.directory.named(words)
    if found is None:
        known = ", ".join(person.name for person in here.desk.profile.people) or "nobody yet"
        raise click.UsageError(f"The profile knows no {words!r}. It knows {known}.")
    return found


def _told(here: AtDesk, case: Case, *, as_json: bool) -> int:
    """Where the case stands now."""
    if as_json:
        print_json("advisor.case/1", {"case": case_json(case, directory=here.desk.directory)})
    else:
        print_lines(summary(case, directory=here.desk.directory, vocabulary=here.workshop.vocabulary))
    return 0
