"""Every table of the store, as the newest migration leaves them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

NAMES = String(200)
"""Ids, keys, identities and roles."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC to the microsecond, kept as text that sorts in order of time, the same in every database."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> str | None:
        return as_text(value) if value is not None else None

    def process_result_value(self, value: Any, dialect: object) -> datetime | None:
        return datetime.fromisoformat(value) if value is not None else None


def as_text(moment: datetime) -> str:
    """Such as ``2026-11-22T09:30:00.000000Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


METADATA = MetaData()

ANSWERS = Table(
    "answers",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("asked_at", DateTime(timezone=True), nullable=False, index=True),
    Column("outcome", String(64), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("body", JSON, nullable=False),
)

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("answer", String(32), ForeignKey("answers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("why", Text, nullable=False),
)

PROPERTIES = Table(
    "properties",
    METADATA,
    Column("workspace", NAMES, primary_key=True),
    Column("name", NAMES, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What is to be known of the store itself (workspace ``""``) or of a workspace."""

CHAINS = Table(
    "chains",
    METADATA,
    Column("workspace", NAMES, primary_key=True),
    Column("chain", NAMES, primary_key=True),
    Column("length", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)
"""The end of each chain; its row is locked while an event is added."""

EVENTS = Table(
    "events",
    METADATA,
    Column("workspace", NAMES, primary_key=True),
    Column("chain", NAMES, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("key", NAMES),
    UniqueConstraint("workspace", "key", name="one_event_a_key"),
)

CONTENTS = Table(
    "contents",
    METADATA,
    Column("workspace", NAMES, primary_key=True),
    Column("chain", NAMES, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("salt", String(32), nullable=False),
    Column("body", Text, nullable=False),
)
"""What an event says, apart from its link so that it can be removed."""

CASES = Table(
    "cases",
    METADATA,
    Column("workspace", NAMES, primary_key=True),
    Column("id", NAMES, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("role", NAMES, nullable=False),
    Column("asker", NAMES, nullable=False),
    Column("holder", NAMES),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("chased_at", Instant),
    Column("decided_at", Instant),
    Column("closed_at", Instant),
    Column("purged_at", Instant),
    Column("outcome", String(40)),
    Column("acted_first", Boolean, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("answer", String(32)),
    Column("question", Text),
    Index("cases_by_time", "workspace", "opened_at", "id"),
    Index("cases_by_due", "workspace", "state", "due_at"),
    Index("cases_by_answer", "workspace", "answer"),
)
"""Where each case stands now, as its events say."""

SOURCES = Table(
    "sources",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)
"""Files of the knowledge base by the SHA-256 of their bytes."""

SHELVES = Table(
    "shelves",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("files", Text, nullable=False),
)
"""Which files a knowledge base was made of, by its digest: JSON of folder, name and digest."""

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("workspace", NAMES, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("key", NAMES, nullable=False),
    Column("payload", Text, nullable=False),
    Column("put_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", NAMES),
    Column("claimed_until", Instant),
    Column("done_at", Instant),
    Column("given_up", String(200)),
    UniqueConstraint("workspace", "key", name="one_job_a_key"),
    Index("outbox_waiting", "done_at", "due_at"),
)

SEEN_EVENTS = Table(
    "seen_events",
    METADATA,
    Column("workspace", NAMES, primary_key=True),
    Column("id", NAMES, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)

CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("workspace", NAMES, primary_key=True),
    Column("key", NAMES, primary_key=True),
    Column("asker", NAMES, nullable=False),
    Column("case", NAMES),
    Column("facets", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Index("conversations_by_case", "workspace", "case"),
)

TURNS = Table(
    "threads",
    METADATA,
    Column("workspace", NAMES, primary_key=True),
    Column("key", NAMES, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("answer", String(32)),
    Column("at", Instant, nullable=False),
)
"""The redacted turns of each conversation."""

PAUSES = Table(
    "pauses",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("paused_by", NAMES, nullable=False),
    Column("why", Text, nullable=False),
    Column("until", Instant),
    Column("resumed_by", NAMES),
)
