"""``advisor kb whatsnew``: what changed in the bundled documents, for teams that upgrade."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from itertools import groupby

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.rendering import wrapped
from knowledge.errors import DocumentError
from knowledge.loading import CONTENT, document_paths, load_documents
from knowledge.models import Document
from knowledge.releases import Change, News, Release, load_releases, news

_HEADINGS = {
    Change.WITHDRAWN: "Withdrawn: no longer cited",
    Change.REMOVED: "Removed",
    Change.SUPERSEDED: "Superseded: only named, with what replaced it",
    Change.IN_FORCE: "Came into force",
    Change.ADDED: "Added",
    Change.CHANGED: "Changed in what it says",
    Change.REVIEWED: "Read again, and says the same",
}
_OWN = "your own document of this id takes its place: see whether it must change too"


@click.command()
@click.option(
    "--since", metavar="VERSION|DATE", help="A release, or a day such as 2026-11-22; by default the release before."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.whatsnew/1).")
def whatsnew(since: str | None, as_json: bool) -> int:
    """Shows what changed in the bundled documents since a release or a day."""
    releases, installed = load_releases(), version("can-i-share")
    if not releases:
        raise click.UsageError("This copy of the package holds no record of releases. Install a released version.")
    name, doubt = release_before(since, releases, installed)
    found = news(_bundled(), since=releases[name], today=date.today())
    own = {each.id for each in load_documents(Workshop(load_settings()).local_paths) if isinstance(each, Document)}
    if as_json:
        body = {
            "schema": "advisor.kb.whatsnew/1",
            "installed": installed,
            "since": {"version": name, "date": releases[name].date.isoformat()},
            "news": [{**each.model_dump(mode="json"), "own": each.id in own} for each in found],
        }
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return 0
    title = f"The documents of {installed} against those of {name} ({releases[name].date})"
    click.echo("\n".join([*wrapped(title), *wrapped(doubt), "", *lines_of(found, own)]))
    return 0


def release_before(since: str | None, releases: Mapping[str, Release], installed: str) -> tuple[str, str]:
    """The release to compare with, and what must be said of that choice or nothing.

    Raises:
        UsageError: when ``since`` is neither a recorded release nor a day.
    """
    names = list(releases)
    if since is None:
        place = names.index(installed) if installed in names else len(names)
        return names[max(0, place - 1)], ""
    if since in releases:
        return since, ""
    try:
        day = date.fromisoformat(since)
    except ValueError as error:
        known = ", ".join(names)
        raise click.UsageError(f"--since {since!r} is no recorded release ({known}) and no day.") from error
    earlier = [name for name in names if releases[name].date <= day]
    if earlier:
        return earlier[-1], ""
    return names[0], f"Nothing is recorded of {day}: {names[0]} is the first release on record."


def _bundled() -> list[Document]:
    documents = []
    for loaded in load_documents(document_paths(CONTENT)):
        if isinstance(loaded, DocumentError):
            raise loaded
        documents.append(loaded)
    return documents


def lines_of(found: Sequence[News], own: Collection[str]) -> list[str]:
    """News in lines of 80 columns; ``own`` are the ids of documents that the organisation wrote itself."""
    if not found:
        return ["Nothing changed."]
    lines: list[str] = []
    for change, group in groupby(found, key=lambda each: each.change):
        of_kind = list(group)
        lines += [f"{_HEADINGS[change]} ({len(of_kind)})", *(line for each in of_kind for line in _one(each, own)), ""]
    return lines[:-1]


def _one(each: News, own: Collection[str]) -> list[str]:
    more = list(each.history)
    if each.change is Change.SUPERSEDED and each.superseded_by:
        more.append(f"replaced by {each.superseded_by}")
    if each.change is Change.IN_FORCE and each.in_force_from:
        more.append(f"in force from {each.in_force_from}")
    if each.id in own:
        more.append(_OWN)
    return [
        *wrapped(f"{each.id}: {each.title}", first="- ", rest=4),
        *(line for text in more for line in wrapped(text, first="    ")),
    ]
