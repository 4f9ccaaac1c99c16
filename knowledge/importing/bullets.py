"""Blocks to the headings and bullets of a document, each bullet with its pinpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.errors import ImportRefused
from knowledge.importing.blocks import MOST_CHARACTERS, Block
from knowledge.models import Bullet

FITS = 240
"""Characters up to which a paragraph stays whole and short sentences are kept together, as in our own bullets."""
LONGEST = 600
"""A sentence longer than this is cut where it pauses."""
WITHOUT_HEADING = "Text"
_LONGEST_PATH = 90

_SENTENCE_END = re.compile(r"(?<=[.?!])[\"'\u2019\u201d)]*\s+(?=[\"'\u2018\u201c(]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Rev|Sir|No|Nos|para|paras|s|ss|ch|art|arts|reg|regs|sch|p|pp|vol|v|etc|cf|e\.g|i\.e"
    r"|Ltd|Co|Inc|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)|\b[A-Z]|^\(?(?:\d{1,3}|[a-z]|[ivx]+))\.$",
    re.IGNORECASE,
)
_LONGEST_ABBREVIATION = 12
_PAUSE = re.compile(r"(?<=[;:,])\s+")
_WORD = re.compile(r"\s+")


def sections_of(blocks: Iterable[Block]) -> list[tuple[str, list[Bullet]]]:
    """Headings in order, each with its bullets; a heading with nothing under it is only part of a path.

    Raises:
        ImportRefused: when there is no text, or more than a document can hold.
    """
    sections: list[tuple[str, list[Bullet]]] = []
    path: list[Block] = []
    size = paragraph = 0
    heading = WITHOUT_HEADING
    for block in blocks:
        size += len(block.text)
        if size > MOST_CHARACTERS:
            raise ImportRefused(f"it holds more than {MOST_CHARACTERS:,} characters of text: split it")
        if block.level:
            path = [*(above for above in path if above.level < block.level), block]
            heading = block.text
            sections.append((heading, []))
            continue
        paragraph += 1
        pinpoint = block.place or _path(path) or f"paragraph {paragraph}"
        if not sections:
            sections.append((heading, []))
        sections[-1][1].extend(Bullet(text=text, pinpoint=pinpoint) for text in pieces(block.text))
    filled = [(name, bullets) for name, bullets in sections if bullets]
    if not filled:
        raise ImportRefused("it holds no text")
    return filled


def pieces(text: str) -> Iterator[str]:
    """A paragraph that fits, or its sentences, short ones together; what has no letter or digit is nothing to quote."""
    if not any(char.isalnum() for char in text):
        return
    if len(text) <= FITS:
        yield text
        return
    yield from _packed([part for sentence in sentences(text) for part in _cut(sentence)])


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; a full stop after an abbreviation or a number in a list ends none."""
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        word = text[max(start, text.rfind(" ", start, end.start()) + 1) : end.start()]
        if len(word) < _LONGEST_ABBREVIATION and _ABBREVIATION.search(word.strip("\"'()")):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    return [sentence for sentence in (*found, text[start:].strip()) if sentence]


def _path(headings: list[Block]) -> str:
    """Headings from the highest down; of a long path the lowest ones."""
    names = [re.sub(r"\bunverified\s*$", "", block.text).replace("[", "(").replace("]", ")") for block in headings]
    while len(names) > 1 and len(" > ".join(names)) > _LONGEST_PATH:
        names = names[1:]
    path = " > ".join(names)
    return path if len(path) <= _LONGEST_PATH else path[: _LONGEST_PATH - 3].rstrip() + "..."


def _packed(parts: list[str]) -> Iterator[str]:
    pack = ""
    for part in parts:
        if pack and len(pack) + 1 + len(part) > FITS:
            yield pack
            pack = ""
        pack = f"{pack} {part}" if pack else part
    if pack:
        yield pack


def _cut(sentence: str) -> list[str]:
    if len(sentence) <= LONGEST:
        return [sentence]
    parts = [part for pause in _PAUSE.split(sentence) for part in _by_words(pause)]
    return list(_packed(parts))


def _by_words(text: str) -> list[str]:
    if len(text) <= LONGEST:
        return [text]
    words = [word[at : at + FITS] for word in _WORD.split(text) for at in range(0, len(word), FITS)]
    return list(_packed(words))
