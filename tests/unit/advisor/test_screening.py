"""The first look at a question: nothing smuggled, nothing personal, danger heard."""

from __future__ import annotations

import pytest

from advisor.models import Urgency
from advisor.screening import LONGEST, visible
from tests.advising import EMERGENCY_QUESTION, POLICE_QUESTION, a_calm_vector, the_screener


def urgency(text: str) -> Urgency:
    return the_screener().screen(text).urgency


@pytest.mark.parametrize(
    ("smuggled", "seen"),
    [
        ("a\u200bb", "ab"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("a\u202eb", "ab"),
        ("\ufeffa", "a"),
        ("so\u00adcial", "social"),
        ("a\x00b\x1b[2Jc", "a b [2Jc"),
        ("a\ud800b", "a b"),
        ("  a   b \n\n  c  ", "a b\n\nc"),
        ("a\tb", "a b"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(smuggled: str, seen: str) -> None:
    assert visible(smuggled) == seen


def test_accents_and_other_scripts_stay() -> None:
    assert visible("Zoë Łukasz 李 مرحبا") == "Zoë Łukasz 李 مرحبا"


def test_personal_data_is_replaced_by_labels_and_counted() -> None:
    screening = the_screener().screen("Call Mrs Joan Smith on 07700 900123. Her NHS number is 943 476 5919.")
    assert "[NHS NUMBER]" in screening.text
    assert "Smith" not in screening.text
    assert "07700" not in screening.text
    assert {redaction.label for redaction in screening.redactions} >= {"NAME", "NHS NUMBER"}


def test_screening_a_screened_text_changes_nothing() -> None:
    once = the_screener().screen("Mrs Joan Smith, 07700 900123, asks where John Jones lives. NHS 943 476 5919.")
    assert the_screener().screen(once.text).text == once.text


def test_only_the_first_characters_of_a_pasted_document_are_read() -> None:
    assert not the_screener().screen("a" * LONGEST).is_too_long
    long = the_screener().screen("word " * LONGEST)
    assert long.is_too_long
    assert len(long.text) <= LONGEST


@pytest.mark.parametrize(
    "text",
    [
        EMERGENCY_QUESTION,
        "she has taken an overdose and stopped breathing, can I tell the ambulance crew about her HIV",
        "He is threatening to kill her right now. Who can I tell?",
        "There is a gas leak and I know who lives there. Can I give the fire service the list?",
        "HE IS KICKING HER DOOR IN NOW AND SHE IS ON THE PHONE TO ME. CAN I GIVE POLICE THE ADDRESS",
        "fella upstairs is batterin his missus rite now, can i giv the police her name",
    ],
)
def test_danger_now_is_an_emergency(text: str) -> None:
    assert urgency(text) is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        POLICE_QUESTION,
        "Can we share attendance data with the council every month?",
        "A researcher wants anonymised figures. Can we send them?",
        "She has not been asked.",
        "It went yesterday, to the school.",
        "CAN WE SEND THE ATTENDANCE FIGURES TO THE COUNCIL EVERY MONTH",
        "mum hasnt sed yes yet, can i ring the helth visitor about his speech",
    ],
)
def test_an_ordinary_question_is_no_emergency(text: str) -> None:
    assert urgency(text) is not Urgency.EMERGENCY


def test_danger_hidden_by_invisible_characters_is_heard() -> None:
    assert urgency("he has a kn\u200bife and is attack\u00ading her right now") is Urgency.EMERGENCY


def test_the_words_that_say_danger_are_kept() -> None:
    assert the_screener().screen(EMERGENCY_QUESTION).dangers


def test_meaning_never_lowers_an_emergency() -> None:
    screening = the_screener().screen(EMERGENCY_QUESTION)
    assert the_screener().with_meaning(screening, EMERGENCY_QUESTION, a_calm_vector()) == screening


def test_a_calm_meaning_leaves_an_ordinary_question_as_it_is() -> None:
    screening = the_screener().screen(POLICE_QUESTION)
    assert the_screener().with_meaning(screening, POLICE_QUESTION, a_calm_vector()) == screening


def test_an_empty_text_is_empty_and_calm() -> None:
    screening = the_screener().screen("")
    assert (screening.text, screening.redactions, screening.urgency) == ("", (), Urgency.ROUTINE)
