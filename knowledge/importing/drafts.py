"""Makes the draft document of one source, with a plain value in each field that its curator then completes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from knowledge.curating.drafting import DraftFields, suggested_id, write_draft
from knowledge.importing.blocks import Taken, tidy
from knowledge.importing.bullets import sections_of
from knowledge.models import FrozenModel, Nation

_LONGEST_TITLE = 120


class Choices(FrozenModel):
    """What the person who imports says of all sources alike."""

    by: str
    today: date
    to: Path
    """The folder of the organisation's own documents."""
    nations: tuple[Nation, ...] = tuple(Nation)
    sectors: tuple[str, ...] = ()
    owner: str = ""
    """By default who imports."""
    publisher: str = ""
    review_by: date | None = None
    title: str = ""
    id: str = ""
    """Chosen by the person: it may override a document that comes with the package."""


class Imported(FrozenModel):
    """A draft that was written."""

    source: str
    id: str
    title: str
    path: Path
    sections: int
    bullets: int
    left_out: tuple[str, ...] = ()


def draft(taken: Taken, *, name: str, source: str, url: str, choices: Choices) -> Imported:
    """Writes the draft of a source under the id ``name``.

    Args:
        source: its name as the person gave it; its last part names the document when nothing better does.
        url: where it can be looked at: its address, or its file's name.

    Raises:
        ImportRefused: when it holds no text.
        CurationRefused: when the folder has a document of that id; nothing is written.
        DocumentError: when what was read makes no document; nothing is written.
    """
    sections = sections_of(taken.blocks)
    title = choices.title or _title(taken, source)
    fields = DraftFields(
        id=name,
        title=title,
        summary=f"{title}. Imported from {tidy(url)} and not yet summarised.",
        source=title,
        url=url,
        publisher=choices.publisher or choices.owner or choices.by,
        nations=choices.nations,
        sectors=choices.sectors,
        author=choices.by,
        drafted=choices.today,
        review_by=choices.review_by,
        owner=choices.owner or choices.by,
        words="source_text",
    )
    path = write_draft(fields, sections=sections, folder=choices.to)
    return Imported(
        source=source,
        id=name,
        title=title,
        path=path,
        sections=len(sections),
        bullets=sum(len(bullets) for _, bullets in sections),
        left_out=taken.left_out,
    )


def name_of(source: str, *, choices: Choices, used: Collection[str]) -> str:
    """The id that was chosen, or one made of the title that was given or of the source's own name, not yet used."""
    if choices.id:
        return choices.id
    return suggested_id(choices.title or _stem(source), taken=used) or suggested_id("imported document", taken=used)


def _title(taken: Taken, source: str) -> str:
    """As the source calls itself, as its only highest heading says, or its name."""
    first = next((block.text for block in taken.blocks if block.level == 1), "")
    title = tidy(taken.title) or first or _stem(source).replace("-", " ").replace("_", " ")
    title = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 3].rstrip() + "..."
    return title if len(title) >= 3 else f"Document {title}".strip()


def _stem(source: str) -> str:
    name = Path(source.partition("?")[0].partition("#")[0].rstrip("/")).name
    return tidy(Path(name).stem or name)
