"""Whether the advisor is paused, found out fast enough to ask before every answer."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from advisor.engine import Advisor
from advisor.models import Answer, Question
from advisor.settings import Settings

STORE = "answers.sqlite3"
_REASON = "SELECT why FROM pauses WHERE until IS NULL ORDER BY id LIMIT 1"


def pause_reason(settings: Settings) -> str | None:
    """Why the advisor is paused; None when it is at work, or when no store can say.

    The usual store, a file, is read directly: importing what opens every store takes a tenth of a second.
    """
    if settings.database:
        return _by_database(settings)
    path = settings.home / STORE
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)) as store:
            row = store.execute(_REASON).fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def answer_unless_paused(advisor: Advisor, question: Question, *, settings: Settings) -> Answer:
    """The answer, or, while the advisor is paused, whom to ask instead and why."""
    why = pause_reason(settings)
    return advisor.pause(question, why=why) if why else advisor.answer(question)


def _by_database(settings: Settings) -> str | None:
    from advisor.database import open_database  # noqa: PLC0415 - only where the store is no file of our own
    from advisor.errors import StoreError  # noqa: PLC0415 - as above
    from advisor.pauses import Pauses  # noqa: PLC0415 - as above

    try:
        with closing(open_database(settings)) as database:
            pause = Pauses(database).current()
    except StoreError:
        return None
    return pause.why if pause else None
