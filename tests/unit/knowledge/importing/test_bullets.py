from __future__ import annotations

import pytest

from knowledge.errors import ImportRefused
from knowledge.importing.blocks import Block
from knowledge.importing.bullets import FITS, LONGEST, pieces, sections_of, sentences

SENTENCE = "Staff record each request and who asked for it before they answer. "


def test_a_paragraph_that_fits_stays_whole() -> None:
    assert list(pieces(SENTENCE.strip())) == [SENTENCE.strip()]


def test_a_long_paragraph_is_split_between_sentences_and_loses_nothing() -> None:
    text = (SENTENCE * 9).strip()
    split = list(pieces(text))
    assert " ".join(split) == text
    assert all(piece.endswith("answer.") and len(piece) <= FITS for piece in split)
    assert len(split) == 3


def test_a_sentence_too_long_to_show_is_cut_where_it_pauses_and_loses_nothing() -> None:
    text = "; ".join(["the officer says which crime it is about and why the address is needed"] * 12)
    split = list(pieces(text))
    assert " ".join(split) == text
    assert all(len(piece) <= LONGEST for piece in split)
    assert all(piece.endswith((";", "needed")) for piece in split)


def test_a_word_without_end_is_cut() -> None:
    assert "".join(pieces("x" * 2000)) == "x" * 2000
    assert max(map(len, pieces("x" * 2000))) <= FITS


@pytest.mark.parametrize(
    "text", ["Ask Dr. Jones first.", "See para. 4 and s. 115 of it.", "E.g. The police.", "J. Smith"]
)
def test_a_full_stop_after_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_a_rule_or_an_ornament_is_no_point() -> None:
    assert list(pieces("* * *")) == []


def test_a_pinpoint_is_the_page_or_the_headings_above_or_the_paragraph() -> None:
    blocks = [
        Block(text="Before any heading"),
        Block(text="Part 1", level=1),
        Block(text="Police [draft]", level=2),
        Block(text="Under both"),
        Block(text="Part 2", level=1),
        Block(text="On a page", place="p. 12"),
    ]
    told = [(heading, [(each.text, each.pinpoint) for each in bullets]) for heading, bullets in sections_of(blocks)]
    assert told == [
        ("Text", [("Before any heading", "paragraph 1")]),
        ("Police [draft]", [("Under both", "Part 1 > Police (draft)")]),
        ("Part 2", [("On a page", "p. 12")]),
    ]


def test_a_path_too_long_for_a_citation_keeps_its_lowest_headings() -> None:
    blocks = [Block(text="x" * 90, level=1), Block(text="Lowest", level=2), Block(text="Words")]
    assert sections_of(blocks)[0][1][0].pinpoint == "Lowest"


def test_a_source_without_words_is_refused() -> None:
    with pytest.raises(ImportRefused, match="it holds no text"):
        sections_of([Block(text="Only a heading", level=1)])


def test_more_text_than_a_document_can_hold_is_refused() -> None:
    with pytest.raises(ImportRefused, match="more than 5,000,000 characters"):
        sections_of(Block(text="x" * 1000) for _ in range(5001))
