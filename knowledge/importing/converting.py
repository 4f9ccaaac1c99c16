"""The one place that uses markitdown: HTML, DOCX and PPTX to Markdown."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from markitdown import DocumentConverter, StreamInfo
from markitdown.converters import DocxConverter, HtmlConverter, PptxConverter

from knowledge.errors import ImportRefused

_DOCX: Callable[[], DocumentConverter] = DocxConverter
_PPTX: Callable[[], DocumentConverter] = PptxConverter
_OPTIONS: dict[str, Any] = {
    "strict": True,
    "escape_misc": True,
    "strip": ["a", "img", "b", "strong", "i", "em", "del", "s", "sub", "sup"],
}
"""Words without marks: what is bold or linked matters to the eye, not to a passage."""


_TITLE = "p[style-name='Title'] => h1:fresh"
"""Word's own style for what a text is called is a heading like any other."""


def html_to_markdown(html: str) -> str:
    """The text with ``#`` headings, lists and tables, other marks escaped."""
    return _converted(lambda: HtmlConverter().convert_string(html, **_OPTIONS))


def docx_to_markdown(stream: BytesIO) -> str:
    """The text with ``#`` headings, lists and tables, other marks escaped."""
    return _converted(lambda: _DOCX().convert(stream, StreamInfo(extension=".docx"), style_map=_TITLE, **_OPTIONS))


def pptx_to_markdown(stream: BytesIO) -> str:
    """The slides, each after a line ``<!-- Slide number: N -->``."""
    return _converted(lambda: _PPTX().convert(stream, StreamInfo(extension=".pptx"), **_OPTIONS))


def _converted(convert: Any) -> str:
    try:
        return str(convert().markdown)
    except RecursionError as error:
        raise ImportRefused("it is nested too deep to be read") from error
    except MemoryError:
        raise
    except Exception as error:  # python-pptx, mammoth and their parsers raise nearly anything over a damaged file
        raise ImportRefused(f"it is damaged, or not as Office writes it ({type(error).__name__})") from error
