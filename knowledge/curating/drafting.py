"""Writes a new document as a draft, in the format that curators edit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from knowledge.curating.files import create_file
from knowledge.curating.history import entry
from knowledge.errors import CurationRefused
from knowledge.loading import document_paths, parse_document
from knowledge.models import (
    Bullet,
    Force,
    FrozenModel,
    Kind,
    LawLink,
    Nation,
    SourceCheck,
    Standing,
    State,
    Strand,
    Verified,
)

FIRST_REVIEW = timedelta(days=182)
"""When a new document is due, unless its author says otherwise."""
ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Says = Sequence[tuple[str, Sequence[Bullet]]]
"""Headings in order, each with the points under it; a heading may come again."""

_FOLDERS = {Kind.GUIDANCE: "guidance", Kind.LEGISLATION: "legislation", Kind.CASE_STUDY: "case_studies"}
_ID_LINE = re.compile(r"""^id:\s*["']?([a-z0-9-]+)""", re.MULTILINE)
_ONE_A_LINE = frozenset({"questions", "history"})
_HEADER_FITS = 8192
"""Characters of a file in which its ``id`` is looked for."""


class DraftFields(FrozenModel):
    """The fields of a new document; state and history are not its author's to choose."""

    id: str = Field(pattern=ID)
    kind: Kind = Kind.GUIDANCE
    title: str
    summary: str
    source: str
    pinpoints: tuple[str, ...] = ()
    url: str
    publisher: str
    nations: tuple[Nation, ...] = Field(min_length=1)
    sectors: tuple[str, ...] = ()
    facets: dict[str, tuple[str, ...]] = {}
    force: Force = Force.EXPLAINS
    strand: Strand = Strand.PRACTICE
    decides: tuple[str, ...] = ()
    status: Standing = Standing.IN_FORCE
    in_force_from: date | None = None
    verified: Verified = Verified.UNVERIFIED
    checked: tuple[SourceCheck, ...] = ()
    author: str = Field(min_length=1)
    drafted: date
    """The day it was written; by default also the day it was last read through."""
    reviewed: date | None = None
    reviewed_by: str | None = None
    """By default the author."""
    review_by: date | None = None
    """By default half a year after it was drafted."""
    owner: str
    questions: tuple[str, ...] = ()
    law: tuple[LawLink, ...] = ()
    related: tuple[str, ...] = ()
    words: str = "our_summary"
    """``source_text`` for a document imported whole, which is then quoted in quotation marks."""


def write_draft(fields: DraftFields, *, sections: Says, folder: Path, taken: Collection[str] = ()) -> Path:
    """The file of a new draft, under the folder of its kind.

    ``taken`` are ids in use outside the folder.

    Raises:
        CurationRefused: the id is in use, or a file of that name is there; nothing is written.
        DocumentError: the fields and sections make no document; nothing is written.
    """
    path = draft_path(folder, fields.id, kind=fields.kind)
    if fields.id in taken or fields.id in ids_in(folder):
        raise CurationRefused(f"The id {fields.id!r} is in use. Choose another: an id is never used again.")
    raw = draft_text(fields, sections=sections).encode()
    parse_document(raw, path=path)
    create_file(path, raw)
    return path


def draft_path(folder: Path, name: str, *, kind: Kind) -> Path:
    """Where a document of that id and kind is kept under a folder of documents."""
    return folder / _FOLDERS[kind] / f"{name}.md"


def draft_text(fields: DraftFields, *, sections: Says) -> str:
    """The text of a new draft's file."""
    header = "".join(_field(name, value) for name, value in _header(fields).items())
    body = "\n".join("\n".join([f"## {_folded(heading)}", *map(_bullet, bullets)]) for heading, bullets in sections)
    return f"---\n{header}---\n{body}\n"


def ids_in(folder: Path) -> set[str]:
    """The ids that the files under a folder give, read without reading the rest of them."""
    return {found[1] for path in document_paths(folder) if (found := _ID_LINE.search(_start(path)))}


def suggested_id(title: str, *, taken: Collection[str] = ()) -> str:
    """An id made of a title's words, with a number behind it when it is in use; empty when it has no plain letter."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower().replace("'", "")
    name = "-".join(re.findall(r"[a-z0-9]+", plain)[:8])
    if not name or name not in taken:
        return name
    return next(again for number in range(2, len(taken) + 3) if (again := f"{name}-{number}") not in taken)


def _header(fields: DraftFields) -> dict[str, Any]:
    """Field to value, in the order of the format; what is empty is left out."""
    given = fields.model_dump() | {
        "reviewed": fields.reviewed or fields.drafted,
        "reviewed_by": fields.reviewed_by or fields.author,
        "review_by": fields.review_by or fields.drafted + FIRST_REVIEW,
    }
    header: dict[str, Any] = {}
    for name in DraftFields.model_fields:
        if name == "status":
            header["state"] = State.DRAFT.value
        header[name] = _plain(given[name])
    header["history"] = [entry("drafted", by=fields.author, on=fields.drafted)]
    unwritten = {"drafted"} | ({"words"} if fields.words == "our_summary" else set())
    return {name: value for name, value in header.items() if value and name not in unwritten}


def _plain(value: Any) -> Any:
    """A value as YAML has them: lists, texts of one line, and no empty conditions of law links."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each != {}}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return _folded(value) if isinstance(value, str) else value


class _Dumper(yaml.SafeDumper):
    """Sets the items of a list in by two, as the documents have them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _field(name: str, value: Any) -> str:
    in_brackets = isinstance(value, list | dict) and name not in _ONE_A_LINE
    style = None if in_brackets else False
    text: str = yaml.dump(
        {name: value}, Dumper=_Dumper, default_flow_style=style, sort_keys=False, allow_unicode=True, width=10**6
    )
    return text


def _bullet(bullet: Bullet) -> str:
    pinpoint = _folded(bullet.pinpoint or "").replace("[", "(").replace("]", ")")
    marks = "; ".join(mark for mark in (pinpoint, "unverified" if bullet.unverified else "") if mark)
    return f"- {_folded(bullet.text)}" + (f" [{marks}]" if marks else "")


def _folded(text: str) -> str:
    return " ".join(text.split())


def _start(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as handle:
            return handle.read(_HEADER_FITS)
    except OSError:
        return ""
