"""Text from people and documents in Slack: it is shown, and does nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.slack.arriving import words_of
from integrations.slack.escaping import clipped, is_web_address, link, plain
from tests.unit.slack.answers import NASTY


def test_nothing_that_slack_would_parse_is_left_in_a_text() -> None:
    shown = plain(NASTY)
    assert not re.search(r"[<>*~`\n]", shown)
    assert "&lt;!channel&gt;" in shown
    assert "&lt;@U024BE7LH&gt;" in shown
    assert ":bomb:" not in shown


@given(st.text(max_size=300))
def test_no_text_can_open_a_tag_a_format_or_a_line(text: str) -> None:
    shown = plain(text)
    assert not re.search(r"[<>*~`\n\r]", shown)
    assert not re.search(r"&(?!amp;|lt;|gt;)", shown)


@given(st.text(alphabet="&<>ab ", max_size=400), st.integers(min_value=20, max_value=200))
def test_a_clipped_text_keeps_to_its_length_as_sent_and_cuts_no_entity(text: str, most: int) -> None:
    shown = plain(text, most=most)
    assert len(shown) <= most
    assert not re.search(r"&(?!amp;|lt;|gt;)", shown)


def test_a_short_text_is_not_clipped() -> None:
    assert plain("Ask first.", most=20) == "Ask first."


def test_a_long_text_is_cut_at_a_word_and_says_so() -> None:
    assert clipped("one two three four", 12) == "one two …"


def test_an_underscore_inside_a_word_stays() -> None:
    assert plain("court_papers") == "court_papers"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://",
        "https://a b",
        "ftp://a.b",
        "https://[",
        "",
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url: str) -> None:
    assert not is_web_address(url)
    assert link("[1]", url=url) == "[1]"


def test_a_link_cannot_be_broken_out_of_by_its_label_or_address() -> None:
    made = link("a|b> <!here>", url="https://example.org/?a=1&b=2|x")
    assert made == "<https://example.org/?a=1&amp;b=2%7Cx|a|b&gt; &lt;!here&gt;>"


def test_an_address_with_a_bracket_is_no_link() -> None:
    assert link("[1]", url="https://example.org/>") == "[1]"


def test_what_slack_marks_up_is_read_as_people_see_it() -> None:
    said = "<@U0BOT0001> can <@U1|sam> tell <https://x.example|the school> &amp; <#C1|general> about &lt;it&gt; <!here>"
    assert words_of(said) == "can  tell the school & general about <it> here"
