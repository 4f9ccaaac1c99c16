"""Keeps answers, redacted, and what people said of them; the only place that knows SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import JSON, Boolean, DateTime, ForeignKey, String, Text, create_engine, delete, event, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from advisor.errors import AnswerNotKept, StoreError
from advisor.models import Answer
from knowledge.models import FrozenModel


class _Base(DeclarativeBase):
    pass


class _KeptAnswer(_Base):
    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    outcome: Mapped[str] = mapped_column(String(64), index=True)
    question: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class _Feedback(_Base):
    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), index=True)
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    helpful: Mapped[bool] = mapped_column(Boolean)
    why: Mapped[str] = mapped_column(Text, default="")


class Feedback(FrozenModel):
    """What one person said of one answer."""

    given_at: datetime
    helpful: bool
    why: str


class AnswerStore:
    """Answers and feedback in a database, removed when their time is over."""

    def __init__(self, url: str, *, keep_days: int) -> None:
        self._url, self._keep = url, timedelta(days=keep_days)
        with self._translated():
            self._engine = create_engine(url)
            if self._engine.dialect.name == "sqlite":
                event.listen(self._engine, "connect", _prepare_sqlite)
            _Base.metadata.create_all(self._engine)

    def keep(self, answer: Answer) -> None:
        """Keeps one answer, and removes those whose retention is over."""
        row = _KeptAnswer(
            id=answer.id,
            asked_at=answer.asked_at,
            outcome=answer.outcome.value,
            question=answer.question,
            body=answer.as_json(),
        )
        with self._session() as session:
            session.add(row)
            session.execute(delete(_KeptAnswer).where(_KeptAnswer.asked_at < datetime.now(UTC) - self._keep))

    def find(self, answer: str) -> Answer:
        """The answer of that id, or the only one whose id starts so.

        Raises:
            AnswerNotKept: when there is none, or several.
            StoreError: when it was kept by a version that wrote answers differently.
        """
        with self._session() as session:
            matching = select(_KeptAnswer).where(_KeptAnswer.id.startswith(answer, autoescape=True)).limit(2)
            found = session.scalars(matching).all()
            if len(found) != 1:
                many = "More than one kept answer starts with" if found else "No kept answer has the id"
                raise AnswerNotKept(f"{many} {answer!r}. Ids are shown at the end of each answer.")
            return _restored(found[0])

    def add_feedback(self, answer: str, *, helpful: bool, why: str) -> None:
        """Notes whether an answer helped; ``why`` must already be free of personal data.

        Raises:
            AnswerNotKept: when there is no such answer.
        """
        kept = self.find(answer)
        with self._session() as session:
            session.add(_Feedback(answer=kept.id, given_at=datetime.now(UTC), helpful=helpful, why=why))

    def feedback(self, answer: str) -> tuple[Feedback, ...]:
        """What was said of an answer, oldest first."""
        with self._session() as session:
            rows = session.scalars(select(_Feedback).where(_Feedback.answer == answer).order_by(_Feedback.id)).all()
            return tuple(Feedback(given_at=row.given_at, helpful=row.helpful, why=row.why) for row in rows)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self._translated(), Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, ImportError) as error:
            cause = getattr(error, "orig", None) or error
            mend = "Free some space there, set ADVISOR_DATABASE, or keep nothing: ADVISOR_KEEP=false."
            raise StoreError(f"The answer store at {_shown(self._url)} cannot be used: {cause}. {mend}") from error


def _restored(row: _KeptAnswer) -> Answer:
    try:
        return Answer.model_validate(row.body)
    except ValidationError as error:
        message = f"Answer {row.id} was kept by another version and cannot be shown. Ask the question again."
        raise StoreError(message) from error


def _shown(url: str) -> str:
    """A database URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "ADVISOR_DATABASE"


def sqlite_url(home: Path) -> str:
    """The SQLAlchemy URL of the store that lives in the advisor's own folder."""
    return f"sqlite:///{home / 'answers.sqlite3'}"


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=5000")
