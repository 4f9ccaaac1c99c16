"""Backs the whole store up to one file, and restores it: compressed JSON lines that fit any database."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, DateTime, Table, func, insert, select, text

from advisor.database import VERSIONS, Database
from advisor.errors import StoreError
from advisor.tables import METADATA, Instant
from knowledge.models import FrozenModel

_FORMAT = "advisor.backup/1"
_BATCH = 500


class Backup(FrozenModel):
    """What a backup holds."""

    path: Path
    rows: int
    """In all tables together."""


def back_up(database: Database, path: Path) -> Backup:
    """Writes everything to a file while others go on working; a file of that name is replaced only at the end.

    The file is compressed JSON lines, which any later version restores into any database, and ends with a line that
    says how many rows there are and their digest.

    Raises:
        StoreError: when the database cannot be read.
        OSError: when the file cannot be written.
    """
    with _replacing(path) as target, gzip.open(target, "wt", encoding="utf-8") as lines, database.reading() as read:
        if read.dialect.name == "postgresql":
            read.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        rows, total = 0, hashlib.sha256()
        _write(lines, {"format": _FORMAT, "schema": VERSIONS[-1]}, total)
        for table in METADATA.sorted_tables:
            for row in read.execution_options(yield_per=_BATCH).execute(select(table)).mappings():
                _write(lines, {"table": table.name, "row": {name: _plain(row[name]) for name in row}}, total)
                rows += 1
        lines.write(json.dumps({"rows": rows, "sha256": total.hexdigest()}) + "\n")
    return Backup(path=path, rows=rows)


def restore(database: Database, path: Path) -> Backup:
    """Puts a backup into a database that holds nothing yet, in one transaction.

    Raises:
        StoreError: when the file is no whole backup, is of a newer version, or the database holds something.
    """
    with database.writing() as connection:
        _require_empty(connection)
        rows = 0
        for table, values in _read(path):
            connection.execute(insert(table).values(values))
            rows += 1
        _set_counters(connection)
    return Backup(path=path, rows=rows)


def _require_empty(connection: Connection) -> None:
    for table in METADATA.sorted_tables:
        if table.name == "properties":
            connection.execute(table.delete())
        elif connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise StoreError(f"The store is not empty ({table.name}). Restore into a new one: set ADVISOR_DATABASE.")


def _read(path: Path) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Table and values of every row, once the whole file has proved to be as it was written."""
    _check(path)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if "table" in entry:
                table = METADATA.tables[entry["table"]]
                yield table, {name: _typed(table, name, value) for name, value in entry["row"].items()}


def _check(path: Path) -> None:
    total, last, first = hashlib.sha256(), "", ""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if last:
                    total.update(last.encode())
                first, last = first or line, line
        header, end = json.loads(first), json.loads(last)
        whole = header.get("format") == _FORMAT and end.get("sha256") == total.hexdigest()
    except (EOFError, ValueError, AttributeError, gzip.BadGzipFile) as error:
        raise StoreError(f"{path} is not a whole backup. Take another one; nothing was changed.") from error
    if not whole:
        raise StoreError(f"{path} is not a whole backup. Take another one; nothing was changed.")
    if header["schema"] not in VERSIONS:
        raise StoreError(f"{path} was made by a newer version of the advisor. Install that; nothing was changed.")


def _write(lines: IO[str], entry: dict[str, Any], total: Any) -> None:
    line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
    total.update(line.encode())
    lines.write(line)


def _plain(value: Any) -> Any:
    """A value as JSON holds it; moments are in UTC, which SQLite leaves out."""
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _typed(table: Table, name: str, value: Any) -> Any:
    is_moment = isinstance(table.c[name].type, Instant | DateTime)
    return datetime.fromisoformat(value) if is_moment and value is not None else value


def _set_counters(connection: Connection) -> None:
    """PostgreSQL numbers new rows from where the restored ones end."""
    if connection.dialect.name != "postgresql":
        return
    for name in ("feedback", "outbox", "pauses"):
        last = f"coalesce((SELECT max(id) FROM {name}), 0) + 1"
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last}, false)"))


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A file beside the one wanted, its owner's alone, which takes its place when all went well."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(descriptor)
    try:
        yield Path(name)
        with Path(name).open("rb") as written:
            os.fsync(written.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
