"""Append-only chains of events in the database: one for each case, and one for what is about no single case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, select, update

from advisor.cases.hashing import START, as_body, digest_of, hash_of, new_salt
from advisor.cases.models import Event, EventKind
from advisor.database import insert_new
from advisor.tables import CHAINS, CONTENTS, EVENTS, as_text

DESK = "desk"
"""The chain of a workspace for what is about no one case: refusals, exports of many, pauses."""


class Ledger:
    """The chains of one workspace; every method works in the transaction of the connection it is given."""

    def __init__(self, workspace: str) -> None:
        self.workspace = workspace

    def lock(self, connection: Connection, chain: str) -> int:
        """Waits until nobody else adds to a chain, then gives its length; 0 for a new one."""
        insert_new(connection, CHAINS, {**self._of(chain), "length": 0, "head": START})
        wanted = select(CHAINS.c.length).where(self._is(CHAINS, chain)).with_for_update()
        return int(connection.execute(wanted).scalar_one())

    def append(
        self,
        connection: Connection,
        chain: str,
        kind: EventKind,
        *,
        content: dict[str, Any],
        at: datetime,
        key: str | None = None,
    ) -> Event:
        """Adds one event to the end of a chain that this transaction has locked."""
        end = connection.execute(select(CHAINS).where(self._is(CHAINS, chain))).one()
        salt, body = new_salt(), as_body(content)
        link: dict[str, Any] = {
            **self._of(chain),
            "sequence": end.length + 1,
            "kind": kind.value,
            "digest": digest_of(body, salt=salt),
            "previous": end.head,
        }
        head = hash_of(**link, at=as_text(at))
        connection.execute(insert(EVENTS).values(**link, at=at, hash=head, key=key))
        connection.execute(insert(CONTENTS).values(**self._of(chain), sequence=link["sequence"], salt=salt, body=body))
        connection.execute(update(CHAINS).where(self._is(CHAINS, chain)).values(length=link["sequence"], head=head))
        return self._event(connection.execute(self._select().where(*self._at(chain, link["sequence"]))).one())

    def events(self, connection: Connection, chain: str) -> tuple[Event, ...]:
        """The events of a chain, oldest first."""
        found = self._select().where(self._is(EVENTS, chain)).order_by(EVENTS.c.sequence)
        return tuple(self._event(row) for row in connection.execute(found))

    def end(self, connection: Connection, chain: str) -> tuple[int, str]:
        """Length and head of a chain."""
        row = connection.execute(select(CHAINS).where(self._is(CHAINS, chain))).one_or_none()
        return (row.length, row.head) if row else (0, START)

    def with_key(self, connection: Connection, key: str | None) -> str | None:
        """The chain in which a command with that key was already done."""
        if key is None:
            return None
        wanted = (EVENTS.c.workspace == self.workspace) & (EVENTS.c.key == key)
        return connection.execute(select(EVENTS.c.chain).where(wanted)).scalar_one_or_none()

    def everything(self, connection: Connection) -> Iterator[Event]:
        """Every event of the workspace, chain by chain, without holding them all at once."""
        found = self._select().where(EVENTS.c.workspace == self.workspace)
        streamed = connection.execution_options(yield_per=1000)
        yield from map(self._event, streamed.execute(found.order_by(EVENTS.c.chain, EVENTS.c.sequence)))

    def _select(self) -> Select[Any]:
        same = and_(*(EVENTS.c[name] == CONTENTS.c[name] for name in ("workspace", "chain", "sequence")))
        return select(EVENTS, CONTENTS.c.body).select_from(EVENTS.outerjoin(CONTENTS, same))

    def _event(self, row: Row[Any]) -> Event:
        return Event(
            workspace=row.workspace,
            case=row.chain,
            sequence=row.sequence,
            kind=EventKind(row.kind),
            at=row.at,
            content=json.loads(row.body) if row.body is not None else None,
            digest=row.digest,
            previous=row.previous,
            hash=row.hash,
        )

    def _of(self, chain: str) -> dict[str, str]:
        return {"workspace": self.workspace, "chain": chain}

    def _is(self, table: Any, chain: str) -> Any:
        return (table.c.workspace == self.workspace) & (table.c.chain == chain)

    def _at(self, chain: str, sequence: int) -> tuple[Any, ...]:
        return (self._is(EVENTS, chain), EVENTS.c.sequence == sequence)
