"""What a file is: its name says, and its first bytes must agree."""

from __future__ import annotations

import mmap
from enum import StrEnum
from pathlib import Path

from knowledge.errors import ImportRefused

LARGEST_FILE = 100 * 2**20
LARGEST_TEXT = 10 * 2**20
"""Bytes; parsed HTML takes about 20 times its size in memory."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_PDF_WITHIN = 1024
"""Bytes in which readers look for ``%PDF-``."""


class Format(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"


OF_SUFFIX = {
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".pptx": Format.PPTX,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".txt": Format.TEXT,
}
READ = "PDF, DOCX, PPTX, HTML, Markdown and text"
_OLD_OFFICE = (".doc", ".dot", ".ppt", ".pps")


def format_of(path: Path) -> Format:
    """What to read a file as.

    Raises:
        ImportRefused: when it is of no kind that is read, empty, too large, locked, or not what its name says.
        OSError: when it cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in _OLD_OFFICE:
        raise ImportRefused(f"{suffix} is the old Office format: save it as DOCX or PPTX, or print it to PDF")
    if suffix not in OF_SUFFIX:
        raise ImportRefused(f"{suffix or 'a file without an ending'} is not read: only {READ} are")
    found = OF_SUFFIX[suffix]
    _check_size(path, found)
    _check_start(path, found)
    return found


def text_of(path: Path) -> str:
    """The characters of a text file: UTF-8, UTF-16 with its mark, or else what Windows wrote in western Europe.

    Raises:
        ImportRefused: when it holds bytes that no text has.
    """
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw:
        raise ImportRefused("it is not text, although its name says so")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _check_size(path: Path, found: Format) -> None:
    size = path.stat().st_size
    largest = LARGEST_TEXT if found in (Format.HTML, Format.MARKDOWN, Format.TEXT) else LARGEST_FILE
    if not size:
        raise ImportRefused("the file is empty")
    if size > largest:
        raise ImportRefused(f"{size / 2**20:,.0f} MB; at most {largest / 2**20:.0f} MB: split it")


def _check_start(path: Path, found: Format) -> None:
    with path.open("rb") as file:
        start = file.read(_PDF_WITHIN)
    if found is Format.PDF and b"%PDF-" not in start:
        raise ImportRefused("it is not a PDF, although its name says so")
    if found in (Format.DOCX, Format.PPTX) and not start.startswith(_ZIP):
        if start.startswith(_OLE) and _is_locked(path):
            raise ImportRefused("it is locked with a password: save a copy without one")
        if start.startswith(_OLE):
            raise ImportRefused(f"it is an old Office file: save it as {found.value.upper()}")
        raise ImportRefused(f"it is not a {found.value.upper()} file, although its name says so, or it is damaged")


def _is_locked(path: Path) -> bool:
    """Office keeps an encrypted document as a stream of this name in an OLE container."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.find("EncryptedPackage".encode("utf-16-le")) != -1
