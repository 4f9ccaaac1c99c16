"""``advisor kb from-case``: what a decided case teaches becomes a draft, names removed, for a curator to complete."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from advisor.cases.models import EventKind
from advisor.cases.teaching import draft_from
from advisor.people import Action
from advisor.personal_data import Redactor
from integrations.cli.cases.desk import at_desk
from integrations.cli.kb.acting import every_document, person
from integrations.cli.rendering import wrapped
from knowledge.curating.drafting import ids_in, suggested_id, write_draft
from knowledge.curating.lifecycle import UNFINISHED
from knowledge.errors import DocumentError
from knowledge.models import Kind

_KINDS = (Kind.CASE_STUDY, Kind.GUIDANCE)
_READ_IT = (
    "Names and numbers that were recognised are out. A place, a rare illness, a date or a job can still point at a "
    "person: change or remove it before anybody approves this."
)


@click.command("from-case")
@click.argument("case")
@click.option("--title", required=True, help="What the document is called; name nobody.")
@click.option("--kind", type=click.Choice([kind.value for kind in _KINDS]), default=Kind.CASE_STUDY.value,
              show_default=True, help="Which kind of document.")  # fmt: skip
@click.option("--id", "name", help="Its short name; by default made of the title.")
@click.option("--author", help="Who drafts it; by default the operating system's user.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="A folder other than ADVISOR_LOCAL.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.from-case/1).")
def from_case(
    case: str, title: str, kind: str, name: str | None, author: str | None, to: Path | None, as_json: bool
) -> int:
    """Writes a draft from a decided CASE. It takes the permission to export, and is recorded in the case."""
    with at_desk() as here:
        folder = to or here.workshop.settings.local
        if folder is None:
            raise click.UsageError("Set ADVISOR_LOCAL to a folder for documents of your own, or name one with --to.")
        found = here.desk.find(case, by=here.me)
        here.desk.require(Action.EXPORT, by=here.me, case=found.case)
        documents = {document.id for document in every_document(here.workshop)}
        taken = documents | ids_in(folder)
        redactor = Redactor()
        fields, sections = draft_from(
            found,
            kind=Kind(kind),
            name=name or suggested_id(title, taken=taken),
            title=title,
            author=person(author),
            organisation=here.desk.profile.name,
            redact=lambda text: redactor.redact(text).text,
            vocabulary=here.workshop.vocabulary,
            documents=documents,
            today=date.today(),
        )
        here.desk.log(EventKind.EXPORTED, {"format": f"draft document {fields.id}"}, by=here.me, case=found.case.id)
        try:
            path = write_draft(fields, sections=sections, folder=folder, taken=taken)
        except DocumentError as error:
            raise click.UsageError(error.message) from error
    if as_json:
        body = {"schema": "advisor.kb.from-case/1", "case": found.case.id, "id": fields.id, "path": str(path)}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        click.echo(str(path))
        text = f'{_READ_IT} Complete what begins with "{UNFINISHED}". A draft is not cited.'
        click.echo("\n".join(wrapped(f"{text} Then: advisor kb check")), err=True)
    return 0
