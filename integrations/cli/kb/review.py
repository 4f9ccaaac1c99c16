"""``advisor kb review``: which documents a human must look at again, by owner, the soonest first."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.rendering import wrapped
from knowledge.errors import DocumentError
from knowledge.models import Document, State


@click.command()
@click.option("--within", default=30, show_default=True, type=click.IntRange(0, 36500), help="Days ahead.")
@click.option("--owner", help="Only what this owner looks after.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.review/1).")
def review(within: int, owner: str | None, as_json: bool) -> int:
    """Lists the approved documents whose review is due, by owner, soonest first."""
    today = date.today()
    documents = []
    for loaded in Workshop(load_settings()).loaded():
        if isinstance(loaded, DocumentError):
            click.echo(f"Left out: {loaded}", err=True)
        else:
            documents.append(loaded)
    due = _due(documents, by=today + timedelta(days=within), owner=owner)
    if as_json:
        fields = {"id", "title", "owner", "reviewed", "reviewed_by", "review_by", "local", "path"}
        body = [{**each.model_dump(mode="json", include=fields), "days": (each.review_by - today).days} for each in due]
        found = {"schema": "advisor.kb.review/1", "today": str(today), "within": within, "documents": body}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    for name, owned in groupby(due, key=lambda document: document.owner):
        click.echo(name)
        for document in owned:
            _print(document, today=today)
    overdue = sum(document.review_by < today for document in due)
    click.echo(f"{len(due)} of {len(documents)} documents due within {within} days, {overdue} of them overdue")
    return 0


def _due(documents: Sequence[Document], *, by: date, owner: str | None) -> list[Document]:
    """The approved ones due by a day: the owner with the most pressing first, and each owner's soonest first."""
    found = [
        document
        for document in documents
        if document.state is State.APPROVED and document.review_by <= by and owner in (None, document.owner)
    ]
    soonest: dict[str, date] = {}
    for document in found:
        soonest[document.owner] = min(document.review_by, soonest.get(document.owner, document.review_by))
    return sorted(found, key=lambda each: (soonest[each.owner], each.owner, each.review_by, each.id))


def _print(document: Document, *, today: date) -> None:
    days = (document.review_by - today).days
    when = "today" if days == 0 else f"in {_days(days)}" if days > 0 else f"{_days(-days)} overdue"
    place = "; local" if document.local else ""
    click.echo("\n".join(wrapped(f"{document.review_by}  {document.id} ({when}{place})", first="  ", rest=4)))
    click.echo(f"    {textwrap.shorten(document.title, 74, placeholder='...')}")


def _days(number: int) -> str:
    return f"{number} day" + "s" * (number != 1)
