from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.phrases import Match, PhraseFinder, read_words

FINDER = PhraseFinder(
    [
        ("police", "police"),
        ("police officer", "officer"),
        ("social worker", "social_care"),
        ("a&e", "emergency"),
        ("women's aid", "voluntary"),
        ("care home", "care"),
        ("home", "home"),
        ("press", "press"),
    ]
)


def _found(text: str) -> list[tuple[str, str]]:
    """What each match stands for, and the words of the text it covers."""
    words = read_words(text)
    return [(match.value, text[words[match.first].start : words[match.after - 1].end]) for match in FINDER.find(words)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the POLICE rang", [("police", "POLICE")]),
        ("two social workers came", [("social_care", "social workers")]),
        ("the social worker’s notes", [("social_care", "social worker’s")]),
        ("she is in A&E now", [("emergency", "A&E")]),
        ("Womens Aid asked", [("voluntary", "Womens Aid")]),
        ("women’s aid asked", [("voluntary", "women’s aid")]),
        ("the press", [("press", "press")]),
        ("a policeman at homework club", []),
        ("social-worker, (police)", [("social_care", "social-worker"), ("police", "police")]),
        ("", []),
        ("?!", []),
    ],
)
def test_whole_words_are_found_in_any_case_singular_or_plural(text: str, found: list[tuple[str, str]]) -> None:
    assert _found(text) == found


def test_the_longest_phrase_wins_and_phrases_do_not_overlap() -> None:
    assert _found("the police officer told the police") == [("officer", "police officer"), ("police", "police")]
    assert _found("his care home, her home") == [("care", "care home"), ("home", "home")]


@pytest.mark.parametrize("end", [".", "?", "!", ";", "\n", ". \n"])
def test_a_phrase_does_not_reach_over_the_end_of_a_sentence(end: str) -> None:
    assert _found(f"I rang the police{end} Officer Smith came") == [("police", "police")]


def test_a_comma_or_a_line_wrap_of_words_does_not_end_a_sentence() -> None:
    assert [word.sentence for word in read_words("one, two - three (four) five. Six? seven")] == [0, 0, 0, 0, 0, 1, 2]


def test_of_two_meanings_of_one_phrase_the_first_given_wins() -> None:
    finder = PhraseFinder([("ward", "health"), ("ward", "council")])

    assert finder.find(read_words("the ward")) == [Match("health", 1, 2)]


def test_phrases_without_words_are_never_found() -> None:
    assert PhraseFinder([("", "nothing"), ("?!", "nothing")]).find(read_words("what?!")) == []


@given(st.text(max_size=200))
def test_every_word_read_is_where_it_says_it_is(text: str) -> None:
    words = read_words(text)

    assert [word.start for word in words] == sorted({word.start for word in words})
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert all(word.folded == word.folded.lower() for word in words if text.isascii())


@given(st.text("policeofrcwksA& .,'", max_size=80))
def test_matches_are_in_order_within_one_sentence_and_apart(text: str) -> None:
    words = read_words(text)

    matches = FINDER.find(words)

    assert all(before.after <= match.first for before, match in zip(matches, matches[1:], strict=False))
    for match in matches:
        assert match.first < match.after
        assert len({word.sentence for word in words[match.first : match.after]}) == 1
