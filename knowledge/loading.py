"""Reads knowledge files into documents, with the file and line of whatever is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge.errors import DocumentError
from knowledge.models import ROLE_OF_HEADING, Bullet, Document, Kind, Section, SectionRole

CONTENT = Path(__file__).parent / "content"
"""The documents that come with the package."""

_FOLDERS = {Kind.GUIDANCE: "guidance", Kind.LEGISLATION: "legislation", Kind.CASE_STUDY: "case_studies"}
_PINPOINT = re.compile(r"^(?P<text>.*\S)\s+\[(?P<mark>[^\[\]]+)\]$", re.DOTALL)
_UNVERIFIED = re.compile(r"\s*;?\s*\bunverified\s*$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def document_paths(*folders: Path) -> list[Path]:
    """Every Markdown file under the folders, in a stable order; README files are not documents."""
    found = (path for folder in folders for path in folder.rglob("*.md"))
    return sorted(path for path in found if path.name.lower() != "readme.md")


def content_digest(paths: Iterable[Path]) -> str:
    """SHA-256 over names and bytes of the files: changes when any document does."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def load_documents(paths: Iterable[Path], *, local: bool = False) -> Iterator[Document | DocumentError]:
    """Each file as a document, or the error that says why it is not one."""
    for path in paths:
        try:
            yield load_document(path, local=local)
        except DocumentError as error:
            yield error


def load_document(path: Path, *, local: bool = False) -> Document:
    """One file as a document.

    Raises:
        DocumentError: with the line, when it is not UTF-8, not YAML, or not of the format.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DocumentError("not UTF-8 text: save the file as UTF-8", path=str(path), line=line) from error
    header, body, body_line = _split(text, path=path)
    fields = _parse_header(header, path=path)
    computed = {
        "sections": _sections(body, first_line=body_line, kind=fields.get("kind"), path=path),
        "local": local,
        "path": str(path),
        "digest": hashlib.sha256(raw).hexdigest(),
    }
    return _build(fields | computed, header=header, path=path)


def _split(text: str, *, path: Path) -> tuple[str, str, int]:
    lines = text.lstrip("\ufeff").splitlines()
    if not lines or lines[0].strip() != "---":
        raise DocumentError("the file must start with a line '---' and its fields", path=str(path))
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise DocumentError("no second '---' line closes the fields", path=str(path), line=len(lines))


def _parse_header(header: str, *, path: Path) -> dict[str, Any]:
    try:
        fields = yaml.load(header, Loader=_Loader)  # noqa: S506 - a safe loader in either case
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        line = mark.line + 2 if mark else 2
        raise DocumentError(f"the fields are not valid YAML: {problem}", path=str(path), line=line) from error
    if not isinstance(fields, dict):
        raise DocumentError("the fields must be 'name: value' lines", path=str(path), line=2)
    fields = {str(key): value for key, value in fields.items()}
    return {key: value for key, value in fields.items() if value is not None}


def _build(fields: dict[str, Any], *, header: str, path: Path) -> Document:
    try:
        return Document.model_validate(fields)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg'].lower()}" for item in error.errors()
        ]
        first = error.errors()[0]["loc"]
        raise DocumentError(
            "; ".join(problems), path=str(path), line=line_of_field(header, str(first[0]) if first else "")
        ) from error


def line_of_field(header: str, name: str) -> int:
    """1-based line in the file where a field of the header stands; 1 when it is missing."""
    for number, line in enumerate(header.splitlines(), start=2):
        if line.startswith(f"{name}:"):
            return number
    return 1


def _sections(body: str, *, first_line: int, kind: object, path: Path) -> tuple[Section, ...]:
    sections: list[Section] = []
    heading, bullets = "", []  # type: str, list[Bullet]
    for number, block in _blocks(body, first_line=first_line):
        if block.startswith("#"):
            _close(sections, heading, bullets, kind)
            heading, bullets = block.lstrip("#").strip(), []
        else:
            bullets.append(_bullet(block, line=number))
    _close(sections, heading, bullets, kind)
    if not sections:
        raise DocumentError("no text under any heading: add '## What it says' and bullets", path=str(path), line=first_line)
    return tuple(sections)


def _close(sections: list[Section], heading: str, bullets: list[Bullet], kind: object) -> None:
    if bullets:
        role = ROLE_OF_HEADING.get(heading.lower())
        default = SectionRole.CASE_STUDY if kind == Kind.CASE_STUDY else SectionRole.GUIDANCE
        sections.append(Section(heading=heading or "Text", role=role or default, bullets=tuple(bullets)))


def _blocks(body: str, *, first_line: int) -> Iterator[tuple[int, str]]:
    """Headings, bullets and paragraphs, each with the line it starts on; wrapped lines are joined."""
    start, parts = 0, []  # type: int, list[str]
    for number, line in enumerate(body.splitlines(), start=first_line):
        stripped = line.strip()
        begins = stripped.startswith(("- ", "* ", "#"))
        if parts and (not stripped or begins):
            yield start, " ".join(parts)
            parts = []
        if stripped:
            start = start if parts else number
            parts.append(stripped)
            if stripped.startswith("#"):
                yield start, stripped
                parts = []
    if parts:
        yield start, " ".join(parts)


def _bullet(block: str, *, line: int) -> Bullet:
    text = _SPACE.sub(" ", re.sub(r"^[-*] ", "", block)).strip()
    match = _PINPOINT.match(text)
    if not match:
        return Bullet(text=text, line=line)
    mark = match["mark"].strip()
    pinpoint = _UNVERIFIED.sub("", mark).strip()
    return Bullet(text=match["text"], pinpoint=pinpoint or None, unverified=pinpoint != mark, line=line)


def folder_of(kind: Kind) -> str:
    """The folder name under ``content`` where documents of a kind live."""
    return _FOLDERS[kind]
