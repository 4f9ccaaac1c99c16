"""``advisor documents``: drafts for those who deploy the advisor: DPIA, privacy notice and retention schedule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from advisor.deployment import DeploymentDocument, deployment_documents
from integrations.cli.rendering import wrapped


@click.command()
@click.argument("name", required=False)
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="Copies them there as Markdown; a file that is there is left alone.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.documents/1).")
def documents(name: str | None, to: Path | None, as_json: bool) -> int:
    """Lists the drafts for those who deploy the advisor, or prints the one of that NAME, or copies them."""
    chosen = _chosen(name)
    if to is not None:
        _copy(chosen, to)
    elif as_json:
        body = {"schema": "advisor.documents/1", "documents": [each.model_dump() for each in chosen]}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    elif name:
        click.echo(chosen[0].text, nl=False)
    else:
        for each in chosen:
            click.echo("\n".join(wrapped(f"{each.name}: {each.title}; {each.to_complete} places to complete", rest=4)))
        click.echo('Print one: "advisor documents dpia". Copy all: "advisor documents --to FOLDER".')
    return 0


def _chosen(name: str | None) -> Sequence[DeploymentDocument]:
    every = deployment_documents()
    chosen = [each for each in every if name in (None, each.name)]
    if not chosen:
        raise click.UsageError(f"There is no document {name!r}; use one of {', '.join(each.name for each in every)}.")
    return chosen


def _copy(chosen: Sequence[DeploymentDocument], folder: Path) -> None:
    there = [str(folder / each.file_name) for each in chosen if (folder / each.file_name).exists()]
    if there:
        raise click.UsageError(f"{', '.join(there)} is there already, and may hold your work. Choose another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for each in chosen:
        path = folder / each.file_name
        with path.open("x", encoding="utf-8") as file:
            file.write(each.text)
        click.echo(str(path))
