"""The document of a case as DOCX: the one place that uses python-docx."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Pt

from advisor.cases.dossier import Dossier, Part, Table

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import _Row

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML, and so DOCX, cannot hold."""


def write_docx(path: Path, dossier: Dossier) -> None:
    """Writes the document, wide, for the digests in its tables.

    Raises:
        OSError: when the file cannot be written.
    """
    word = Document()
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    word.styles["Normal"].font.size = Pt(10)
    word.core_properties.title = _clean(dossier.title)
    word.core_properties.language = "en-GB"
    word.core_properties.author = ""
    word.add_heading(_clean(dossier.title), level=0)
    word.add_paragraph(_clean(dossier.subtitle))
    for part in dossier.parts:
        _add(word, part, level=1)
    with path.open("wb") as file:
        word.save(file)


def _add(word: Word, part: Part, *, level: int) -> None:
    word.add_heading(_clean(part.heading), level=level)
    for text in part.paragraphs:
        word.add_paragraph(_clean(text))
    for text in part.points:
        word.add_paragraph(_clean(text), style="List Bullet")
    if part.fields:
        _add_table(word, Table(caption="", header=("Field", "Entry"), rows=part.fields))
    if part.table:
        _add_table(word, part.table)
    for inner in part.parts:
        _add(word, inner, level=level + 1)


def _add_table(word: Word, table: Table) -> None:
    if table.caption:
        word.add_paragraph(_clean(table.caption), style="Caption")
    made = word.add_table(rows=1, cols=len(table.header), style="Table Grid")
    _fill(made.rows[0], table.header, is_bold=True)
    # Word then repeats the row of headings on every page, and screen readers know it for what it is.
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in table.rows:
        _fill(made.add_row(), row)


def _fill(row: _Row, texts: tuple[str, ...], *, is_bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.paragraphs[0].add_run(_clean(text)).bold = is_bold


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
