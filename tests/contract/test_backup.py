"""A backup of either database is restored whole into either."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sqlalchemy import text

from advisor.backup import back_up, restore
from advisor.cases.verifying import verify
from advisor.conversations import Conversations
from advisor.database import Database, sqlite_url
from advisor.errors import StoreError
from advisor.outbox import Outbox
from advisor.store import AnswerStore
from tests.casework import ASKER, MONDAY, a_decision, a_desk, an_answer, some_checkpoints
from tests.stores import NewStore


def fill(database: Database, home: Path) -> str:
    """A bit of everything; gives the id of a decided case."""
    desk = a_desk(database, checkpoints=some_checkpoints(database, home))
    answer = an_answer().model_copy(update={"asked_at": MONDAY})
    store = AnswerStore(database, keep_days=10_000)
    store.keep(answer)
    store.add_feedback(answer.id, helpful=True, why="Good: £, ’ and 漢字.")
    case = desk.open(answer, by=ASKER)
    desk.decide(case.id, a_decision(), by=desk.directory.actor("os:akhan"))
    Conversations(database, workspace="local").add("k", asker="a", text="Can I?")
    Outbox(database).put("answer", key="a", payload={"of": 1}, workspace="local")
    return case.id


def test_a_backup_is_restored_whole(new_store: NewStore, tmp_path: Path) -> None:
    first = Database(new_store())
    case = fill(first, tmp_path)
    made = back_up(first, tmp_path / "backup.gz")
    second = Database(new_store())
    assert restore(second, made.path).rows == made.rows
    amira = a_desk(first).directory.actor("os:akhan")
    assert a_desk(second).find(case, by=amira) == a_desk(first).find(case, by=amira)
    assert verify(second, some_checkpoints(second, tmp_path)).findings == ()
    jobs, case_2 = Outbox(second), a_desk(second).open(an_answer(), by=ASKER)
    assert (jobs.waiting(), jobs.put("answer", key="b", payload={}, workspace="local")) == (1, True)
    assert case_2.id != case
    first.close()
    second.close()


def test_a_backup_moves_from_one_kind_of_database_to_the_other(new_store: NewStore, tmp_path: Path) -> None:
    first = Database(new_store())
    fill(first, tmp_path)
    made = back_up(first, tmp_path / "backup.gz")
    lite = Database(sqlite_url(tmp_path))
    restore(lite, made.path)
    again = back_up(lite, tmp_path / "again.gz")
    assert gzip.decompress(again.path.read_bytes()) == gzip.decompress(made.path.read_bytes())
    first.close()
    lite.close()


def test_what_came_after_the_backup_is_named_as_missing(new_store: NewStore, tmp_path: Path) -> None:
    first = Database(new_store())
    case = fill(first, tmp_path)
    made = back_up(first, tmp_path / "backup.gz")
    a_desk(first, checkpoints=some_checkpoints(first, tmp_path)).note(case, "Later.", by=ASKER)
    second = Database(new_store())
    restore(second, made.path)
    found = verify(second, some_checkpoints(second, tmp_path)).findings
    assert [(finding.trouble.value, finding.case) for finding in found] == [("cut_tail", case)]
    first.close()
    second.close()


def test_a_store_that_holds_something_is_not_restored_over(database: Database, tmp_path: Path) -> None:
    fill(database, tmp_path)
    made = back_up(database, tmp_path / "backup.gz")
    with pytest.raises(StoreError, match="is not empty"):
        restore(database, made.path)


@pytest.mark.parametrize("harm", ["cut", "changed", "no backup", "newer"])
def test_a_file_that_is_no_whole_backup_changes_nothing(new_store: NewStore, tmp_path: Path, harm: str) -> None:
    first = Database(new_store())
    fill(first, tmp_path)
    path = back_up(first, tmp_path / "backup.gz").path
    plain = gzip.decompress(path.read_bytes())
    harmed = {
        "cut": path.read_bytes()[:-40],
        "changed": gzip.compress(plain.replace(b"said of purpose", b"said of nothing")),
        "no backup": b"not this",
        "newer": gzip.compress(plain.replace(b'"schema":"0002"', b'"schema":"9999"', 1)),
    }
    path.write_bytes(harmed[harm])
    second = Database(new_store())
    with pytest.raises(StoreError, match="not a whole backup|newer version"):
        restore(second, path)
    with second.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM events")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM properties")).scalar_one() == 1
    first.close()
    second.close()


def test_a_backup_that_cannot_be_written_leaves_the_one_before(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "backup.gz"
    path.write_bytes(b"the one before")
    database.close()
    folder = tmp_path / "nowhere"
    with pytest.raises(OSError, match="nowhere"):
        back_up(database, folder / "backup.gz")
    assert path.read_bytes() == b"the one before"
