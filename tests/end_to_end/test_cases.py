"""``advisor cases`` from the asker's question to the purge, as people type it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from advisor.cases.models import Case
from advisor.cases.opening import open_desk
from advisor.database import open_database
from advisor.people import Actor
from advisor.settings import Settings
from advisor.wiring import Workshop
from integrations.cli.cases.desk import identity
from tests.casework import a_decision
from tests.end_to_end.conftest import QUESTION, Run

PROFILE = """
name = "Anytown Homes"
out_of_hours = "020 7946 0001"
asker_may_decide = {may}
[[contacts]]
role = "information_governance_lead"
name = "IG desk"
reach = "ig@example.org"
[[people]]
name = "Amira Khan"
identities = ["{me}", "slack:UAMIRA"]
roles = ["information_governance_lead", "data_protection_officer"]
[[people]]
name = "Ben Ode"
identities = ["os:bode"]
roles = ["information_governance_lead"]
"""
DECISION = """
outcome = "share_in_part_or_with_conditions"
reasons = "The officer named the crime."
lawful_basis = "public task, Art 6(1)(e)"
to_whom = "PC 1234 Smith, Croydon"
review_on = 2027-01-10
"""


@pytest.fixture
def me(home: Path) -> str:
    """Who types, whom the profile knows as Amira Khan."""
    write_profile(home)
    return identity()


def write_profile(home: Path, *, may: str = "true") -> None:
    (home / "profile.toml").write_text(PROFILE.format(me=identity(), may=may), encoding="utf-8")


@pytest.fixture
def answer(advisor: Run, me: str) -> str:
    return str(json.loads(advisor("ask", QUESTION, "--json").out)["id"])


@pytest.fixture
def case(advisor: Run, answer: str) -> str:
    return str(read(advisor, "cases", "open", answer)["case"]["id"])


def read(advisor: Run, *arguments: str, code: int = 0) -> Any:
    ran = advisor(*arguments, "--json")
    assert ran.code == code, ran.err
    return json.loads(ran.out)


def kinds(advisor: Run, case: str) -> list[str]:
    return [event["kind"] for event in read(advisor, "cases", "show", case)["events"]]


def test_asking_a_human_says_where_it_went_when_it_is_due_and_whom_to_reach(advisor: Run, me: str) -> None:
    ran = advisor("ask", QUESTION, "--escalate")
    assert ran.code == 0
    assert ran.out.startswith("UNDERSTOOD: ")
    told = " ".join(ran.err.split())
    assert "is with: information governance lead. Due " in told
    assert "To reach them: IG desk, ig@example.org" in told
    assert [case["question"] for case in read(advisor, "cases", "list")["cases"]] == [QUESTION]


def test_a_case_goes_from_question_to_decision_and_is_shown_whole(advisor: Run, answer: str, tmp_path: Path) -> None:
    (tmp_path / "decision.toml").write_text(DECISION, encoding="utf-8")
    case = read(advisor, "cases", "open", answer, "--why", "Mrs Joan Smith rang on 07700 900123")["case"]["id"]
    for command in (
        ("claim", case),
        ("ask", case, "Which crime?"),
        ("reply", case, "Burglary."),
        ("note", case, "Rang the station."),
        ("decide", case, "--from", str(tmp_path / "decision.toml"), "--not-sure"),
        ("close", case),
    ):
        ran = advisor("cases", *command)
        assert ran.code == 0, ran.err
        assert max(map(len, ran.lines)) <= 80
    shown = advisor("cases", "show", case[:6])
    said = " ".join(shown.out.split())
    assert max(map(len, shown.lines)) <= 80
    assert "closed: share in part or with conditions, Amira Khan" in said
    assert "- to whom: PC 1234 Smith, Croydon" in said
    assert "- purpose: not sure" in said
    assert "decided by: Amira Khan, information governance lead" in said
    assert "Which crime?" in said
    assert "Joan" not in said
    assert "07700" not in said
    assert kinds(advisor, case) == ["opened", "claimed", "asked", "replied", "noted", "decided", "closed"]


def test_not_sure_prompts_advice(advisor: Run, case: str) -> None:
    ran = advisor("cases", "decide", case, "--outcome", "share", "--field", "reasons=So.", "--not-sure")
    assert "NOT SURE: BEFORE ANYTHING IS SHARED" in ran.lines
    assert "- lawful basis: Ask your data protection officer which lawful basis fits" in ran.out


def test_a_decision_with_fields_left_out_names_them_and_records_nothing(advisor: Run, case: str) -> None:
    ran = advisor("cases", "decide", case, "--outcome", "share", "--field", "reasons=So.")
    assert (ran.code, ran.out) == (2, "")
    assert "--field lawful_basis=..." in ran.err
    assert kinds(advisor, case) == ["opened"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Say --outcome"),
        (["--outcome", "share", "--field", "reasons"], "Write --field NAME=TEXT"),
        (["--outcome", "share", "--field", "hair=red"], "Known fields: "),
        (["--outcome", "share", "--field", "review_on=2027-13-01"], "review_on: "),
    ],
)
def test_a_decision_given_wrongly_is_used_wrongly(advisor: Run, case: str, options: list[str], said: str) -> None:
    ran = advisor("cases", "decide", case, *options)
    assert (ran.code, ran.out, said in ran.err) == (2, "", True)


def test_a_decision_of_ones_own_is_recorded_afterwards(advisor: Run, answer: str) -> None:
    given = ("--outcome", "share", "--field", "reasons=He had a knife.", "--acted-first")
    made = read(advisor, "cases", "record", "--answer", answer, *given)["case"]
    assert (made["state"], made["outcome"], made["acted_first"]) == ("closed", "share", True)
    ran = advisor("cases", "record", "--about", "A call", *given)
    assert "Nothing is recorded of: purpose" in ran.out
    assert advisor("cases", "record", *given).code == 2


def test_who_asked_may_not_decide_unless_the_profile_says_so(advisor: Run, home: Path, case: str) -> None:
    write_profile(home, may="false")
    ran = advisor("cases", "claim", case)
    assert (ran.code, ran.err) == (
        2,
        "Error: Amira Khan asked, and whoever asks does not decide. Let a colleague have it.\n",
    )
    assert kinds(advisor, case) == ["opened", "refused"]


def colleague_claims(home: Path, content: Path, case: str) -> Case:
    settings = Settings(home=home, content=content)
    database = open_database(settings)
    with closing(database):
        desk = open_desk(Workshop(settings), database)
        return desk.claim(case, by=desk.directory.actor("os:bode"))


def test_who_comes_second_is_told_who_has_it(advisor: Run, home: Path, content: Path, case: str) -> None:
    colleague_claims(home, content, case)
    ran = advisor("cases", "claim", case)
    assert (ran.code, ran.err) == (2, f"Error: Case {case} is with Ben Ode. Ask them, or have it assigned to you.\n")


def test_a_case_is_handed_on(advisor: Run, case: str) -> None:
    assert read(advisor, "cases", "assign", case, "--to", "Ben Ode")["case"]["holder_name"] == "Ben Ode"
    assert read(advisor, "cases", "assign", case, "--role", "siro", "--why", "Senior")["case"]["role"] == "siro"
    assert "knows no 'Zed'" in advisor("cases", "assign", case, "--to", "Zed").err
    assert "'zed' is unknown" in advisor("cases", "assign", case, "--role", "zed").err


def test_nobody_acts_as_somebody_else(advisor: Run, case: str) -> None:
    ran = advisor("cases", "--as", "Ben Ode", "claim", case)
    assert (ran.code, "Amira Khan may not act as 'Ben Ode'" in ran.err) == (2, True)
    assert advisor("cases", "--as", "amira khan", "claim", case).code == 0


def test_one_whom_the_profile_does_not_know_asks_but_does_not_decide(advisor: Run, home: Path) -> None:
    opened = advisor("ask", QUESTION, "--escalate")
    assert "is with: " in opened.err
    case = read(advisor, "cases", "list")["cases"][0]["id"]
    ran = advisor("cases", "claim", case)
    assert (ran.code, "Name the person with that role under [[people]]" in ran.err) == (2, True)


def test_lists_are_narrowed(advisor: Run, case: str) -> None:
    def listed(*options: str) -> list[str]:
        return [found["id"] for found in read(advisor, "cases", "list", *options)["cases"]]

    here = [
        ("--live",), ("--asked",), ("--state", "open"), ("--role", "information_governance_lead"),
        ("--urgency", "routine"), ("--since", "2020-01-01"), ("--limit", "1"),
    ]  # fmt: skip
    elsewhere = [
        ("--mine",), ("--state", "closed"), ("--overdue",), ("--held",), ("--role", "siro"), ("--before", "2020-01-01"),
        ("--outcome", "share"), ("--after", case),
    ]  # fmt: skip
    assert [listed(*options) for options in here] == [[case]] * len(here)
    assert [listed(*options) for options in elsewhere] == [[]] * len(elsewhere)


def test_another_workspace_has_its_own_cases(advisor: Run, case: str) -> None:
    assert read(advisor, "cases", "--workspace", "T1", "list")["cases"] == []
    assert advisor("cases", "show", case, ADVISOR_WORKSPACE="T1").code == 2


def test_nothing_is_chased_before_its_time(advisor: Run, case: str) -> None:
    assert advisor("cases", "chase").out == "0 cases chased.\n"


# The record


def test_a_change_behind_its_back_is_found(advisor: Run, home: Path, case: str) -> None:
    assert read(advisor, "cases", "verify")["findings"] == []
    with closing(sqlite3.connect(home / "answers.sqlite3")) as base, base:
        base.execute("UPDATE events SET at = '2026-01-01T00:00:00.000000Z'")
    for arguments in (("verify",), ("verify", case)):
        ran = advisor("cases", *arguments)
        assert (ran.code, f"case {case}, event 1 (changed_event)" in ran.out) == (1, True)
    assert advisor("cases", "checkpoint").code == 1
    assert advisor("cases", "checkpoint", "--accept").code == 2


def test_a_restored_backup_is_accepted_with_a_reason(advisor: Run, home: Path, case: str, tmp_path: Path) -> None:
    assert advisor("cases", "backup", str(tmp_path / "b.gz")).code == 0
    advisor("cases", "note", case, "After the backup.")
    assert "is not empty" in advisor("cases", "restore", str(tmp_path / "b.gz")).err
    for path in home.glob("answers.sqlite3*"):
        path.unlink()
    assert advisor("cases", "restore", str(tmp_path / "b.gz")).code == 0
    assert [finding["trouble"] for finding in read(advisor, "cases", "verify", code=1)["findings"]] == ["cut_tail"]
    assert advisor("cases", "checkpoint", "--accept", "--why", "restored").code == 0
    assert read(advisor, "cases", "verify")["findings"] == []


def test_the_checkpoint_is_where_the_setting_says(advisor: Run, me: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    advisor("ask", QUESTION, "--escalate", ADVISOR_CHECKPOINTS=str(elsewhere))
    assert len(list(elsewhere.glob("*.jsonl"))) == 1
    assert advisor("cases", "checkpoint", ADVISOR_CHECKPOINTS=str(elsewhere)).out.startswith(
        "Noted the ends of 1 chains"
    )


def test_an_answer_is_the_same_when_its_question_is_asked_again(advisor: Run, case: str) -> None:
    ran = advisor("cases", "replay", case)
    assert (ran.code, ran.lines[-1]) == (0, "The answer is the same.")
    assert "still in use" in ran.out


def test_an_answer_is_redone_on_the_sources_as_they_stood(advisor: Run, own_content: Path, home: Path, me: str) -> None:
    elsewhere = {"ADVISOR_CONTENT": str(own_content)}
    advisor("ask", QUESTION, "--escalate", **elsewhere)
    case = json.loads(advisor("cases", "list", "--json", **elsewhere).out)["cases"][0]["id"]
    path = own_content / "guidance" / "police-asking.md"
    path.write_text(path.read_text(encoding="utf-8").replace("only a request", "an order"), encoding="utf-8")
    ran = advisor("cases", "replay", case, **elsewhere)
    assert (ran.code, ran.lines[-1]) == (0, "The answer is the same.")
    assert "no longer in use" in ran.out


def test_a_case_whose_sources_were_gone_when_it_was_opened_says_so(
    advisor: Run, own_content: Path, answer: str
) -> None:
    (own_content / "guidance" / "police-asking.md").unlink()
    case = json.loads(advisor("cases", "open", answer, "--json", ADVISOR_CONTENT=str(own_content)).out)["case"]["id"]
    ran = advisor("cases", "replay", case)
    assert (ran.code, "The sources of this case were not kept" in ran.err) == (2, True)


# Keeping and removing


def test_a_held_case_is_not_purged_and_a_purged_one_leaves_the_record_whole(
    advisor: Run, case: str, home: Path
) -> None:
    advisor("cases", "close", case, "--why", "withdrawn")
    advisor("cases", "hold", case, "--why", "a claim")
    assert "legal hold" in advisor("cases", "purge", case, "--why", "asked for").err
    advisor("cases", "hold", case, "--release", "--why", "settled")
    assert advisor("cases", "purge", "--dry-run").out == "0 cases would be purged.\n"
    assert read(advisor, "cases", "purge", case, "--why", "asked for") == {
        "schema": "advisor.cases.purge/1",
        "purged": 1,
        "cases": [case],
    }
    assert "what it said was removed" in advisor("cases", "show", case).out
    assert read(advisor, "cases", "verify")["findings"] == []
    written = b"".join(path.read_bytes() for path in home.glob("answers.sqlite3*"))
    assert QUESTION.encode() not in written


def test_purging_takes_a_role_and_a_reason(advisor: Run, home: Path, case: str) -> None:
    assert "Say --why" in advisor("cases", "purge", case).err
    (home / "profile.toml").unlink()
    ran = advisor("cases", "purge")
    assert (ran.code, "may not purge this: it takes information_governance_lead" in ran.err) == (2, True)


def test_a_store_of_a_newer_version_is_a_fault(advisor: Run, home: Path, case: str) -> None:
    with closing(sqlite3.connect(home / "answers.sqlite3")) as base:
        base.execute("UPDATE alembic_version SET version_num = '9999'")
        base.commit()
    ran = advisor("cases", "list")
    assert (ran.code, "was written by a newer version of the advisor" in ran.err) == (4, True)


def test_a_person_has_one_identity_on_every_face(advisor: Run, home: Path, content: Path, case: str) -> None:
    settings = Settings(home=home, content=content)
    database = open_database(settings)
    with closing(database):
        desk = open_desk(Workshop(settings), database)
        amira: Actor = desk.directory.actor("slack:UAMIRA")
        desk.decide(case, a_decision(), by=amira)
    shown = read(advisor, "cases", "show", case)["case"]
    assert (shown["holder"], shown["holder_name"]) == (identity(), "Amira Khan")
