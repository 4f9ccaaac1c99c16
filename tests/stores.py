"""Stores for the tests: a fresh one of each kind, copied from one that was migrated once."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from advisor.database import Database, sqlite_url
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


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> str:
    url = create_postgresql(postgresql, name="template")
    Database(url).close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> NewStore:
    """Makes stores of each kind, one after the other."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        return lambda: _copied(template, tmp_path)
    server: str = request.getfixturevalue("postgresql")
    request.getfixturevalue("postgresql_template")
    return lambda: create_postgresql(server, name=f"test{next(_NUMBERS)}", template="template")


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


def create_postgresql(server: str, *, name: str, template: str = "template1") -> str:
    """Makes a database on the server and gives its URL."""
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
