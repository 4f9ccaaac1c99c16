"""``advisor kb list`` and ``advisor kb show``."""

from __future__ import annotations

import json
import textwrap

import click

from advisor.quoting import in_quotes
from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.rendering import wrapped
from knowledge.errors import DocumentError
from knowledge.models import Document, Kind, Nation, State


@click.command("list")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only this kind.")
@click.option("--nation", type=click.Choice([nation.value for nation in Nation]), help="Only what applies there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.list/1).")
def list_(kind: str | None, nation: str | None, as_json: bool) -> int:
    """Lists the documents: id, kind, standing, how well checked, title."""
    documents = [
        document
        for document in _documents(Workshop(load_settings()))
        if (not kind or document.kind == kind) and (not nation or nation in document.nations)
    ]
    if as_json:
        fields = {"id", "kind", "title", "status", "state", "verified", "nations", "reviewed", "review_by", "owner"}
        fields.add("local")
        body = [document.model_dump(mode="json", include=fields) for document in documents]
        click.echo(json.dumps({"schema": "advisor.kb.list/1", "documents": body}, ensure_ascii=False, indent=2))
        return 0
    for document in documents:
        click.echo(f"{document.id}  ({', '.join(_marks(document))})")
        click.echo(f"    {textwrap.shorten(document.title, 74, placeholder='...')}")
    click.echo(f"{len(documents)} documents")
    return 0


@click.command()
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.document/1).")
def show(name: str, as_json: bool) -> int:
    """Shows one document as the advisor reads it."""
    same = [document for document in _documents(Workshop(load_settings())) if document.id == name]
    if not same:
        raise click.UsageError(f"No document has the id {name!r}. See: advisor kb list")
    found = next((document for document in same if document.state is State.APPROVED), same[-1])
    for other in same:
        if other is not found:
            click.echo(f"Another with this id is a {other.state.value}: {other.path}", err=True)
    if as_json:
        body = {"schema": "advisor.kb.document/1", **found.model_dump(mode="json")}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return 0
    _print_document(found)
    return 0


def _documents(workshop: Workshop) -> list[Document]:
    documents = []
    for loaded in workshop.loaded():
        if isinstance(loaded, DocumentError):
            click.echo(f"Left out: {loaded}", err=True)
        else:
            documents.append(loaded)
    return sorted(documents, key=lambda document: (document.kind, document.id))


def _marks(document: Document) -> list[str]:
    """Kind, standing and how well checked; before them what is out of the ordinary."""
    marks = ["local"] if document.local else []
    marks += [] if document.state is State.APPROVED else [document.state.value]
    return [*marks, document.kind.value, document.status.value, document.verified.value]


def _print_document(document: Document) -> None:
    nations = ", ".join(nation.value for nation in document.nations)
    checked = f"read {document.reviewed} by {document.reviewed_by}; {document.verified.value}"
    for text in (
        document.title,
        document.summary,
        f"{document.source}; {document.url}",
        f"{'; '.join(_marks(document)[:-1])}; {document.force.value}; {nations}",
        f"{checked}; next {document.review_by}",
    ):
        click.echo("\n".join(wrapped(text)))
    for section in document.sections:
        click.echo(f"\n{section.heading}")
        for bullet in section.bullets:
            doubt = "; unverified" if bullet.unverified else ""
            text = in_quotes(bullet.text, words=document.words)
            click.echo("\n".join(wrapped(f"{text} [{bullet.pinpoint or ''}{doubt}]", first="- ")))
    for link in document.law:
        when = "; ".join(f"{facet}: {', '.join(values)}" for facet, values in link.when.items())
        click.echo("\n".join(wrapped(f"law ({link.strand.value}): {link.id}{' when ' + when if when else ''}", rest=2)))
    click.echo("\n".join(wrapped("related: " + ", ".join(document.related), rest=2)))
    for line in document.history:
        click.echo("\n".join(wrapped(line, first="history: ", rest=2)))
