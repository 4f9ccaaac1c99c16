"""``advisor kb gaps``: what people asked and were not served, in groups, with the nearest documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.conftest import QUESTION, Run

DRONE = "May our council fly a drone over allotments and share the film with the police?"
DRONE_TOO = "May the council fly its drone over the allotments and share that film with police?"


@pytest.fixture
def asked(advisor: Run) -> Run:
    """A store in which two questions that are alike did not help, and one that is not did."""
    for question, helped in ((DRONE, False), (DRONE_TOO, False), (QUESTION, True)):
        answer = json.loads(advisor("ask", question, "--json").out)["id"]
        options = ["--helpful"] if helped else ["--not-helpful", "--why", "Nothing on drones. Ring John Smith."]
        assert advisor("feedback", answer, *options).code == 0
    return advisor


def test_questions_alike_that_did_not_help_are_one_gap_with_the_nearest_documents(asked: Run) -> None:
    ran = asked("kb", "gaps")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[0].startswith("1. May ")
    told = " ".join(ran.out.split())
    assert "Asked 2 times, " in told
    assert "not helpful (2)" in told
    assert "also: May " in told
    assert told.count("said: Nothing on drones. Ring [NAME 1].") == 1
    assert told.count("near: ") >= 3
    assert "near: police-asking: The police ask about a tenant" in told
    assert max(map(len, ran.lines)) <= 80


def test_gaps_prints_its_object(asked: Run) -> None:
    found = json.loads(asked("kb", "gaps", "--json").out)
    first = found["shown"][0]
    assert (found["schema"], found["since"], found["answers"]) == ("advisor.kb.gaps/1", None, 3)
    assert found["gaps"] == len(found["shown"])
    assert found["not_served"] == sum(gap["asked"] for gap in found["shown"])
    assert {first["question"], *first["others"]} == {DRONE, DRONE_TOO}
    assert (first["asked"], first["reasons"], first["said"]) == (
        2,
        {"not_helpful": 2},
        ["Nothing on drones. Ring [NAME 1]."],
    )
    assert set(first["nearest"][0]) == {"id", "title", "score"}


def test_only_so_many_gaps_are_shown_as_are_asked_for_and_the_rest_is_said(asked: Run) -> None:
    asked("feedback", json.loads(asked("ask", QUESTION, "--json").out)["id"], "--not-helpful")
    ran = asked("kb", "gaps", "--limit", "1")
    assert "2. " not in ran.out
    assert ran.lines[-1].endswith("Shown: the first 1.")


def test_only_what_was_asked_since_a_day_counts(asked: Run) -> None:
    assert json.loads(asked("kb", "gaps", "--since", "2020-01-01", "--json").out)["answers"] == 3
    later = json.loads(asked("kb", "gaps", "--since", "2999-01-01", "--json").out)
    assert (later["since"], later["answers"], later["shown"]) == ("2999-01-01", 0, [])


def test_a_store_without_answers_says_so_without_an_index(advisor: Run, tmp_path: Path) -> None:
    ran = advisor("kb", "gaps", ADVISOR_HOME=str(tmp_path / "new"))
    assert (ran.code, ran.err) == (0, "")
    assert " ".join(ran.out.split()) == (
        "No answers are kept. They are kept as people ask, unless ADVISOR_KEEP is false."
    )


@pytest.mark.parametrize("options", [["--since", "yesterday"], ["--limit", "0"], ["--limit", "many"]])
def test_a_day_or_number_that_cannot_be_read_is_used_wrongly(advisor: Run, options: list[str]) -> None:
    assert advisor("kb", "gaps", *options).code == 2
