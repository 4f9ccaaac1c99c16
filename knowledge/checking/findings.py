"""What a check reports: one thing to mend, and where."""

from __future__ import annotations

from enum import StrEnum

from knowledge.models import FrozenModel


class Level(StrEnum):
    ERROR = "error"
    ADVICE = "advice"


class Finding(FrozenModel):
    """One thing to mend, and where."""

    level: Level
    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: {self.message}"
