"""Changes single fields in the text of a knowledge file and leaves every other byte as it was."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import yaml

from knowledge.errors import CurationRefused

_BY_HAND = "Write its fields one a line, as the guide for curators shows, and try again."


class _Field(NamedTuple):
    """Where a field of the header stands, and the node of its value; positions are in the whole text."""

    value: yaml.Node
    start: int
    """Where the value starts."""
    end: int
    """Where the value ends, its comment not included."""


def set_field(text: str, name: str, value: str | date) -> str:
    """The text with a field's value changed where it stands, or the field added as the header's last.

    Raises:
        CurationRefused: the header is written in a way that cannot be changed line by line.
    """
    fields, close = _read(text)
    written = _scalar(name, value)
    if name not in fields:
        return text[:close] + f"{name}: {written}{_newline(text)}" + text[close:]
    field = fields[name]
    gap = " " if text[field.start - 1] == ":" else ""
    return text[: field.start] + gap + written + text[field.end :]


def append_item(text: str, name: str, item: str) -> str:
    """The text with one more item at the end of a field that is a list, made where there is none.

    Raises:
        CurationRefused: the header is written in a way that cannot be changed line by line.
    """
    fields, close = _read(text)
    newline = _newline(text)
    line = f"- {_quoted(item)}"
    if name not in fields:
        return text[:close] + f"{name}:{newline}  {line}{newline}" + text[close:]
    field = fields[name]
    if not isinstance(field.value, yaml.SequenceNode):
        return _list_begun(text, field, line=line, name=name)
    if field.value.flow_style:
        return _in_brackets(text, field, item=_quoted(item))
    at = _end_of_line(text, field.end)
    indent = " " * field.value.start_mark.column
    return text[:at] + f"{newline}{indent}{line}" + text[at:]


def _list_begun(text: str, field: _Field, *, line: str, name: str) -> str:
    """A list in the place of a value that is empty or null."""
    if field.value.tag != "tag:yaml.org,2002:null":
        raise CurationRefused(f"{name} is not a list in this file. {_BY_HAND}")
    at = _end_of_line(text, field.end)
    return text[: field.start].rstrip(" ") + text[field.end : at] + f"{_newline(text)}  {line}" + text[at:]


def _in_brackets(text: str, field: _Field, *, item: str) -> str:
    """One more item before the bracket that closes a list."""
    assert isinstance(field.value, yaml.SequenceNode)
    items = field.value.value
    if not items:
        return text[: field.start] + f"[{item}]" + text[field.end :]
    offset = field.start - field.value.start_mark.index
    last = offset + items[-1].end_mark.index
    return text[:last] + f", {item}" + text[last:]


def _read(text: str) -> tuple[dict[str, _Field], int]:
    """The fields of the header by name, and where the line that closes the header starts."""
    first, close = _header(text)
    try:
        root = yaml.compose(text[first:close], Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise CurationRefused(f"The fields of this file cannot be changed line by line. {_BY_HAND}") from error
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise CurationRefused(f"The fields of this file are not a line each. {_BY_HAND}")
    fields = {}
    for key, value in root.value:
        start = first + value.start_mark.index
        fields[key.value] = _Field(value, start, start + len(text[start : first + _end(value)].rstrip()))
    return fields, close


def _end(node: yaml.Node) -> int:
    """Where a value ends; the end that YAML gives a block lies behind the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.index
    return end


def _header(text: str) -> tuple[int, int]:
    """Where the header's first line starts, and where the line that closes it starts."""
    at, marks = 0, []
    for line in text.split("\n"):
        if line.strip("\ufeff" + " \t\r") == "---":
            marks.append(at)
        if len(marks) == 2 or not marks:
            break
        at += len(line) + 1
    if len(marks) < 2:
        raise CurationRefused(f"This file has no fields between two lines '---'. {_BY_HAND}")
    return text.index("\n") + 1, marks[1]


def _end_of_line(text: str, at: int) -> int:
    """Where the line ends that a position is in, its comment included and its line break not."""
    end = text.index("\n", at)
    return end - 1 if text[end - 1] == "\r" else end


def _newline(text: str) -> str:
    return "\r\n" if text.split("\n", 1)[0].endswith("\r") else "\n"


def _scalar(name: str, value: str | date) -> str:
    """A value as YAML writes it on one line, in quotation marks where it needs them."""
    written: str = yaml.safe_dump({name: value}, allow_unicode=True, width=10**6)
    return written.removeprefix(f"{name}: ").rstrip("\n")


def _quoted(text: str) -> str:
    written: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**6)
    return written.rstrip("\n")
