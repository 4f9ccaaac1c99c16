"""The words people see around cases, read from words.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from advisor.cases.models import Decision
from knowledge.models import FrozenModel

WORDS = Path(__file__).parent / "words.yaml"


class FieldWords(FrozenModel):
    """One field of a decision."""

    label: str
    ask: str
    advice: str
    """What to do when nobody is sure."""
    choices: tuple[str, ...] = ()


class CaseWords(FrozenModel):
    """Every label, by the value it stands for."""

    fields: dict[str, FieldWords]
    outcomes: dict[str, str]
    states: dict[str, str]
    events: dict[str, str]

    def advice_on(self, decision: Decision) -> dict[str, str]:
        """Field to what to do about it, for each that says "not sure"."""
        return {field: self.fields[field].advice for field in decision.unsure() if field in self.fields}


@cache
def load_case_words() -> CaseWords:
    return CaseWords.model_validate(yaml.safe_load(WORDS.read_text(encoding="utf-8")))
