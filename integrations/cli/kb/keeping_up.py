"""``advisor kb reviewed``, ``kb supersede`` and ``kb withdraw``: what becomes of a document in time."""

from __future__ import annotations

from datetime import date, datetime

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.kb.acting import DAY, carry_out, every_document, find, person, tell_links
from knowledge.curating.history import one_line
from knowledge.curating.lifecycle import review, supersession, withdrawal


@click.command()
@click.argument("name", metavar="ID")
@click.option("--by", metavar="NAME", help="Who looked; by default the operating system's user.")
@click.option("--next", "next_on", type=DAY, metavar="DATE", help="The next review; by default as far off as before.")
def reviewed(name: str, by: str | None, next_on: datetime | None) -> int:
    """Says that somebody looked at a document today and it still holds."""
    workshop = Workshop(load_settings())
    document = find(every_document(workshop), name)
    due = next_on.date() if next_on else None
    carry_out(review(document, by=person(by), on=date.today(), next_on=due), document, workshop=workshop)
    return 0


@click.command()
@click.argument("old")
@click.option("--by", "new", required=True, metavar="NEW", help="The document that takes its place.")
@click.option("--who", metavar="NAME", help="Who says so; by default the operating system's user.")
def supersede(old: str, new: str, who: str | None) -> int:
    """Says that a document is replaced: it is named as such from now on, and no longer quoted."""
    workshop = Workshop(load_settings())
    documents = every_document(workshop)
    document = find(documents, old)
    change = supersession(document, successor=find(documents, new), by=person(who), on=date.today())
    carry_out(change, document, workshop=workshop)
    tell_links(documents, old, advice=f"name {new} there, if it says the same.")
    return 0


@click.command()
@click.argument("name", metavar="ID")
@click.option("--why", required=True, help="In a sentence, for the document's history.")
@click.option("--who", metavar="NAME", help="Who withdraws it; by default the operating system's user.")
def withdraw(name: str, why: str, who: str | None) -> int:
    """Takes a document out of use; its file and its id stay, so that answers kept still lead to it."""
    workshop = Workshop(load_settings())
    documents = every_document(workshop)
    document = find(documents, name)
    reason = one_line(why, what="The reason")
    carry_out(withdrawal(document, why=reason, by=person(who), on=date.today()), document, workshop=workshop)
    tell_links(documents, name, advice="take it out there, or name another.")
    return 0
