"""Finds any change, gap, reordering, cut tail or rewrite in the record, by the chains and by the checkpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, select

from advisor.cases.checkpoints import Checkpoints, Heads, Noted
from advisor.cases.hashing import START, digest_of, hash_of
from advisor.cases.ledger import DESK
from advisor.cases.models import EventKind, State
from advisor.database import Database
from advisor.tables import CASES, CHAINS, CONTENTS, EVENTS, as_text
from knowledge.models import FrozenModel


class Trouble(StrEnum):
    CHANGED_EVENT = "changed_event"
    CHANGED_CONTENT = "changed_content"
    MISSING_CONTENT = "missing_content"
    GAP = "gap"
    BROKEN_LINK = "broken_link"
    CUT_TAIL = "cut_tail"
    REWRITTEN = "rewritten"
    MISSING_CASE = "missing_case"
    WRONG_STANDING = "wrong_standing"
    NO_CHECKPOINT = "no_checkpoint"
    DAMAGED_CHECKPOINT = "damaged_checkpoint"


_DECISIONS = (EventKind.DECIDED, EventKind.RECORDED)


class Finding(FrozenModel):
    """One thing that is not as it was written."""

    trouble: Trouble
    workspace: str = ""
    case: str = ""
    sequence: int = 0
    """0 where it is about no single event."""
    text: str


class Verification(FrozenModel):
    """What was looked at and what was found."""

    events: int
    cases: int
    purged: int
    """Events whose content was purged, as the record says."""
    beyond: int
    """Chains with events that no checkpoint covers yet."""
    findings: tuple[Finding, ...]


class _Chain:
    """One chain as it is read, event by event."""

    def __init__(self, workspace: str, name: str) -> None:
        self.workspace, self.name = workspace, name
        self.length, self.head, self.purged = 0, START, 0
        self.state, self.outcome, self.held = State.OPEN, None, False  # type: State, str | None, bool
        self.findings: list[Finding] = []
        self._empty: list[int] = []
        self._purged_through = 0

    def take(self, row: Any) -> None:
        """The next event."""
        if row.sequence != self.length + 1:
            self.find(Trouble.GAP, row.sequence, f"events {self.length + 1} to {row.sequence - 1} are missing")
        if row.previous != self.head:
            self.find(Trouble.BROKEN_LINK, row.sequence, "the event before it is not the one it was written after")
        if _expected(row) != row.hash:
            self.find(Trouble.CHANGED_EVENT, row.sequence, "its kind, moment, place or digest was changed")
        self._take_content(row)
        self._take_kind(row)
        self.length, self.head = row.sequence, row.hash

    def _take_content(self, row: Any) -> None:
        if row.body is None:
            self._empty.append(row.sequence)
            return
        if digest_of(row.body, salt=row.salt) != row.digest:
            self.find(Trouble.CHANGED_CONTENT, row.sequence, "what it says was changed")
        elif row.kind == EventKind.PURGED:
            self._purged_through = max(self._purged_through, int(json.loads(row.body).get("through", 0)))
        elif row.kind in _DECISIONS:
            self.outcome = json.loads(row.body)["decision"]["outcome"]

    def _take_kind(self, row: Any) -> None:
        """Where the case stands as far as the kinds of its events say; a purge leaves those."""
        self.held = {EventKind.HELD: True, EventKind.RELEASED: False}.get(row.kind, self.held)
        if row.kind == EventKind.CLOSED or (row.kind == EventKind.RECORDED and row.sequence == 1):
            self.state = State.CLOSED
        elif row.kind == EventKind.DECIDED:
            self.state = State.DECIDED

    def compare(self, standing: Any) -> None:
        """Compares with where the case is said to stand."""
        if standing is None:
            self.find(Trouble.WRONG_STANDING, 0, "the list of cases lacks it")
            return
        state = State(standing.state)
        if (State.OPEN if state.is_live else state) is not self.state:
            self.find(Trouble.WRONG_STANDING, 0, f"it is listed as {state.value}, its events say {self.state.value}")
        if self.outcome and standing.outcome != self.outcome:
            self.find(Trouble.WRONG_STANDING, 0, f"it is listed as {standing.outcome}, decided was {self.outcome}")
        if standing.held != self.held:
            self.find(Trouble.WRONG_STANDING, 0, "its legal hold is not as its events say")

    def finish(self, noted: tuple[int, str] | None, *, hash_then: str | None) -> None:
        """Compares with the end of the chain as kept beside it, and with the checkpoint."""
        for sequence in self._empty:
            if sequence > self._purged_through:
                self.find(Trouble.MISSING_CONTENT, sequence, "what it says is gone, and no purge says so")
        self.purged = sum(sequence <= self._purged_through for sequence in self._empty)
        if noted is None:
            return
        if self.length < noted[0]:
            self.find(Trouble.CUT_TAIL, self.length, f"{noted[0]} events were noted, {self.length} are left")
        elif hash_then != noted[1]:
            self.find(Trouble.REWRITTEN, noted[0], "the events up to here are not those of the checkpoint")

    def find(self, trouble: Trouble, sequence: int, text: str) -> None:
        self.findings.append(
            Finding(trouble=trouble, workspace=self.workspace, case=self.name, sequence=sequence, text=text)
        )


def verify(database: Database, checkpoints: Checkpoints | None, *, case: str | None = None) -> Verification:
    """Reads every event once, or those of one case; memory grows with the number of cases, not of events."""
    noted = checkpoints.read() if checkpoints else None
    heads = {place: end for place, end in noted.heads.items() if case in (None, place[1])} if noted else {}
    findings: list[Finding] = []
    events = purged = beyond = cases = 0
    with database.reading() as connection:
        standings = _standings(connection, case=case)
        for chain in _chains(connection, heads, case=case):
            place = (chain.workspace, chain.name)
            standing = standings.pop(place, None)
            if chain.name != DESK:
                cases += 1
                chain.compare(standing)
            events, purged = events + chain.length, purged + chain.purged
            beyond += chain.length > heads.pop(place, (0, ""))[0]
            findings += chain.findings
    findings += [_gone(place, length) for place, (length, _) in heads.items()]
    findings += [_gone(place, 0) for place in standings.keys() - heads.keys()]
    if checkpoints and noted and not case:
        findings += _of_file(checkpoints, noted, events=events)
    return Verification(events=events, cases=cases, purged=purged, beyond=beyond, findings=tuple(findings))


def heads_of(database: Database) -> Heads:
    """The end of every chain as the database holds it."""
    with database.reading() as connection:
        rows = connection.execute(select(CHAINS).where(CHAINS.c.length > 0))
        return {(row.workspace, row.chain): (row.length, row.head) for row in rows}


def _chains(connection: Connection, heads: Heads, *, case: str | None) -> Iterator[_Chain]:
    chain: _Chain | None = None
    noted: tuple[int, str] | None = None
    hash_then: str | None = None
    for row in _rows(connection, case=case):
        if chain is None or (chain.workspace, chain.name) != (row.workspace, row.chain):
            if chain:
                chain.finish(noted, hash_then=hash_then)
                yield chain
            chain, hash_then = _Chain(row.workspace, row.chain), None
            noted = heads.get((row.workspace, row.chain))
        chain.take(row)
        if noted and row.sequence == noted[0]:
            hash_then = row.hash
    if chain:
        chain.finish(noted, hash_then=hash_then)
        yield chain


def _standings(connection: Connection, *, case: str | None) -> dict[tuple[str, str], Any]:
    wanted = select(CASES.c.workspace, CASES.c.id, CASES.c.state, CASES.c.outcome, CASES.c.held)
    if case:
        wanted = wanted.where(CASES.c.id == case)
    return {(row.workspace, row.id): row for row in connection.execute(wanted)}


def _gone(place: tuple[str, str], length: int) -> Finding:
    text = f"all its {length} events are gone" if length else "it is listed, and has no events"
    return Finding(trouble=Trouble.MISSING_CASE, workspace=place[0], case=place[1], text=text)


def _of_file(checkpoints: Checkpoints, noted: Noted, *, events: int) -> Iterator[Finding]:
    if events and not noted.exists:
        text = f"{checkpoints.path} is not there: what was cut off or rewritten as a whole cannot be found"
        yield Finding(trouble=Trouble.NO_CHECKPOINT, text=text)
    for number in noted.damaged:
        yield Finding(trouble=Trouble.DAMAGED_CHECKPOINT, text=f"{checkpoints.path}, line {number} was changed or cut")


def _rows(connection: Connection, *, case: str | None) -> Iterator[Any]:
    same = and_(*(EVENTS.c[name] == CONTENTS.c[name] for name in ("workspace", "chain", "sequence")))
    wanted = select(EVENTS, CONTENTS.c.body, CONTENTS.c.salt).select_from(EVENTS.outerjoin(CONTENTS, same))
    if case:
        wanted = wanted.where(EVENTS.c.chain == case)
    wanted = wanted.order_by(EVENTS.c.workspace, EVENTS.c.chain, EVENTS.c.sequence)
    yield from connection.execution_options(yield_per=1000).execute(wanted)


def _expected(row: Any) -> str:
    return hash_of(
        workspace=row.workspace,
        chain=row.chain,
        sequence=row.sequence,
        kind=row.kind,
        at=as_text(row.at),
        digest=row.digest,
        previous=row.previous,
    )
