"""Answers are kept, redacted, for their time, and found again with what people said of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from advisor.database import Database
from advisor.errors import AnswerNotKept, StoreError
from advisor.models import Answer, Note, NoteKind, Question
from advisor.store import AnswerStore, sqlite_url
from tests.advising import POLICE_QUESTION, an_advisor


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnswerStore]:
    opened = AnswerStore(sqlite_url(tmp_path), keep_days=30)
    yield opened
    opened.close()


def an_answer(*, days_old: int = 0, name: str | None = None) -> Answer:
    answer = an_advisor().answer(Question(text=POLICE_QUESTION))
    asked = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days_old)
    return answer.model_copy(update={"asked_at": asked, **({"id": name} if name else {})})


def keep_many(store: AnswerStore) -> None:
    for number in range(20):
        store.keep(an_answer(name=f"more{number}"))


def test_a_kept_answer_is_found_as_it_was(store: AnswerStore) -> None:
    answer = an_answer()
    store.keep(answer)
    assert store.find(answer.id) == answer


def test_the_start_of_an_id_is_enough_when_only_one_answer_has_it(store: AnswerStore) -> None:
    store.keep(an_answer(name="abc111"))
    store.keep(an_answer(name="abc222"))
    assert store.find("abc1").id == "abc111"


def test_the_start_of_two_ids_names_neither(store: AnswerStore) -> None:
    store.keep(an_answer(name="abc111"))
    store.keep(an_answer(name="abc222"))
    with pytest.raises(AnswerNotKept, match="More than one kept answer starts with 'abc'"):
        store.find("abc")


@pytest.mark.parametrize("name", ["zzz", "%", "_", "' OR 1=1 --"])
def test_an_id_that_no_answer_has_says_so(store: AnswerStore, name: str) -> None:
    store.keep(an_answer())
    with pytest.raises(AnswerNotKept, match="No kept answer has the id"):
        store.find(name)


def test_an_answer_is_removed_when_its_time_is_over_and_its_feedback_with_it(store: AnswerStore) -> None:
    store.keep(an_answer(name="old", days_old=29))
    store.add_feedback("old", helpful=True, why="")
    store.keep(an_answer(name="older", days_old=31))
    store.keep(an_answer(name="new"))
    assert store.find("old").id == "old"
    with pytest.raises(AnswerNotKept):
        store.find("older")


def test_a_longer_retention_cannot_bring_back_what_was_removed(tmp_path: Path) -> None:
    short = AnswerStore(sqlite_url(tmp_path), keep_days=1)
    short.keep(an_answer(name="old", days_old=2))
    short.close()
    longer = AnswerStore(sqlite_url(tmp_path), keep_days=365)
    with pytest.raises(AnswerNotKept):
        longer.find("old")
    longer.close()


def test_feedback_is_kept_with_its_answer_oldest_first(store: AnswerStore) -> None:
    answer = an_answer()
    store.keep(answer)
    store.add_feedback(answer.id[:5], helpful=True, why="It named the DPO.")
    store.add_feedback(answer.id, helpful=False, why="Too long.")
    assert [(said.helpful, said.why) for said in store.feedback(answer.id)] == [
        (True, "It named the DPO."),
        (False, "Too long."),
    ]


def test_feedback_on_an_answer_that_is_not_kept_is_refused(store: AnswerStore) -> None:
    with pytest.raises(AnswerNotKept):
        store.add_feedback("zzz", helpful=True, why="")


def test_what_is_kept_holds_no_personal_data_that_was_recognised(store: AnswerStore, tmp_path: Path) -> None:
    text = f"{POLICE_QUESTION} Her NHS number is 943 476 5919 and her mobile is 07700 900123."
    store.keep(an_advisor().answer(Question(text=text)))
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"943 476 5919" not in written
    assert b"07700 900123" not in written
    assert b"[NHS NUMBER]" in written


def test_two_stores_open_on_one_file_see_each_others_answers(store: AnswerStore, tmp_path: Path) -> None:
    other = AnswerStore(sqlite_url(tmp_path), keep_days=30)
    other.keep(an_answer(name="theirs"))
    assert store.find("theirs").id == "theirs"
    other.close()


def test_a_file_that_is_no_database_says_how_to_mend_it_and_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite3"
    path.write_bytes(b"not a database " * 100)
    with pytest.raises(StoreError, match="cannot be used: .*set ADVISOR_DATABASE, or keep nothing"):
        AnswerStore(sqlite_url(tmp_path), keep_days=30)
    assert path.read_bytes() == b"not a database " * 100


def test_a_full_disk_keeps_nothing_more_and_loses_nothing(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    roomy = AnswerStore(database, keep_days=30)
    roomy.keep(an_answer(name="first"))
    database.engine.dispose()
    with database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="full"):
        keep_many(roomy)
    roomy.close()
    again = AnswerStore(sqlite_url(tmp_path), keep_days=30)
    assert again.find("first").id == "first"
    again.close()


def test_what_is_recorded_tells_how_each_question_ended_and_what_was_said_oldest_first(store: AnswerStore) -> None:
    lacking = an_answer(days_old=2, name="first")
    missing = (
        Note(kind=NoteKind.NOT_COVERED, text="Nothing on it."),
        Note(kind=NoteKind.NOT_COVERED, text="Nor this."),
    )
    store.keep(an_answer(name="second"))
    store.keep(lacking.model_copy(update={"notes": (*lacking.notes, *missing)}))
    store.add_feedback("first", helpful=True, why="")
    store.add_feedback("first", helpful=False, why="Too long")
    before = sum(note.kind is NoteKind.NOT_COVERED for note in lacking.notes)

    first, second = store.recorded()

    assert (first.id, first.asked_at, first.outcome) == ("first", lacking.asked_at, "answered")
    assert (first.question, first.not_covered) == (lacking.question, before + 2)
    assert [(said.helpful, said.why) for said in first.feedback] == [(True, ""), (False, "Too long")]
    assert (second.id, second.not_covered, second.feedback) == ("second", before, ())
    assert store.recorded(since=datetime.now(UTC) - timedelta(days=1)) == (second,)
    assert store.recorded(since=datetime.now(UTC) + timedelta(days=1)) == ()


def test_a_store_that_may_only_be_read_says_so(store: AnswerStore, tmp_path: Path) -> None:
    store.keep(an_answer(name="first"))
    read_only = AnswerStore(f"sqlite:///file:{tmp_path / 'answers.sqlite3'}?mode=ro&uri=true", keep_days=30)
    assert read_only.find("first").id == "first"
    with pytest.raises(StoreError, match="readonly"):
        read_only.keep(an_answer())
    read_only.close()


def test_an_answer_kept_by_another_version_says_so(store: AnswerStore, tmp_path: Path) -> None:
    answer = an_answer()
    store.keep(answer)
    with sqlite3.connect(tmp_path / "answers.sqlite3") as base:
        base.execute("UPDATE answers SET body = '{}'")
    base.close()
    with pytest.raises(StoreError, match="kept by another version"):
        store.find(answer.id)


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////nowhere/at/all/answers.sqlite3", "nosuch://host/base"])
def test_a_database_that_cannot_be_opened_says_which_setting_to_change(url: str) -> None:
    with pytest.raises(StoreError, match="ADVISOR_DATABASE"):
        AnswerStore(url, keep_days=30)


def test_a_password_in_the_address_of_the_database_is_never_shown() -> None:
    with pytest.raises(StoreError) as caught:
        AnswerStore("sqlite://someone:hunter2@host/answers", keep_days=30)
    assert "hunter2" not in str(caught.value)


def test_a_database_whose_driver_is_not_installed_says_so() -> None:
    with pytest.raises(StoreError, match="No module named 'oracledb'"):
        AnswerStore("oracle+oracledb://host/base", keep_days=30)
