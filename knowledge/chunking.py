"""Cuts documents into the pieces that are indexed: bullets of one heading, packed to about 500 characters."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.models import Bullet, Document, FrozenModel, Section, SectionRole

PACK_TO = 500
"""Characters a chunk is filled up to; best or tied in 4 of 6 settings measured (evals/README.md)."""


class Cutting(FrozenModel):
    """How documents are cut; an index is only ever brought up to date with the cutting it was built with."""

    pack_to: int = PACK_TO
    titled: bool = True
    """Whether title and heading path come before the text in what is embedded and searched by words."""


CUTTING = Cutting()
"""How the knowledge base is cut; others are there to be measured."""


class Chunk(FrozenModel):
    """A heading-sized piece of one document."""

    id: str
    """Document id, section number and chunk number: ``care-act-2014-s45#1.0``."""
    document: str
    heading: str
    role: SectionRole
    first: int
    """Position of its first bullet among all the document's bullets."""
    text: str
    """The bullets, one a line."""
    embedded: str
    """What is embedded: as ``Cutting.titled`` says."""


def chunk(document: Document, *, cutting: Cutting = CUTTING) -> tuple[Chunk, ...]:
    """The chunks of one document, in reading order."""
    chunks: list[Chunk] = []
    first = 0
    for number, section in enumerate(document.sections):
        for part, bullets in enumerate(_packed(section, cutting.pack_to)):
            piece = _chunk(document, section, bullets, first=first, name=f"{number}.{part}")
            chunks.append(piece if cutting.titled else piece.model_copy(update={"embedded": piece.text}))
            first += len(bullets)
    return tuple(chunks)


def _packed(section: Section, pack_to: int) -> Iterator[list[Bullet]]:
    pack: list[Bullet] = []
    size = 0
    for bullet in section.bullets:
        if pack and size + len(bullet.text) > pack_to:
            yield pack
            pack, size = [], 0
        pack.append(bullet)
        size += len(bullet.text) + 1
    if pack:
        yield pack


def _chunk(document: Document, section: Section, bullets: list[Bullet], *, first: int, name: str) -> Chunk:
    text = "\n".join(bullet.text for bullet in bullets)
    return Chunk(
        id=f"{document.id}#{name}",
        document=document.id,
        heading=section.heading,
        role=section.role,
        first=first,
        text=text,
        embedded=f"{document.title}. {section.heading}.\n{text}",
    )
