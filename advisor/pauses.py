"""The kill switch: the advisor is paused for a recorded reason, and every face then says whom to ask instead."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from advisor.database import Database
from advisor.models import Moment
from advisor.tables import PAUSES
from knowledge.models import FrozenModel


class Pause(FrozenModel):
    """One time that the advisor was paused."""

    since: Moment
    paused_by: str
    """Identity, as is ``resumed_by``."""
    why: str
    until: Moment | None = None
    """None while it lasts."""
    resumed_by: str | None = None


class Pauses:
    """Every pause of the advisor, for all workspaces."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pause(self, *, by: str, why: str) -> Pause:
        """Pauses the advisor; one that is paused already stays so, for the first reason."""
        with self._database.writing() as connection:
            if self._lasting(connection) is None:
                connection.execute(insert(PAUSES).values(since=datetime.now(UTC), paused_by=by, why=why))
            lasting = self._lasting(connection)
        assert lasting is not None
        return lasting

    def resume(self, *, by: str) -> Pause | None:
        """Ends the pause, and gives it; None when there was none."""
        with self._database.writing() as connection:
            lasting = self._lasting(connection)
            if lasting is None:
                return None
            ended = {"until": datetime.now(UTC), "resumed_by": by}
            connection.execute(update(PAUSES).where(PAUSES.c.until.is_(None)).values(ended))
        return lasting.model_copy(update=ended)

    def current(self) -> Pause | None:
        """The pause that lasts; None when the advisor is at work."""
        with self._database.reading() as connection:
            return self._lasting(connection)

    def all(self) -> tuple[Pause, ...]:
        """Every pause, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(PAUSES).order_by(PAUSES.c.id.desc())).mappings()
            return tuple(map(_pause, rows))

    def _lasting(self, connection: Connection) -> Pause | None:
        wanted = select(PAUSES).where(PAUSES.c.until.is_(None)).order_by(PAUSES.c.id).limit(1)
        row = connection.execute(wanted).mappings().first()
        return _pause(row) if row else None


def _pause(row: RowMapping) -> Pause:
    return Pause.model_validate({name: row[name] for name in Pause.model_fields})
