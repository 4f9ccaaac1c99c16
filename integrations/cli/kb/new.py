"""``advisor kb new``: a draft from answers or options, or a copy of a bundled document to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.kb.acting import DAY, every_document, find, person
from integrations.cli.kb.composing import draft_of, sections_of
from integrations.cli.kb.interview import Interview
from integrations.cli.kb.questionnaire import ask_for
from knowledge.checking import check_files
from knowledge.curating.copying import copy_as_draft
from knowledge.curating.drafting import ids_in, suggested_id, write_draft
from knowledge.errors import DocumentError
from knowledge.loading import CONTENT
from knowledge.models import Force, Kind, Nation, Strand

_NEEDED = {
    "title": "--title",
    "summary": "--summary",
    "source": "--source",
    "url": "--url",
    "publisher": "--publisher",
    "nations": "--nation",
    "points": "--point",
    "owner": "--owner",
}
_FREE = {"author"}
"""Options that go with --from too."""


def _choice(of: type[Kind] | type[Nation] | type[Force] | type[Strand]) -> click.Choice[str]:
    return click.Choice([value.value for value in of])


@click.command()
@click.option("--title", help="What a practitioner would call it.")
@click.option("--id", "name", help="Its short name; by default made of the title.")
@click.option("--kind", type=_choice(Kind), help="By default guidance.")
@click.option("--summary", help="What it is, in one or two plain sentences.")
@click.option("--source", help="What a citation names.")
@click.option("--url", help="Where the source can be read.")
@click.option("--publisher", help="Who published the source.")
@click.option("--nation", "nations", type=_choice(Nation), multiple=True, help="Where it applies; may be repeated.")
@click.option("--sector", "sectors", multiple=True, help="Whom it is for; may be repeated; by default everyone.")
@click.option("--facet", "facets", multiple=True, metavar="NAME=VALUE", help="A situation it is about; repeatable.")
@click.option("--force", type=_choice(Force), help="What it does to the decision; by default explains.")
@click.option("--strand", type=_choice(Strand), help="Which question it speaks to; by default practice.")
@click.option("--decides", multiple=True, metavar="ROLE", help="Who judges such matters; may be repeated.")
@click.option("--in-force-from", type=DAY, metavar="DATE", help="Since when it applies.")
@click.option("--checked/--not-checked", default=None, help="Whether each point was checked in the source today.")
@click.option("--law", multiple=True, metavar="ID", help="A document that is the law under it; may be repeated.")
@click.option("--related", multiple=True, metavar="ID", help="A document that belongs with it; may be repeated.")
@click.option("--question", "questions", multiple=True, help="One that people would ask; may be repeated.")
@click.option(
    "--point", "points", nargs=2, multiple=True, metavar="HEADING TEXT", help="A point [pinpoint]; repeatable."
)
@click.option("--owner", help="Which team looks after it.")
@click.option("--author", help="Who writes it; by default the operating system's user.")
@click.option("--review-by", type=DAY, metavar="DATE", help="The next review; by default in half a year.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="A folder other than ADVISOR_LOCAL.")
@click.option("--from", "copied", metavar="ID", help="Copies this bundled document instead, to be changed.")
@click.option("--batch", is_flag=True, help="Asks nothing: what is not given keeps its default.")
def new(to: Path | None, copied: str | None, batch: bool, **given: Any) -> int:
    """Writes a draft: asks for what is not given (answer ? for an explanation). Drafts are never cited."""
    workshop = Workshop(load_settings())
    folder = to or workshop.settings.local
    if folder is None:
        raise click.UsageError("Set ADVISOR_LOCAL to a folder for documents of your own, or name one with --to.")
    if copied:
        path = _copy(copied, folder=folder, workshop=workshop, given=given)
    else:
        path = _written(folder, workshop=workshop, given=given, batch=batch)
    _tell(path, workshop=workshop)
    return 0


def _copy(name: str, *, folder: Path, workshop: Workshop, given: Mapping[str, Any]) -> Path:
    if any(value not in (None, ()) for option, value in given.items() if option not in _FREE):
        raise click.UsageError("--from copies a document as it is. Change the copy in a text editor.")
    bundled = [document for document in every_document(workshop) if not document.local]
    return copy_as_draft(find(bundled, name), folder=folder, author=person(given["author"]), on=date.today())


def _written(folder: Path, *, workshop: Workshop, given: dict[str, Any], batch: bool) -> Path:
    documents = {document.id: document for document in every_document(workshop)}
    taken = {*documents, *ids_in(folder)}
    if given["name"]:
        _refuse_taken(given["name"], taken)
    missing = [option for field, option in _NEEDED.items() if not given[field]]
    if batch and missing:
        raise click.UsageError(f"Needed: {', '.join(missing)}. Without --batch they are asked for.")
    if not batch:
        ask_for(given, interview=Interview(workshop.vocabulary), documents=documents, taken=taken)
    given["name"] = given["name"] or suggested_id(given["title"], taken=taken)
    given["author"] = person(given["author"])
    fields = draft_of(given, vocabulary=workshop.vocabulary, documents=documents, today=date.today())
    try:
        return write_draft(fields, sections=sections_of(given["points"]), folder=folder, taken=taken)
    except DocumentError as error:
        raise click.UsageError(error.message) from error


def _refuse_taken(name: str, taken: set[str]) -> None:
    if name in taken:
        more = f'To change a bundled document: "advisor kb new --from {name}".'
        raise click.UsageError(f"The id {name!r} is in use. Choose another. {more}")


def _tell(path: Path, *, workshop: Workshop) -> None:
    """Says where the draft is, what is still wrong with it, and what comes next."""
    inside = path.resolve().is_relative_to((workshop.settings.content or CONTENT).resolve())
    local = [*workshop.local_paths, *([] if inside else [path])]
    paths = dict.fromkeys([*workshop.paths, path])
    _, findings = check_files(list(paths), vocabulary=workshop.vocabulary, today=date.today(), local=local)
    click.echo(str(path))
    for finding in findings:
        if finding.path == str(path):
            click.echo(str(finding))
    click.echo("A draft is not cited. When somebody else has read it:")
    click.echo(f"  advisor kb approve {path.stem}")
