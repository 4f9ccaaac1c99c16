"""Reads knowledge files into documents, with the file and line of whatever is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from knowledge.errors import DocumentError
from knowledge.models import ROLE_OF_HEADING, Bullet, Document, Kind, Section, SectionRole, State

CONTENT = Path(__file__).parent / "content"
"""The documents that come with the package."""

_PINPOINT = re.compile(r"^(?P<text>.*\S)\s+\[(?P<mark>[^\[\]]+)\]$", re.DOTALL)
_UNVERIFIED = re.compile(r"\s*;?\s*\bunverified\s*$", re.IGNORECASE)
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_FIELD = re.compile(r"(\w+):")
_SPACE = re.compile(r"\s+")
_DRAFT = re.compile(rb"^state: *draft\s*$", re.MULTILINE)
_PLAINLY = {
    "missing": "field required: add it",
    "extra_forbidden": "extra inputs are not permitted: no field has this name, so correct its spelling or take it out",
    "string_pattern_mismatch": "string should match pattern: small letters, numbers and single hyphens only",
}
"""By pydantic's type of error; the id is the one field with a pattern."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def document_paths(*folders: Path) -> list[Path]:
    """Every Markdown file under the folders, in a stable order; README files are not documents."""
    found = (path for folder in folders for path in folder.rglob("*.md"))
    return sorted(path for path in found if path.name.lower() != "readme.md" and not path.is_dir())


def content_digest(paths: Iterable[Path], *, local: Collection[Path] = ()) -> str:
    """SHA-256 over names and bytes of the files, and which are local: changes when any document but a draft does.

    A draft is not indexed, so that writing one leaves the index as good as it was.

    Raises:
        DocumentError: when one cannot be read.
    """
    total = hashlib.sha256()
    for path in paths:
        raw = _bytes(path)
        if _DRAFT.search(raw.partition(b"\n---")[0]):
            continue
        total.update((b"local/" if path in local else b"") + path.name.encode() + b"\0")
        total.update(hashlib.sha256(raw).digest())
    return total.hexdigest()


def load_documents(
    paths: Iterable[Path], *, local: Collection[Path] = (), known: Mapping[str, Document] | None = None
) -> Iterator[Document | DocumentError]:
    """Each file as a document, or the error that says why it is not one; ``local`` are the organisation's own.

    ``known`` are documents by the SHA-256 of their files, which then need not be parsed: a tenth of the time.
    """
    for path in paths:
        try:
            raw = _bytes(path)
            same = known.get(hashlib.sha256(raw).hexdigest()) if known else None
            is_local = path in local
            yield (
                same.model_copy(update={"path": str(path), "local": is_local})
                if same
                else parse_document(raw, path=path, local=is_local)
            )
        except DocumentError as error:
            yield error


def in_use(
    loaded: Iterable[Document | DocumentError], *, overriding: Collection[State] = (State.APPROVED, State.WITHDRAWN)
) -> list[Document | DocumentError]:
    """What was loaded without the bundled documents that a local one of the same id takes the place of.

    A local draft takes no place yet, so that a bundled document is cited until its successor is approved.
    """
    every = list(loaded)
    taken = {each.id for each in every if isinstance(each, Document) and each.local and each.state in overriding}
    return [each for each in every if isinstance(each, DocumentError) or each.local or each.id not in taken]


def load_document(path: Path, *, local: bool = False) -> Document:
    """One file as a document.

    Raises:
        DocumentError: with the line, when it cannot be read, is not UTF-8, not YAML, or not of the format.
    """
    return parse_document(_bytes(path), path=path, local=local)


def parse_document(raw: bytes, *, path: Path, local: bool = False) -> Document:
    """The bytes of a file as a document, as ``load_document``; the file itself is not looked at.

    Raises:
        DocumentError: as ``load_document``.
    """
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


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror}): check that it is there and who may read it"
        raise DocumentError(message, path=str(path)) from error


def _split(text: str, *, path: Path) -> tuple[str, str, int]:
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "---":
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
    except ValueError as error:
        line = _line_of_impossible_date(header)
        raise DocumentError(f"an impossible date or number: {error}", path=str(path), line=line) from error
    if not isinstance(fields, dict):
        raise DocumentError("the fields must be 'name: value' lines", path=str(path), line=2)
    _refuse_twice(header, path=path)
    fields = {str(key): value for key, value in fields.items()}
    return {key: value for key, value in fields.items() if value is not None}


def _line_of_impossible_date(header: str) -> int:
    """Where a date stands that looks right to YAML and is none, such as 2026-13-01."""
    for number, line in enumerate(header.split("\n"), start=2):
        for looks in _DATE.findall(line):
            try:
                date.fromisoformat(looks)
            except ValueError:
                return number
    return 2


def _refuse_twice(header: str, *, path: Path) -> None:
    """YAML would take the last of two fields of one name and say nothing."""
    seen: set[str] = set()
    for number, line in enumerate(header.split("\n"), start=2):
        match = _FIELD.match(line)
        if match and match[1] in seen:
            raise DocumentError(f"{match[1]} is given twice: keep one", path=str(path), line=number)
        if match:
            seen.add(match[1])


def _build(fields: dict[str, Any], *, header: str, path: Path) -> Document:
    try:
        return Document.model_validate(fields)
    except ValidationError as error:
        problems = [f"{'.'.join(str(part) for part in item['loc'])}: {_plainly(item)}" for item in error.errors()]
        first = error.errors()[0]["loc"]
        raise DocumentError(
            "; ".join(problems), path=str(path), line=line_of_field(header, str(first[0]) if first else "")
        ) from error


def _plainly(problem: ErrorDetails) -> str:
    """What is wrong with a field, and the mend where pydantic's own words do not say it to who does not program."""
    return _PLAINLY.get(problem["type"]) or problem["msg"].lower()


def line_of_field(header: str, name: str) -> int:
    """1-based line in the file where a field of the header stands; 1 when it is missing."""
    for number, line in enumerate(header.split("\n"), start=2):
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
            bullets.append(parse_bullet(block, line=number))
    _close(sections, heading, bullets, kind)
    if not sections:
        message = "no text under any heading: add '## What it says' and bullets"
        raise DocumentError(message, path=str(path), line=first_line)
    return tuple(sections)


def _close(sections: list[Section], heading: str, bullets: list[Bullet], kind: object) -> None:
    if bullets:
        role = ROLE_OF_HEADING.get(heading.lower())
        default = SectionRole.CASE_STUDY if kind == Kind.CASE_STUDY else SectionRole.GUIDANCE
        sections.append(Section(heading=heading or "Text", role=role or default, bullets=tuple(bullets)))


def _blocks(body: str, *, first_line: int) -> Iterator[tuple[int, str]]:
    """Headings, bullets and paragraphs, each with the line it starts on; wrapped lines are joined."""
    start, parts = 0, []  # type: int, list[str]
    for number, line in enumerate(body.split("\n"), start=first_line):
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


def parse_bullet(block: str, *, line: int = 0) -> Bullet:
    """A bullet of its text, of which the bracket at the end is the pinpoint."""
    text = _SPACE.sub(" ", re.sub(r"^[-*] ", "", block)).strip()
    match = _PINPOINT.match(text)
    if not match:
        return Bullet(text=text, line=line)
    mark = match["mark"].strip()
    pinpoint = _UNVERIFIED.sub("", mark).strip()
    return Bullet(text=match["text"], pinpoint=pinpoint or None, unverified=pinpoint != mark, line=line)
