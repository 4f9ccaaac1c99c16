"""``advisor show`` and ``advisor feedback``: what was kept is shown again, and people say whether it helped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.conftest import QUESTION, Run


@pytest.fixture
def kept(advisor: Run) -> str:
    """The id of an answer that is kept."""
    return str(json.loads(advisor("ask", QUESTION, "--json").out)["id"])


def test_an_answer_is_shown_again_as_it_was(advisor: Run) -> None:
    asked = advisor("ask", QUESTION)
    name = asked.lines[-3].split()[1].rstrip(".") if asked.lines[-3].startswith("Answer ") else ""
    name = name or next(line.split()[1].rstrip(".") for line in asked.lines if line.startswith("Answer "))
    shown = advisor("show", name)
    assert shown.code == 0
    assert shown.out.endswith(asked.out)
    assert f"UTC: {QUESTION}" in " ".join(shown.out.split())
    assert max(map(len, shown.lines)) <= 80


def test_json_is_the_object_as_it_was(advisor: Run) -> None:
    asked = json.loads(advisor("ask", QUESTION, "--json").out)
    assert json.loads(advisor("show", asked["id"], "--json").out) == asked


def test_full_shows_everything_of_a_kept_answer(advisor: Run, kept: str) -> None:
    assert len(advisor("show", kept, "--full").lines) > len(advisor("show", kept).lines)


def test_the_start_of_an_id_is_enough(advisor: Run, kept: str) -> None:
    assert advisor("show", kept[:6]).out == advisor("show", kept).out


@pytest.mark.parametrize("command", [["show", "zzz"], ["feedback", "zzz", "--helpful"]])
def test_an_id_that_is_not_kept_is_used_wrongly(advisor: Run, command: list[str]) -> None:
    ran = advisor(*command)
    assert (ran.code, ran.out) == (2, "")
    assert "Error: No kept answer has the id 'zzz'. Ids are shown at the end of each answer." in ran.err


@pytest.mark.parametrize(("option", "said"), [("--helpful", "helpful."), ("--not-helpful", "not helpful.")])
def test_feedback_is_kept_with_its_answer(advisor: Run, kept: str, option: str, said: str) -> None:
    ran = advisor("feedback", kept, option, "--why", "It named the DPO.")
    assert (ran.code, ran.out) == (0, "Thank you. It is kept with the answer.\n")
    assert advisor("show", kept).lines[-1].endswith(f": {said} It named the DPO.")


def test_personal_data_in_the_reason_is_taken_out_before_it_is_kept(advisor: Run, kept: str, home: Path) -> None:
    why = "Mrs Joan Smith on 07700 900123, NHS number 943 476 5919, said it helped."
    assert advisor("feedback", kept, "--helpful", "--why", why).code == 0
    written = b"".join(path.read_bytes() for path in home.glob("answers.sqlite3*"))
    for personal in ("Smith", "07700 900123", "943 476 5919"):
        assert personal not in advisor("show", kept).out
        assert personal.encode() not in written
    assert "[NHS NUMBER]" in advisor("show", kept).out


def test_feedback_that_does_not_say_whether_it_helped_is_used_wrongly(advisor: Run, kept: str) -> None:
    ran = advisor("feedback", kept)
    assert (ran.code, "Say --helpful or --not-helpful." in ran.err) == (2, True)


def test_nothing_is_kept_when_keeping_is_switched_off(advisor: Run, home: Path) -> None:
    assert advisor("ask", QUESTION, ADVISOR_KEEP="false").code == 0
    assert not list(home.glob("answers.sqlite3*"))


def test_a_fault_is_not_kept(advisor: Run, home: Path) -> None:
    assert advisor("ask", "\u200b").code == 4
    assert not list(home.glob("answers.sqlite3*"))


def test_a_store_elsewhere_is_used(advisor: Run, tmp_path: Path, home: Path) -> None:
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    name = json.loads(advisor("ask", QUESTION, "--json", ADVISOR_DATABASE=elsewhere).out)["id"]
    assert advisor("show", name, ADVISOR_DATABASE=elsewhere).code == 0
    assert not list(home.glob("answers.sqlite3*"))
