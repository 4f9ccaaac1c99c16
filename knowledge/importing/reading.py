"""Reads one file of any kind that can be imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from knowledge.errors import ImportRefused
from knowledge.importing.blocks import Taken
from knowledge.importing.kinds import Format, format_of, text_of

Progress = Callable[[int, int], None]


def take(path: Path, *, progress: Progress | None = None) -> Taken:
    """What a file says; ``progress`` hears of the pages of a PDF.

    Raises:
        ImportRefused: with the reason.
    """
    try:
        return _take(path, format_of(path), progress)
    except OSError as error:
        raise ImportRefused(f"it cannot be read ({error.strerror or type(error).__name__})") from error


def _take(path: Path, format_: Format, progress: Progress | None) -> Taken:  # each reader's libraries only when used
    match format_:
        case Format.PDF:
            from knowledge.importing.pdf import take_pdf  # noqa: PLC0415 - loads PDFium

            return take_pdf(path, progress=progress)
        case Format.DOCX:
            from knowledge.importing.office import take_docx  # noqa: PLC0415 - loads markitdown, 0.7 s

            return take_docx(path)
        case Format.PPTX:
            from knowledge.importing.office import take_pptx  # noqa: PLC0415 - loads markitdown, 0.7 s

            return take_pptx(path)
        case Format.HTML:
            from knowledge.importing.webpages import take_html  # noqa: PLC0415 - loads markitdown, 0.7 s

            return take_html(text_of(path))
        case Format.MARKDOWN:
            from knowledge.importing.webpages import take_markdown  # noqa: PLC0415 - loads markitdown, 0.7 s

            return take_markdown(text_of(path))
        case Format.TEXT:
            from knowledge.importing.markdown import plain_blocks  # noqa: PLC0415 - stands with the others

            return Taken(blocks=tuple(plain_blocks(text_of(path))))
