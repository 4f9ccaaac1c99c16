"""Where each case stands now: written in the transaction of its events, found by what people look for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select, update

from advisor.cases.models import LIVE, Case, Filter
from advisor.errors import CaseNotFound
from advisor.tables import CASES, CHAINS


class Rows:
    """The cases of one workspace; every method works in the transaction of the connection it is given."""

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace

    def add(self, connection: Connection, **values: Any) -> None:
        connection.execute(insert(CASES).values(workspace=self._workspace, **values))

    def change(self, connection: Connection, case: str, **values: Any) -> None:
        if values:
            here = (CASES.c.workspace == self._workspace) & (CASES.c.id == case)
            connection.execute(update(CASES).where(here).values(**values))

    def find(self, connection: Connection, case: str) -> Case:
        """The case of that id, or the only one whose id starts so.

        Raises:
            CaseNotFound: when there is none here, or several.
        """
        found = connection.execute(self._select().where(CASES.c.id == case)).all()
        if case and not found:
            # Ids are hexadecimal, so "g" comes after all that start the same: the index answers, not a look at each.
            begins = (CASES.c.id >= case) & (CASES.c.id < f"{case}g") & CASES.c.id.startswith(case, autoescape=True)
            found = connection.execute(self._select().where(begins).limit(2)).all()
        if not case or not found:
            raise CaseNotFound(f'No case has the id {case!r}. See "advisor cases list".')
        if len(found) > 1:
            raise CaseNotFound(f"More than one case starts with {case!r}. Give more of its id.")
        return _case(found[0])

    def opened_from(self, connection: Connection, answer: str) -> Case | None:
        """The case that was opened from an answer."""
        found = self._select().where(CASES.c.answer == answer).order_by(CASES.c.opened_at).limit(1)
        row = connection.execute(found).one_or_none()
        return _case(row) if row else None

    def list(self, connection: Connection, wanted: Filter, *, only: Any = None) -> tuple[Case, ...]:
        """Cases that fit, newest first; ``only`` narrows to what somebody may see."""
        found = self._select().where(*_conditions(wanted))
        if only is not None:
            found = found.where(only)
        if wanted.after:
            last = self.find(connection, wanted.after)
            same_time = (CASES.c.opened_at == last.opened_at) & (CASES.c.id < last.id)
            found = found.where((CASES.c.opened_at < last.opened_at) | same_time)
        ordered = found.order_by(CASES.c.opened_at.desc(), CASES.c.id.desc()).limit(wanted.limit)
        return tuple(map(_case, connection.execute(ordered)))

    def visible_to(self, keys: Iterable[str], *, roles: Iterable[str]) -> Any:
        """The condition on cases that somebody asked, holds, or has the queue of."""
        return or_(CASES.c.asker.in_(list(keys)), CASES.c.holder.in_(list(keys)), CASES.c.role.in_(list(roles)))

    def _select(self) -> Select[Any]:
        same = and_(CASES.c.workspace == CHAINS.c.workspace, CASES.c.id == CHAINS.c.chain)
        joined = select(CASES, CHAINS.c.length, CHAINS.c.head).join(CHAINS, same)
        return joined.where(CASES.c.workspace == self._workspace)


def _conditions(wanted: Filter) -> list[Any]:
    conditions: list[Any] = []
    for column, values in ((CASES.c.state, wanted.states), (CASES.c.role, wanted.roles)):
        if values:
            conditions.append(column.in_(list(values)))
    for name in ("asker", "holder", "urgency", "outcome", "held"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(CASES.c[name] == value)
    return [*conditions, *_times(wanted)]


def _times(wanted: Filter) -> Iterator[Any]:
    if wanted.opened_from is not None:
        yield CASES.c.opened_at >= wanted.opened_from
    if wanted.opened_before is not None:
        yield CASES.c.opened_at < wanted.opened_before
    if wanted.overdue_at is not None:
        yield CASES.c.state.in_(LIVE) & (CASES.c.due_at < wanted.overdue_at)


def _case(row: Row[Any]) -> Case:
    return Case.model_validate(dict(row._mapping))
