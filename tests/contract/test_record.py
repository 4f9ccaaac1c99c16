"""The record shows any change made to it, on every database, and purged text leaves it whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from advisor.cases.checkpoints import Checkpoints
from advisor.cases.desk import Desk
from advisor.cases.hashing import START, hash_of
from advisor.cases.models import Case, EventKind, State
from advisor.cases.purging import due_for_purge, purge
from advisor.cases.verifying import Trouble, heads_of, verify
from advisor.conversations import Conversations
from advisor.database import Database
from advisor.errors import AnswerNotKept, CaseError, Refused
from advisor.people import Actor
from advisor.store import AnswerStore
from advisor.tables import as_text
from tests.casework import ASKER, Clock, a_decision, a_desk, an_answer, some_checkpoints


@pytest.fixture
def checkpoints(database: Database, tmp_path: Path) -> Checkpoints:
    return some_checkpoints(database, tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(database: Database, checkpoints: Checkpoints, clock: Clock) -> Desk:
    return a_desk(database, checkpoints=checkpoints, clock=clock)


@pytest.fixture
def amira(desk: Desk) -> Actor:
    return desk.directory.actor("os:akhan")


@pytest.fixture
def case(desk: Desk, amira: Actor) -> Case:
    """A case of five events, beside another one."""
    desk.open(an_answer(), by=ASKER)
    case = desk.claim(desk.open(an_answer(), by=ASKER).id, by=amira)
    desk.note(case.id, "Rang them.", by=amira)
    desk.decide(case.id, a_decision(), by=amira)
    return desk.close(case.id, by=amira)


Tamper = Callable[[Connection, str], None]


def by_sql(*statements: str) -> Tamper:
    """Changes the database behind the desk's back; ``:case`` is the case."""

    def tampers(connection: Connection, case: str) -> None:
        for statement in statements:
            connection.execute(text(statement), {"case": case} if ":case" in statement else {})

    return tampers


def rewritten(connection: Connection, case: str) -> None:
    """Whoever may write everything changes an event and makes every hash after it fit."""
    previous = START
    for row in connection.execute(text("SELECT * FROM events WHERE chain = :case ORDER BY sequence"), {"case": case}):
        at = "2026-01-01T00:00:00.000000Z" if row.sequence == 2 else row.at
        link = {"workspace": row.workspace, "chain": case, "sequence": row.sequence, "kind": row.kind, "at": at}
        head = hash_of(**link, digest=row.digest, previous=previous)
        fields = {"at": at, "previous": previous, "hash": head, "case": case, "number": row.sequence}
        change = "UPDATE events SET at=:at, previous=:previous, hash=:hash WHERE chain=:case AND sequence=:number"
        connection.execute(text(change), fields)
        previous = head
    connection.execute(text("UPDATE chains SET head=:head WHERE chain=:case"), {"head": previous, "case": case})


TAMPERINGS: dict[str, tuple[Tamper, set[Trouble]]] = {
    "what was said": (
        by_sql("UPDATE contents SET body = replace(body, 'Rang', 'Told') WHERE chain = :case AND sequence = 3"),
        {Trouble.CHANGED_CONTENT},
    ),
    "when it was": (
        by_sql("UPDATE events SET at = '2026-01-01T00:00:00.000000Z' WHERE chain = :case AND sequence = 3"),
        {Trouble.CHANGED_EVENT},
    ),
    "what kind it was": (
        by_sql("UPDATE events SET kind = 'replied' WHERE chain = :case AND sequence = 3"),
        {Trouble.CHANGED_EVENT},
    ),
    "an event taken out": (
        by_sql("DELETE FROM events WHERE chain = :case AND sequence = 3"),
        {Trouble.GAP, Trouble.BROKEN_LINK},
    ),
    "two events swapped": (
        by_sql(
            "UPDATE events SET sequence = 99 WHERE chain = :case AND sequence = 2",
            "UPDATE events SET sequence = 2 WHERE chain = :case AND sequence = 3",
            "UPDATE events SET sequence = 3 WHERE chain = :case AND sequence = 99",
        ),
        {Trouble.CHANGED_EVENT, Trouble.BROKEN_LINK, Trouble.CHANGED_CONTENT},
    ),
    "the tail cut off": (
        by_sql(
            "DELETE FROM events WHERE chain = :case AND sequence > 4",
            "DELETE FROM contents WHERE chain = :case AND sequence > 4",
            "UPDATE cases SET state = 'decided', closed_at = NULL WHERE id = :case",
        ),
        {Trouble.CUT_TAIL},
    ),
    "the whole chain rewritten": (rewritten, {Trouble.REWRITTEN}),
    "a case removed": (
        by_sql("DELETE FROM events WHERE chain = :case", "DELETE FROM cases WHERE id = :case"),
        {Trouble.MISSING_CASE},
    ),
    "content removed without a purge": (
        by_sql("DELETE FROM contents WHERE chain = :case AND sequence = 3"),
        {Trouble.MISSING_CONTENT},
    ),
    "the outcome in the list": (
        by_sql("UPDATE cases SET outcome = 'do_not_share' WHERE id = :case"),
        {Trouble.WRONG_STANDING},
    ),
    "the state in the list": (by_sql("UPDATE cases SET state = 'open' WHERE id = :case"), {Trouble.WRONG_STANDING}),
    "a case hidden from the list": (by_sql("DELETE FROM cases WHERE id = :case"), {Trouble.WRONG_STANDING}),
}


