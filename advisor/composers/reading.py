"""The second, optional use of a language model: reading a question, and a follow-up with what came before, to search.

What it hears guides the search alone. The situation shown, urgency, what to settle and who decides come of the words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from advisor.composers.base import Heard
from advisor.composers.chat import Asked
from advisor.composers.metered import MeteredChat
from advisor.composers.prompts import load_prompt
from advisor.composers.replies import read_object
from advisor.models import Writing, fold
from advisor.personal_data import Redactor
from knowledge.vocabulary import Vocabulary

_FACETS = ("holder", "recipient", "subject", "information", "purpose", "mode")
"""Facets it may fill. Never the nation or consent: law and rights turn on them, so only the person's words say them."""
_LONGEST_SEARCH = 500
READING_SCHEMA: Mapping[str, Any] = {
    "title": "reading",
    "description": "What the question says of the situation, and the question in one sentence.",
    "type": "object",
    "properties": {
        "facets": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("facet", "value", "words")},
                "required": ["facet", "value", "words"],
                "additionalProperties": False,
            },
        },
        "search": {"type": "string"},
    },
    "required": ["facets", "search"],
    "additionalProperties": False,
}


class LLMInterpreter:
    """Reads redacted questions with a language model."""

    def __init__(self, vocabulary: Vocabulary, *, chat: MeteredChat, seconds: float) -> None:
        self._vocabulary, self._chat, self._seconds = vocabulary, chat, seconds
        self._prompt, self._redactor = load_prompt("read"), Redactor()

    def read(self, question: str, *, earlier: tuple[str, ...] = ()) -> Heard:
        """What the model hears; nothing when it fails, with the use saying why."""
        turns = [self._redactor.redact(turn).text for turn in (question, *earlier)]
        body = {"question": turns[0], "earlier": turns[1:], "facets": self._values()}
        asked = Asked(system=self._prompt.text, user=json.dumps(body, ensure_ascii=False), schema_=READING_SCHEMA)
        reply, use = self._chat.ask(asked, prompt=self._prompt, seconds=self._seconds)
        fields = read_object(reply.text) if reply else {}
        if reply and not fields:
            use = use.model_copy(update={"outcome": Writing.UNREADABLE})
        return Heard(facets=self._facets(fields, turns), search=_search(fields), use=use)

    def _values(self) -> dict[str, list[str]]:
        return {facet: list(self._vocabulary.facets[facet].values) for facet in _FACETS}

    def _facets(self, fields: Mapping[str, Any], turns: list[str]) -> dict[str, str]:
        """Facets whose value is known and whose words stand in what was asked."""
        said = fold(" ".join(turns)).lower()
        listed = fields.get("facets")
        heard: dict[str, str] = {}
        for item in listed if isinstance(listed, list) else []:
            facet, value, words = (
                (item.get(name) for name in ("facet", "value", "words")) if _is_one(item) else ("",) * 3
            )
            if facet in _FACETS and value in self._vocabulary.facets[facet].values and fold(words).lower() in said:
                heard.setdefault(facet, value)
        return heard


def _is_one(item: Any) -> bool:
    names = ("facet", "value", "words")
    return isinstance(item, dict) and all(isinstance(item.get(name), str) and item[name].strip() for name in names)


def _search(fields: Mapping[str, Any]) -> str:
    search = fields.get("search")
    return fold(search)[:_LONGEST_SEARCH] if isinstance(search, str) else ""
