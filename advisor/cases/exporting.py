"""Takes cases out of the record: one as a whole document, many as rows for a freedom of information or subject access
request. Each export takes the permission of the profile and is itself an event, written before anything leaves.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from advisor.cases.checkpoints import Checkpoints
from advisor.cases.desk import Desk
from advisor.cases.dossier import Dossier, dossier_of
from advisor.cases.models import TEXT_FIELDS, Case, CaseFile, EventKind, Filter
from advisor.cases.verifying import verify
from advisor.models import Situation
from advisor.people import Action, Actor
from knowledge.models import FrozenModel
from knowledge.vocabulary import Vocabulary

PAGE = 100
"""Cases that are read at a time."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula."""
FACETS = {f"situation_{facet}": facet for facet in Situation.model_fields}
"""Column to facet of the situation."""
PLAIN = (
    "case", "state", "urgency", "role", "outcome", "opened_at", "due_at", "decided_at", "closed_at", "purged_at",
    "hours_to_decide", "decided_late", "acted_first", "held", *FACETS, "documents",
)  # fmt: skip
"""Columns without a word that anybody typed: values of closed sets, moments and ids of documents."""
TEXTS = (
    "asker", "holder", "question", "decided_by", "decided_in_role", *TEXT_FIELDS, "review_on", "said",
)  # fmt: skip
"""Columns with what people wrote, and who they are; these can name people although they were redacted."""

Row = dict[str, Any]


class Selection(FrozenModel):
    """Which cases are exported, and how much of each."""

    wanted: Filter = Filter()
    reference: str | None = None
    """Only cases whose decision carries this number of the organisation's own file: how a person's cases are found."""
    with_text: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (*PLAIN, *TEXTS) if self.with_text else PLAIN


def export_case(
    case: str, *, desk: Desk, by: Actor, checkpoints: Checkpoints, vocabulary: Vocabulary, kind: str
) -> Dossier:
    """The whole record of one case, its own export as the last event; ``kind`` is the format that is recorded.

    Raises:
        Refused: without the permission; that is recorded.
    """
    found = desk.find(case, by=by).case
    desk.require(Action.EXPORT, by=by, case=found)
    desk.log(EventKind.EXPORTED, {"format": kind}, by=by, case=found.id)
    file = desk.find(found.id, by=by)
    return dossier_of(
        file,
        verification=verify(desk.bench.database, checkpoints, case=found.id),
        noted=checkpoints.read().heads,
        directory=desk.directory,
        vocabulary=vocabulary,
        organisation=desk.profile.name,
        made_at=datetime.now(UTC),
        made_by=by.name,
    )


def export_many(selection: Selection, *, desk: Desk, by: Actor, kind: str) -> list[Row]:
    """One row for each case, with the columns of the selection.

    Raises:
        Refused: without the permission; that is recorded.
    """
    desk.require(Action.EXPORT, by=by)
    rows = [row_of(file, selection) for file in files(desk, selection.wanted, by=by) if _refers(file, selection)]
    content = {
        "format": kind,
        "cases": len(rows),
        "with_text": selection.with_text,
        "filter": selection.wanted.model_dump(mode="json", exclude={"limit"}, exclude_defaults=True),
    }
    desk.log(EventKind.EXPORTED, content, by=by)
    return rows


def files(desk: Desk, wanted: Filter, *, by: Actor, page: int = PAGE) -> Iterator[CaseFile]:
    """Every case that fits and that somebody may see, with its events, newest first, however many ``wanted`` limits.

    ``page`` are read at a time.
    """
    for cases in _pages(desk, wanted, by=by, page=page):
        with desk.bench.database.reading() as connection:
            events = [desk.bench.ledger.events(connection, case.id) for case in cases]
        yield from (CaseFile(case=case, events=own) for case, own in zip(cases, events, strict=True))


def row_of(file: CaseFile, selection: Selection) -> Row:
    """The columns of one case; several values in one column are a list."""
    case, answer = file.case, file.answer
    known = answer.situation.known() if answer else {}
    row: Row = case.model_dump(mode="json", include=set(PLAIN))
    row |= {"case": case.id, "hours_to_decide": hours_to_decide(case), "decided_late": decided_late(case)}
    row |= {column: list(known.get(facet, ())) for column, facet in FACETS.items()}
    row["documents"] = list(dict.fromkeys(each.document for each in answer.citations)) if answer else []
    if selection.with_text:
        row |= _texts(file)
    return {column: row.get(column) for column in selection.columns}


def hours_to_decide(case: Case) -> float | None:
    """Hours from the opening to the decision; None for what is not decided or was recorded without a case."""
    if case.decided_at is None or not case.role:
        return None
    return round((case.decided_at - case.opened_at).total_seconds() / 3600, 2)


def decided_late(case: Case) -> bool | None:
    """Whether the decision came after its due time; None where there is no decision or no due time."""
    return case.decided_at > case.due_at if case.decided_at and case.due_at else None


def as_csv(rows: Iterable[Row], *, columns: Sequence[str]) -> str:
    """Rows for a spreadsheet, in which no text can act as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([defused(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def defused(value: object) -> str:
    """A cell as text; one that a spreadsheet would run has an apostrophe before it, as OWASP advises."""
    if value is None:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def _texts(file: CaseFile) -> Row:
    decision = file.decision
    said: Row = decision.model_dump(mode="json") if decision else {}
    by = said.pop("decided_by", {})
    noted = (str(event.content[name]) for event in file.events if event.content for name in ("text", "why", "about")
             if event.content.get(name))  # fmt: skip
    return {
        **{name: said.get(name) for name in (*TEXT_FIELDS, "review_on")},
        "asker": file.case.asker,
        "holder": file.case.holder,
        "question": file.case.question,
        "decided_by": by.get("name"),
        "decided_in_role": by.get("role"),
        "said": list(noted),
    }


def _refers(file: CaseFile, selection: Selection) -> bool:
    if selection.reference is None:
        return True
    made = (event.content["decision"] for event in file.events if event.content and "decision" in event.content)
    return any((decision.get("reference") or "").casefold() == selection.reference.casefold() for decision in made)


def _pages(desk: Desk, wanted: Filter, *, by: Actor, page: int) -> Iterator[tuple[Case, ...]]:
    after = wanted.after
    while found := desk.list(wanted.model_copy(update={"limit": page, "after": after}), by=by):
        yield found
        after = found[-1].id
