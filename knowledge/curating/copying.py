"""Copies a bundled document among an organisation's own, to be changed there and take its place once approved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from knowledge.curating.drafting import draft_path, ids_in
from knowledge.curating.files import create_file
from knowledge.curating.history import entry
from knowledge.curating.lifecycle import Change, changed
from knowledge.errors import CurationRefused
from knowledge.models import Document, State


def copy_as_draft(document: Document, *, folder: Path, author: str, on: date) -> Path:
    """The file of a local draft with the same id and the same words, line for line.

    Raises:
        CurationRefused: the folder has a document of that id already; nothing is written.
    """
    if document.id in ids_in(folder):
        raise CurationRefused(f"{folder} holds a document with the id {document.id!r} already. Change that one.")
    path = draft_path(folder, document.id, kind=document.kind)
    copied = Change(
        sets={"state": State.DRAFT.value, "author": author},
        entry=entry("copied", by=author, on=on, detail=f"from the bundled document as reviewed {document.reviewed}"),
    )
    create_file(path, changed(document, copied, raw=Path(document.path).read_bytes()))
    return path
