"""The forms of the bot, and what comes back from them: pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from advisor.cases.models import NOT_SURE as NOT_SURE_TEXT
from advisor.cases.models import DecidedBy, Decision
from advisor.cases.wording import load_case_words
from advisor.models import Situation, Urgency
from integrations.slack import limits
from integrations.slack.blocks import NOT_SURE
from integrations.slack.escaping import clipped
from integrations.slack.parts import Block, field, modal, select, written
from integrations.slack.words import SlackWords
from knowledge.vocabulary import Vocabulary

ASKED = ("holder", "subject", "recipient", "information", "purpose", "consent", "nation")
"""Facets that the form asks for: which body, about whom, with whom, what, why, consent and where."""
_LONGEST_ENTRY = 1500


class Forms:
    """Every form, in the words and the vocabulary given."""

    def __init__(self, words: SlackWords, vocabulary: Vocabulary) -> None:
        self._words, self._vocabulary = words.forms, vocabulary

    def ask(self, *, metadata: Mapping[str, Any], text: str = "") -> Block:
        """A new question: in words, and as much of the situation as is known."""
        fields = self._words.fields
        urgent = select("value", self._words.urgencies, placeholder=fields["urgent"], chosen=Urgency.ROUTINE.value)
        blocks = [
            field("what", fields["what"], written(initial=text), optional=False),
            field("urgent", fields["urgent"], urgent, hint=fields["urgent_hint"]),
            *(self._facet(facet, chosen=NOT_SURE) for facet in ASKED),
        ]
        return self._form("ask", "ask", blocks, metadata=metadata)

    def correct(self, *, metadata: Mapping[str, Any], situation: Situation | None) -> Block:
        """What was understood, to be put right."""
        blocks = []
        for facet in (*ASKED, "mode"):
            value = situation.reading(facet).value if situation else None
            blocks.append(self._facet(facet, chosen=value or NOT_SURE))
        return self._form("correct", "correct", blocks, metadata=metadata)

    def text(self, name: str, *, metadata: Mapping[str, Any], optional: bool = False) -> Block:
        """A form with one text: ``why``, ``note``, ``question``, ``reply`` or ``close``."""
        label = self._words.fields["why_not_helpful" if name == "why" else "text"]
        return self._form(name, name, [field("text", label, written(), optional=optional)], metadata=metadata)

    def assign(self, *, metadata: Mapping[str, Any]) -> Block:
        """To whom a case is handed on, or to which queue."""
        fields = self._words.fields
        roles = {role: entry.label for role, entry in self._vocabulary.roles.items()}
        blocks = [
            field("person", fields["to_person"], {"type": "users_select"}),
            field("role", fields["to_role"], select("value", _most(roles), placeholder=fields["to_role"])),
            field("text", fields["text"], written()),
        ]
        return self._form("assign", "assign", blocks, metadata=metadata)

    def decision(self, name: str, *, metadata: Mapping[str, Any], roles: Sequence[str] = ()) -> Block:
        """The record of a decision: ``decide`` for a case, ``record`` for one's own; "not sure" stands everywhere."""
        words, fields = self._words, self._words.fields
        case_words = load_case_words()
        held = {role: entry.label for role, entry in self._vocabulary.roles.items() if not roles or role in roles}
        first = select("value", words.acted_first, placeholder=fields["acted_first"], chosen="no")
        blocks = [
            field(
                "outcome",
                fields["outcome"],
                select("value", case_words.outcomes, placeholder=fields["outcome"]),
                optional=False,
            ),
            field("role", fields["role"], select("value", _most(held), placeholder=fields["role"]), optional=False),
            *(
                field(
                    entry,
                    case_words.fields[entry].ask,
                    written(initial=NOT_SURE_TEXT, most=_LONGEST_ENTRY),
                    hint=words.decision_hint if place == 0 else None,
                )
                for place, entry in enumerate(_ENTRIES)
            ),
            field("review_on", fields["review_on"], {"type": "datepicker"}),
            field("acted_first", fields["acted_first"], first),
        ]
        return self._form(name, name, blocks, metadata=metadata)

    def _facet(self, facet: str, *, chosen: str) -> Block:
        entry = self._vocabulary.facets[facet]
        labels = {NOT_SURE: self._words.not_sure} | {name: value.label for name, value in entry.values.items()}
        return field(facet, entry.label, select("value", _most(labels), placeholder=entry.label, chosen=chosen))

    def _form(self, callback: str, name: str, blocks: Sequence[Block], *, metadata: Mapping[str, Any]) -> Block:
        words: dict[str, str] = getattr(self._words, name)
        known = json.dumps(dict(metadata))
        return modal(callback, words["title"], blocks, submit=words["submit"], close=self._words.cancel, metadata=known)


def entered(view: Mapping[str, Any]) -> dict[str, str]:
    """What was entered in a form, by field; what was left empty is left out."""
    found = {}
    for name, held in view["state"]["values"].items():
        value = _value(held["value"]) if "value" in held else None
        if value:
            found[name] = clipped(value, limits.INPUT_TEXT)
    return found


def metadata_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was put into the form when it was opened."""
    found = json.loads(view.get("private_metadata") or "{}")
    return found if isinstance(found, dict) else {}


def facets_of(values: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str | None]:
    """The facets of a form: a value of the vocabulary, or None where the asker is not sure."""
    return {
        facet: value if value in vocabulary.facets[facet].values else None
        for facet, value in values.items()
        if facet in vocabulary.facets
    }


def decision_of(values: Mapping[str, str], *, name: str) -> Decision:
    """The decision that a form holds; an entry left empty says "not sure"."""
    texts = {entry: values.get(entry, NOT_SURE_TEXT) for entry in _ENTRIES}
    day = values.get("review_on")
    return Decision.model_validate(
        {
            **texts,
            "outcome": values["outcome"],
            "decided_by": DecidedBy(name=name, role=values["role"]),
            "review_on": day,
            "review": None if day else NOT_SURE_TEXT,
            "acted_first": values.get("acted_first") == "yes",
        }
    )


_ENTRIES = (
    "reasons", "what", "to_whom", "purpose", "legal_power", "lawful_basis", "special_category_condition", "necessity",
    "consent", "told", "how", "conditions", "risk_of_sharing", "risk_of_not_sharing", "agreement", "retention",
)  # fmt: skip


def _value(element: Mapping[str, Any]) -> str | None:
    if element.get("selected_option"):
        return str(element["selected_option"]["value"])
    found = element.get("value") or element.get("selected_user") or element.get("selected_date")
    return str(found) if found else None


def _most(options: Mapping[str, str]) -> dict[str, str]:
    return dict(list(options.items())[: limits.MOST_OPTIONS])
