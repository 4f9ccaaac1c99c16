"""Opens a desk from settings, the same way for every face."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from advisor.cases.checkpoints import Checkpoints
from advisor.cases.desk import Desk
from advisor.cases.sources import stock_of
from advisor.database import Database, store_id
from advisor.personal_data import Redactor
from advisor.settings import Settings
from advisor.wiring import Workshop


def checkpoints_of(settings: Settings, database: Database) -> Checkpoints:
    """Where the heads of that database's chains are noted."""
    with database.reading() as connection:
        return Checkpoints(checkpoints_folder(settings), store=store_id(connection))


def checkpoints_folder(settings: Settings) -> Path:
    return settings.checkpoints or settings.home / "checkpoints"


def open_desk(
    workshop: Workshop,
    database: Database,
    *,
    workspace: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Desk:
    """The desk of a workspace, or of the one in the settings."""
    return Desk(
        database,
        profile=workshop.profile,
        redact=_Redacting(),
        workspace=workspace or workshop.settings.workspace,
        checkpoints=checkpoints_of(workshop.settings, database),
        stock=lambda: stock_of(workshop),
        now=now,
    )


class _Redacting:
    """Takes personal data out of texts; the lists of names are read when the first text comes."""

    def __init__(self) -> None:
        self._redactor: Redactor | None = None

    def __call__(self, text: str) -> str:
        self._redactor = self._redactor or Redactor()
        return self._redactor.redact(text).text
