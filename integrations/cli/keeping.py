"""Keeps answers as they are given, and opens the store for the commands that show them again."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from advisor.errors import StoreError
from advisor.models import Answer
from advisor.settings import Settings

if TYPE_CHECKING:
    from advisor.store import AnswerStore


class Keeper:
    """Keeps answers unless that is switched off; a store that cannot be used never hides an answer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store: AnswerStore | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._store:
            self._store.close()

    def keep(self, answer: Answer) -> None:
        """Keeps one answer; a fault is nothing to keep."""
        if not self._settings.keep or answer.outcome.family == "error":
            return
        try:
            self._store = self._store or open_store(self._settings)
            self._store.keep(answer)
        except StoreError as error:
            click.echo(f"Not kept: {error}", err=True)


def open_store(settings: Settings) -> AnswerStore:
    """The answer store; imported here because it costs a tenth of a second that an answer need not wait for.

    Raises:
        StoreError: when it cannot be opened.
    """
    from advisor.database import open_database  # noqa: PLC0415
    from advisor.store import MEND, AnswerStore  # noqa: PLC0415

    return AnswerStore(open_database(settings, what="answer store", mend=MEND), keep_days=settings.keep_days)
