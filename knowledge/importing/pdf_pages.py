"""Reads a PDF in a process of its own, run as a script, so that no file can take the memory or the life of its caller.

Prints JSON lines: ``{"pages": N, "title": ...}``, then for each page its lines as ``[text, height, top]``; or
``{"refused": "locked" | "damaged" | "long"}`` as the last one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]

MOST_MEMORY = 1024 * 2**20
"""Bytes of address space; a 300-page report takes a tenth of it."""
_LOCKED = 4
"""``FPDF_ERR_PASSWORD``."""
_MOST_LETTERS = 1_000_000
"""On one page."""


class _TooLong(Exception):
    """A page with more letters than any page has."""


def main(path: Path, *, most_pages: int) -> None:
    """Prints what a PDF holds, page by page."""
    _limit_memory()
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            _say({"pages": len(pdf), "title": str(pdf.get_metadata_dict().get("Title", ""))})
            for index in range(min(len(pdf), most_pages)):
                _say(_lines(pdf, index))
    except pypdfium2.PdfiumError as error:
        _say({"refused": "locked" if error.err_code == _LOCKED else "damaged"})
    except _TooLong:
        _say({"refused": "long"})


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system has such limits
        import resource  # noqa: PLC0415 - Windows lacks it

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _lines(pdf: Any, index: int) -> list[tuple[str, float, float]]:
    """The lines of one page, which is closed again at once."""
    page = pdf[index]
    try:
        text = page.get_textpage()
        try:
            return list(_read(text))
        finally:
            text.close()
    finally:
        page.close()


def _read(text: Any) -> Iterator[tuple[str, float, float]]:
    """Lines as PDFium breaks them, the height and place of each taken from its first visible letter."""
    letters: list[str] = []
    first = -1
    count = text.count_chars()
    if count > _MOST_LETTERS:
        raise _TooLong
    for at in range(count + 1):
        code = pypdfium2.raw.FPDFText_GetUnicode(text, at) if at < count else 10
        if code not in (10, 13):
            letters.append(chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else " ")
            first = at if first < 0 and not letters[-1].isspace() else first
            continue
        if first >= 0:
            _, bottom, _, top = text.get_charbox(first, loose=True)
            yield "".join(letters).strip(" "), top - bottom, top
        letters, first = [], -1


if __name__ == "__main__":
    main(Path(sys.argv[1]), most_pages=int(sys.argv[2]))
