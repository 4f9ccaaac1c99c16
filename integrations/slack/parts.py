"""The Block Kit pieces that everything shown in Slack is made of; each keeps to Slack's limits by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from integrations.slack import limits
from integrations.slack.escaping import clipped
from knowledge.models import FrozenModel

Block = dict[str, Any]


class Message(FrozenModel):
    """What is sent: blocks, and the text that notifications and screen readers get, free of the question."""

    text: str
    blocks: tuple[Block, ...]


def mrkdwn(text: str) -> Block:
    """A text object whose text was made by ``escaping``; Slack adds no links of its own to it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def words(text: str, *, most: int) -> Block:
    """A plain text object, which Slack parses for nothing."""
    return {"type": "plain_text", "text": clipped(" ".join(text.split()), most) or "-", "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": words(text, most=limits.HEADER)}


def section(text: str, *, accessory: Block | None = None) -> Block:
    return {"type": "section", "text": mrkdwn(text)} | ({"accessory": accessory} if accessory else {})


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def sections(title: str, lines: Iterable[str]) -> list[Block]:
    """A titled list as section blocks, broken between lines where one block cannot hold it; none without lines."""
    blocks: list[Block] = []
    text = f"*{title}*"
    started = False
    for line in lines:
        if len(text) + 1 + len(line) > limits.SECTION:
            blocks.append(section(text))
            text = line
        else:
            text = f"{text}\n{line}"
        started = True
    return [*blocks, section(text)] if started else []


def button(label: str, *, action: str, value: str, style: str | None = None) -> Block:
    made: Block = {"type": "button", "action_id": action, "value": value, "text": words(label, most=limits.BUTTON_TEXT)}
    return made | ({"style": style} if style else {})


def actions(block_id: str, elements: Sequence[Block]) -> Block:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def option(label: str, value: str) -> Block:
    return {"text": words(label, most=limits.OPTION_TEXT), "value": value}


def select(action: str, options: Mapping[str, str], *, placeholder: str, chosen: str | None = None) -> Block:
    """A menu of value to label, with one chosen to begin with if that is among them."""
    made: Block = {
        "type": "static_select",
        "action_id": action,
        "placeholder": words(placeholder, most=limits.PLACEHOLDER),
        "options": [option(label, value) for value, label in options.items()],
    }
    if chosen is not None and chosen in options:
        made["initial_option"] = option(options[chosen], chosen)
    return made


def field(name: str, label: str, element: Block, *, hint: str | None = None, optional: bool = True) -> Block:
    """One input of a form; its value is found again under ``name``."""
    made: Block = {
        "type": "input",
        "block_id": name,
        "label": words(label, most=limits.LABEL),
        "element": element | {"action_id": "value"},
        "optional": optional,
    }
    return made | ({"hint": words(hint, most=limits.LABEL)} if hint else {})


def written(*, initial: str = "", multiline: bool = True, most: int = limits.INPUT_TEXT) -> Block:
    """A field to write in."""
    made: Block = {"type": "plain_text_input", "action_id": "value", "multiline": multiline, "max_length": most}
    return made | ({"initial_value": clipped(initial, most)} if initial else {})


def modal(callback: str, title: str, blocks: Sequence[Block], *, submit: str, close: str, metadata: str = "") -> Block:
    """A form; ``metadata`` comes back with what was entered."""
    return {
        "type": "modal",
        "callback_id": callback,
        "title": words(title, most=limits.VIEW_TITLE),
        "submit": words(submit, most=limits.VIEW_TITLE),
        "close": words(close, most=limits.VIEW_TITLE),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }
