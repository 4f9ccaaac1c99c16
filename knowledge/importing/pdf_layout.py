"""The lines on the pages of a PDF to headings and paragraphs, by their size and place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from knowledge.importing.blocks import Block, tidy

_LARGER = 1.15
"""A heading's line to the height of most text."""
_LONGEST_HEADING = 150
_GAP = 1.35
"""A paragraph ends where the next line is this much further down than most."""
_EDGE = 2
"""Lines at the top and at the foot of a page in which a running title or a page number stands."""
_ITEM = re.compile(r"^(?:[\u2022\u25aa\u25cf\u25e6\uf0b7\u2013\u2014*o-]\s+|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]\s)")
_MARK = re.compile(r"^(?:[\u2022\u25aa\u25cf\u25e6\uf0b7\u2013\u2014*-]|o(?=\s+[A-Z]))\s*")
_HYPHEN = "\x02\ufffe"
"""What PDFium gives for a hyphen that only breaks a word at the end of a line."""
_DIGITS = re.compile(r"\d+")
_LEADERS = re.compile(r"(?:\. ?){5,}|\u2026{2,}|_{8,}")
"""What fills a line of a table of contents, or of a form."""


class Line(NamedTuple):
    """A line of print."""

    text: str
    height: float
    """Points from the lowest to the highest a letter of its font can reach."""
    top: float
    """Points from the foot of the page."""
    page: int


def blocks_of_pages(pages: list[list[Line]]) -> Iterator[Block]:
    """Headings, which are larger than most, and paragraphs; one that runs over a page has the page it starts on."""
    body = _body(pages)
    yield from _blocks(_without_running(pages, body=body), body=body)


def _body(pages: list[list[Line]]) -> float:
    """The height of most of the text."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.height, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _without_running(pages: list[list[Line]], *, body: float) -> list[list[Line]]:
    """The pages without lines of a table of contents, and the titles and numbers at the edge of most of them."""
    pages = [[line for line in lines if not _LEADERS.search(line.text)] for lines in pages]
    edges = Counter(mark for lines in pages for mark in {_mark(line) for line in _edge(lines, body=body)})
    running = {mark for mark, count in edges.items() if count >= max(3, len(pages) / 2)}
    return [[line for line in lines if not _is_running(line, lines, running, body=body)] for lines in pages]


def _is_running(line: Line, lines: list[Line], running: set[str], *, body: float) -> bool:
    if line in (lines[0], lines[-1]) and re.fullmatch(r"(page )?(0|[ivxl]+)( (of|/) 0)?", _mark(line)):
        return True
    return _mark(line) in running and line in _edge(lines, body=body)


def _edge(lines: list[Line], *, body: float) -> list[Line]:
    """Lines that may be a running title: neither a heading nor the end of a sentence that is said on every page."""
    ends = lines[:_EDGE] + lines[-_EDGE:]
    return [line for line in ends if line.height <= body * _LARGER and not line.text.endswith((".", "?", ";", ","))]


def _mark(line: Line) -> str:
    return _DIGITS.sub("0", tidy(line.text).lower())


def _blocks(pages: list[list[Line]], *, body: float) -> Iterator[Block]:
    sizes = {round(line.height, 1) for lines in pages for line in lines}
    levels = _levels([size for size in sizes if size > body * _LARGER])
    parts: list[Line] = []
    level = 0
    for lines in pages:
        pitch = _pitch(lines)
        for line in lines:
            own = levels.get(round(line.height, 1), 0) if len(line.text) <= _LONGEST_HEADING else 0
            if parts and (own != level or _begins(parts[-1], line, pitch=pitch, heading=bool(own))):
                yield from _block(parts, level)
                parts = []
            parts.append(line)
            level = own
    yield from _block(parts, level)


def _levels(sizes: list[float]) -> dict[float, int]:
    """Size to heading level, the largest first; all beyond the sixth are of the sixth."""
    return {size: min(level, 6) for level, size in enumerate(sorted(sizes, reverse=True), start=1)}


def _pitch(lines: list[Line]) -> float:
    steps = [above.top - line.top for above, line in zip(lines, lines[1:], strict=False) if above.top > line.top]
    return median(steps) if steps else 0.0


def _begins(above: Line, line: Line, *, pitch: float, heading: bool) -> bool:
    """Whether a line begins a new paragraph after the one above it."""
    if _ITEM.match(line.text):
        return True
    ended = above.text.rstrip().endswith((".", "?", "!", ":"))
    if above.page != line.page:
        return heading or ended or not line.text[:1].islower()
    step = above.top - line.top
    if step <= 0:  # a new column, or a footnote set apart
        return heading or ended
    return step > (max(pitch, above.height) if not heading else above.height * 1.6) * _GAP


def _block(parts: list[Line], level: int) -> Iterator[Block]:
    text = tidy(_MARK.sub("", _joined(parts))) if parts else ""
    if text:
        yield Block(text=text, level=level, place=f"p. {parts[0].page}")


def _joined(parts: list[Line]) -> str:
    text = ""
    for line in parts:
        if text.endswith(tuple(_HYPHEN)):
            text = text[:-1] + line.text
        elif text.endswith("-") and text[-2:-1].isalpha():
            text += line.text
        else:
            text += f" {line.text}"
    return text.translate(dict.fromkeys(map(ord, _HYPHEN))).strip()
