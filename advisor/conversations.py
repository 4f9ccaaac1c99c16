"""Conversations that outlive a restart: redacted turns, what the asker corrected, and the case it led to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, update

from advisor.database import Database, insert_new
from advisor.models import Moment
from advisor.tables import CONVERSATIONS, TURNS
from knowledge.models import FrozenModel


class Turn(FrozenModel):
    """What was asked, redacted, and the id of the answer to it."""

    text: str
    answer: str | None = None
    at: Moment


class Conversation(FrozenModel):
    """One thread of one asker."""

    key: str
    asker: str
    case: str | None = None
    facets: dict[str, str] = {}
    """What the asker corrected or settled."""
    turns: tuple[Turn, ...] = ()
    """Oldest first."""

    def earlier(self) -> tuple[str, ...]:
        """The texts of the turns, as ``Question.earlier`` takes them."""
        return tuple(turn.text for turn in self.turns)


class Conversations:
    """The conversations of one workspace; ``key`` is any name of a thread, such as ``channel/ts``."""

    def __init__(self, database: Database, *, workspace: str) -> None:
        self._database, self._workspace = database, workspace

    def add(self, key: str, *, asker: str, text: str, answer: str | None = None) -> Conversation:
        """Adds a turn, which must be redacted, to a conversation that begins with it when there is none."""
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            new = {"workspace": self._workspace, "key": key, "asker": asker, "facets": "{}", "at": now}
            insert_new(connection, CONVERSATIONS, new)
            here = self._is(CONVERSATIONS, key)
            connection.execute(select(CONVERSATIONS.c.key).where(here).with_for_update())
            count = select(func.coalesce(func.max(TURNS.c.number), 0)).where(self._is(TURNS, key))
            number = connection.execute(count).scalar_one() + 1
            turn = {"workspace": self._workspace, "key": key, "number": number, "text": text, "answer": answer}
            connection.execute(insert(TURNS).values(turn | {"at": now}))
            connection.execute(update(CONVERSATIONS).where(here).values(at=now))
            return self._load(connection, key)

    def find(self, key: str) -> Conversation | None:
        """The conversation with that key."""
        with self._database.reading() as connection:
            known = connection.execute(select(CONVERSATIONS.c.key).where(self._is(CONVERSATIONS, key))).first()
            return self._load(connection, key) if known else None

    def settle(self, key: str, facets: Mapping[str, str | None]) -> Conversation | None:
        """Notes facets that the asker chose; None takes one back."""
        with self._database.writing() as connection:
            here = self._is(CONVERSATIONS, key)
            kept = connection.execute(select(CONVERSATIONS.c.facets).where(here).with_for_update()).scalar_one_or_none()
            if kept is None:
                return None
            chosen = {name: value for name, value in {**json.loads(kept), **facets}.items() if value}
            connection.execute(update(CONVERSATIONS).where(here).values(facets=json.dumps(chosen)))
            return self._load(connection, key)

    def bind(self, key: str, *, asker: str, case: str) -> None:
        """The conversation is now about a case; one that is not there yet begins so (a case's own thread)."""
        with self._database.writing() as connection:
            new = {"workspace": self._workspace, "key": key, "asker": asker, "facets": "{}", "at": datetime.now(UTC)}
            insert_new(connection, CONVERSATIONS, new)
            connection.execute(update(CONVERSATIONS).where(self._is(CONVERSATIONS, key)).values(case=case))

    def about(self, case: str) -> tuple[Conversation, ...]:
        """Every conversation that is about a case."""
        wanted = (CONVERSATIONS.c.workspace == self._workspace) & (CONVERSATIONS.c.case == case)
        with self._database.reading() as connection:
            keys = connection.scalars(select(CONVERSATIONS.c.key).where(wanted).order_by(CONVERSATIONS.c.key)).all()
            return tuple(self._load(connection, key) for key in keys)

    def forget(self, *, before: datetime) -> int:
        """Removes conversations in which nothing was said since then, and how many."""
        with self._database.writing() as connection:
            old = (CONVERSATIONS.c.workspace == self._workspace) & (CONVERSATIONS.c.at < before)
            keys = connection.scalars(select(CONVERSATIONS.c.key).where(old).with_for_update()).all()
            for key in keys:
                connection.execute(delete(TURNS).where(self._is(TURNS, key)))
                connection.execute(delete(CONVERSATIONS).where(self._is(CONVERSATIONS, key)))
            return len(keys)

    def _load(self, connection: Connection, key: str) -> Conversation:
        row = connection.execute(select(CONVERSATIONS).where(self._is(CONVERSATIONS, key))).mappings().one()
        turns = connection.execute(select(TURNS).where(self._is(TURNS, key)).order_by(TURNS.c.number))
        return Conversation(
            key=key,
            asker=row["asker"],
            case=row["case"],
            facets=json.loads(row["facets"]),
            turns=tuple(Turn(text=turn.text, answer=turn.answer, at=turn.at) for turn in turns),
        )

    def _is(self, table: Table, key: str) -> ColumnElement[bool]:
        return (table.c.workspace == self._workspace) & (table.c.key == key)
