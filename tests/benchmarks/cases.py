"""How ``list``, ``show`` and ``verify`` grow with the record: python -m tests.benchmarks.cases 10000 100000 1000000

A store of SQLite is filled with whole chains of ten events, linked and salted as the ledger does, in large
transactions; one case in fifty is live. What opens a case holds about two kilobytes; a real answer holds more, and
verifying reads all of it, so the megabytes are printed beside the time.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from advisor.cases.desk import Desk
from advisor.cases.hashing import START, as_body, digest_of, hash_of, new_salt
from advisor.cases.models import LIVE, EventKind, Filter, State
from advisor.cases.opening import checkpoints_of
from advisor.cases.verifying import heads_of, verify
from advisor.database import open_database
from advisor.models import Urgency
from advisor.settings import Settings
from advisor.tables import CASES, CHAINS, CONTENTS, EVENTS, as_text
from tests.casework import PROFILE, without_names

EVENTS_A_CASE = 10
LIVE_ONE_IN = 50
_BATCH = 1000
"""Cases in one transaction."""
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)
_ROLES = ("information_governance_lead", "designated_safeguarding_lead")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", type=int, nargs="+", help="events in the store")
    for events in parser.parse_args().events:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measured(Path(folder), events=events)), flush=True)


def measured(folder: Path, *, events: int) -> dict[str, Any]:
    """Milliseconds of each command, the median of so many; seconds of verifying once."""
    settings = Settings(home=folder)
    database = open_database(settings)
    checkpoints = checkpoints_of(settings, database)
    count = events // EVENTS_A_CASE
    names = [f"{number:012x}" for number in random.Random(7).sample(range(16**12), count)]  # noqa: S311 - no secret
    for at in range(0, count, _BATCH):
        with database.writing() as connection:
            rows: dict[Any, list[dict[str, Any]]] = {CHAINS: [], CASES: [], EVENTS: [], CONTENTS: []}
            for number in range(at, min(at + _BATCH, count)):
                for table, row in _case(names[number], number=number):
                    rows[table].append(row)
            for table, made in rows.items():
                connection.execute(insert(table), made)
    checkpoints.note_all(heads_of(database))
    desk = Desk(database, profile=PROFILE, redact=without_names, checkpoints=checkpoints)
    everyone, one_role = desk.directory.actor("os:akhan"), desk.directory.actor("os:dlal")
    chosen = random.Random(8).sample(names, min(200, count))  # noqa: S311 - a sample
    begun = time.perf_counter()
    found = verify(database, checkpoints)
    verifying = time.perf_counter() - begun
    assert (found.events, found.findings) == (count * EVENTS_A_CASE, ())
    result = {
        "events": found.events,
        "cases": count,
        "megabytes": round(sum(path.stat().st_size for path in folder.glob("*.sqlite3*")) / 1e6),
        "list_newest_ms": _median(lambda: desk.list(Filter(limit=50), by=everyone)),
        "list_live_ms": _median(lambda: desk.list(Filter(states=LIVE, limit=50), by=everyone)),
        "list_live_of_one_role_ms": _median(lambda: desk.list(Filter(states=LIVE, limit=50), by=one_role)),
        "show_ms": _median(*(lambda name=name: desk.find(name, by=everyone) for name in chosen)),
        "verify_one_ms": _median(*(lambda name=name: verify(database, checkpoints, case=name) for name in chosen[:5])),
        "verify_s": round(verifying, 1),
        "verify_events_a_second": round(found.events / verifying),
    }
    database.close()
    return result


def _case(name: str, *, number: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The rows of one case, its chain whole."""
    is_live, role = number % LIVE_ONE_IN == 0, _ROLES[number % 2]
    opened, head = _FIRST + timedelta(minutes=number), START
    place = {"workspace": "local", "chain": name}
    kinds = [EventKind.OPENED, EventKind.CLAIMED, *[EventKind.NOTED] * (EVENTS_A_CASE - 4)]
    kinds += [EventKind.NOTED] * 2 if is_live else [EventKind.DECIDED, EventKind.CLOSED]
    for sequence, kind in enumerate(kinds, start=1):
        at, salt, body = opened + timedelta(hours=sequence), new_salt(), as_body(_content(kind))
        link: dict[str, Any] = {
            **place,
            "sequence": sequence,
            "kind": kind.value,
            "digest": digest_of(body, salt=salt),
            "previous": head,
        }
        head = hash_of(**link, at=as_text(at))
        yield EVENTS, {**link, "at": at, "hash": head, "key": None}
        yield CONTENTS, {**place, "sequence": sequence, "salt": salt, "body": body}
    yield CHAINS, {**place, "length": EVENTS_A_CASE, "head": head}
    ended = None if is_live else opened + timedelta(hours=EVENTS_A_CASE)
    yield (
        CASES,
        {
            "workspace": "local",
            "id": name,
            "state": State.CLAIMED if is_live else State.CLOSED,
            "urgency": Urgency.ROUTINE,
            "role": role,
            "asker": f"os:asker{number % 500}",
            "holder": "os:akhan",
            "opened_at": opened,
            "due_at": opened + timedelta(days=5),
            "decided_at": ended,
            "closed_at": ended,
            "outcome": None if is_live else "share",
            "acted_first": False,
            "held": False,
            "answer": f"{number:032x}",
            "question": "The police have rung asking where one of our tenants lives. Can I tell them?",
        },
    )


def _content(kind: EventKind) -> dict[str, Any]:
    said = {"by": "os:akhan", "name": "Amira Khan"}
    if kind is EventKind.OPENED:
        return {
            **said,
            "answer": {"citations": [{"document": f"document-{at}", "quote": "q" * 150} for at in range(10)]},
        }
    if kind is EventKind.DECIDED:
        return {**said, "decision": {"outcome": "share", "reasons": "r" * 300}}
    return {**said, "text": "Rang the station back on its published number."} if kind is EventKind.NOTED else said


def _median(*calls: Callable[[], object]) -> float:
    """Milliseconds: the median over the calls, or over five times the only one."""
    taken = []
    for call in calls if len(calls) > 1 else calls * 5:
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(taken), 1)


if __name__ == "__main__":
    main()
