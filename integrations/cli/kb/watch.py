"""``advisor kb watch``: did the pages that documents summarise change since somebody last reviewed the document?"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.kb.acting import find
from integrations.cli.rendering import wrapped
from knowledge.errors import DocumentError
from knowledge.models import Document, State
from knowledge.watching.memory import recall, remember
from knowledge.watching.models import Finding, PageState
from knowledge.watching.watching import BOUNDS, Watcher, watchable

AGENT = f"can-i-share-advisor/{version('can-i-share')} (looks whether pages that a curator follows have changed)"
_HEADINGS = {
    PageState.CHANGED: "changed since the review: read it, mend the document, then: advisor kb reviewed ID",
    PageState.UNREAD: "could not be read: look at it yourself",
    PageState.FIRST_SEEN: "first seen: compared from now on",
    PageState.UNCHANGED: "unchanged since the review",
}
"""In the order shown."""
_ORDER = list(_HEADINGS)


@click.command()
@click.option("--owner", help="Only what this owner looks after.")
@click.option("--id", "names", multiple=True, metavar="ID", help="Only this document; may be repeated.")
@click.option(
    "--allow-host", "allowed", multiple=True, metavar="HOST", help="A host on your own network; may be repeated."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.watch/1).")
def watch(owner: str | None, names: tuple[str, ...], allowed: tuple[str, ...], as_json: bool) -> int:
    """Asks the pages behind approved documents whether they changed since the document's review.

    One request a second to each site. Exit code 1 when a page changed.
    """
    settings, today = load_settings(), date.today()
    chosen = _chosen(Workshop(settings), owner=owner, names=names)
    documents = watchable(chosen)
    bounds = BOUNDS.model_copy(update={"allowed": allowed})
    memory = settings.home / "watch.json"
    watcher = Watcher(recall(memory), agent=AGENT, today=today, bounds=bounds)
    findings = sorted(_looked(watcher, documents, memory=memory), key=lambda each: (each.owner, each.id))
    without = len(chosen) - len(documents)
    _print_json(findings, today=today, without=without) if as_json else _print(findings, without=without)
    return 1 if any(each.state is PageState.CHANGED for each in findings) else 0


def _chosen(workshop: Workshop, *, owner: str | None, names: Sequence[str]) -> list[Document]:
    """The approved documents, or those that were named.

    Raises:
        click.UsageError: nobody of that name owns one, or there is no document of that id.
    """
    documents = []
    for loaded in workshop.loaded():
        if isinstance(loaded, DocumentError):
            click.echo(f"Left out: {loaded}", err=True)
        else:
            documents.append(loaded)
    if names:
        documents = [find(documents, name) for name in dict.fromkeys(names)]
    else:
        documents = [each for each in documents if each.state is State.APPROVED]
    owners = sorted({each.owner for each in documents})
    if owner is not None and owner not in owners:
        raise click.UsageError(f"No document here is owned by {owner!r}. Owners are: {', '.join(owners) or 'none'}.")
    return [each for each in documents if owner in (None, each.owner)]


def _looked(watcher: Watcher, documents: Sequence[Document], *, memory: Path) -> list[Finding]:
    """What came of each; what was seen is kept also when it is stopped half-way."""
    findings = []
    try:
        with click.progressbar(length=len(documents), label="Asking", file=sys.stderr) as bar:
            for finding in watcher.look(documents):
                findings.append(finding)
                bar.update(1)
    finally:
        if watcher.seen.pages:
            remember(memory, watcher.seen)
    return findings


def _print(findings: Sequence[Finding], *, without: int) -> None:
    for owner, of_owner in groupby(findings, key=lambda each: each.owner):
        click.echo(owner)
        owned = sorted(of_owner, key=lambda each: (_ORDER.index(each.state), each.id))
        for state, group in groupby(owned, key=lambda each: each.state):
            of_state = list(group)
            click.echo("\n".join(wrapped(f"{len(of_state)} {_HEADINGS[state]}", first="  ", rest=4)))
            if state is not PageState.UNCHANGED:
                for each in of_state:
                    _print_one(each)
    counts = {state: sum(each.state is state for each in findings) for state in _ORDER}
    told = f"{len(findings)} pages asked for: " + ", ".join(
        f"{count} {state.value.replace('_', ' ')}" for state, count in counts.items()
    )
    rest = f"; {without} without an address on the web" if without else ""
    click.echo("\n".join(wrapped(f"{told}{rest}", rest=2)))


def _print_one(finding: Finding) -> None:
    click.echo("\n".join(wrapped(f"{finding.id} (reviewed {finding.reviewed})", first="    ", rest=6)))
    when = f" ({finding.said:%Y-%m-%d})" if finding.said else ""
    click.echo("\n".join(wrapped(f"{finding.why}{when}", first="      ", rest=6)))
    click.echo(f"      {finding.url}")


def _print_json(findings: Sequence[Finding], *, today: date, without: int) -> None:
    body = {
        "schema": "advisor.kb.watch/1",
        "today": today.isoformat(),
        "documents": [each.model_dump(mode="json") for each in findings],
        "without_address": without,
    }
    click.echo(json.dumps(body, ensure_ascii=False, indent=2))
