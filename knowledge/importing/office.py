"""Word and PowerPoint: what a reader would not see is taken out first, then the converter reads the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from docx.opc.oxml import serialize_part_xml
from docx.oxml.parser import parse_xml

from knowledge.errors import ImportRefused
from knowledge.importing.blocks import Block, Taken
from knowledge.importing.converting import docx_to_markdown, pptx_to_markdown
from knowledge.importing.markdown import blocks_of
from knowledge.importing.packed import repacked

_NUMBER = re.compile(r"^<!-- Slide number: (\d+) -->$", re.MULTILINE)
_OFF = ("0", "false", "off")


def take_docx(path: Path) -> Taken:
    """Headings, paragraphs, lists, tables and footnotes of a Word file, without hidden and deleted text.

    Raises:
        ImportRefused: see :func:`knowledge.importing.packed.repacked`.
    """
    hidden = _hidden_styles(path)
    hid = _Counter()
    stream = repacked(path, main="word", clean=lambda part: _edited(part, lambda root: _drop_hidden(root, hidden, hid)))
    blocks = tuple(blocks_of(docx_to_markdown(stream)))
    return Taken(blocks=blocks, left_out=hid.told("hidden run of text", "hidden runs of text"))


def take_pptx(path: Path) -> Taken:
    """Slides with their numbers, without hidden slides and shapes, speaker notes and the words behind pictures.

    Raises:
        ImportRefused: see :func:`knowledge.importing.packed.repacked`.
    """
    slides, notes = _Counter(), _Counter()
    stream = repacked(path, main="ppt", clean=lambda part: _edited(part, lambda root: _clean(root, slides, notes)))
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
        for block in blocks_of(text.replace("\n", "\n\n")):  # each line of a slide is a point of its own
            yield block.model_copy(update={"place": f"slide {number}"})


def _edited(part: bytes, edit: Callable[[Any], None]) -> bytes:
    try:
        root = cast("Any", parse_xml(part))
    except SyntaxError as error:
        raise ImportRefused("a part of it is not XML: open it in Office, save a copy and import that") from error
    edit(root)
    return serialize_part_xml(root)


# Word


def _drop_hidden(root: Any, hidden: frozenset[str], hid: _Counter) -> None:
    for tag in ("del", "moveFrom"):
        _remove(list(root.iter(f"{{*}}{tag}")))
    contents = [each for each in root.iter("{*}p") if _style(each, "pPr", "pStyle").lower().startswith("toc")]
    _remove(contents)
    runs = [each for each in root.iter("{*}r") if _is_hidden(each, hidden)]
    rows = [each for each in root.iter("{*}tr") if _is_on(_child(each, "trPr", "hidden"))]
    hid.count += sum(1 for run in runs if any(text.text for text in run.iter("{*}t"))) + len(rows)
    _remove([*runs, *rows])


def _is_hidden(run: Any, hidden: frozenset[str]) -> bool:
    """The run's own word comes before its style's, and that before its paragraph's."""
    own = _child(run, "rPr", "vanish")
    if own is not None:
        return _is_on(own)
    if _style(run, "rPr", "rStyle") in hidden:
        return True
    paragraph = next(run.iterancestors("{*}p"), None)
    return paragraph is not None and _style(paragraph, "pPr", "pStyle") in hidden


def _is_on(toggle: Any) -> bool:
    return toggle is not None and _attribute(toggle, "val", "1").lower() not in _OFF


def _style(element: Any, properties: str, kind: str) -> str:
    found = _child(element, properties, kind)
    return "" if found is None else _attribute(found, "val")


def _hidden_styles(path: Path) -> frozenset[str]:
    """Ids of the styles, their heirs included, that hide what is written in them."""
    styles: dict[str, tuple[bool | None, str]] = {}

    def note(root: Any) -> None:
        for style in root.iter("{*}style"):
            vanish, based = _child(style, "rPr", "vanish"), _child(style, "basedOn")
            own = None if vanish is None else _is_on(vanish)
            styles[_attribute(style, "styleId")] = (own, "" if based is None else _attribute(based, "val"))

    repacked(path, main="word", clean=lambda part: _edited(part, note))
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


def _name(element: Any) -> str:
    """A tag without its namespace: Office writes two sets of them, and the converters read both."""
    return str(element.tag).rpartition("}")[2]


def _child(element: Any, *names: str) -> Any:
    """The first child of a name, its first child of the next name and so on; None when one is not there."""
    for name in names:
        element = next(element.iterchildren(f"{{*}}{name}"), None)
        if element is None:
            return None
    return element


def _attribute(element: Any, name: str, default: str = "") -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), default)


# PowerPoint


def _clean(root: Any, slides: _Counter, notes: _Counter) -> None:
    """A slide or its notes, whatever its file is called."""
    if _name(root) == "notes":
        _empty(root, notes)
    elif _name(root) == "sld":
        _clean_slide(root, slides)


def _empty(root: Any, counter: _Counter) -> None:
    """Takes out all words; a notes page that holds only its slide's number counts as empty."""
    words = [text for text in root.iter("{*}t") if next(text.iterancestors("{*}fld"), None) is None and text.text]
    counter.count += bool(words)
    for text in root.iter("{*}t"):
        text.text = ""


def _clean_slide(root: Any, slides: _Counter) -> None:
    if root.get("show", "1").lower() in _OFF:
        slides.count += 1
        trees = root.iter("{*}spTree")
        _remove([shape for tree in trees for shape in tree if _name(shape) not in ("nvGrpSpPr", "grpSpPr")])
    named = [each for each in root.iter("{*}cNvPr") if each.get("hidden", "0").lower() not in _OFF]
    _remove([each.getparent().getparent() for each in named])
    for text in root.iter("{*}t"):
        text.text = (text.text or "").replace("<!--", "< !--")  # or a slide could claim to be another
