"""How a command on a case runs: one transaction, once for its key, noted outside the store, told to who follows."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from advisor.cases.checkpoints import Checkpoints
from advisor.cases.ledger import DESK, Ledger
from advisor.cases.models import Case, Event, EventKind
from advisor.cases.rows import Rows
from advisor.database import Database, insert_new
from advisor.errors import CaseNotFound, Refused, StoreError
from advisor.outbox import put
from advisor.people import Actor
from advisor.tables import PROPERTIES

Content = dict[str, Any]


class Work:
    """One command under way."""

    def __init__(self, connection: Connection, *, by: Actor, key: str | None, at: datetime) -> None:
        self.connection, self.by, self.key, self.at = connection, by, key, at
        self.events: list[Event] = []
        self.is_done = False
        """Whether a command with this key was done before: then there is nothing to do."""

    def said(self, **more: Any) -> Content:
        """What an event says, with who says it."""
        return {"by": self.by.key, "name": self.by.name, **more}


class Bench:
    """The chains and cases of one workspace, and everything that hangs on an event."""

    def __init__(
        self, database: Database, *, workspace: str, checkpoints: Checkpoints | None, now: Callable[[], datetime]
    ) -> None:
        self.database, self.workspace, self._checkpoints, self._now = database, workspace, checkpoints, now
        self.ledger, self.rows = Ledger(workspace), Rows(workspace)

    @contextmanager
    def command(self, *, by: Actor, key: str | None = None, case: str | None = None) -> Iterator[Work]:
        """A transaction; what was refused in it is kept in one of its own, since the refused one is undone."""
        with self.noting_refusal(by=by, case=case):
            with self.database.writing() as connection:
                work = Work(connection, by=by, key=key, at=self._now())
                yield work
            for event in work.events if self._checkpoints else ():
                assert self._checkpoints is not None
                self._checkpoints.note(self.workspace, event.case, length=event.sequence, head=event.hash)

    @contextmanager
    def on(self, case: str, *, by: Actor, key: str | None = None) -> Iterator[tuple[Work, Case]]:
        """A transaction in which nobody else can change the case; ``is_done`` when the key was used before."""
        with self.command(by=by, key=key, case=case) as work:
            name = self.rows.find(work.connection, case).id
            self.ledger.lock(work.connection, name)
            yield work, self.done_before(work) or self.rows.find(work.connection, name)

    def done_before(self, work: Work) -> Case | None:
        """The case as it now stands, when a command with this key was done before."""
        chain = self.ledger.with_key(work.connection, work.key)
        work.is_done = chain is not None
        return self.rows.find(work.connection, chain) if chain else None

    def meet(self, work: Work, *, answer: str | None) -> tuple[str, Case | None]:
        """The locked name for a new case, or the case that is there already: of this key, or of this answer.

        The name follows from the answer or the key, so that two who open the same wait here for each other.
        """
        seed = f"answer:{answer}" if answer else work.key or secrets.token_hex(16)
        for attempt in range(100):
            name = hashlib.sha256(f"{self.workspace}\n{seed}\n{attempt}".encode()).hexdigest()[:12]
            length = self.ledger.lock(work.connection, name)
            there = self.done_before(work) or (self.rows.opened_from(work.connection, answer) if answer else None)
            if there or length == 0:
                return name, there
        raise StoreError("No free id was found for a new case. Try again.")

    def happen(self, work: Work, case: Case, kind: EventKind, *, content: Content, **changes: Any) -> Case:
        """Adds an event to a case that is locked, changes where it stands, and gives it so."""
        self.append(work, case.id, kind, content)
        self.rows.change(work.connection, case.id, **changes)
        return self.rows.find(work.connection, case.id)

    def append(self, work: Work, chain: str, kind: EventKind, content: Content) -> Event:
        """Adds an event to a chain that is locked; the key goes with the first event of a command."""
        key = None if work.events else work.key
        event = self.ledger.append(work.connection, chain, kind, content=content, at=work.at, key=key)
        work.events.append(event)
        if self._is_followed(work.connection):
            payload = {"case": chain, "sequence": event.sequence, "kind": kind.value}
            name = f"case:{chain}:{event.sequence}"
            put(work.connection, "case.event", key=name, payload=payload, workspace=self.workspace)
        return event

    def log(self, kind: EventKind, content: Content, *, by: Actor, case: str | None = None) -> Event:
        """Adds what happened to a case, or at the desk, without changing where anything stands."""
        with self.command(by=by) as work:
            chain = self.rows.find(work.connection, case).id if case else DESK
            self.ledger.lock(work.connection, chain)
            return self.append(work, chain, kind, work.said(**content))

    def follow(self) -> None:
        with self.database.writing() as connection:
            insert_new(connection, PROPERTIES, {"workspace": self.workspace, "name": "follow", "value": "yes"})

    @contextmanager
    def noting_refusal(self, *, by: Actor, case: str | None = None, what: str = "") -> Iterator[None]:
        """Keeps a refusal with its case, or at the desk when it is about none."""
        try:
            yield
        except Refused as refusal:
            content = {"reason": str(refusal), "what": what}
            try:
                self.log(EventKind.REFUSED, content, by=by, case=case)
            except CaseNotFound:
                self.log(EventKind.REFUSED, content, by=by)
            raise

    def _is_followed(self, connection: Connection) -> bool:
        wanted = (PROPERTIES.c.workspace == self.workspace) & (PROPERTIES.c.name == "follow")
        return connection.execute(select(PROPERTIES.c.value).where(wanted)).first() is not None
