"""``advisor kb check``."""

from __future__ import annotations

import json
from datetime import date

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from knowledge.checking import Level, check_files


@click.command()
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
