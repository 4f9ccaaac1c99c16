"""Removes what cases say when their time is over; the chain of their events stays whole, and says what was removed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from advisor.cases.desk import Desk
from advisor.cases.models import Case, EventKind, Filter, State
from advisor.errors import CaseError, Refused
from advisor.people import Action, Actor
from advisor.tables import ANSWERS, CONTENTS, CONVERSATIONS, FEEDBACK, OUTBOX, TURNS


def due_for_purge(desk: Desk, *, closed_before: datetime) -> tuple[Case, ...]:
    """Closed cases whose time is over and that are on no legal hold."""
    closed = desk.all(Filter(states=(State.CLOSED,), held=False, limit=100_000))
    return tuple(
        case for case in closed if case.purged_at is None and case.closed_at and case.closed_at < closed_before
    )


def purge(desk: Desk, cases: Iterable[Case], *, by: Actor, why: str) -> int:
    """Removes the content of cases, the answers they were opened from and their conversations; gives how many.

    Raises:
        Refused: when the actor may not, or a case is on legal hold; nothing of that case is removed.
        CaseError: when no reason is given, or a case is not closed.
    """
    if not why.strip():
        raise CaseError("Say why, such as the retention period that is over.")
    return sum(_purge(desk, case.id, by=by, why=why) for case in cases)


def _purge(desk: Desk, case: str, *, by: Actor, why: str) -> bool:
    """Purges one case in one transaction; False when that was done before."""
    with desk.bench.on(case, by=by) as (work, found):
        desk.policy.require(by, Action.PURGE, queue=found.role)
        if found.held:
            raise Refused(f"Case {found.id} is on legal hold. Release it first.")
        if found.purged_at is not None:
            return False
        if found.state is not State.CLOSED:
            raise CaseError(
                f'Case {found.id} is not closed. Close it first: advisor cases close {found.id} --why "..."'
            )
        content = work.said(why=why, through=found.length)
        blank = {"question": None, "asker": "", "holder": None, "answer": None, "purged_at": work.at}
        desk.bench.happen(work, found, EventKind.PURGED, content=content, **blank)
        mine = (CONTENTS.c.workspace == desk.workspace) & (CONTENTS.c.chain == found.id)
        work.connection.execute(delete(CONTENTS).where(mine, CONTENTS.c.sequence <= found.length))
        _remove_beside(work.connection, found)
        return True


def _remove_beside(connection: Connection, case: Case) -> None:
    """What else the store holds of the matter: the kept answer, what was said of it, and the conversation."""
    if case.answer:
        connection.execute(delete(FEEDBACK).where(FEEDBACK.c.answer == case.answer))
        connection.execute(delete(ANSWERS).where(ANSWERS.c.id == case.answer))
    mine = (CONVERSATIONS.c.workspace == case.workspace) & (CONVERSATIONS.c.case == case.id)
    for key in connection.scalars(select(CONVERSATIONS.c.key).where(mine)).all():
        connection.execute(delete(TURNS).where(TURNS.c.workspace == case.workspace, TURNS.c.key == key))
    connection.execute(delete(CONVERSATIONS).where(mine))
    told = OUTBOX.c.key.startswith(f"case:{case.id}:", autoescape=True)
    connection.execute(delete(OUTBOX).where(OUTBOX.c.workspace == case.workspace, told, OUTBOX.c.done_at.is_not(None)))
