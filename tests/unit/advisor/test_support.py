"""A rewording says no more, and no less strongly, than its quote."""

from __future__ import annotations

import pytest

from advisor.support import Unsupported, unsupported
from evals.hostile.calibration import load_pairs
from knowledge.embedding import OnnxEmbedder

QUOTE = (
    "A landlord may answer the police where a crime is being investigated under section 29, but not before 5 May 2026."
)


def alike(one: str, other: str) -> float:
    return 1.0


def test_a_quote_word_for_word_is_always_supported_and_costs_no_likeness() -> None:
    def never(one: str, other: str) -> float:
        raise AssertionError("asked")

    assert unsupported(QUOTE.replace(" ", "  "), QUOTE, likeness=never) is None


def test_the_same_words_in_another_order_are_supported() -> None:
    clause = "Where a crime is being investigated under section 29, "
    said = f"{clause}a landlord may answer the police, but not before 5 May 2026."
    assert unsupported(said, QUOTE, likeness=alike) is None


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("29", "30", Unsupported.NUMBER),
        ("5 May", "6 May", Unsupported.NUMBER),
        ("5 May 2026", "2026", Unsupported.OMISSION),
        ("section 29", "article 29", Unsupported.SECTION),
        ("but not", "but", Unsupported.NEGATION),
        ("may answer", "may not answer", Unsupported.NEGATION),
        ("may answer", "must answer", Unsupported.MODALITY),
        ("may answer", "should answer", Unsupported.MODALITY),
        ("may answer", "answers", Unsupported.MODALITY),
        ("where a crime is being investigated ", "", Unsupported.MODALITY),
        ("A landlord", "Any landlord", Unsupported.MODALITY),
        ("before", "after", Unsupported.OPPOSITE),
        ("the police", "the council", Unsupported.NAME),
        ("the police", "Ofsted", Unsupported.NAME),
        ("A landlord", "Grantshire", Unsupported.NAME),
        ("A landlord", "You", Unsupported.ADDRESS),
        ("A landlord", "Call: a landlord", Unsupported.ADDRESS),
        ("2026.", "2026!", Unsupported.ADDRESS),
        ("2026.", "2026?", Unsupported.ADDRESS),
        ("the police", "the police (www.example.org)", Unsupported.LINK),
        ("the police", "the police at a@b.example", Unsupported.LINK),
        ("the police", "<b>the police</b>", Unsupported.MARKUP),
        ("the police", "the police \U0001f600", Unsupported.MARKUP),
        ("the police", "[NAME 1]", Unsupported.MARKUP),
        ("crime", "lantern", Unsupported.WORDS),
        ("being investigated ", "", Unsupported.OMISSION),
    ],
)
def test_what_the_quote_does_not_bear_out_is_named(was: str, now: str, reason: Unsupported | None) -> None:
    assert was in QUOTE
    assert unsupported(QUOTE.replace(was, now), QUOTE, likeness=alike) is reason


def test_a_sentence_far_longer_than_its_quote_is_not_supported() -> None:
    assert unsupported(f"{QUOTE} {QUOTE}", QUOTE, likeness=alike) is Unsupported.LENGTH


def test_a_person_that_the_quote_does_not_name_is_not_supported() -> None:
    said = "A landlord, Joan Smith, may answer the police where a crime is being investigated."
    quote = "A landlord may answer the police where a crime is being investigated."
    assert unsupported(said, quote, likeness=alike) in (Unsupported.NAME, Unsupported.PERSONAL_DATA)


def test_a_sentence_that_is_not_like_its_quote_is_not_supported() -> None:
    said = "Where a crime is being investigated, a landlord may answer the police."
    quote = "A landlord may answer the police where a crime is being investigated."
    assert unsupported(said, quote, likeness=lambda one, other: 0.2) is Unsupported.MEANING


def test_most_faithful_rewordings_are_let_through(onnx_embedder: OnnxEmbedder) -> None:
    def near(one: str, other: str) -> float:
        return float(onnx_embedder.read(one, []).whole @ onnx_embedder.read(other, []).whole)

    held = [pair for pair in load_pairs() if unsupported(pair.reworded, pair.quote, likeness=near) is None]
    assert len(held) >= 0.65 * len(load_pairs())
