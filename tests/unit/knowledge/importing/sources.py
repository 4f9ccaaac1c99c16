"""Makes the files that are imported: small, whole, and wrong in one way each."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pptx

BODY, LARGE = 11, 18
"""Points of ordinary text and of a heading."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
PARAGRAPH = "Staff record each request and who asked for it, and ring back before they answer."

Print = Sequence[tuple[int, str]]
"""The lines of a page, each with its size in points."""


def write_pdf(path: Path, pages: Sequence[Print], *, encrypt: bool = False, stream: bytes | None = None) -> Path:
    """A PDF with these lines on its pages; ``stream`` is packed content for all pages instead."""
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, lines in enumerate(pages):
        content = zlib.compress(_printed(lines)) if stream is None else stream
        resources = "/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 595 842]"
        objects.append(f"<</Type/Page/Parent 2 0 R{resources}/Contents {first + 2 * number + 1} 0 R>>".encode())
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content))
    key = b"<" + b"ab" * 32 + b">"
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/O%s/U%s/P -4>>/ID[<00><00>]" % (key, key) if encrypt else b""
    path.write_bytes(_file(objects, lock))
    return path


def _printed(lines: Print) -> bytes:
    y, shown = 780.0, []
    for size, text in lines:
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        shown.append(f"BT /F1 {size} Tf 60 {y:.1f} Td ({escaped}) Tj ET")
        y -= size * (1.3 if text else 1)
    return "\n".join(shown).encode("cp1252")


def _file(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


def write_docx(path: Path, fill: Callable[[Any], object] | None = None) -> Path:
    """A Word file with a heading and a paragraph, and what ``fill`` adds."""
    document = docx.Document()
    document.add_heading("Sharing policy", 1)
    document.add_paragraph(PARAGRAPH)
    if fill:
        fill(document)
    document.save(str(path))
    return path


def write_pptx(path: Path, fill: Callable[[Any], object] | None = None) -> Path:
    """A PowerPoint file of three slides, then changed by ``fill``."""
    deck = pptx.Presentation()
    for number in (1, 2, 3):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = f"Title {number}"
        slide.placeholders[1].text = f"Point of slide {number}"
    if fill:
        fill(deck)
    deck.save(str(path))
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    """An Office file in which one part is another, packed."""
    with ZipFile(path) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as new:
        for part, kept in {**parts, name: content}.items():
            new.writestr(part, kept)
    return path
