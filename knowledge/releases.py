"""What each release brought: a committed record of the bundled documents, and what is new against it.

At a release, after the version was raised: ``python -m knowledge.releases``.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge.errors import DocumentError, KnowledgeError
from knowledge.loading import CONTENT, document_paths, load_documents
from knowledge.models import Document, FrozenModel, Standing, State

RELEASES = CONTENT / "releases.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_SAID: Any = {
    "path": True,
    "digest": True,
    "local": True,
    "questions": True,
    "related": True,
    "reviewed": True,
    "reviewed_by": True,
    "review_by": True,
    "checked": True,
    "author": True,
    "history": True,
    "owner": True,
    "sections": {"__all__": {"bullets": {"__all__": {"line"}}}},
}
"""Fields that may change without the document saying anything else."""


class Held(FrozenModel):
    """A document as a release held it."""

    title: str
    status: Standing
    reviewed: date
    says: str
    """Digest of what the document says; wording of example questions, dates and links are no part of it."""


class Release(FrozenModel):
    """The approved documents of one release, by id."""

    date: date
    documents: dict[str, Held]


class Change(StrEnum):
    """What became of a document, the most pressing first; each has one."""

    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    SUPERSEDED = "superseded"
    IN_FORCE = "in_force"
    ADDED = "added"
    CHANGED = "changed"
    REVIEWED = "reviewed"


class News(FrozenModel):
    """What became of one document since a release."""

    change: Change
    id: str
    title: str
    superseded_by: str | None = None
    in_force_from: date | None = None
    history: tuple[str, ...] = ()
    """What its history says since the day of the release."""


def load_releases(path: Path = RELEASES) -> dict[str, Release]:
    """Version to what it held, oldest first; none when nothing was recorded yet.

    Raises:
        KnowledgeError: when the record cannot be used.
    """
    try:
        fields = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - safe in either case
        return {str(name): Release.model_validate(body) for name, body in (fields or {}).items()}
    except FileNotFoundError:
        return {}
    except (OSError, yaml.YAMLError, ValidationError, AttributeError) as error:
        problem = " ".join(str(error).split())
        raise KnowledgeError(f"{path} cannot be used: {problem}. Restore it from the package.") from error


def record(documents: Iterable[Document], *, name: str, on: date, path: Path = RELEASES) -> Release:
    """Writes what a version holds into the record, in place of what was recorded under that name."""
    release = Release(date=on, documents={each.id: _held(each) for each in documents if each.state is State.APPROVED})
    releases = load_releases(path) | {name: release}
    body = {version_: each.model_dump(mode="python") for version_, each in releases.items()}
    plain = yaml.safe_dump(
        _plain(body), default_flow_style=None, sort_keys=False, allow_unicode=True, width=sys.maxsize
    )
    beside = path.with_name(f".{path.name}")
    beside.write_text("# Written by: python -m knowledge.releases\n" + plain, encoding="utf-8")
    os.replace(beside, path)
    return release


def news(documents: Iterable[Document], *, since: Release, today: date) -> list[News]:
    """What became of each document since a release, the most pressing first."""
    now = {document.id: document for document in documents}
    found = [_news(document, since, today) for document in now.values()]
    gone = [
        News(change=Change.REMOVED, id=name, title=held.title)
        for name, held in since.documents.items()
        if name not in now
    ]
    order = list(Change)
    return sorted((*filter(None, found), *gone), key=lambda each: (order.index(each.change), each.id))


def _news(document: Document, since: Release, today: date) -> News | None:
    change = _change(document, since.documents.get(document.id), since=since.date, today=today)
    if change is None:
        return None
    return News(
        change=change,
        id=document.id,
        title=document.title,
        superseded_by=document.superseded_by,
        in_force_from=document.in_force_from,
        history=tuple(line for line in document.history if line[:10] >= since.date.isoformat()),
    )


def _change(document: Document, held: Held | None, *, since: date, today: date) -> Change | None:
    if document.state is not State.APPROVED:
        return Change.WITHDRAWN if held else None
    if held is None:
        return Change.ADDED
    if document.status is Standing.SUPERSEDED and held.status is not Standing.SUPERSEDED:
        return Change.SUPERSEDED
    if _has_come_into_force(document, held, since=since, today=today):
        return Change.IN_FORCE
    if _digest(document) != held.says:
        return Change.CHANGED
    return Change.REVIEWED if document.reviewed > held.reviewed else None


def _has_come_into_force(document: Document, held: Held, *, since: date, today: date) -> bool:
    if held.status is Standing.NOT_YET_IN_FORCE and document.status is Standing.IN_FORCE:
        return True
    start = document.in_force_from
    return held.status is Standing.NOT_YET_IN_FORCE and start is not None and since < start <= today


def _held(document: Document) -> Held:
    return Held(title=document.title, status=document.status, reviewed=document.reviewed, says=_digest(document))


def _digest(document: Document) -> str:
    """Half a SHA-256: a field that the format gains later, and no document uses, does not change it."""
    said = document.model_dump_json(exclude=_NOT_SAID, exclude_defaults=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _plain(value: object) -> object:
    """A value with enumerations as their words, as YAML writes it."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return value.value if isinstance(value, StrEnum) else value


def main(arguments: Sequence[str] = ()) -> int:
    """Records the bundled documents under the version that is installed."""
    if arguments:
        print("usage: python -m knowledge.releases", file=sys.stderr)
        return 2
    documents = []
    for loaded in load_documents(document_paths(CONTENT)):
        if isinstance(loaded, DocumentError):
            print(f"Not recorded: {loaded}", file=sys.stderr)
            return 1
        documents.append(loaded)
    name = version("can-i-share")
    release = record(documents, name=name, on=date.today())
    print(f"Recorded {len(release.documents)} documents of {name} in {RELEASES.name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
