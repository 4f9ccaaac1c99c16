"""Content of any size, made by repeating the bundled documents and varying their words, for measuring growth."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.chunking import chunk
from knowledge.loading import CONTENT, document_paths, load_document

CHANGED_SHARE = 0.2
"""Of the longer words of every copy, so that no two copies are alike in text or in vector."""

_ID = re.compile(r"^id: (\S+)", re.MULTILINE)
_VARIED_LINE = re.compile(r"^(?:title: |summary: | *- (?!\{)).*$", re.MULTILINE)
_WORD = re.compile(r"\b[a-z]{5,}\b")


def write_grown_content(folder: Path, *, chunks: int) -> int:
    """Writes documents until they make at least so many chunks; how many they make."""
    folder.mkdir(parents=True, exist_ok=True)
    made = 0
    for name, text in _copies(document_paths(CONTENT)):
        path = folder / f"{name}.md"
        path.write_text(text, encoding="utf-8")
        made += len(chunk(load_document(path)))
        if made >= chunks:
            break
    return made


def edit_one(folder: Path) -> None:
    """Adds one bullet to one document, as a curator would."""
    path = document_paths(folder)[0]
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{text}\n- Ask a second person to read the record before it leaves.\n", encoding="utf-8")


def _copies(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Names and texts without end: the documents as they are, then copies, each varied in its own way."""
    texts = [path.read_text(encoding="utf-8") for path in paths]
    words = sorted({word for text in texts for word in _WORD.findall(text)})
    rank = 0
    while True:
        for text in texts:
            name = _ID.findall(text)[0]
            yield (f"{name}-{rank}", _varied(text, f"{name}-{rank}", words)) if rank else (name, text)
        rank += 1


def _varied(text: str, name: str, words: Sequence[str]) -> str:
    chance = random.Random(name)  # noqa: S311 - made-up text, not a secret

    def other(match: re.Match[str]) -> str:
        return chance.choice(words) if chance.random() < CHANGED_SHARE else match[0]

    def line(match: re.Match[str]) -> str:
        key, colon, rest = match[0].partition(": ")
        return key + colon + _WORD.sub(other, rest) if key in ("title", "summary") else _WORD.sub(other, match[0])

    return _ID.sub(f"id: {name}", _VARIED_LINE.sub(line, text), count=1)