def test_a_record_that_nobody_touched_is_whole(
    desk: Desk, database: Database, checkpoints: Checkpoints, case: Case
) -> None:
    found = verify(database, checkpoints)
    assert (found.events, found.cases, found.purged, found.beyond, found.findings) == (6, 2, 0, 0, ())


@pytest.mark.parametrize(("tampers", "troubles"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_every_change_is_found(
    database: Database, checkpoints: Checkpoints, case: Case, tampers: Tamper, troubles: set[Trouble]
) -> None:
    with database.writing() as connection:
        tampers(connection, case.id)
    for found in (verify(database, checkpoints), verify(database, checkpoints, case=case.id)):
        assert {finding.trouble for finding in found.findings} == troubles
        assert {finding.case for finding in found.findings} == {case.id}


def test_without_a_checkpoint_its_absence_is_said(database: Database, checkpoints: Checkpoints, case: Case) -> None:
    checkpoints.path.unlink()
    assert [finding.trouble for finding in verify(database, checkpoints).findings] == [Trouble.NO_CHECKPOINT]


def test_a_damaged_checkpoint_is_said_with_its_line(database: Database, checkpoints: Checkpoints, case: Case) -> None:
    lines = checkpoints.path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace('"length":1', '"length":7')
    checkpoints.path.write_text("".join(lines) + '{"torn', encoding="utf-8")
    found = verify(database, checkpoints).findings
    assert [(finding.trouble, finding.text.rpartition("line ")[2]) for finding in found] == [
        (Trouble.DAMAGED_CHECKPOINT, "2 was changed or cut"),
        (Trouble.DAMAGED_CHECKPOINT, "7 was changed or cut"),
    ]


def test_what_was_accepted_is_where_the_record_starts_anew(
    database: Database, checkpoints: Checkpoints, case: Case
) -> None:
    with database.writing() as connection:
        rewritten(connection, case.id)
    checkpoints.accept(by="os:akhan", why="restored a backup", heads=heads_of(database))
    assert verify(database, checkpoints).findings == ()


def test_a_checkpoint_that_cannot_be_written_stops_nobody_and_is_warned_of(
    database: Database, desk: Desk, checkpoints: Checkpoints, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    noted = checkpoints.path.read_bytes()
    checkpoints.path.unlink()
    checkpoints.path.mkdir()
    desk.note(case.id, "Something else.", by=ASKER)
    assert "cannot be written" in caplog.text
    checkpoints.path.rmdir()
    checkpoints.path.write_bytes(noted)
    found = verify(database, checkpoints)
    assert (found.beyond, found.findings) == (1, ())


# Purging


@pytest.fixture
def purged(desk: Desk, amira: Actor, case: Case) -> Case:
    assert purge(desk, [case], by=amira, why="retention is over") == 1
    return desk.find(case.id, by=amira).case


def everything_in(database: Database) -> str:
    names = ("answers", "feedback", "events", "contents", "cases", "conversations", "threads", "outbox")
    with database.reading() as connection:
        return "\n".join(str(row) for name in names for row in connection.execute(text(f"SELECT * FROM {name}")))


def test_purged_text_is_gone_and_the_chain_still_verifies(
    database: Database, checkpoints: Checkpoints, desk: Desk, amira: Actor, purged: Case
) -> None:
    file = desk.find(purged.id, by=amira)
    assert [event.content is None for event in file.events] == [True] * 5 + [False]
    assert (file.case.question, file.case.asker, file.case.holder, file.answer, file.decision) == (
        None,
        "",
        None,
        None,
        None,
    )
    assert (file.case.outcome, file.case.state) == ("share", State.CLOSED)
    kept = everything_in(database)
    assert "Rang them." not in kept
    assert "said of purpose" not in kept
    found = verify(database, checkpoints)
    assert (found.purged, found.findings) == (5, ())


def test_a_purge_that_was_not_recorded_is_found(
    database: Database, checkpoints: Checkpoints, desk: Desk, purged: Case
) -> None:
    with database.writing() as connection:
        connection.execute(text("DELETE FROM contents WHERE chain = :case"), {"case": purged.id})
    troubles = {finding.trouble for finding in verify(database, checkpoints).findings}
    assert troubles == {Trouble.MISSING_CONTENT}


def test_purging_removes_the_answer_and_the_conversation_too(database: Database, desk: Desk, amira: Actor) -> None:
    answer = an_answer()
    store = AnswerStore(database, keep_days=30)
    store.keep(answer.model_copy(update={"asked_at": Clock()()}))
    store.add_feedback(answer.id, helpful=True, why="Good.")
    conversations = Conversations(database, workspace="local")
    conversations.add("C1/1", asker="os:joe", text="Hello", answer=answer.id)
    case = desk.close(desk.open(answer, by=ASKER).id, by=ASKER, why="withdrawn")
    conversations.bind("C1/1", asker="os:joe", case=case.id)
    purge(desk, [case], by=amira, why="asked for")
    with pytest.raises(AnswerNotKept):
        store.find(answer.id)
    assert conversations.find("C1/1") is None


def test_a_case_on_legal_hold_is_not_purged_until_released(desk: Desk, amira: Actor, case: Case) -> None:
    desk.hold(case.id, by=amira, why="a claim")
    with pytest.raises(Refused, match="legal hold"):
        purge(desk, [case], by=amira, why="retention is over")
    desk.release(case.id, by=amira, why="the claim is settled")
    assert purge(desk, [case], by=amira, why="retention is over") == 1
    assert purge(desk, [case], by=amira, why="again") == 0


def test_only_who_may_purges_only_what_is_closed_and_with_a_reason(desk: Desk, amira: Actor, case: Case) -> None:
    with pytest.raises(Refused, match="it takes data_protection_officer"):
        purge(desk, [case], by=desk.directory.actor("os:bode"), why="tidying")
    with pytest.raises(CaseError, match="Say why"):
        purge(desk, [case], by=amira, why=" ")
    live = desk.open(an_answer(), by=ASKER)
    with pytest.raises(CaseError, match="is not closed"):
        purge(desk, [live], by=amira, why="tidying")


def test_what_is_due_for_purge_is_closed_long_enough_and_not_held(
    desk: Desk, amira: Actor, clock: Clock, case: Case
) -> None:
    clock.forward(days=10)
    later = desk.close(desk.open(an_answer(), by=ASKER).id, by=ASKER, why="withdrawn")
    held = desk.close(desk.open(an_answer(), by=ASKER).id, by=ASKER, why="withdrawn")
    desk.hold(held.id, by=amira, why="a claim")
    assert [due.id for due in due_for_purge(desk, closed_before=clock.moment)] == [case.id]
    clock.forward(seconds=1)
    assert {due.id for due in due_for_purge(desk, closed_before=clock.moment)} == {case.id, later.id}


def test_the_same_text_never_has_the_same_digest(database: Database, desk: Desk, amira: Actor, case: Case) -> None:
    for _ in range(2):
        desk.note(case.id, "Yes.", by=amira)
    notes = [event for event in desk.find(case.id, by=amira).events if event.kind is EventKind.NOTED]
    assert len({event.digest for event in notes}) == 3


def test_events_are_kept_to_the_microsecond(database: Database, desk: Desk, clock: Clock, amira: Actor) -> None:
    clock.forward(microseconds=123_456)
    case = desk.open(an_answer(), by=ASKER)
    event = desk.find(case.id, by=amira).events[0]
    assert as_text(event.at) == "2026-11-23T10:00:00.123456Z"
