"""The one place that opens the database: SQLite in a file of one's own by default, PostgreSQL by its URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from advisor.errors import StoreError
from advisor.settings import Settings

VERSIONS = ("0001", "0002")
"""Every migration, oldest first; the last is what this version of the advisor works with."""
_MENDS = {
    "locked": "Another process is writing: try again in a moment.",
    "lock timeout": "Another process is writing: try again in a moment.",
    "QueuePool limit": "Too much is asked at once: try again in a moment.",
    "full": "Free some space there, or set ADVISOR_DATABASE.",
    "readonly": "Allow writing there, or set ADVISOR_DATABASE.",
    "connect": "Start the database server, or change ADVISOR_DATABASE.",
    "server closed": "Start the database server, or change ADVISOR_DATABASE.",
}
"""By a word of the cause, when whoever opened the store knows no better mend."""


class Database:
    """A database of the newest version, shared by all that keep something in it."""

    def __init__(
        self,
        url: str,
        *,
        what: str = "store",
        mend: str | None = None,
        patience: float = 10.0,
        migrate: bool = True,
    ) -> None:
        """``what`` and ``mend`` are for messages; ``patience`` is seconds to wait for a lock or a server.

        Raises:
            StoreError: when it cannot be opened, or was written by a newer version.
        """
        self._url, self._what, self._mend = url, what, mend
        with self.translated():
            self.engine = _engine(_with_driver(make_url(url)), patience=patience)
            if migrate:
                self._bring_up_to_date()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look; nothing is written."""
        with self.translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is kept when the block ends, or none. On SQLite it waits its turn at once."""
        with self.translated(), self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turns what the database says into a StoreError with the mend, without a value of any row."""
        try:
            yield
        except (SQLAlchemyError, ImportError) as error:
            cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0].rstrip(".")
            mend = self._mend or _mend_of(cause)
            raise StoreError(f"The {self._what} at {shown(self._url)} cannot be used: {cause}. {mend}") from error

    def close(self) -> None:
        self.engine.dispose()

    def version(self) -> str | None:
        """The migration it is at; None when it holds nothing of ours, ``0001`` as the first version left it."""
        with self.reading() as connection:
            return _version(connection)

    def _bring_up_to_date(self) -> None:
        found = self.version()
        if found == VERSIONS[-1]:
            return
        if found is not None and found not in VERSIONS:
            raise StoreError(
                f"The {self._what} at {shown(self._url)} was written by a newer version of the advisor "
                f"(schema {found}; this one knows {VERSIONS[-1]}). Install that version; nothing was changed."
            )
        from advisor.migrations.running import migrate  # noqa: PLC0415 - Alembic is only needed when something changes

        with self.writing() as connection:
            _wait_turn(connection)
            migrate(connection, adopted=_is_first(connection), to=VERSIONS[-1])
        _make_private(self.engine.url)


def open_database(settings: Settings, *, what: str = "case store", mend: str | None = None) -> Database:
    """The store that the settings name; its folder is made, its owner's alone, when there is none.

    Raises:
        StoreError: when it cannot be opened.
    """
    if settings.database:
        return Database(settings.database, what=what, mend=mend)
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(f"The folder {settings.home} cannot be made: {error}. Set ADVISOR_HOME.") from error
    return Database(sqlite_url(settings.home), what=what, mend=mend)


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Inserts a row unless one with that key is there; whether it did."""
    insert = _insert_of(connection.dialect.name)
    statement = insert(table).values(values).on_conflict_do_nothing()
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1


def _insert_of(dialect: str) -> Any:
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql  # noqa: PLC0415 - only the dialect in use

        return postgresql
    from sqlalchemy.dialects.sqlite import insert as sqlite  # noqa: PLC0415 - only the dialect in use

    return sqlite


def shown(url: str) -> str:
    """A database URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "ADVISOR_DATABASE"


def sqlite_url(home: Path) -> str:
    """The SQLAlchemy URL of the store that lives in the advisor's own folder."""
    return f"sqlite:///{home / 'answers.sqlite3'}"


def _with_driver(url: URL) -> URL:
    plain = url.drivername in ("postgresql", "postgres")
    return url.set(drivername="postgresql+psycopg") if plain else url


def _engine(url: URL, *, patience: float) -> Engine:
    if url.get_backend_name() == "postgresql":
        waits = {
            "connect_timeout": max(1, round(patience)),
            "options": f"-c lock_timeout={round(patience * 1000)}",
        }
        return create_engine(url, pool_pre_ping=True, pool_timeout=patience, connect_args=waits)
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        _create_private(url)

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # The driver would begin transactions of its own, and too late.
            connection.execute(f"PRAGMA busy_timeout={round(patience * 1000)}")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            writes = connection.get_execution_options().get("writes")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _file_of(url: URL) -> Path | None:
    """The file of an SQLite database that is named plainly."""
    name = url.database
    plain = url.get_backend_name() == "sqlite" and name and name != ":memory:" and not name.startswith("file:")
    return Path(name) if plain and name else None


def _create_private(url: URL) -> None:
    """A new file is its owner's alone; SQLite gives the files beside it the same mode."""
    path = _file_of(url)
    if path is None or path.exists() or not path.parent.is_dir():
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise OperationalError("open", None, error) from error


def _make_private(url: URL) -> None:
    """The first version left the file readable by all."""
    path = _file_of(url)
    for beside in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))) if path else ():
        if beside.exists() and beside.stat().st_uid == os.getuid():
            beside.chmod(0o600)


def _wait_turn(connection: Connection) -> None:
    """Two processes that find an old database bring it up to date one after the other."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(4242001)"))


def _version(connection: Connection) -> str | None:
    tables = inspect(connection)
    if tables.has_table("alembic_version"):
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none())
    return VERSIONS[0] if _is_first(connection) else None


def _is_first(connection: Connection) -> bool:
    """Whether it holds what the first version made, which kept no version."""
    tables = inspect(connection)
    return tables.has_table("answers") and not tables.has_table("alembic_version")


def _mend_of(cause: str) -> str:
    return next((mend for word, mend in _MENDS.items() if word in cause), "Check ADVISOR_DATABASE and the disk.")


def store_id(connection: Connection) -> str:
    """The id that a database was given when it was made, by which its checkpoints are found."""
    from advisor.tables import PROPERTIES  # noqa: PLC0415 - opening a database needs no table

    wanted = (PROPERTIES.c.workspace == "") & (PROPERTIES.c.name == "store")
    return str(connection.execute(select(PROPERTIES.c.value).where(wanted)).scalar_one())
