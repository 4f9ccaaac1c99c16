"""Our strict check of what Slack takes: each limit, at it and one over it."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.slack.limits import faults, view_faults

Block = dict[str, Any]


def text(length: int, kind: str = "mrkdwn") -> Block:
    return {"type": kind, "text": "x" * length}


def section(length: int = 1, **more: Any) -> Block:
    return {"type": "section", "text": text(length), **more}


def button(**more: Any) -> Block:
    return {"type": "button", "action_id": "a", "text": text(1, "plain_text"), **more}


def actions(*elements: Block, **more: Any) -> Block:
    return {"type": "actions", "elements": list(elements), **more}


def select(options: int, **more: Any) -> Block:
    found = [{"text": text(1, "plain_text"), "value": str(number)} for number in range(options)]
    return {"type": "static_select", "action_id": "s", "options": found, **more}


AT_THE_LIMIT = {
    "50 blocks": [section()] * 50,
    "a section of 3,000": [section(3000)],
    "a markdown of 12,000": [{"type": "markdown", "text": "x" * 12000}],
    "a header of 150": [{"type": "header", "text": text(150, "plain_text")}],
    "a whole message of 13,000": [section(2600)] * 5,
    "a button value of 2,000": [actions(button(value="v" * 2000))],
    "a button text of 75": [actions(button() | {"text": text(75, "plain_text")})],
    "an action id of 255": [actions(button() | {"action_id": "i" * 255})],
    "a block id of 255": [section(block_id="b" * 255)],
    "100 options": [section(accessory=select(100))],
    "25 actions": [actions(*(button() | {"action_id": str(number)} for number in range(25)))],
    "10 context elements": [{"type": "context", "elements": [text(1)] * 10}],
    "a field of 2,000": [{"type": "section", "fields": [text(2000)]}],
    "10 fields": [{"type": "section", "fields": [text(1)] * 10}],
}
OVER_THE_LIMIT = {
    "51 blocks": [section()] * 51,
    "a section of 3,001": [section(3001)],
    "a markdown of 12,001": [{"type": "markdown", "text": "x" * 12001}],
    "two markdowns of 12,001 together": [
        {"type": "markdown", "text": "x" * 6000},
        {"type": "markdown", "text": "x" * 6001},
    ],
    "a header of 151": [{"type": "header", "text": text(151, "plain_text")}],
    "a header in mrkdwn": [{"type": "header", "text": text(1)}],
    "a whole message of 13,001": [section(2600)] * 5 + [section(1)],
    "a button value of 2,001": [actions(button(value="v" * 2001))],
    "an empty button value": [actions(button(value=""))],
    "a button text of 76": [actions(button() | {"text": text(76, "plain_text")})],
    "a button text in mrkdwn": [actions(button() | {"text": text(1)})],
    "a button without an action id": [actions({"type": "button", "text": text(1, "plain_text")})],
    "an action id of 256": [actions(button() | {"action_id": "i" * 256})],
    "a block id of 256": [section(block_id="b" * 256)],
    "a block id twice": [section(block_id="b"), section(block_id="b")],
    "an action id twice in a block": [actions(button(), button())],
    "101 options": [section(accessory=select(101))],
    "no options": [section(accessory=select(0))],
    "an option value twice": [
        section(accessory=select(1) | {"options": [{"text": text(1, "plain_text"), "value": "1"}] * 2})
    ],
    "an initial option that is none": [
        section(accessory=select(1, initial_option={"text": text(1, "plain_text"), "value": "other"}))
    ],
    "26 actions": [actions(*(button() | {"action_id": str(number)} for number in range(26)))],
    "no actions": [actions()],
    "11 context elements": [{"type": "context", "elements": [text(1)] * 11}],
    "a field of 2,001": [{"type": "section", "fields": [text(2001)]}],
    "11 fields": [{"type": "section", "fields": [text(1)] * 11}],
    "an empty section": [{"type": "section"}],
    "an empty text": [section(0)],
    "an unknown block": [{"type": "sectoin", "text": text(1)}],
    "an unknown key": [section(colour="red")],
    "an unknown element": [actions(button() | {"type": "buton"})],
    "an input in a message": [{"type": "input", "label": text(1, "plain_text"), "element": select(1)}],
    "an unknown style": [actions(button(style="green"))],
    "no blocks": [],
}


@pytest.mark.parametrize("what", AT_THE_LIMIT)
def test_what_is_at_the_limit_passes(what: str) -> None:
    assert faults(AT_THE_LIMIT[what]) == []


@pytest.mark.parametrize("what", OVER_THE_LIMIT)
def test_what_is_over_a_limit_is_named(what: str) -> None:
    assert faults(OVER_THE_LIMIT[what])


def modal(**more: Any) -> Block:
    shown = {"type": "modal", "title": text(24, "plain_text"), "submit": text(24, "plain_text"), "blocks": [section()]}
    return shown | more


def test_a_form_at_the_limits_passes() -> None:
    assert view_faults(modal(private_metadata="m" * 3000, blocks=[section()] * 100)) == []


@pytest.mark.parametrize(
    "view",
    [
        modal(title=text(25, "plain_text")),
        modal(submit=text(25, "plain_text")),
        modal(private_metadata="m" * 3001),
        modal(callback_id="c" * 256),
        modal(blocks=[section()] * 101),
        modal(type="dialog"),
        modal(colour="red"),
        {"type": "modal", "title": text(1, "plain_text"), "blocks": [
            {"type": "input", "label": text(1, "plain_text"), "element": {"type": "plain_text_input", "action_id": "a"}}
        ]},
        modal(blocks=[
            {
                "type": "input",
                "label": text(1, "plain_text"),
                "element": {"type": "plain_text_input", "action_id": "a", "max_length": 3001},
            }
        ]),
    ],
)  # fmt: skip
def test_a_form_over_a_limit_is_refused(view: Block) -> None:
    assert view_faults(view)
