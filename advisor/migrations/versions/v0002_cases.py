"""Cases with their chains of events, the outbox, conversations and pauses."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NAME = sa.String(200)
INSTANT = sa.String(27)
HASH = sa.String(64)


def upgrade() -> None:
    _make_properties()
    _make_chains()
    _make_cases()
    _make_sources()
    _make_outbox()
    _make_conversations()
    _make_pauses()


def _make_properties() -> None:
    table = op.create_table(
        "properties",
        sa.Column("workspace", NAME, primary_key=True),
        sa.Column("name", NAME, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.bulk_insert(table, [{"workspace": "", "name": "store", "value": uuid.uuid4().hex}])


def _make_chains() -> None:
    op.create_table(
        "chains",
        sa.Column("workspace", NAME, primary_key=True),
        sa.Column("chain", NAME, primary_key=True),
        sa.Column("length", sa.Integer, nullable=False),
        sa.Column("head", HASH, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("workspace", NAME, primary_key=True),
        sa.Column("chain", NAME, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("digest", HASH, nullable=False),
        sa.Column("previous", HASH, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.Column("key", NAME),
        sa.UniqueConstraint("workspace", "key", name="one_event_a_key"),
    )
    op.create_table(
        "contents",
        sa.Column("workspace", NAME, primary_key=True),
        sa.Column("chain", NAME, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )


def _make_cases() -> None:
    moments = ("due_at", "chased_at", "decided_at", "closed_at", "purged_at")
    op.create_table(
        "cases",
        sa.Column("workspace", NAME, primary_key=True),
        sa.Column("id", NAME, primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.Column("asker", NAME, nullable=False),
        sa.Column("holder", NAME),
        sa.Column("opened_at", INSTANT, nullable=False),
        *(sa.Column(name, INSTANT) for name in moments),
        sa.Column("outcome", sa.String(40)),
        sa.Column("acted_first", sa.Boolean, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("answer", sa.String(32)),
        sa.Column("question", sa.Text),
    )
    op.create_index("cases_by_time", "cases", ["workspace", "opened_at", "id"])
    op.create_index("cases_by_due", "cases", ["workspace", "state", "due_at"])
    op.create_index("cases_by_answer", "cases", ["workspace", "answer"])


def _make_sources() -> None:
    for name, column in (("sources", "body"), ("shelves", "files")):
        op.create_table(
            name,
            sa.Column("digest", HASH, primary_key=True),
            sa.Column(column, sa.Text, nullable=False),
        )


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("workspace", NAME, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("put_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_by", NAME),
        sa.Column("claimed_until", INSTANT),
        sa.Column("done_at", INSTANT),
        sa.Column("given_up", NAME),
        sa.UniqueConstraint("workspace", "key", name="one_job_a_key"),
    )
    op.create_index("outbox_waiting", "outbox", ["done_at", "due_at"])
    op.create_table(
        "seen_events",
        sa.Column("workspace", NAME, primary_key=True),
        sa.Column("id", NAME, primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("ix_seen_events_at", "seen_events", ["at"])


def _make_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("workspace", NAME, primary_key=True),
        sa.Column("key", NAME, primary_key=True),
        sa.Column("asker", NAME, nullable=False),
        sa.Column("case", NAME),
        sa.Column("facets", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("ix_conversations_at", "conversations", ["at"])
    op.create_index("conversations_by_case", "conversations", ["workspace", "case"])
    op.create_table(
        "threads",
        sa.Column("workspace", NAME, primary_key=True),
        sa.Column("key", NAME, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("answer", sa.String(32)),
        sa.Column("at", INSTANT, nullable=False),
    )


def _make_pauses() -> None:
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("paused_by", NAME, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("until", INSTANT),
        sa.Column("resumed_by", NAME),
    )
