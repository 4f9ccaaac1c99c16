"""The database is opened, brought up to date, kept private, and every fault says how to mend it."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import advisor.migrations
from advisor.database import VERSIONS, Database, open_database, sqlite_url, store_id
from advisor.errors import StoreError
from advisor.settings import Settings
from advisor.store import AnswerStore
from advisor.tables import METADATA
from tests.casework import ASKER, a_desk, an_answer
from tests.project.sources import ROOT

FIRST_VERSION = """
CREATE TABLE answers (id VARCHAR(32) NOT NULL PRIMARY KEY, asked_at DATETIME NOT NULL, outcome VARCHAR(64) NOT NULL,
    question TEXT NOT NULL, body JSON NOT NULL);
CREATE INDEX ix_answers_asked_at ON answers (asked_at);
CREATE INDEX ix_answers_outcome ON answers (outcome);
CREATE TABLE feedback (id INTEGER NOT NULL PRIMARY KEY, answer VARCHAR(32) NOT NULL REFERENCES answers (id)
    ON DELETE CASCADE, given_at DATETIME NOT NULL, helpful BOOLEAN NOT NULL, why TEXT NOT NULL);
CREATE INDEX ix_feedback_answer ON feedback (answer);
"""
"""What the first version made, which noted no version."""


def first_version(folder: Path) -> Path:
    """A store as the first version left it, readable by all, with an answer and what was said of it."""
    path = folder / "answers.sqlite3"
    answer = an_answer()
    with sqlite3.connect(path) as base:
        base.executescript(FIRST_VERSION)
        row = ("old1", "2026-11-22 09:30:00.000000", "answered", answer.question, answer.model_dump_json(by_alias=True))
        base.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?)", row)
        base.execute("INSERT INTO feedback VALUES (1, 'old1', '2026-11-22 09:31:00.000000', 1, 'It helped.')")
    base.close()
    path.chmod(0o644)
    return path


def test_a_store_of_the_first_version_is_adopted_and_nothing_is_lost(tmp_path: Path) -> None:
    first_version(tmp_path)
    database = Database(sqlite_url(tmp_path))
    store = AnswerStore(database, keep_days=100_000)
    assert store.find("old1").question == an_answer().question
    assert [said.why for said in store.feedback("old1")] == ["It helped."]
    assert database.version() == VERSIONS[-1]
    assert a_desk(database).open(an_answer(), by=ASKER).length == 1
    store.close()


def test_two_processes_bring_an_old_store_up_to_date_together(tmp_path: Path) -> None:
    first_version(tmp_path)
    opens = f"from advisor.database import Database; print(Database({sqlite_url(tmp_path)!r}).version())"
    started = [
        subprocess.Popen([sys.executable, "-c", opens], cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in started] == [VERSIONS[-1]] * 3


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    path = first_version(tmp_path)
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE pauses (odd INTEGER)")
    base.close()
    with pytest.raises(StoreError, match="pauses already exists"):
        Database(sqlite_url(tmp_path))
    with sqlite3.connect(path) as base:
        names = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    base.close()
    assert names == {"answers", "feedback", "pauses"}


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    Database(sqlite_url(tmp_path)).close()
    path = tmp_path / "answers.sqlite3"
    with sqlite3.connect(path) as base:
        base.execute("UPDATE alembic_version SET version_num = '9999'")
    base.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer version of the advisor \(schema 9999; this one knows 0002\)"):
        Database(sqlite_url(tmp_path))
    assert path.read_bytes() == before


def test_the_migrations_end_where_the_tables_are(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    database.close()


def test_the_versions_are_those_of_the_migrations() -> None:
    scripts = ScriptDirectory(str(Path(advisor.migrations.__file__ or "").parent))
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == VERSIONS


def test_opening_a_store_that_is_up_to_date_imports_no_alembic(tmp_path: Path) -> None:
    Database(sqlite_url(tmp_path)).close()
    opens = (
        f"import sys; from advisor.store import AnswerStore; AnswerStore({sqlite_url(tmp_path)!r}, keep_days=1); "
        "print([name for name in ('alembic', 'mako', 'sqlalchemy.orm') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", opens], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "[]\n"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_store_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    database = open_database(Settings(home=home))
    a_desk(database).open(an_answer(), by=ASKER)
    assert mode(home) == 0o700
    assert {mode(path) for path in home.glob("answers.sqlite3*")} == {0o600}
    database.close()


def test_a_store_of_the_first_version_becomes_its_owners_alone(tmp_path: Path) -> None:
    path = first_version(tmp_path)
    Database(sqlite_url(tmp_path)).close()
    assert mode(path) == 0o600


def test_each_store_has_an_id_of_its_own(tmp_path: Path) -> None:
    names = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        database = Database(sqlite_url(tmp_path / name))
        with database.reading() as connection:
            names.append(store_id(connection))
        database.close()
    assert len(set(names)) == 2


def test_a_locked_store_says_to_try_again_and_keeps_nothing(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path), patience=0.05)
    holder = sqlite3.connect(tmp_path / "answers.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="database is locked. Another process is writing: try again in a moment."):
        a_desk(database).open(an_answer(), by=ASKER)
    holder.close()
    assert a_desk(database).open(an_answer(), by=ASKER).length == 1
    database.close()


def test_a_full_disk_keeps_the_event_whole_or_not_at_all(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    desk = a_desk(database)
    case = desk.open(an_answer(), by=ASKER)
    database.engine.dispose()
    with database.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages}"))
    said = 0
    with pytest.raises(StoreError, match="full. Free some space there"):  # noqa: PT012 - how many fit is not known
        for number in range(10_000):
            desk.note(case.id, "x" * 1000, by=ASKER)
            said = number + 1
    assert len(desk.find(case.id, by=ASKER).events) == 1 + said
    database.close()


def test_a_server_that_is_away_says_so_without_its_password() -> None:
    with pytest.raises(StoreError, match="Start the database server, or change ADVISOR_DATABASE") as told:
        Database("postgresql://someone:hunter2@127.0.0.1:1/advisor", patience=1)
    assert "hunter2" not in str(told.value)
