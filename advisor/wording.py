"""The words shown to people and the patterns that guard them, read from words.yaml."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path

import yaml

from knowledge.models import FrozenModel

WORDS = Path(__file__).parent / "words.yaml"


class ActNow(FrozenModel):
    always: tuple[str, ...]
    suicide: str
    location_leaked: str
    child: str


class OutcomeWords(FrozenModel):
    message: str
    next: str


class EscalationRule(FrozenModel):
    when: dict[str, tuple[str, ...]]
    roles: tuple[str, ...]


class EscalationWords(FrozenModel):
    rules: tuple[EscalationRule, ...]
    always: tuple[str, ...]
    most: int
    reason: dict[str, str]
    bring: tuple[str, ...]


class UrgencyWords(FrozenModel):
    danger: tuple[str, ...]
    past: tuple[str, ...]
    denied: tuple[str, ...]
    safe: tuple[str, ...]
    prompt: tuple[str, ...]


class ScopeWords(FrozenModel):
    instructions: tuple[str, ...]


class ModelWords(FrozenModel):
    """What is said of a language model's part in an answer."""

    sent: str
    read: str
    nothing_sent: str
    outcomes: dict[str, str]


class Wording(FrozenModel):
    disclaimer: str
    act_now: ActNow
    outcomes: dict[str, OutcomeWords]
    not_covered: dict[str, str]
    notes: dict[str, str]
    language_model: ModelWords
    force: dict[str, str]
    escalation: EscalationWords
    record: tuple[str, ...]
    urgency: UrgencyWords
    scope: ScopeWords
    verdicts: tuple[str, ...]

    @cached_property
    def verdict_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.verdicts), re.IGNORECASE | re.MULTILINE)


@cache
def load_wording() -> Wording:
    """The words that come with the package."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    fields = yaml.load(WORDS.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader in either case
    return Wording.model_validate(fields)
