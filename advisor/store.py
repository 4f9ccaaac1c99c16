"""Keeps answers, redacted, and what people said of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import RowMapping, delete, insert, select, true

from advisor.database import Database, sqlite_url
from advisor.errors import AnswerNotKept, StoreError
from advisor.models import Answer, NoteKind
from advisor.tables import ANSWERS, FEEDBACK
from knowledge.models import FrozenModel

__all__ = ["MEND", "AnswerStore", "Feedback", "sqlite_url"]
MEND = "Free some space there, set ADVISOR_DATABASE, or keep nothing: ADVISOR_KEEP=false."


class Feedback(FrozenModel):
    """What one person said of one answer."""

    given_at: datetime
    helpful: bool
    why: str


class Recorded(FrozenModel):
    """One kept answer as far as it tells what the knowledge base lacks."""

    id: str
    asked_at: datetime
    outcome: str
    question: str
    """Redacted."""
    not_covered: int = 0
    """How many parts of the answer said that nothing was found on them."""
    feedback: tuple[Feedback, ...] = ()
    """Oldest first."""


class AnswerStore:
    """Answers and feedback in a database, removed when their time is over."""

    def __init__(self, database: Database | str, *, keep_days: int) -> None:
        """``database`` may be its URL.

        Raises:
            StoreError: when it cannot be opened.
        """
        if isinstance(database, str):
            database = Database(database, what="answer store", mend=MEND)
        self._database = database
        self._keep = timedelta(days=keep_days)

    def keep(self, answer: Answer) -> None:
        """Keeps one answer, and removes those whose retention is over."""
        row = {
            "id": answer.id,
            "asked_at": answer.asked_at,
            "outcome": answer.outcome.value,
            "question": answer.question,
            "body": answer.as_json(),
        }
        with self._database.writing() as connection:
            connection.execute(insert(ANSWERS).values(row))
            connection.execute(delete(ANSWERS).where(ANSWERS.c.asked_at < datetime.now(UTC) - self._keep))

    def find(self, answer: str) -> Answer:
        """The answer of that id, or the only one whose id starts so.

        Raises:
            AnswerNotKept: when there is none, or several.
            StoreError: when it was kept by a version that wrote answers differently.
        """
        matching = select(ANSWERS).where(ANSWERS.c.id.startswith(answer, autoescape=True)).limit(2)
        with self._database.reading() as connection:
            found = connection.execute(matching).mappings().all()
        if not found:
            raise AnswerNotKept(f"No kept answer has the id {answer!r}. Ids are shown at the end of each answer.")
        if len(found) > 1:
            raise AnswerNotKept(f"More than one kept answer starts with {answer!r}. Give more of its id.")
        return _restored(found[0])

    def add_feedback(self, answer: str, *, helpful: bool, why: str) -> None:
        """Notes whether an answer helped; ``why`` must already be free of personal data.

        Raises:
            AnswerNotKept: when there is no such answer.
        """
        kept = self.find(answer)
        said = {"answer": kept.id, "given_at": datetime.now(UTC), "helpful": helpful, "why": why}
        with self._database.writing() as connection:
            connection.execute(insert(FEEDBACK).values(said))

    def feedback(self, answer: str) -> tuple[Feedback, ...]:
        """What was said of an answer, oldest first."""
        columns: tuple[Any, ...] = (FEEDBACK.c.given_at, FEEDBACK.c.helpful, FEEDBACK.c.why)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).where(FEEDBACK.c.answer == answer).order_by(FEEDBACK.c.id)).all()
        return tuple(Feedback(given_at=row.given_at, helpful=row.helpful, why=row.why) for row in rows)

    def recorded(self, *, since: datetime | None = None) -> tuple[Recorded, ...]:
        """Every answer kept since then, oldest first, without what it said."""
        wanted = ANSWERS.c.asked_at >= since.astimezone(UTC) if since else true()
        answers = select(
            ANSWERS.c.id, ANSWERS.c.asked_at, ANSWERS.c.outcome, ANSWERS.c.question, ANSWERS.c.body["notes"]
        )
        said = select(FEEDBACK).join(ANSWERS, ANSWERS.c.id == FEEDBACK.c.answer).where(wanted).order_by(FEEDBACK.c.id)
        feedback: dict[str, list[Feedback]] = {}
        with self._database.reading() as connection:
            rows = connection.execute(answers.where(wanted).order_by(ANSWERS.c.asked_at, ANSWERS.c.id)).all()
            for row in connection.execute(said):
                one = Feedback(given_at=row.given_at, helpful=row.helpful, why=row.why)
                feedback.setdefault(row.answer, []).append(one)
        return tuple(
            Recorded(
                id=name,
                asked_at=asked_at if asked_at.tzinfo else asked_at.replace(tzinfo=UTC),
                outcome=outcome,
                question=question,
                not_covered=sum(note["kind"] == NoteKind.NOT_COVERED for note in notes or ()),
                feedback=tuple(feedback.get(name, ())),
            )
            for name, asked_at, outcome, question, notes in rows
        )

    def close(self) -> None:
        self._database.close()


def _restored(row: RowMapping) -> Answer:
    try:
        return Answer.model_validate(row["body"])
    except ValidationError as error:
        message = f"Answer {row['id']} was kept by another version and cannot be shown. Ask the question again."
        raise StoreError(message) from error
