"""The words the Slack bot shows, read from words.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from knowledge.models import FrozenModel

WORDS = Path(__file__).parent / "words.yaml"


class Prompt(FrozenModel):
    """A question offered in the agent pane."""

    title: str
    message: str


class Prompts(FrozenModel):
    title: str
    examples: tuple[Prompt, ...]


class CaseWords(FrozenModel):
    texts: dict[str, str]
    states: dict[str, str]
    events: dict[str, str]
    buttons: dict[str, str]


class FormWords(FrozenModel):
    cancel: str
    send: str
    not_sure: str
    ask: dict[str, str]
    correct: dict[str, str]
    why: dict[str, str]
    record: dict[str, str]
    decide: dict[str, str]
    note: dict[str, str]
    question: dict[str, str]
    reply: dict[str, str]
    assign: dict[str, str]
    close: dict[str, str]
    fields: dict[str, str]
    urgencies: dict[str, str]
    decision_hint: str
    acted_first: dict[str, str]


class SlackWords(FrozenModel):
    """Texts by where they are shown, then by name."""

    answer: dict[str, str]
    buttons: dict[str, str]
    plain: dict[str, str]
    says: dict[str, str]
    prompts: Prompts
    case: CaseWords
    forms: FormWords
    home: dict[str, str]


@cache
def load_words() -> SlackWords:
    """The words that come with the package."""
    return SlackWords.model_validate(yaml.safe_load(WORDS.read_text(encoding="utf-8")))
