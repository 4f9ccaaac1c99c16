"""Opens Office files with care: what they claim and what really comes out is counted before any converter sees it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from knowledge.errors import ImportRefused

MOST_UNPACKED = 1024 * 2**20
"""Bytes that all parts together may claim, pictures included."""
MOST_TEXT = 24 * 2**20
"""Bytes of XML really unpacked, which is all that is; 300 pages have 1 to 5 MB, and each takes about 20 in memory."""
MOST_TAGS = 500_000
"""In all parts, each of about 1 kB in memory; 300 pages have 20,000 to 100,000."""
MOST_RATIO = 200
"""Unpacked to packed; the XML of an ordinary document shrinks 5 to 30 times."""
RATIO_FROM = 4 * 2**20
MOST_PARTS = 10_000
_STEP = 2**16
_BROKEN = "it is damaged: open it in Office, save a copy and import that"

Clean = Callable[[bytes], bytes]


def repacked(path: Path, *, main: str, clean: Clean) -> BytesIO:
    """The file with each XML part cleaned and nothing else in it: pictures and embedded files stay as empty names.

    Args:
        main: the folder in it that every file of its kind has. Which part in it holds the text is for the converter to
            say, so that none gets past ``clean`` under another name.

    Raises:
        ImportRefused: when it is locked, damaged, not that kind of file or would unpack to far more than it should.
    """
    try:
        with ZipFile(path) as source:
            parts = source.infolist()
            _check_claims(parts, main=main)
            return _copied(source, parts, clean)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise ImportRefused(_BROKEN) from error


def _check_claims(parts: list[ZipInfo], *, main: str) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS:
        raise ImportRefused(f"it holds {len(parts):,} parts, which no document has")
    if not any(name.startswith(f"{main}/") for name in names):
        raise ImportRefused("it is not what its name says: the part that holds the text is missing")
    if len(set(names)) != len(names):
        raise ImportRefused("it holds two parts of one name, which no document has")
    if any(part.flag_bits & 1 for part in parts):
        raise ImportRefused("it is locked with a password: save a copy without one")
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(1, part.compress_size):
            raise ImportRefused(_bomb(f"{part.file_size / max(1, part.compress_size):,.0f} times its size"))
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ImportRefused(_bomb(f"more than {MOST_UNPACKED / 2**20:,.0f} MB"))


def _copied(source: ZipFile, parts: list[ZipInfo], clean: Clean) -> BytesIO:
    copy, left, tags = BytesIO(), MOST_TEXT, 0
    with ZipFile(copy, "w", ZIP_STORED) as target:
        for part in parts:
            content = b""
            if part.filename.endswith((".xml", ".rels")):
                content = _unpacked(source, part, most=left)
                left -= len(content)
                tags += content.count(b"<")
                _refuse_harmful(content, tags=tags)
                content = clean(content) if part.filename.endswith(".xml") else content
            target.writestr(ZipInfo(part.filename), content)
    copy.seek(0)
    return copy


def _unpacked(source: ZipFile, part: ZipInfo, *, most: int) -> bytes:
    """A part in steps, so that one that claims little and unpacks to much is stopped in time."""
    steps: list[bytes] = []
    size = 0
    with source.open(part) as opened:
        while step := opened.read(_STEP):
            size += len(step)
            if size > most:
                raise ImportRefused(_bomb(f"more than {MOST_TEXT / 2**20:.0f} MB of text") + "; or split the document")
            steps.append(step)
    return b"".join(steps)


def _refuse_harmful(content: bytes, *, tags: int) -> None:
    """Office never writes a document type; one is there to make a parser expand entities or read other files."""
    plain = content.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise ImportRefused("it declares a document type, which Office never does: it may be meant to harm")
    if tags > MOST_TAGS:
        raise ImportRefused(f"it holds more than {MOST_TAGS:,} tags: split it")


def _bomb(size: str) -> str:
    return f"it would unpack to {size}, as a zip bomb does: if it is yours, save it anew"
