"""Reads what a language model sent back: JSON in any wrapping, whole or cut off, and nothing it was not asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.models import FrozenModel

_MOST_STATEMENTS = 60
_LONGEST_TEXT = 1_000
_LONGEST_REPLY = 200_000
"""Characters."""
_NUMBER = re.compile(r"\d{1,3}")
_TEXT = ("text", "statement", "sentence", "reworded")
_PASSAGE = ("passage", "number", "passage_number", "source", "id")
_QUOTE = ("quote", "exact_quote", "quotation")
DRAFT_SCHEMA: Mapping[str, Any] = {
    "title": "draft",
    "description": "Sentences, each resting on one numbered passage.",
    "type": "object",
    "properties": {
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "passage": {"type": "integer", "description": "The number of the passage."},
                    "quote": {"type": "string", "description": "The whole passage, word for word."},
                    "text": {"type": "string", "description": "The passage in plainer, more fluent English."},
                },
                "required": ["passage", "quote", "text"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["statements"],
    "additionalProperties": False,
}


class Written(FrozenModel):
    """One sentence as it came back."""

    passage: int
    quote: str
    text: str


def read_statements(text: str) -> tuple[list[Written], int]:
    """The statements of a reply in their order, and how many parts of it were none."""
    found = [_statement(item) for item in _items(text[:_LONGEST_REPLY])]
    kept = [statement for statement in found if statement]
    return kept[:_MOST_STATEMENTS], len(found) - len(kept)


def read_object(text: str) -> dict[str, Any]:
    """The first JSON object of a reply; empty when there is none."""
    return next((value for value in _values(text[:_LONGEST_REPLY]) if isinstance(value, dict)), {})


def _items(text: str) -> Iterator[Any]:
    """What could be statements: of the first value that holds any, or whole objects of one that was cut off."""
    for value in _values(text):
        listed = value.get("statements") if isinstance(value, dict) else value
        if isinstance(listed, list):
            yield from listed
            return
    start = text.find("[")
    yield from (value for value in _values(text[start + 1 :]) if isinstance(value, dict))


def _values(text: str) -> Iterator[Any]:
    """Each JSON value of a text that may have other words around them."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(_MOST_STATEMENTS * 4):
        opening = re.search(r"[{\[]", text[at:])
        if opening is None:
            return
        at += opening.start()
        try:
            value, end = decoder.raw_decode(text[at:])
        except (ValueError, RecursionError):
            at += 1
            continue
        at += end
        yield value


def _statement(item: Any) -> Written | None:
    if not isinstance(item, dict):
        return None
    text, quote, passage = (_first(item, names) for names in (_TEXT, _QUOTE, _PASSAGE))
    number = _NUMBER.search(str(passage)) if isinstance(passage, int | str) else None
    if not isinstance(text, str) or not isinstance(quote, str) or number is None or isinstance(passage, bool):
        return None
    text, quote = text.strip(), quote.strip()
    if not text or not quote or max(len(text), len(quote)) > _LONGEST_TEXT:
        return None
    return Written(passage=int(number[0]), quote=quote, text=text)


def _first(item: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((item[name] for name in names if name in item), None)
