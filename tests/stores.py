"""Stores for the tests: a fresh one of each kind, copied from one that was migrated once."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from advisor.database import Database, sqlite_url
from advisor.tables import METADATA
from tests.postgresql import programs, running

NewStore = Callable[[], str]
"""Makes an empty store of the newest version and gives its URL."""


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server's first database; skipped where PostgreSQL is not installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed here: what must hold on it was not tested")
    with running(found) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    Database(sqlite_url(folder)).close()
    return folder / "answers.sqlite3"


class PostgresqlStores:
    """Stores on one server; an emptied one is used again, for making one takes 8 MB of disk."""

    def __init__(self, server: str) -> None:
        self._server: URL = make_url(server).set(drivername="postgresql+psycopg")
        self._free: list[str] = []
        self._count = 0

    def take(self) -> str:
        """The URL of an empty store."""
        if not self._free:
            self._free.append(self._made())
        return self._free.pop()

    def give_back(self, url: str) -> None:
        """Empties a store that is no longer used."""
        emptied = ", ".join(table.name for table in METADATA.sorted_tables if table.name != "properties")
        _execute(url, f"TRUNCATE {emptied} RESTART IDENTITY", "DELETE FROM properties WHERE workspace <> ''")
        self._free.append(url)

    def _made(self) -> str:
        self._count += 1
        name = f"store{self._count}"
        _execute(self._server.render_as_string(hide_password=False), f"CREATE DATABASE {name}")
        url = self._server.set(database=name).render_as_string(hide_password=False)
        Database(url).close()
        return url


@pytest.fixture(scope="session")
def postgresql_stores(postgresql: str) -> PostgresqlStores:
    return PostgresqlStores(postgresql)


@pytest.fixture
def new_postgresql_store(postgresql_stores: PostgresqlStores) -> Iterator[NewStore]:
    """Makes stores on PostgreSQL."""
    taken: list[str] = []

    def makes() -> str:
        taken.append(postgresql_stores.take())
        return taken[-1]

    yield makes
    for url in taken:
        postgresql_stores.give_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> NewStore:
    """Makes stores of each kind, one after the other."""
    if request.param == "postgresql":
        makes: NewStore = request.getfixturevalue("new_postgresql_store")
        return makes
    template: Path = request.getfixturevalue("sqlite_template")
    return lambda: _copied(template, tmp_path)


@pytest.fixture
def url(new_store: NewStore) -> str:
    """An empty store of each kind."""
    return new_store()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty store of each kind, open."""
    opened = Database(url, what="case store")
    yield opened
    opened.close()


_NUMBERS = itertools.count()


def _copied(template: Path, folder: Path) -> str:
    path = folder / f"store{next(_NUMBERS)}"
    path.mkdir()
    shutil.copy(template, path / "answers.sqlite3")
    return sqlite_url(path)


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
