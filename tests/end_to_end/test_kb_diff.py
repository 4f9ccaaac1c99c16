"""``advisor kb diff``: what an edit of the documents does to answers."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Ran, Run, copied
from tests.small_content import write_document

POLICE = "The police have rung asking where one of our tenants lives, can I tell them?"
NEW = "Write down the collar number of the officer who asks."


@pytest.fixture
def home(tmp_path: Path, small_home: Path) -> Path:
    return copied(small_home, tmp_path / "home")


@pytest.fixture
def over(advisor: Run, repository: Path) -> Run:
    """Runs ``advisor kb diff`` over documents in a git work tree."""

    def runs(*arguments: str, **changed: str) -> Ran:
        return advisor("kb", "diff", *arguments, **{"ADVISOR_CONTENT": str(repository), **changed})

    return runs


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)  # noqa: S603, S607


@pytest.fixture
def repository(own_content: Path) -> Path:
    """The small content, committed, in a folder of a git work tree."""
    _git(own_content.parent, "init", "--quiet")
    _git(own_content.parent, "add", own_content.name)
    _git(own_content.parent, "commit", "--quiet", "-m", "before")
    return own_content


def _edit(content: Path) -> None:
    path = content / "guidance" / "police-asking.md"
    text = path.read_text(encoding="utf-8")
    old = "Ask the officer which crime it is about and why the address is needed."
    assert old in text
    path.write_text(text.replace(old, NEW), encoding="utf-8")


def body(ran: Ran) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(ran.out)
    return parsed


def test_an_edit_is_shown_in_the_citations_and_statements_that_change(over: Run, repository: Path) -> None:
    _edit(repository)

    ran = over()

    assert ran.code == 0
    assert "Documents changed: police-asking." in ran.lines
    assert any(line.startswith("Answers that change: ") for line in ran.lines)
    told = " ".join(ran.out.split())
    assert f"{POLICE} (police-asking)" in told
    assert "+ citation: police-asking [para 2]" in told
    assert "- citation: police-asking [para 2]" in told
    assert f"+ guidance: {NEW}" in told
    assert max(map(len, ran.lines)) <= 80


def test_diff_prints_its_object(over: Run, repository: Path) -> None:
    _edit(repository)

    found = body(over("--json"))

    assert set(found) == {"schema", "before", "after", "documents", "asked", "changed", "answers"}
    assert (found["schema"], found["asked"]) == ("advisor.kb.diff/1", 24)
    assert found["documents"] == {"added": [], "removed": [], "changed": ["police-asking"]}
    assert found["changed"] == len(found["answers"]) > 0
    assert set(found["answers"][0]) == {"question", "asked_by", "changes"}


def test_documents_that_are_the_same_change_no_answer_and_nothing_is_asked(over: Run) -> None:
    ran = over("--fail-on-change")

    assert (ran.code, ran.lines[-1]) == (0, "No document that may be cited differs, so no answer does.")


def test_a_change_fails_when_told_to_fail(over: Run, repository: Path) -> None:
    _edit(repository)

    assert over("--fail-on-change", "--sample", "0").code == 1


def test_a_sample_asks_the_documents_that_changed_and_so_many_of_the_others(over: Run, repository: Path) -> None:
    _edit(repository)

    assert body(over("--json", "--sample", "3"))["asked"] == 4 + 3
    assert body(over("--json", "--sample", "0"))["asked"] == 4


def test_a_document_added_brings_its_questions_and_one_removed_leaves_its_own(over: Run, repository: Path) -> None:
    (repository / "guidance" / "school-asking.md").unlink()
    write_document(repository, "newcomer", questions=["Who looks after newcomers to the volcano?"])

    found = body(over("--json"))

    assert found["documents"] == {"added": ["newcomer"], "removed": ["school-asking"], "changed": []}
    assert found["asked"] == 24 + 1


def test_a_draft_that_changes_changes_no_answer(over: Run, repository: Path) -> None:
    write_document(repository, "half-written", state="draft", title="Not ready to be read at all", related=[])

    assert over().lines[-1] == "No document that may be cited differs, so no answer does."


def test_another_revision_can_be_named(over: Run, repository: Path) -> None:
    _edit(repository)
    _git(repository.parent, "commit", "--quiet", "-am", "after")

    assert over().lines[-1] == "No document that may be cited differs, so no answer does."
    assert "Documents changed: police-asking." in over("HEAD~1", "--sample", "0").lines


def test_without_git_the_folder_before_is_given(advisor: Run, own_content: Path, content: Path) -> None:
    _edit(own_content)

    ran = advisor("kb", "diff", "--before", str(content), "--sample", "0", ADVISOR_CONTENT=str(own_content))

    assert ran.code == 0
    assert "Documents changed: police-asking." in ran.lines


def test_an_organisations_own_folder_is_compared_with_its_own_revision(
    advisor: Run, content: Path, tmp_path: Path
) -> None:
    local = tmp_path / "ours"
    write_document(local, "our-policy", says={"What it says": ["Ring the duty desk first. [s 1]"]})
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", "ours")
    _git(tmp_path, "commit", "--quiet", "-m", "before")
    write_document(local, "our-policy", says={"What it says": ["Ring the duty desk on 01 first. [s 1]"]})

    ran = advisor("kb", "diff", "--sample", "0", ADVISOR_CONTENT=str(content), ADVISOR_LOCAL=str(local))

    assert (ran.code, ran.err.count("Error")) == (0, 0)
    assert "Documents changed: our-policy." in ran.lines


def test_a_suite_is_asked_too_but_its_test_part_is_not(over: Run, repository: Path, tmp_path: Path) -> None:
    _edit(repository)
    suite = tmp_path / "mine.yaml"
    suite.write_text(
        "suite: mine\ncases:\n"
        "- {id: A-1, split: dev, question: The police want an address}\n"
        "- {id: A-2, split: test, question: The police want a name}\n",
        encoding="utf-8",
    )

    assert body(over("--json", "--sample", "0", "--suite", str(suite)))["asked"] == 4 + 1


def test_the_page_stands_alone_and_shows_every_text_escaped(over: Run, repository: Path, tmp_path: Path) -> None:
    path = repository / "guidance" / "police-asking.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("why the address is needed", "why <script>alert(1)</script> it is"), encoding="utf-8")
    page = tmp_path / "diff.html"

    ran = over("--html", str(page), "--sample", "0")

    html = page.read_text(encoding="utf-8")
    assert (ran.code, ran.err.count(f"Wrote {page}.")) == (0, 1)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not [part for part in ("src=", 'href="http', "url(", "@import") if part in html]
    assert [path.name for path in tmp_path.glob(".diff.html*")] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nosuch"], "git knows no revision 'nosuch'"),
        (["--", "--upload-pack=x"], "git knows no revision"),
        (["--suite", "nosuch"], "no such suite"),
        (["--before", "nowhere"], "does not exist"),
        (["--html", "nowhere/x.html"], "is no folder"),
    ],
)
def test_what_cannot_be_compared_is_used_wrongly(over: Run, arguments: list[str], says: str) -> None:
    ran = over(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_documents_outside_git_are_used_wrongly_and_the_mend_is_named(advisor: Run, own_content: Path) -> None:
    ran = advisor("kb", "diff", ADVISOR_CONTENT=str(own_content))

    assert (ran.code, "is in no git work tree" in ran.err, "--before FOLDER" in ran.err) == (2, True, True)


def test_a_document_that_cannot_be_read_is_named_with_its_line(over: Run, repository: Path) -> None:
    (repository / "guidance" / "broken.md").write_text("---\nid: broken\n", encoding="utf-8")

    ran = over()

    assert (ran.code, ran.out) == (4, "")
    assert "broken.md:3: no second '---' line closes the fields" in ran.err


def test_comparing_leaves_the_index_in_use_as_it_is(over: Run, repository: Path, home: Path, tmp_path: Path) -> None:
    _edit(repository)
    before = shutil.copytree(home / "index", tmp_path / "before")

    over("--sample", "0")

    assert (home / "index" / "current").read_text() == (before / "current").read_text()
