"""``advisor kb import``."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.kb.acting import DAY, person
from integrations.cli.rendering import plural, wrapped
from knowledge.curating.drafting import ID, ids_in
from knowledge.errors import ImportRefused
from knowledge.importing.drafts import Choices, Imported
from knowledge.importing.fetching import Bounds
from knowledge.importing.importing import Importer, Source, found
from knowledge.loading import CONTENT
from knowledge.models import Nation
from knowledge.vocabulary import load_vocabulary

AGENT = f"can-i-share-advisor/{version('can-i-share')} (imports one page for a curator)"
_STEPS = 100
"""Of the bar, for each source."""
NEXT = (
    "A draft is never cited. Read it, take out what is not guidance, complete its summary, nations, url and example "
    "questions, then ask somebody else to approve it: advisor kb approve ID"
)


def _sector(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    known = load_vocabulary().facets["holder"].values
    for value in values:
        if value not in known:
            raise click.BadParameter(f"{value!r} is unknown; use one of {', '.join(known)}.")
    return values


def _id(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value and not re.match(ID, value):
        raise click.BadParameter("use small letters, digits and single hyphens, as in sharing-with-police.")
    return value


@click.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--by", metavar="NAME", help="Who imports, the drafts' author; by default your user name.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="Folder of your own documents.")
@click.option("--title", default="", help="Title of the document; for one source.")
@click.option("--id", "name", default="", callback=_id, help="Id of the document; for one source.")
@click.option(
    "--nation",
    "nations",
    multiple=True,
    type=click.Choice([nation.value for nation in Nation]),
    help="Where it applies; may be repeated. By default your profile's, or all four.",
)
@click.option(
    "--sector", "sectors", multiple=True, callback=_sector, metavar="VALUE", help="Whom it is for; may be repeated."
)
@click.option("--owner", default="", metavar="NAME", help="Who keeps it up to date; by default the author.")
@click.option("--review-by", type=DAY, metavar="DATE", help="The next review; by default half a year from today.")
@click.option(
    "--allow-host", "allowed", multiple=True, metavar="HOST", help="A host on your own network; may be repeated."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.import/1).")
def import_(sources: tuple[str, ...], to: Path | None, allowed: tuple[str, ...], as_json: bool, **given: Any) -> int:
    """Turns documents into drafts: PDF, DOCX, PPTX, HTML, Markdown, text, folders of these, and web addresses.

    Each becomes one draft with its headings, and a page, slide or heading for every point. Exit code 1 when one was
    refused; the others are imported all the same.
    """
    workshop = Workshop(load_settings())
    each = found(sources)
    if not each:
        raise click.UsageError(f"There is no file to import in {', '.join(sources)}.")
    if (given["title"] or given["name"]) and len(each) > 1:
        raise click.UsageError("--title and --id are for one source: import the others apart.")
    folder = to or workshop.settings.local
    if folder is None:
        raise click.UsageError("Set ADVISOR_LOCAL to a folder for documents of your own, or name one with --to.")
    choices = _choices(workshop, to=folder, **given)
    bundled = ids_in(workshop.settings.content or CONTENT)
    importer = Importer(choices, bundled=bundled, agent=AGENT, bounds=Bounds(allowed=allowed))
    imported, refused = _run(importer, each)
    _print_json(imported, refused) if as_json else _print(imported, refused)
    return 1 if refused else 0


def _choices(
    workshop: Workshop,
    *,
    to: Path,
    by: str | None,
    title: str,
    name: str,
    nations: Sequence[str],
    sectors: tuple[str, ...],
    owner: str,
    review_by: datetime | None,
) -> Choices:
    return Choices(
        by=person(by),
        today=date.today(),
        to=to,
        nations=tuple(map(Nation, nations)) or workshop.profile.nations or tuple(Nation),
        sectors=sectors,
        owner=owner.strip(),
        publisher=workshop.profile.name,
        review_by=review_by.date() if review_by else None,
        title=title.strip(),
        id=name,
    )


def _run(importer: Importer, each: Sequence[Source | ImportRefused]) -> tuple[list[Imported], list[ImportRefused]]:
    """What was imported and what refused, with a bar on standard error that moves by pages too."""
    imported: list[Imported] = []
    refused: list[ImportRefused] = []
    with click.progressbar(length=_STEPS * len(each), label="Importing", file=sys.stderr) as bar:
        for number, source in enumerate(each):

            def show(done: int, total: int, before: int = _STEPS * number) -> None:
                bar.update(before + _STEPS * done // total - bar.pos)

            try:
                if isinstance(source, ImportRefused):
                    raise source
                imported.append(importer.run(source, progress=show))
            except ImportRefused as error:
                refused.append(error)
            show(1, 1)
    return imported, refused


def _print(imported: Sequence[Imported], refused: Sequence[ImportRefused]) -> None:
    for each in imported:
        size = f"{plural(each.bullets, 'point')} under {plural(each.sections, 'heading')}"
        click.echo("\n".join(wrapped(f"{each.id}: {size}, from {each.source}")))
        click.echo("\n".join(wrapped(str(each.path), first="    ")))
        for left in each.left_out:
            click.echo("\n".join(wrapped(f"left out: {left}", first="    ")))
    for error in refused:
        click.echo("\n".join(wrapped(str(error), first="Refused: ")))
    click.echo(f"{len(imported)} imported as drafts, {len(refused)} refused")
    if imported:
        click.echo("\n".join(wrapped(NEXT)))


def _print_json(imported: Sequence[Imported], refused: Sequence[ImportRefused]) -> None:
    body = {
        "schema": "advisor.kb.import/1",
        "imported": [each.model_dump(mode="json") for each in imported],
        "refused": [{"source": error.source, "reason": error.reason} for error in refused],
    }
    click.echo(json.dumps(body, ensure_ascii=False, indent=2))
