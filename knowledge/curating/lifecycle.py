"""What each act of a curator changes in a document, when it is allowed, and the line it leaves in the history."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from knowledge.curating.files import replace_file
from knowledge.curating.front_matter import append_item, set_field
from knowledge.curating.history import entry, is_same_person
from knowledge.errors import CurationRefused, FileChanged
from knowledge.loading import parse_document
from knowledge.models import Document, FrozenModel, Standing, State

UNFINISHED = "TO COMPLETE:"
"""Stands in a draft where its author has still something to write."""


class Change(FrozenModel):
    """The fields that an act sets, and its line of the history."""

    sets: dict[str, date | str]
    entry: str


def approval(document: Document, *, by: str, on: date) -> Change:
    """A draft becomes one that is cited.

    Raises:
        CurationRefused: it is no draft, is not finished, or would be approved by its author.
    """
    if document.state is not State.DRAFT:
        raise CurationRefused(f"{document.id} is {document.state}; only a draft is approved.")
    if any(UNFINISHED in text for text in (document.summary, *(bullet.text for bullet in document.bullets()))):
        raise CurationRefused(f'{document.id} still says "{UNFINISHED}". Complete or remove those points first.')
    if not document.author:
        mend = f'Add a line "author: NAME" to {document.path}.'
        raise CurationRefused(f"{document.id} does not say who wrote it, so nobody else can be told apart. {mend}")
    if is_same_person(document.author, by):
        raise CurationRefused(f"{by} wrote {document.id}. Somebody else must read and approve it.")
    return Change(sets={"state": State.APPROVED.value}, entry=entry("approved", by=by, on=on))


def review(document: Document, *, by: str, on: date, next_on: date | None = None) -> Change:
    """A human looked and it still holds; the next review is as far off as it was before, unless given.

    Raises:
        CurationRefused: it is withdrawn, or the next review would not lie ahead.
    """
    if document.state is State.WITHDRAWN:
        raise CurationRefused(f"{document.id} is withdrawn; nobody reads it any more.")
    due = next_on or on + (document.review_by - document.reviewed)
    if due <= on:
        raise CurationRefused(f"The next review of {document.id} would be on {due}. Give a later day with --next.")
    return Change(
        sets={"reviewed": on, "reviewed_by": by, "review_by": due},
        entry=entry("reviewed", by=by, on=on, detail=f"next {due}"),
    )


def supersession(document: Document, *, successor: Document, by: str, on: date) -> Change:
    """A document is only named from now on, with what replaced it.

    Raises:
        CurationRefused: it is replaced or withdrawn already, or the other could not be cited in its place.
    """
    if document.id == successor.id:
        raise CurationRefused(f"{document.id} cannot replace itself.")
    if document.superseded_by or document.status is Standing.SUPERSEDED:
        raise CurationRefused(f"{document.id} is superseded already, by {document.superseded_by or 'nothing named'}.")
    if document.state is State.WITHDRAWN:
        raise CurationRefused(f"{document.id} is withdrawn; what nobody reads needs no successor.")
    if successor.state is not State.APPROVED:
        raise CurationRefused(f"{successor.id} is {successor.state} and never cited. Approve it first.")
    if successor.status is Standing.SUPERSEDED:
        raise CurationRefused(f"{successor.id} is itself superseded, by {successor.superseded_by}. Name that one.")
    return Change(
        sets={"status": Standing.SUPERSEDED.value, "superseded_by": successor.id},
        entry=entry("superseded", by=by, on=on, detail=f"replaced by {successor.id}"),
    )


def withdrawal(document: Document, *, why: str, by: str, on: date) -> Change:
    """A document is not used any more, and its id never again.

    Raises:
        CurationRefused: it is withdrawn already.
    """
    if document.state is State.WITHDRAWN:
        raise CurationRefused(f"{document.id} is withdrawn already.")
    return Change(sets={"state": State.WITHDRAWN.value}, entry=entry("withdrawn", by=by, on=on, detail=why))


def make(change: Change, document: Document) -> None:
    """Makes a change in the file of a document, which must be as it was when the document was read.

    Raises:
        FileChanged: the file was changed since.
        CurationRefused: its fields cannot be changed line by line; nothing was changed.
    """
    path = Path(document.path)
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != document.digest:
        raise FileChanged(f"{path} was changed by somebody else meanwhile and is left so. Look, then try again.")
    replace_file(path, changed(document, change, raw=raw), read=raw)


def changed(document: Document, change: Change, *, raw: bytes) -> bytes:
    """The bytes of a document's file with a change made in them, and every other line as it was.

    Raises:
        CurationRefused: its fields cannot be changed line by line, or would not read as meant.
    """
    text = raw.decode("utf-8")
    for name, value in change.sets.items():
        text = set_field(text, name, value)
    new = append_item(text, "history", change.entry).encode()
    meant = Document.model_validate(
        document.model_dump() | change.sets | {"history": (*document.history, change.entry)}
    )
    read = parse_document(new, path=Path(document.path), local=document.local)
    if read.model_copy(update={"digest": meant.digest, "sections": meant.sections}) != meant:
        mend = "Change it in a text editor."
        raise CurationRefused(f"The fields of {document.path} are written in a way this cannot change safely. {mend}")
    return new
