"""What is still to be done for people: answers, reminders and retries, done once although several processes take part.

A job is put with a key, and a second one with the same key is not put. A worker claims jobs for a time (a lease), does
them, and says so; a worker that dies leaves its jobs to be claimed again when the lease is over. So a job may be done
twice only if a worker dies between doing it and saying so: what it does should bear that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, or_, select, update

from advisor.database import Database, insert_new
from advisor.models import Moment
from advisor.tables import OUTBOX, SEEN_EVENTS
from knowledge.models import FrozenModel


class Job(FrozenModel):
    """One thing to do."""

    id: int
    workspace: str
    kind: str
    key: str
    payload: dict[str, Any]
    due_at: Moment
    attempts: int
    """How often it was claimed, this time included."""


class Outbox:
    """The jobs of every workspace in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self,
        kind: str,
        *,
        key: str,
        payload: Mapping[str, Any],
        workspace: str,
        due_at: datetime | None = None,
        connection: Connection | None = None,
    ) -> bool:
        """Puts a job, due now unless said; False when one with that key was put before.

        With ``connection`` it becomes part of that transaction. The payload must hold no text that is not redacted.
        """
        if connection is not None:
            return put(connection, kind, key=key, payload=payload, workspace=workspace, due_at=due_at)
        with self._database.writing() as own:
            return put(own, kind, key=key, payload=payload, workspace=workspace, due_at=due_at)

    def put_within(
        self,
        kind: str,
        *,
        key: str,
        payload: Mapping[str, Any],
        workspace: str,
        limits: Mapping[str, int],
        window: timedelta,
    ) -> str | None:
        """Puts a job that is due now, unless too many like it were put of late; gives the mark that is over its limit.

        ``limits`` says how many jobs of that kind whose keys hold a mark may be put in a ``window``, in all processes
        together. On PostgreSQL, jobs that are put at the very same moment may not count each other.
        """
        with self._database.writing() as connection:
            others = _put_since(datetime.now(UTC) - window, kind=kind, key=key, workspace=workspace)
            for mark, most in limits.items():
                if connection.execute(others.where(OUTBOX.c.key.contains(mark, autoescape=True))).scalar_one() >= most:
                    return mark
            put(connection, kind, key=key, payload=payload, workspace=workspace)
        return None

    def claim(
        self,
        worker: str,
        *,
        limit: int = 10,
        lease: timedelta = timedelta(minutes=1),
        kinds: tuple[str, ...] = (),
        workspace: str | None = None,
    ) -> tuple[Job, ...]:
        """Jobs that are due and that nobody else has now, oldest first; all kinds and workspaces unless named."""
        now = datetime.now(UTC)
        free = or_(OUTBOX.c.claimed_until.is_(None), OUTBOX.c.claimed_until <= now)
        wanted = select(OUTBOX.c.id).where(OUTBOX.c.done_at.is_(None), OUTBOX.c.due_at <= now, free)
        if kinds:
            wanted = wanted.where(OUTBOX.c.kind.in_(kinds))
        if workspace is not None:
            wanted = wanted.where(OUTBOX.c.workspace == workspace)
        wanted = wanted.order_by(OUTBOX.c.due_at, OUTBOX.c.id).limit(limit).with_for_update(skip_locked=True)
        with self._database.reading() as connection:
            if connection.execute(wanted.with_only_columns(OUTBOX.c.id).limit(1)).first() is None:
                return ()
        with self._database.writing() as connection:
            names = connection.scalars(wanted).all()
            mine = {"claimed_by": worker, "claimed_until": now + lease, "attempts": OUTBOX.c.attempts + 1}
            connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_(names)).values(mine))
            taken = select(OUTBOX).where(OUTBOX.c.id.in_(names)).order_by(OUTBOX.c.due_at, OUTBOX.c.id)
            return tuple(_job(row) for row in connection.execute(taken).mappings())

    def done(self, job: Job, *, worker: str) -> bool:
        """The job is done; False when the lease was over and another worker has it."""
        return self._set(job, worker=worker, done_at=datetime.now(UTC))

    def retry(self, job: Job, *, worker: str, after: timedelta) -> bool:
        """The job goes back and is due again after a while."""
        return self._set(job, worker=worker, due_at=datetime.now(UTC) + after, claimed_by=None, claimed_until=None)

    def extend(self, job: Job, *, worker: str, lease: timedelta) -> bool:
        """The worker needs longer."""
        return self._set(job, worker=worker, claimed_until=datetime.now(UTC) + lease)

    def give_up(self, job: Job, *, worker: str, why: str) -> bool:
        """The job will not be done; ``why`` is a code, such as ``channel_archived``, never a text."""
        return self._set(job, worker=worker, done_at=datetime.now(UTC), given_up=why[:200])

    def waiting(self, *, workspace: str | None = None) -> int:
        """How many jobs are not done."""
        wanted = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.done_at.is_(None))
        if workspace is not None:
            wanted = wanted.where(OUTBOX.c.workspace == workspace)
        with self._database.reading() as connection:
            return int(connection.execute(wanted).scalar_one())

    def forget(self, *, before: datetime) -> int:
        """Removes jobs that were done before then, and how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(OUTBOX).where(OUTBOX.c.done_at < before)).rowcount

    def _set(self, job: Job, *, worker: str, **values: Any) -> bool:
        mine = (OUTBOX.c.id == job.id) & (OUTBOX.c.claimed_by == worker) & OUTBOX.c.done_at.is_(None)
        # A worker may have lost the job and someone else of the same name have it: the count of claims tells.
        with self._database.writing() as connection:
            return (
                connection.execute(
                    update(OUTBOX).where(mine, OUTBOX.c.attempts == job.attempts).values(values)
                ).rowcount
                == 1
            )


class SeenEvents:
    """Ids of events that came in, so that one that is sent again is known."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_new(self, name: str, *, workspace: str, connection: Connection | None = None) -> bool:
        """Notes an id; False when it was noted before, in any process."""
        seen = {"workspace": workspace, "id": name, "at": datetime.now(UTC)}
        if connection is not None:
            return insert_new(connection, SEEN_EVENTS, seen)
        with self._database.writing() as own:
            return insert_new(own, SEEN_EVENTS, seen)

    def forget(self, *, before: datetime) -> int:
        """Removes ids noted before then, and how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(SEEN_EVENTS).where(SEEN_EVENTS.c.at < before)).rowcount


def put(
    connection: Connection,
    kind: str,
    *,
    key: str,
    payload: Mapping[str, Any],
    workspace: str,
    due_at: datetime | None = None,
) -> bool:
    """Puts a job as part of a transaction; False when one with that key was put before."""
    now = datetime.now(UTC)
    job = {
        "workspace": workspace,
        "kind": kind,
        "key": key,
        "payload": json.dumps(dict(payload), sort_keys=True),
        "put_at": now,
        "due_at": due_at or now,
        "attempts": 0,
    }
    return insert_new(connection, OUTBOX, job)


def _put_since(since: datetime, *, kind: str, key: str, workspace: str) -> Select[int]:
    """Counts the other jobs put since then; it looks at the newest alone, however many are kept."""
    before = select(OUTBOX.c.id).where(OUTBOX.c.put_at < since).order_by(OUTBOX.c.id.desc()).limit(1).scalar_subquery()
    is_recent = OUTBOX.c.id > func.coalesce(before, 0)
    is_other = (OUTBOX.c.workspace == workspace) & (OUTBOX.c.kind == kind) & (OUTBOX.c.key != key)
    return select(func.count()).select_from(OUTBOX).where(is_recent, is_other)


def _job(row: Mapping[Any, Any]) -> Job:
    fields = {name: row[name] for name in Job.model_fields}
    return Job.model_validate(fields | {"payload": json.loads(row["payload"])})
