"""Runs the engine again on the sources as they stood when a case was opened, and shows what differs.

What is run again: the redacted question with its earlier turns and the values that were given as options, over the
documents word for word as they stood, as of the day it was asked, for the nation and sector of the profile as it was
then. What is not: the program itself, its model and its vocabulary are those of today; the result says whether they
are the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from advisor.cases import sources
from advisor.cases.models import CaseFile
from advisor.comparing import Change, changes_between
from advisor.database import Database
from advisor.errors import CaseError
from advisor.models import Answer, Question, ReadFrom, Situation, fold
from advisor.settings import Settings
from advisor.wiring import Workshop
from knowledge.index import Progress
from knowledge.loading import load_document
from knowledge.models import FrozenModel


class Replay(FrozenModel):
    """How the answer of a case compares with the one that the engine gives today on the same sources."""

    case: str
    answer: str
    knowledge: str
    """Digest of the knowledge base that answered."""
    is_current: bool
    """Whether it is the knowledge base in use today."""
    same_vocabulary: bool
    software_then: str | None
    software_now: str
    composer_then: str
    composer_now: str
    quotes: int
    quotes_missing: tuple[int, ...]
    """Numbers of citations whose quote is not in the kept source."""
    changes: tuple[Change, ...]
    """Empty: the engine gives the same answer."""


def replay(file: CaseFile, *, workshop: Workshop, database: Database, progress: Progress | None = None) -> Replay:
    """Asks again.

    Raises:
        CaseError: when the case holds no answer, or its sources were not kept.
    """
    answer = file.answer
    if answer is None:
        why = "it was purged" if file.case.purged_at else "it was recorded without an answer"
        raise CaseError(f"Case {file.case.id} holds no answer to run again: {why}.")
    with _as_it_stood(answer, workshop=workshop, database=database) as then:
        if then.content != workshop.content:
            then.build(progress=progress, base=workshop.index_folder)
        again = then.advisor(on_missing=lambda: then.build(progress=progress), today=answer.asked_at.date).answer(
            Question(text=answer.question, facets=_options(answer.situation), earlier=file.earlier)
        )
        return Replay(
            case=file.case.id,
            answer=answer.id,
            knowledge=answer.knowledge.digest or "",
            is_current=answer.knowledge.digest == workshop.content,
            same_vocabulary=then.content == answer.knowledge.digest,
            software_then=_software(file),
            software_now=version("can-i-share"),
            composer_then=answer.composer,
            composer_now=again.composer,
            quotes=len(answer.citations),
            quotes_missing=_missing_quotes(answer, then.paths),
            changes=changes_between(answer, again),
        )


@contextmanager
def _as_it_stood(answer: Answer, *, workshop: Workshop, database: Database) -> Iterator[Workshop]:
    """A workshop over a copy of the documents as they stood, with the index of today where that fits."""
    with tempfile.TemporaryDirectory(prefix="advisor-replay-") as name:
        folder = Path(name)
        with database.reading() as connection:
            if not sources.lay_out(connection, answer.knowledge.digest or "", folder=folder):
                raise CaseError(
                    "The sources of this case were not kept: the documents had changed before it was opened. "
                    'Its quotes are in the answer itself: see "advisor cases show".'
                )
        (folder / "profile.toml").write_text(_profile_then(answer.situation), encoding="utf-8")
        if (workshop.settings.home / "models").exists():
            (folder / "models").symlink_to((workshop.settings.home / "models").resolve())
        then = Workshop(_settings_then(workshop.settings, folder))
        if then.content == workshop.content:
            then = Workshop(then.settings, index_folder=workshop.index_folder)
        yield then


def _settings_then(settings: Settings, folder: Path) -> Settings:
    has_local = any((folder / "local").iterdir())
    return settings.model_copy(
        update={
            "home": folder,
            "content": folder / "content",
            "local": folder / "local" if has_local else None,
            "profile": folder / "profile.toml",
        }
    )


def _profile_then(situation: Situation) -> str:
    """What the profile said of the situation."""
    lines = []
    if situation.nation.from_ is ReadFrom.PROFILE:
        lines.append(f'nations = ["{situation.nation.value}"]')
    if situation.holder.from_ is ReadFrom.PROFILE:
        lines.append(f'sector = "{situation.holder.value}"')
    return "\n".join(lines)


def _options(situation: Situation) -> dict[str, str]:
    """Values that were given beside the words."""
    readings = {facet: situation.reading(facet) for facet in Situation.model_fields}
    return {name: read.value for name, read in readings.items() if read.value and read.from_ is ReadFrom.OPTION}


def _software(file: CaseFile) -> str | None:
    contents = (event.content for event in file.events if event.content)
    return next((content["software"] for content in contents if "software" in content), None)


def _missing_quotes(answer: Answer, paths: list[Path]) -> tuple[int, ...]:
    documents = (load_document(path) for path in paths)
    bullets = {document.digest: {fold(bullet.text) for bullet in document.bullets()} for document in documents}
    return tuple(
        citation.number for citation in answer.citations if fold(citation.quote) not in bullets.get(citation.digest, ())
    )
