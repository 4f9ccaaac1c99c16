"""Many write at once and some are killed: what was acknowledged is kept once, and every chain is whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import text

from advisor.cases.models import EventKind
from advisor.cases.verifying import verify
from advisor.database import Database, sqlite_url
from advisor.errors import StoreError
from tests.casework import ASKER, a_desk, an_answer, some_checkpoints
from tests.postgresql import programs, serving
from tests.project.sources import ROOT
from tests.stores import NewStore

KILLS = 4
"""Times that a writer is killed, each a little later after it began."""


def start(url: str, home: Path, cases: Sequence[str], name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "tests.writers", url, str(home), ",".join(cases), name, str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def acknowledged(writer: subprocess.Popen[str]) -> list[str]:
    """Keys of the notes that the writer was told are kept; a line cut off by a kill is not one."""
    assert writer.stdout is not None
    lines = writer.stdout.read().splitlines(keepends=True)
    writer.stdout.close()
    return [line.strip() for line in lines if line.endswith("\n") and "/" in line]


def kept(database: Database) -> list[str]:
    with database.reading() as connection:
        rows = connection.execute(text("SELECT key FROM events WHERE kind = :kind"), {"kind": EventKind.NOTED.value})
        return [row.key for row in rows]


def open_cases(database: Database, home: Path, count: int) -> list[str]:
    desk = a_desk(database, checkpoints=some_checkpoints(database, home))
    return [desk.open(an_answer(), by=ASKER).id for _ in range(count)]


def assert_whole(database: Database, home: Path, *, said: Sequence[str]) -> None:
    there = kept(database)
    assert set(said) <= set(there)
    assert len(there) == len(set(there))
    assert verify(database, some_checkpoints(database, home)).findings == ()


def test_a_writer_killed_at_any_instant_loses_and_doubles_nothing(url: str, tmp_path: Path) -> None:
    database = Database(url)
    cases = open_cases(database, tmp_path, 2)
    said: list[str] = []
    for kill in range(KILLS):
        writer = start(url, tmp_path, cases, f"writer{kill}", 100_000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        timer = Timer(0.03 + 0.05 * kill, writer.kill)
        timer.start()
        said += acknowledged(writer)
        assert writer.wait() == -9
        timer.cancel()
    assert said
    assert_whole(database, tmp_path, said=said)
    database.close()


def test_eight_processes_write_the_same_cases_at_once(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    database = Database(url)
    cases = open_cases(database, tmp_path, 2)
    writers = [start(url, tmp_path, cases, f"writer{number}", 12) for number in range(8)]
    said = [key for writer in writers for key in acknowledged(writer)]
    assert [writer.wait() for writer in writers] == [0] * 8
    assert len(said) == 8 * 12
    assert_whole(database, tmp_path, said=said)
    database.close()


def test_fifty_writers_at_once_lose_nothing(new_postgresql_store: NewStore, tmp_path: Path) -> None:
    database = Database(new_postgresql_store(), patience=60)
    cases = open_cases(database, tmp_path, 5)
    desk = a_desk(database, checkpoints=some_checkpoints(database, tmp_path))

    def writes(writer: int) -> list[str]:
        keys = [f"{writer}/{number}" for number in range(6)]
        for number, key in enumerate(keys):
            desk.note(cases[(writer + number) % len(cases)], f"Note {key}", by=ASKER, key=key)
        return keys

    with ThreadPoolExecutor(50) as pool:
        said = [key for keys in pool.map(writes, range(50)) for key in keys]
    assert sorted(said) == sorted(kept(database))
    assert_whole(database, tmp_path, said=said)
    database.close()


def test_a_server_that_goes_away_in_the_middle_says_what_to_do_and_what_was_acknowledged_is_there_again(
    tmp_path: Path,
) -> None:
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed here: what must hold on it was not tested")
    with serving(found) as server:
        url = server.url.replace("postgresql:", "postgresql+psycopg:")
        database = Database(url, what="case store")
        desk = a_desk(database, checkpoints=some_checkpoints(database, tmp_path))
        case = desk.open(an_answer(), by=ASKER)
        desk.note(case.id, "Rang her back.", by=ASKER, key="before")

        server.crash()
        with pytest.raises(StoreError, match="The case store at .* cannot be used") as away:
            desk.note(case.id, "She did not answer.", by=ASKER, key="meanwhile")
        assert "ADVISOR_DATABASE" in str(away.value)

        server.start()
        desk.note(case.id, "She did not answer.", by=ASKER, key="meanwhile")
        desk.note(case.id, "She did not answer.", by=ASKER, key="meanwhile")
        assert kept(database) == ["before", "meanwhile"]
        assert_whole(database, tmp_path, said=["before", "meanwhile"])
        database.close()
