"""``advisor doctor``: what is set up, what is not, and the mend for each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.end_to_end.conftest import Ran, Run


def checks(ran: Ran) -> dict[str, dict[str, Any]]:
    body = json.loads(ran.out)
    assert body["schema"] == "advisor.doctor/1"
    return {check["what"]: check for check in body["checks"]}


def test_a_set_up_advisor_is_well(advisor: Run) -> None:
    ran = advisor("doctor", "--json")
    found = checks(ran)
    assert ran.code == 0
    assert list(found) == ["python", "folder", "model", "documents", "index", "profile", "store"]
    assert [what for what, check in found.items() if not check["ok"]] == ["profile"]
    assert found["documents"]["says"].startswith("7 documents, 0 errors")
    assert found["index"]["says"].startswith("6 documents in ")


def test_what_is_not_needed_is_a_note_with_its_mend(advisor: Run, home: Path) -> None:
    ran = advisor("doctor")
    assert ran.code == 0
    assert "note  profile: none, 0 contacts" in ran.lines
    assert str(home / "profile.toml") in ran.out


def test_a_missing_index_is_to_be_mended(advisor: Run, tmp_path: Path) -> None:
    ran = advisor("doctor", ADVISOR_HOME=str(tmp_path / "fresh"))
    assert ran.code == 1
    assert "MEND  index: cannot be used" in ran.lines
    assert 'Run "advisor kb index".' in ran.out


def test_documents_with_errors_are_to_be_mended(advisor: Run, own_content: Path) -> None:
    (own_content / "guidance" / "broken.md").write_text("no fields", encoding="utf-8")
    found = checks(advisor("doctor", "--json", ADVISOR_CONTENT=str(own_content)))
    assert (found["documents"]["ok"], found["documents"]["mend"]) == (
        False,
        'Run "advisor kb check" for file and line of each.',
    )


def test_a_wrong_profile_is_named_and_the_rest_still_looked_at(advisor: Run, home: Path) -> None:
    (home / "profile.toml").write_text('sector = "circus"', encoding="utf-8")
    found = checks(advisor("doctor", "--json"))
    assert "sector 'circus' is unknown" in found["profile"]["mend"]
    assert found["store"]["ok"]


def test_a_store_that_cannot_be_used_is_to_be_mended(advisor: Run, home: Path) -> None:
    (home / "answers.sqlite3").write_bytes(b"no database" * 100)
    ran = advisor("doctor", "--json")
    assert (ran.code, checks(ran)["store"]["ok"]) == (1, False)
    assert "ADVISOR_DATABASE" in checks(ran)["store"]["mend"]


def test_a_store_that_is_off_is_well(advisor: Run) -> None:
    assert checks(advisor("doctor", "--json", ADVISOR_KEEP="false"))["store"]["says"] == "off (ADVISOR_KEEP=false)"


def test_an_unknown_model_is_named(advisor: Run) -> None:
    found = checks(advisor("doctor", "--json", ADVISOR_MODEL="/nowhere/at/all"))
    assert found["model"]["says"].startswith("/nowhere/at/all")
    assert not found["index"]["ok"]


def test_looking_changes_nothing_but_the_store(advisor: Run, home: Path) -> None:
    before = {path for path in home.rglob("*") if "answers" not in path.name}
    advisor("doctor")
    assert {path for path in home.rglob("*") if "answers" not in path.name} == before
