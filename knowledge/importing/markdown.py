"""Markdown to blocks: headings kept, marks taken off, a table row or list item a paragraph of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.importing.blocks import Block, tidy

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*)$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+(?=\S)")
_RULE = re.compile(r"^\s*([-*_])(?:\s*\1){2,}\s*$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s*\S*.*$")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINKED = r"\([^()]{0,2000}(?:\([^()]{0,200}\)[^()]{0,200}){0,5}\)"
_INLINE = (
    (re.compile(rf"!\[[^\]]{{0,500}}\](?:{_LINKED}|\[[^\]]{{0,200}}\])"), ""),
    (re.compile(rf"\[([^\[\]]{{0,500}})\]{_LINKED}"), r"\1"),
    (re.compile(r"\[([^\[\]]{1,500})\]\[[^\]]{0,200}\]"), r"\1"),
    (re.compile(r"(`{1,3})(.{1,500}?)\1"), r"\2"),
    (re.compile(r"(\*{1,3})(?=\S)(.{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)(.{1,500}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?=\S)(.{1,500}?)(?<=\S)~~"), r"\1"),
)
"""Bounded, so that a file made of opening marks takes no longer than another."""
_PRIVATE = 0xF0000
"""Escaped marks wait in this private range while the others are taken off."""


def blocks_of(markdown: str) -> Iterator[Block]:
    """Headings and paragraphs in order; YAML fields at the top, link definitions and rules are not text."""
    parts: list[str] = []
    for line in _lines(_without_fields(markdown)):
        heading = _HEADING.match(line)
        if parts and _UNDERLINE.match(line) and not _ITEM.match(parts[0]):
            yield from _block(parts, level=1 if "=" in line else 2)
            parts = []
            continue
        if heading or not line.strip() or _ITEM.match(line) or _is_row(line) or _RULE.match(line):
            yield from _block(parts)
            parts = []
        if heading:
            yield from _block([heading[2].strip().rstrip("#")], level=len(heading[1]))
        elif _is_row(line):
            yield from _row(line)
        elif line.strip() and not _RULE.match(line):
            parts.append(line)
    yield from _block(parts)


def plain_blocks(text: str) -> Iterator[Block]:
    """Plain text: a paragraph ends at an empty line."""
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        if words := tidy(paragraph):
            yield Block(text=words)


def _lines(markdown: str) -> Iterator[str]:
    """Lines without code fences and link definitions, which a reader does not see."""
    for line in markdown.splitlines():
        if not _FENCE.match(line) and not _DEFINITION.match(line):
            yield line


def _without_fields(markdown: str) -> str:
    lines = markdown.lstrip("\ufeff").split("\n")
    if lines[0].strip() != "---":
        return markdown
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() in ("---", "...")), 0)
    return "\n".join(lines[end + 1 :]) if end else markdown


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|") and line.rstrip().endswith("|")


def _row(line: str) -> Iterable[Block]:
    if "-" in line and set(line) <= set("|:- \t"):
        return ()
    cells = [_plain(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
    return _block(["; ".join(cell for cell in cells if cell)], marked=False)


def _block(parts: list[str], *, level: int = 0, marked: bool = True) -> Iterable[Block]:
    joined = _ITEM.sub("", " ".join(part.strip() for part in parts)).removeprefix("> ")
    text = _plain(joined) if marked else tidy(joined)
    return (Block(text=text, level=level),) if text else ()


def _plain(text: str) -> str:
    """The words without the marks; a mark that was escaped is itself a word."""
    held = _ESCAPED.sub(lambda match: chr(_PRIVATE + ord(match[1])), text)
    for pattern, put in _INLINE:
        held = pattern.sub(put, held)
    shown = "".join(chr(ord(char) - _PRIVATE) if _PRIVATE < ord(char) < _PRIVATE + 128 else char for char in held)
    return tidy(shown)
