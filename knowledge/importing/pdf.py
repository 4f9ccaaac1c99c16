"""PDF, page by page, read in a process of its own that a bad file may bring down."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Timer
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importing.blocks import MOST_CHARACTERS, Taken, tidy
from knowledge.importing.pdf_layout import Line, blocks_of_pages

Progress = Callable[[int, int], None]
"""Called with pages done and pages in all."""

MOST_PAGES = 5_000
FEWEST_CHARACTERS = 20
"""A page with fewer is a picture or blank."""
SECONDS = 60.0
"""For one page, and for opening the file."""
_REFUSED = {
    "locked": "it is locked with a password: save a copy without one",
    "damaged": "it is damaged: open it in a reader, print it to a new PDF and import that",
    "long": "a page of it holds more than a million letters, which no page does",
}
_READER = Path(__file__).with_name("pdf_pages.py")


def take_pdf(path: Path, *, progress: Progress | None = None, seconds: float = SECONDS) -> Taken:
    """The text of a PDF: lines larger than most are headings, and each paragraph has its page.

    Invisible text is taken, for that is how a scan that was made searchable keeps its words.

    Raises:
        ImportRefused: when it is locked, damaged, too long, or holds pictures of pages instead of text.
    """
    with _reader(path) as reader:
        title, pages = _pages(reader, progress=progress, seconds=seconds)
    empty = [number for number, lines in enumerate(pages, start=1) if _characters(lines) < FEWEST_CHARACTERS]
    if len(empty) == len(pages):
        count = _counted(len(pages), "page")
        raise ImportRefused(f"no text on its {count}: it is a scan. Have its text recognised (OCR) first")
    left_out = (f"no text on {_numbers(empty)} (pictures, scans or blank)",) if empty else ()
    return Taken(blocks=tuple(blocks_of_pages(pages)), title=title, left_out=left_out)


@contextmanager
def _reader(path: Path) -> Iterator[Popen[str]]:
    """The process that reads the file; it is ended whatever happens here."""
    # -P: a file called json.py in the curator's folder is not run. The script needs nothing of ours.
    command = [sys.executable, "-P", str(_READER), str(path.resolve()), str(MOST_PAGES)]
    with Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, text=True, encoding="utf-8") as reader:  # noqa: S603
        try:
            yield reader
        finally:
            reader.kill()


def _pages(reader: Popen[str], *, progress: Progress | None, seconds: float) -> tuple[str, list[list[Line]]]:
    """The title and the lines of each page, read as the reader finds them."""
    head = _next(reader, seconds=seconds)
    total, size, pages = head["pages"], 0, []  # type: int, int, list[list[Line]]
    if total > MOST_PAGES:
        raise ImportRefused(f"{total:,} pages; at most {MOST_PAGES:,}: split it")
    if not total:
        raise ImportRefused("it has no pages")
    for number in range(1, total + 1):
        pages.append([Line(text, height, top, number) for text, height, top in _next(reader, seconds=seconds)])
        size += _characters(pages[-1])
        if size > MOST_CHARACTERS:
            raise ImportRefused(f"it holds more than {MOST_CHARACTERS:,} characters of text: split it")
        if progress:
            progress(number, total)
    return tidy(head["title"]), pages


def _next(reader: Popen[str], *, seconds: float) -> Any:
    """What the reader says next; one that says nothing in time is ended."""
    assert reader.stdout is not None
    watch = Timer(seconds, reader.kill)
    watch.start()
    try:
        line = reader.stdout.readline()
    finally:
        watch.cancel()
    if not line.endswith("\n"):
        raise ImportRefused("it takes more memory or time than a document should: print it to a new PDF")
    said = json.loads(line)
    if isinstance(said, dict) and "refused" in said:
        raise ImportRefused(_REFUSED[said["refused"]])
    return said


def _characters(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count:,} {what}s"


def _numbers(pages: Sequence[int]) -> str:
    """``p. 3, 5`` and, of many, how many."""
    if len(pages) <= 8:
        return "p. " + ", ".join(map(str, pages))
    return f"{len(pages)} pages, the first p. {pages[0]}"
