"""Jobs are done once although several workers take part; conversations, pauses and seen events outlive the process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from advisor.conversations import Conversations
from advisor.database import Database
from advisor.outbox import Job, Outbox, SeenEvents
from advisor.pauses import Pauses

NOW_GONE = timedelta(0)


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


def put(outbox: Outbox, name: str, **given: object) -> bool:
    return outbox.put("answer", key=name, payload={"of": name}, workspace="T1", **given)  # type: ignore[arg-type]


def keys(jobs: tuple[Job, ...]) -> list[str]:
    return [job.key for job in jobs]


def test_a_job_is_put_once_for_its_key_in_each_workspace(outbox: Outbox) -> None:
    assert [put(outbox, "a"), put(outbox, "a")] == [True, False]
    assert outbox.put("answer", key="a", payload={}, workspace="T2")
    assert (outbox.waiting(), outbox.waiting(workspace="T1")) == (2, 1)


def within(outbox: Outbox, key: str, *, workspace: str = "T1", window: timedelta = timedelta(minutes=1)) -> str | None:
    return outbox.put_within(
        "ask", key=key, payload={}, workspace=workspace, limits={":a_b:": 2, ":C:": 3}, window=window
    )


def test_no_more_jobs_like_one_are_put_than_its_limits_allow_and_what_is_refused_does_not_count(outbox: Outbox) -> None:
    assert [within(outbox, f"{number}:a_b:") for number in range(4)] == [None, None, ":a_b:", ":a_b:"]
    assert outbox.waiting() == 2
    assert [within(outbox, "5:C:"), within(outbox, "6:C:"), within(outbox, "7:C:")] == [":a_b:"] * 3


def test_a_job_that_comes_again_and_those_of_others_do_not_count(outbox: Outbox) -> None:
    outbox.put("another kind", key="0:a_b:", payload={}, workspace="T1")
    assert [within(outbox, "1:a_b:"), within(outbox, "2:axb:"), within(outbox, "3:a_b:")] == [None] * 3
    assert [within(outbox, "1:a_b:"), within(outbox, "3:a_b:")] == [None, None]
    assert outbox.waiting() == 4
    assert within(outbox, "4:a_b:") == ":a_b:"
    assert within(outbox, "4:a_b:", workspace="T2") is None


def test_jobs_from_before_the_window_do_not_count(outbox: Outbox) -> None:
    assert [within(outbox, f"{number}:a_b:", window=timedelta(0)) for number in range(4)] == [None] * 4


def test_jobs_are_claimed_in_order_of_time_and_by_one_worker(outbox: Outbox) -> None:
    now = datetime.now(UTC)
    put(outbox, "later", due_at=now - timedelta(minutes=1))
    put(outbox, "first", due_at=now - timedelta(hours=1))
    put(outbox, "not yet", due_at=now + timedelta(hours=1))
    assert keys(outbox.claim("one", limit=1)) == ["first"]
    assert keys(outbox.claim("two")) == ["later"]
    assert outbox.claim("three") == ()


def test_a_job_whose_worker_died_is_claimed_again_and_the_first_worker_is_told_so(outbox: Outbox) -> None:
    put(outbox, "a")
    (first,) = outbox.claim("same name", lease=NOW_GONE)
    (again,) = outbox.claim("same name")
    assert (first.attempts, again.attempts) == (1, 2)
    assert outbox.done(first, worker="same name") is False
    assert outbox.done(again, worker="same name") is True
    assert outbox.waiting() == 0


def test_a_job_is_tried_again_later_extended_or_given_up(outbox: Outbox) -> None:
    put(outbox, "a")
    (job,) = outbox.claim("w")
    assert outbox.extend(job, worker="w", lease=timedelta(hours=1))
    assert outbox.retry(job, worker="w", after=NOW_GONE)
    (job,) = outbox.claim("w")
    assert job.attempts == 2
    assert outbox.give_up(job, worker="w", why="channel_archived")
    assert (outbox.claim("w"), outbox.waiting()) == ((), 0)
    assert outbox.forget(before=datetime.now(UTC) + timedelta(seconds=1)) == 1


def test_only_the_kinds_that_are_named_are_claimed(outbox: Outbox) -> None:
    put(outbox, "a")
    assert outbox.claim("w", kinds=("reminder",)) == ()
    assert keys(outbox.claim("w", kinds=("reminder", "answer"))) == ["a"]


def test_many_workers_at_once_do_each_job_once(outbox: Outbox) -> None:
    for number in range(40):
        put(outbox, str(number))

    def works(worker: int) -> list[str]:
        done: list[str] = []
        while jobs := outbox.claim(f"worker {worker}", limit=3):
            done += [job.key for job in jobs if outbox.done(job, worker=f"worker {worker}")]
        return done

    with ThreadPoolExecutor(6) as pool:
        done = [key for part in pool.map(works, range(6)) for key in part]
    # A worker may find nothing free while others still hold the last jobs; nothing may be left or doubled.
    assert sorted(done, key=int) == [str(number) for number in range(40)]
    assert outbox.waiting() == 0


def test_an_undone_transaction_puts_no_job(outbox: Outbox, database: Database) -> None:
    def puts_and_fails() -> None:
        with database.writing() as connection:
            put(outbox, "a", connection=connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        puts_and_fails()
    assert outbox.waiting() == 0


def test_an_event_that_is_sent_again_is_known(database: Database) -> None:
    seen = SeenEvents(database)
    assert [seen.is_new("Ev1", workspace=where) for where in ("T1", "T1", "T2")] == [True, False, True]
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: seen.is_new("Ev2", workspace="T1"), range(16))) == 1
    assert seen.forget(before=datetime.now(UTC) + timedelta(seconds=1)) == 3
    assert seen.is_new("Ev1", workspace="T1")


# Conversations


def test_a_conversation_goes_on_in_another_process(database: Database) -> None:
    Conversations(database, workspace="T1").add("C1/1.2", asker="slack:U1", text="Can I?", answer="abc")
    there = Conversations(database, workspace="T1")
    there.add("C1/1.2", asker="slack:U1", text="It is a child.")
    there.settle("C1/1.2", {"subject": "child", "purpose": "care"})
    there.settle("C1/1.2", {"purpose": None})
    found = there.find("C1/1.2")
    assert found is not None
    assert (found.earlier(), found.facets, found.asker) == (
        ("Can I?", "It is a child."),
        {"subject": "child"},
        "slack:U1",
    )
    assert [turn.answer for turn in found.turns] == ["abc", None]


def test_turns_added_at_once_are_all_kept_in_an_order(database: Database) -> None:
    conversations = Conversations(database, workspace="T1")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: conversations.add("k", asker="a", text=str(number)), range(16)))
    found = conversations.find("k")
    assert found is not None
    assert sorted(found.earlier(), key=int) == [str(number) for number in range(16)]


def test_a_conversation_leads_to_its_case_and_back_in_its_own_workspace(database: Database) -> None:
    ours, theirs = (Conversations(database, workspace=name) for name in ("T1", "T2"))
    ours.add("k", asker="a", text="Can I?")
    ours.bind("k", asker="a", case="c1")
    ours.bind("case thread", asker="a", case="c1")
    assert [found.key for found in ours.about("c1")] == ["case thread", "k"]
    assert (theirs.about("c1"), theirs.find("k"), theirs.settle("k", {"subject": "child"})) == ((), None, None)


def test_old_conversations_are_forgotten(database: Database) -> None:
    conversations = Conversations(database, workspace="T1")
    conversations.add("k", asker="a", text="Can I?")
    assert conversations.forget(before=datetime.now(UTC) - timedelta(hours=1)) == 0
    assert conversations.forget(before=datetime.now(UTC) + timedelta(seconds=1)) == 1
    assert conversations.find("k") is None


# Pauses


def test_the_advisor_is_paused_for_the_first_reason_until_somebody_resumes_it(database: Database) -> None:
    pauses = Pauses(database)
    assert (pauses.current(), pauses.resume(by="os:akhan")) == (None, None)
    first = pauses.pause(by="os:akhan", why="Wrong guidance on tenancies.")
    assert pauses.pause(by="os:bode", why="Another reason.") == first == pauses.current()
    ended = pauses.resume(by="os:bode")
    assert ended is not None
    assert (ended.why, ended.resumed_by, pauses.current()) == ("Wrong guidance on tenancies.", "os:bode", None)
    assert [pause.until for pause in pauses.all()] == [ended.until]
