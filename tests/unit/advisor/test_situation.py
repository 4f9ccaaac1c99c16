"""Who, what, whom and why are read from the words, and each reading keeps the words that say so."""

from __future__ import annotations

import pytest

from advisor.models import FacetReading, ReadFrom, Situation
from advisor.situation import clauses
from knowledge.vocabulary import load_vocabulary
from tests.advising import POLICE_QUESTION, the_reader


def read(text: str) -> Situation:
    return the_reader().read(text)


def test_a_question_tells_who_holds_who_asks_about_whom_and_what() -> None:
    situation = read(POLICE_QUESTION)
    assert situation.known() == {
        "holder": ("housing",),
        "recipient": ("police",),
        "subject": ("adult",),
        "information": ("contact_details",),
        "nation": ("england",),
        "mode": ("request",),
    }


def test_what_nothing_says_is_unknown_and_unknown_is_a_value() -> None:
    assert read(POLICE_QUESTION).purpose == FacetReading(value=None, from_=None, words=None)


def test_the_nation_alone_is_assumed_and_says_so() -> None:
    situation = read("")
    assert situation == Situation(nation=FacetReading(value="england", from_=ReadFrom.DEFAULT))


@pytest.mark.parametrize(
    ("text", "facet", "value"),
    [
        ("Social care have asked for his file", "recipient", "social_care"),
        ("the GP wants to know about her drinking", "recipient", "health"),
        ("a journalist has rung about one of our tenants", "recipient", "press"),
        ("her MP has asked us about the case", "recipient", "elected_representative"),
        ("my pupil told me something", "holder", "education"),
        ("we are a charity and the police have asked", "holder", "voluntary"),
        ("I'm a nurse on a ward in Cardiff", "nation", "wales"),
        ("we work in Glasgow", "nation", "scotland"),
        ("we are in Belfast", "nation", "northern_ireland"),
        ("she refused, can I still tell them", "consent", "refused"),
        ("her mum has said no", "consent", "parent_refused"),
        ("we don't have consent", "consent", "not_given"),
        ("he has given consent", "consent", "given"),
        ("can we send the list every month", "mode", "routine"),
        ("I've already shared it by mistake", "mode", "after_the_fact"),
        ("it is for a MARAC", "purpose", "domestic_abuse"),
        ("a subject access request", "purpose", "subject_access"),
        ("the man has died and his son asks", "subject", "deceased"),
    ],
)
def test_plain_words_are_read(text: str, facet: str, value: str) -> None:
    reading = read(text).reading(facet)
    assert value in reading.values
    assert reading.from_ is ReadFrom.WORDS


def test_a_reading_keeps_words_that_stand_in_the_question() -> None:
    for text in (POLICE_QUESTION, "Her GP in Cardiff wants the file of my pupil, who is 12. She refused."):
        situation = read(text)
        for facet in Situation.model_fields:
            assert (situation.reading(facet).words or "") in text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("she is 15, can I tell the school", "child"),
        ("a girl aged 9 told me", "child"),
        ("my client is 34 years old", "adult"),
        ("he is 17", "child"),
        ("he is 18", "adult"),
    ],
)
def test_an_age_makes_a_child_or_an_adult(text: str, value: str) -> None:
    assert value in read(text).subject.values


@pytest.mark.parametrize("text", ["15 of our files", "she left 15 minutes ago", "24 hours ago"])
def test_a_number_that_is_no_age_makes_nobody_a_child(text: str) -> None:
    assert "child" not in read(text).subject.values


@pytest.mark.parametrize("text", ["we do not have consent", "we have no consent", "she hasn't given consent"])
def test_consent_that_is_denied_is_not_given(text: str) -> None:
    assert read(text).consent.value == "not_given"


def test_an_option_overrides_the_words_and_the_profile_only_fills_gaps() -> None:
    situation = the_reader().read(
        POLICE_QUESTION, options={"recipient": "press"}, profile={"holder": "health", "nation": "wales"}
    )
    assert situation.recipient == FacetReading(value="press", from_=ReadFrom.OPTION)
    assert (situation.holder.value, situation.holder.from_) == ("housing", ReadFrom.WORDS)
    assert situation.nation == FacetReading(value="wales", from_=ReadFrom.PROFILE)


def test_meaning_is_used_only_where_no_word_said_anything_and_only_when_it_is_near() -> None:
    near = {"purpose": ("crime", 0.99, "a clause"), "recipient": ("press", 0.99, "a clause")}
    situation = the_reader().read(POLICE_QUESTION, meanings=near)
    assert (situation.purpose.value, situation.recipient.value) == ("crime", "police")
    far = the_reader().read(POLICE_QUESTION, meanings={"purpose": ("crime", 0.1, "a clause")})
    assert far.purpose.value is None


def test_every_value_read_is_one_of_the_vocabulary() -> None:
    vocabulary = load_vocabulary()
    every_word = ". ".join(
        word for facet in vocabulary.facets.values() for value in facet.values.values() for word in value.words
    )
    for facet, values in read(every_word).known().items():
        assert set(values) <= set(vocabulary.facets[facet].values)


def test_a_word_alone_is_read_as_the_value_it_belongs_to() -> None:
    for value, entry in load_vocabulary().facets["nation"].values.items():
        assert read(f"We work in {entry.words[0]}").nation.value == value


def test_clauses_cover_the_sentences_of_a_text_and_stay_inside_it() -> None:
    text = "She is 15, and her mum has said no. The school wants to know!"
    spans = clauses(text)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert "her mum has said no" in " / ".join(text[start:end] for start, end in spans)


def test_a_text_too_short_for_a_clause_is_one_clause() -> None:
    assert clauses("why") == [(0, 3)]
