"""Word and PowerPoint: what a reader would not see is taken out first, then the converter reads the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from docx.opc.oxml import serialize_part_xml
from docx.oxml.parser import parse_xml

from knowledge.importing.blocks import Block, Taken
from knowledge.importing.converting import docx_to_markdown, pptx_to_markdown
from knowledge.importing.markdown import blocks_of
from knowledge.importing.packed import repacked
from knowledge.importing.refusing import ImportRefused

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_TEXT_OF_WORD = re.compile(r"^word/(document|footnotes|endnotes)\.xml$")
_SLIDE = re.compile(r"^ppt/slides/[^/]+\.xml$")
_NOTES = re.compile(r"^ppt/notesSlides/[^/]+\.xml$")
_NUMBER = re.compile(r"^<!-- Slide number: (\d+) -->$", re.MULTILINE)
_OFF = ("0", "false", "off")


def take_docx(path: Path) -> Taken:
    """Headings, paragraphs, lists, tables and footnotes of a Word file, without hidden and deleted text.

    Raises:
        ImportRefused: see :func:`knowledge.importing.packed.repacked`.
    """
    hidden = _hidden_styles(path)
    hid = _Counter()
    stream = repacked(path, main="word/document.xml", clean=lambda name, part: _clean_word(name, part, hidden, hid))
    blocks = tuple(blocks_of(docx_to_markdown(stream)))
    return Taken(blocks=blocks, left_out=hid.told("hidden run of text", "hidden runs of text"))


def take_pptx(path: Path) -> Taken:
    """Slides with their numbers, without hidden slides and shapes, speaker notes and the words behind pictures.

    Raises:
        ImportRefused: see :func:`knowledge.importing.packed.repacked`.
    """
    slides, notes = _Counter(), _Counter()
    stream = repacked(
        path, main="ppt/presentation.xml", clean=lambda name, part: _clean_slides(name, part, slides, notes)
    )
    left_out = (
        *slides.told("hidden slide", "hidden slides"),
        *notes.told("page of speaker notes", "pages of speaker notes"),
    )
    return Taken(blocks=tuple(_slides(pptx_to_markdown(stream))), left_out=left_out)


class _Counter:
    """How many of something were left out."""

    def __init__(self) -> None:
        self.count = 0

    def told(self, one: str, many: str) -> tuple[str, ...]:
        return (f"{self.count} {one if self.count == 1 else many}",) if self.count else ()


def _slides(markdown: str) -> Iterator[Block]:
    parts = _NUMBER.split(markdown)
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        for block in blocks_of(text):
            yield block.model_copy(update={"place": f"slide {number}"})


def _edited(part: bytes, edit: Callable[[Any], None]) -> bytes:
    try:
        root = cast("Any", parse_xml(part))
    except SyntaxError as error:
        raise ImportRefused("a part of it is not XML: open it in Office, save a copy and import that") from error
    edit(root)
    return serialize_part_xml(root)


# Word


def _clean_word(name: str, part: bytes, hidden: frozenset[str], hid: _Counter) -> bytes:
    if not _TEXT_OF_WORD.match(name):
        return part
    return _edited(part, lambda root: _drop_hidden(root, hidden, hid))


def _drop_hidden(root: Any, hidden: frozenset[str], hid: _Counter) -> None:
    for tag in ("del", "moveFrom"):
        _remove(list(root.iter(f"{_W}{tag}")))
    contents = [each for each in root.iter(f"{_W}p") if _style(each, "pPr", "pStyle").lower().startswith("toc")]
    _remove(contents)
    runs = [each for each in root.iter(f"{_W}r") if _is_hidden(each, hidden)]
    rows = [each for each in root.iter(f"{_W}tr") if _is_on(each.find(f"{_W}trPr/{_W}hidden"))]
    hid.count += sum(1 for run in runs if any(text.text for text in run.iter(f"{_W}t"))) + len(rows)
    _remove([*runs, *rows])


def _is_hidden(run: Any, hidden: frozenset[str]) -> bool:
    """The run's own word comes before its style's, and that before its paragraph's."""
    own = run.find(f"{_W}rPr/{_W}vanish")
    if own is not None:
        return _is_on(own)
    if _style(run, "rPr", "rStyle") in hidden:
        return True
    paragraph = next(run.iterancestors(f"{_W}p"), None)
    return paragraph is not None and _style(paragraph, "pPr", "pStyle") in hidden


def _is_on(toggle: Any) -> bool:
    return toggle is not None and toggle.get(f"{_W}val", "1").lower() not in _OFF


def _style(element: Any, properties: str, kind: str) -> str:
    found = element.find(f"{_W}{properties}/{_W}{kind}")
    return "" if found is None else str(found.get(f"{_W}val", ""))


def _hidden_styles(path: Path) -> frozenset[str]:
    """Ids of the styles, their heirs included, that hide what is written in them."""
    styles: dict[str, tuple[bool | None, str]] = {}

    def note(root: Any) -> None:
        for style in root.iter(f"{_W}style"):
            vanish, based = style.find(f"{_W}rPr/{_W}vanish"), style.find(f"{_W}basedOn")
            own = None if vanish is None else _is_on(vanish)
            styles[style.get(f"{_W}styleId", "")] = (own, "" if based is None else based.get(f"{_W}val", ""))

    def look(name: str, part: bytes) -> bytes:
        return _edited(part, note) if name == "word/styles.xml" else b""

    repacked(path, main="word/document.xml", clean=look)
    return frozenset(name for name in styles if _inherits_hiding(name, styles))


def _inherits_hiding(name: str, styles: dict[str, tuple[bool | None, str]]) -> bool:
    seen: set[str] = set()
    while name in styles and name not in seen:
        seen.add(name)
        own, name = styles[name]
        if own is not None:
            return own
    return False


def _remove(elements: list[Any]) -> None:
    for element in elements:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


# PowerPoint


def _clean_slides(name: str, part: bytes, slides: _Counter, notes: _Counter) -> bytes:
    if _NOTES.match(name):
        return _edited(part, lambda root: _empty(root, notes))
    if _SLIDE.match(name):
        return _edited(part, lambda root: _clean_slide(root, slides))
    return part


def _empty(root: Any, counter: _Counter) -> None:
    """Takes out all words; a notes page that holds only its slide's number counts as empty."""
    words = [text for text in root.iter(f"{_A}t") if next(text.iterancestors(f"{_A}fld"), None) is None and text.text]
    counter.count += bool(words)
    for text in root.iter(f"{_A}t"):
        text.text = ""


def _clean_slide(root: Any, slides: _Counter) -> None:
    if root.get("show", "1").lower() in _OFF:
        slides.count += 1
        trees = root.iter(f"{_P}spTree")
        _remove([shape for tree in trees for shape in tree if shape.tag not in (f"{_P}nvGrpSpPr", f"{_P}grpSpPr")])
    named = [each for each in root.iter(f"{_P}cNvPr") if each.get("hidden", "0").lower() not in _OFF]
    _remove([each.getparent().getparent() for each in named])
    for text in root.iter(f"{_A}t"):
        text.text = (text.text or "").replace("<!--", "< !--")  # or a slide could claim to be another
