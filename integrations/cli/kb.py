"""``advisor kb``: check, index, list, show and search the knowledge base."""

from __future__ import annotations

import json
import textwrap
from datetime import date
from typing import Any

import click

from advisor.library import as_facets
from advisor.settings import load_settings
from advisor.situation import SituationReader
from advisor.wiring import Workshop
from integrations.cli.ask import build_with_bar
from integrations.cli.rendering import wrapped
from knowledge.checking import Level, check_files
from knowledge.errors import DocumentError
from knowledge.loading import load_documents
from knowledge.models import Document, Kind, Nation
from knowledge.retrieval import HybridRetriever, Passage


@click.group()
def kb() -> None:
    """The knowledge base: its documents and its index."""


@kb.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.check/1).")
def check(as_json: bool) -> int:
    """Reports everything wrong with the documents at once; exit code 1 when there is an error."""
    workshop = Workshop(load_settings())
    documents, findings = check_files(workshop.paths, vocabulary=workshop.vocabulary, today=date.today())
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    if as_json:
        body = {
            "schema": "advisor.kb.check/1",
            "documents": len(documents),
            "findings": [finding.model_dump(mode="json") for finding in findings],
        }
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"{len(documents)} documents, {len(errors)} errors, {len(findings) - len(errors)} advice")
    return 1 if errors else 0


@kb.command()
@click.option("--rebuild", is_flag=True, help="From nothing, instead of only what changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.index/1).")
def index(rebuild: bool, as_json: bool) -> int:
    """Builds the search index beside the one in use and swaps it in."""
    manifest = build_with_bar(Workshop(load_settings()), rebuild=rebuild)
    if as_json:
        click.echo(json.dumps({"schema": "advisor.kb.index/1", **manifest.model_dump(mode="json")}, indent=2))
        return 0
    click.echo(f"Indexed {manifest.documents} documents in {manifest.chunks} chunks.")
    return 0


@kb.command("list")
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
        body = [document.model_dump(mode="json", include=fields) for document in documents]
        click.echo(json.dumps({"schema": "advisor.kb.list/1", "documents": body}, ensure_ascii=False, indent=2))
        return 0
    for document in documents:
        click.echo(f"{document.id}  ({document.kind.value}, {document.status.value}, {document.verified.value})")
        click.echo(f"    {textwrap.shorten(document.title, 74, placeholder='...')}")
    click.echo(f"{len(documents)} documents")
    return 0


@kb.command()
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.document/1).")
def show(name: str, as_json: bool) -> int:
    """Shows one document as the advisor reads it."""
    found = next((document for document in _documents(Workshop(load_settings())) if document.id == name), None)
    if found is None:
        raise click.UsageError(f"No document has the id {name!r}. See: advisor kb list")
    if as_json:
        body = {"schema": "advisor.kb.document/1", **found.model_dump(mode="json")}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return 0
    _print_document(found)
    return 0


@kb.command()
@click.argument("words", nargs=-1, required=True, metavar="QUESTION")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100), help="How many passages.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.search/1).")
def search(words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """Shows which passages a question finds, and what each score is made of."""
    workshop = Workshop(load_settings())
    opened, embedder = workshop.open_or_build(lambda: build_with_bar(workshop))
    text = " ".join(words)
    situation = SituationReader(workshop.vocabulary).read(text)
    retriever = HybridRetriever(opened, embedder=embedder)
    found = retriever.retrieve(text, facets=as_facets(situation.known()), limit=limit)
    if as_json:
        body = {"schema": "advisor.kb.search/1", "passages": [_scores(passage) for passage in found.passages]}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return 0
    click.echo("score = lexical + dense + question + facet + authority")
    for passage in found.passages:
        scores = passage.scores
        parts = (scores.lexical, scores.dense, scores.question, scores.facet, scores.authority)
        click.echo(f"{passage.score:6.3f} = " + " + ".join(f"{part:.3f}" for part in parts) + f"  {passage.chunk.id}")
        click.echo("    " + textwrap.shorten(passage.chunk.text, 74, placeholder="..."))
    return 0


def _scores(passage: Passage) -> dict[str, Any]:
    return {
        "chunk": passage.chunk.id,
        "document": passage.document.id,
        "heading": passage.chunk.heading,
        "score": round(passage.score, 4),
        **{name: round(value, 4) for name, value in passage.scores.model_dump().items()},
        "text": passage.chunk.text,
    }


def _documents(workshop: Workshop) -> list[Document]:
    documents = []
    for loaded in load_documents(workshop.paths):
        if isinstance(loaded, DocumentError):
            click.echo(f"Left out: {loaded}", err=True)
        else:
            documents.append(loaded)
    return sorted(documents, key=lambda document: (document.kind, document.id))


def _print_document(document: Document) -> None:
    nations = ", ".join(nation.value for nation in document.nations)
    checked = f"read {document.reviewed} by {document.reviewed_by}; {document.verified.value}"
    for text in (
        document.title,
        document.summary,
        f"{document.source}; {document.url}",
        f"{document.kind.value}; {document.force.value}; {document.status.value}; {nations}",
        f"{checked}; next {document.review_by}",
    ):
        click.echo("\n".join(wrapped(text)))
    for section in document.sections:
        click.echo(f"\n{section.heading}")
        for bullet in section.bullets:
            doubt = "; unverified" if bullet.unverified else ""
            click.echo("\n".join(wrapped(f"{bullet.text} [{bullet.pinpoint or ''}{doubt}]", first="- ")))
    for link in document.law:
        when = "; ".join(f"{facet}: {', '.join(values)}" for facet, values in link.when.items())
        click.echo("\n".join(wrapped(f"law ({link.strand.value}): {link.id}{' when ' + when if when else ''}", rest=2)))
    click.echo("\n".join(wrapped("related: " + ", ".join(document.related), rest=2)))
