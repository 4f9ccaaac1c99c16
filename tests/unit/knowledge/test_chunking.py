from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import PACK_TO, Chunk, Cutting, chunk
from knowledge.models import Bullet, Document, Section, SectionRole


def _document(template: Document, *sections: list[str]) -> Document:
    made = tuple(
        Section(
            heading=f"Heading {number}",
            role=SectionRole.GUIDANCE,
            bullets=tuple(Bullet(text=text, pinpoint="s 1") for text in texts),
        )
        for number, texts in enumerate(sections)
    )
    return template.model_copy(update={"id": "asking", "title": "The police ask", "sections": made})


@pytest.fixture
def template(documents: tuple[Document, ...]) -> Document:
    return documents[0]


def test_a_chunk_carries_its_title_and_heading_into_what_is_embedded(template: Document) -> None:
    document = _document(template, ["One.", "Two."])

    assert chunk(document) == (
        Chunk(
            id="asking#0.0",
            document="asking",
            heading="Heading 0",
            role=SectionRole.GUIDANCE,
            first=0,
            text="One.\nTwo.",
            embedded="The police ask. Heading 0.\nOne.\nTwo.",
        ),
    )


def test_bullets_are_packed_to_about_five_hundred_characters(template: Document) -> None:
    document = _document(template, ["a" * 200, "b" * 200, "c" * 98, "d" * 98, "e" * 10])

    assert [piece.text for piece in chunk(document)] == [
        "\n".join(("a" * 200, "b" * 200, "c" * 98)),
        "\n".join(("d" * 98, "e" * 10)),
    ]


def test_a_bullet_is_never_cut_however_long_it_is(template: Document) -> None:
    document = _document(template, ["short", "x" * 2000, "short again"])

    assert [piece.text for piece in chunk(document)] == ["short", "x" * 2000, "short again"]


def test_a_chunk_never_reaches_over_a_heading(template: Document) -> None:
    document = _document(template, ["One."], ["Two.", "Three."])

    assert [(piece.id, piece.heading, piece.first) for piece in chunk(document)] == [
        ("asking#0.0", "Heading 0", 0),
        ("asking#1.0", "Heading 1", 1),
    ]


@given(st.lists(st.lists(st.text("ab ", min_size=1, max_size=300), min_size=1, max_size=8), min_size=1, max_size=4))
def test_every_bullet_is_in_one_chunk_in_order_and_first_says_which(sections: list[list[str]]) -> None:
    template = Document.model_construct()
    made = tuple(
        Section(heading="Heading", role=SectionRole.GUIDANCE, bullets=tuple(Bullet(text=text) for text in texts))
        for texts in sections
    )
    document = template.model_copy(update={"id": "asking", "title": "Title", "sections": made})
    bullets = [bullet.text for bullet in document.bullets()]

    pieces = chunk(document)

    held = [piece.text.split("\n") for piece in pieces]
    assert [text for texts in held for text in texts] == bullets
    assert [bullets[piece.first] for piece in pieces] == [texts[0] for texts in held]
    assert all(len(piece.text) <= PACK_TO or len(texts) == 1 for piece, texts in zip(pieces, held, strict=True))
    assert len({piece.id for piece in pieces}) == len(pieces)


def test_what_is_embedded_can_be_cut_otherwise_to_measure_it(template: Document) -> None:
    document = _document(template, ["a" * 200, "b" * 200, "c" * 200])
    whole, usual, small = (chunk(document, cutting=Cutting(pack_to=size)) for size in (1000, PACK_TO, 300))
    assert [len(pieces) for pieces in (whole, usual, small)] == [1, 2, 3]
    assert usual == chunk(document)
    plain = chunk(document, cutting=Cutting(titled=False))
    assert [piece.embedded for piece in plain] == [piece.text for piece in usual]
