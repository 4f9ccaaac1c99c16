"""``advisor kb approve``."""

from __future__ import annotations

from datetime import date

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.kb.acting import carry_out, every_document, find, person
from knowledge.checking import Finding, Level, check_files
from knowledge.curating.lifecycle import approval


@click.command()
@click.argument("name", metavar="ID")
@click.option("--by", metavar="NAME", help="Who approves; by default the operating system's user.")
def approve(name: str, by: str | None) -> int:
    """Approves a draft, so that it is cited; its author may not, and nothing may be wrong with it."""
    workshop = Workshop(load_settings())
    document = find(every_document(workshop), name)
    change = approval(document, by=person(by), on=date.today())
    findings = _findings(workshop, path=document.path)
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.level is Level.ERROR for finding in findings)
    if errors:
        click.echo(f"Not approved: mend {errors} error{'s' * (errors > 1)} first.", err=True)
        return 1
    carry_out(change, document, workshop=workshop)
    return 0


def _findings(workshop: Workshop, *, path: str) -> list[Finding]:
    """What "advisor kb check" says of one file among all."""
    _, findings = check_files(
        workshop.paths, vocabulary=workshop.vocabulary, today=date.today(), local=workshop.local_paths
    )
    return [finding for finding in findings if finding.path == path]
