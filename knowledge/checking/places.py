"""Where the fields of a document stand in its file, and the items of a list."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from knowledge.loading import line_of_field
from knowledge.models import Document

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADER_STARTS = 2
"""The first line after the "---" that opens the fields."""


class Places:
    """Lines of one file, 1-based; the file is read when the first is asked for."""

    def __init__(self, document: Document) -> None:
        self._path = Path(document.path)

    def field(self, name: str) -> int:
        """The line of a field; 1 when it is missing."""
        return line_of_field(self._header, name)

    def item(self, field: str, number: int) -> int:
        """The line of an item of a list, counted from 0; that of the field when there is no such item."""
        lines = self._items.get(field, [])
        return lines[number] if number < len(lines) else self.field(field)

    @cached_property
    def _header(self) -> str:
        try:
            text = self._path.read_text(encoding="utf-8")
        except OSError:
            return ""
        return text.removeprefix("\ufeff").split("\n---", 1)[0].removeprefix("---\n")

    @cached_property
    def _items(self) -> dict[str, list[int]]:
        root: Any = yaml.compose(self._header, Loader=_Loader)
        return {
            key.value: [item.start_mark.line + _HEADER_STARTS for item in value.value]
            for key, value in (root.value if root else ())
            if isinstance(value, yaml.SequenceNode)
        }
