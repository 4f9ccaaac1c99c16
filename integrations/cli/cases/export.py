"""``advisor cases export``: one case as a document, or many as CSV or JSON; only for whom the profile permits."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from advisor.cases.exporting import Selection, as_csv, export_case, export_many
from advisor.cases.opening import checkpoints_of
from integrations.cli.cases.desk import AtDesk, at_desk
from integrations.cli.cases.filtering import case_filters, wanted
from integrations.cli.cases.printing import counted
from integrations.cli.rendering import wrapped

_DOCUMENTS = (".html", ".docx")
_ROWS = (".csv", ".json")
_NO_NAMES = "Nothing that people typed is in it, yet few cases can still point at a person: read it before it leaves."
_NAMES = "It holds what people wrote and who they are: check each line for other people before it leaves."


@click.command()
@click.argument("case", required=False)
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help=".html or .docx for one CASE; .csv or .json for many. Without it many go to standard output as CSV.",
)  # fmt: skip
@click.option("--with-text", is_flag=True, help="Of many: also what people wrote, and who they are.")
@click.option("--reference", help="Of many: only decisions with that number of your own file.")
@click.option("--json", "as_json", is_flag=True, help="Many as one JSON object (advisor.cases.export/1).")
@case_filters
def export(
    case: str | None, to: Path | None, with_text: bool, reference: str | None, as_json: bool, **given: Any
) -> int:
    """Exports one CASE as a document for a court or an ombudsman, or many as rows; the export is itself recorded."""
    if to is not None and not to.parent.is_dir():
        raise click.UsageError(f"There is no folder {to.parent}. Make it first.")
    with at_desk() as here:
        if case:
            return _export_one(
                here, case, to=to, is_alone=not (with_text or reference or as_json or any(given.values()))
            )
        selection = Selection(wanted=wanted(given, me=here.me), reference=reference, with_text=with_text)
        return _export_many(here, selection, to=to, as_json=as_json)


def _export_one(here: AtDesk, case: str, *, to: Path | None, is_alone: bool) -> int:
    if not is_alone:
        raise click.UsageError("One CASE is exported whole: filters, --with-text and --json are for many.")
    if to is None or to.suffix.lower() not in _DOCUMENTS:
        raise click.UsageError("Say --to FILE.html or --to FILE.docx for the document of one case.")
    kind = to.suffix.lower().removeprefix(".")
    checkpoints = checkpoints_of(here.workshop.settings, here.database)
    dossier = export_case(
        case, desk=here.desk, by=here.me, checkpoints=checkpoints, vocabulary=here.workshop.vocabulary, kind=kind
    )
    if kind == "html":
        from integrations.cli.pages import write_page  # noqa: PLC0415 - jinja2, which only a page needs

        write_page(to, "cases/dossier.html", mode=0o600, dossier=dossier)
    else:
        from integrations.cli.cases.word import write_docx  # noqa: PLC0415 - python-docx, which only this needs

        _written(to, lambda beside: write_docx(beside, dossier))
    click.echo(f"Wrote {to}. The export is recorded in the case.", err=True)
    return 0


def _export_many(here: AtDesk, selection: Selection, *, to: Path | None, as_json: bool) -> int:
    suffix = to.suffix.lower() if to else ".json" if as_json else ".csv"
    if suffix not in _ROWS or (as_json and suffix != ".json"):
        raise click.UsageError("Many cases go --to FILE.csv or --to FILE.json. For a document name one CASE.")
    rows = export_many(selection, desk=here.desk, by=here.me, kind=suffix.removeprefix("."))
    if suffix == ".json":
        body = {"schema": "advisor.cases.export/1", "with_text": selection.with_text, "cases": rows}
        text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    else:
        text = as_csv(rows, columns=selection.columns)
    if to is None:
        click.echo(text, nl=False)
    else:
        # With the mark that makes spreadsheets read it as UTF-8.
        raw = text.encode("utf-8-sig" if suffix == ".csv" else "utf-8")
        _written(to, lambda beside: beside.write_bytes(raw))
    caution = _NAMES if selection.with_text else _NO_NAMES
    click.echo("\n".join(wrapped(f"{counted(len(rows))} exported, which is recorded. {caution}")), err=True)
    return 0


def _written(path: Path, write: Callable[[Path], object]) -> None:
    """Has a file written whole or not at all, for its owner alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        write(Path(name))
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
