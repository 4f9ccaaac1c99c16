"""An organisation's own documents, beside the bundled ones and in their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import QUESTION, Ran, Run, copied
from tests.small_content import write_document

OWN_POINT = "At Example Homes a police request goes to the duty manager, who asks which crime it is about."


@pytest.fixture
def home(tmp_path: Path, small_home: Path) -> Path:
    """A folder whose index may be changed."""
    return copied(small_home, tmp_path / "home")


@pytest.fixture
def local(tmp_path: Path) -> Path:
    folder = tmp_path / "local"
    folder.mkdir()
    return folder


@pytest.fixture
def over(advisor: Run, local: Path) -> Run:
    """Runs ``advisor`` with a folder of local documents."""

    def runs(*arguments: str, **changed: str) -> Ran:
        return advisor(*arguments, **{"ADVISOR_LOCAL": str(local), **changed})

    return runs


def own(local: Path, name: str = "police-asking", **fields: Any) -> Path:
    return write_document(
        local,
        name,
        title="The police ask about a tenant of Example Homes",
        source="Example Homes procedure",
        says={"What it says": [f"{OWN_POINT} [4.1]"]},
        **{"facets": {"recipient": ["police"]}, "questions": ["The police ask about one of our tenants"], **fields},
    )


def cited(ran: Ran) -> dict[str, dict[str, Any]]:
    """The citations of an answer by document; with several of one document, the last."""
    return {citation["document"]: citation for citation in json.loads(ran.out)["citations"]}


def test_a_local_override_is_what_is_cited_and_is_marked_as_local(over: Run, local: Path) -> None:
    own(local)
    assert over("kb", "index").out.startswith("Indexed 6 documents")

    found = cited(over("ask", QUESTION, "--json"))
    assert (found["police-asking"]["quote"], found["police-asking"]["local"]) == (OWN_POINT, True)
    assert [name for name in found if found[name]["local"]] == ["police-asking"]

    told = " ".join(over("ask", QUESTION).out.split())
    assert OWN_POINT in told
    assert "Example Homes procedure: [1] 4.1 (local; in force 2018; read Nov 2026, official)" in told


def test_a_local_document_is_cited_beside_the_bundled_ones(over: Run, local: Path) -> None:
    own(local, "example-homes-police")
    assert over("kb", "index").out.startswith("Indexed 7 documents")

    found = cited(over("ask", QUESTION, "--json"))
    assert {name: found[name]["local"] for name in ("example-homes-police", "police-asking")} == {
        "example-homes-police": True,
        "police-asking": False,
    }


def test_a_local_draft_is_never_cited_and_the_bundled_document_still_is(over: Run, local: Path) -> None:
    own(local, state="draft")
    own(local, "another", state="draft")
    assert over("kb", "index").out.startswith("Indexed 6 documents")

    found = cited(over("ask", QUESTION, "--json"))
    assert not found["police-asking"]["local"]
    assert "another" not in found


def test_a_local_document_that_is_withdrawn_takes_the_bundled_one_out_of_use(over: Run, local: Path) -> None:
    own(local, state="withdrawn")
    assert over("kb", "index").out.startswith("Indexed 5 documents")

    assert "police-asking" not in cited(over("ask", QUESTION, "--json"))


def test_the_words_of_an_imported_document_are_quoted_as_its_own(over: Run, local: Path) -> None:
    own(local, words="source_text")
    over("kb", "index")

    told = " ".join(over("ask", QUESTION).out.split())
    assert f"- “{OWN_POINT}” [1]" in told
    assert f"- “{OWN_POINT}” [4.1]" in " ".join(over("kb", "show", "police-asking").out.split())


def test_an_index_without_the_local_documents_is_said_not_to_match(over: Run, local: Path) -> None:
    own(local)
    ran = over("kb", "search", QUESTION)
    assert (ran.code, ran.out) == (4, "")
    assert 'changed. Run "advisor kb index".' in ran.err


def test_two_local_documents_of_one_id_are_an_error_that_names_both_files(over: Run, local: Path) -> None:
    first, second = own(local / "a"), own(local / "b")

    checked, indexed = over("kb", "check"), over("kb", "index")

    assert (checked.code, indexed.code) == (1, 4)
    assert f"{second}:2: error: id 'police-asking' is already used by {first}" in checked.out
    assert f"{second}:1: id 'police-asking' is already used by {first}" in indexed.err


def test_an_overridden_document_is_neither_a_duplicate_nor_checked(over: Run, own_content: Path, local: Path) -> None:
    write_document(own_content, "police-asking", related=["nowhere"])
    own(
        local, related=["case-of-silence", "half-written"], law=[{"id": "crime-exemption", "strand": "data_protection"}]
    )

    ran = over("kb", "check", "--json", ADVISOR_CONTENT=str(own_content))

    assert json.loads(ran.out)["findings"] == []
    assert (ran.code, json.loads(ran.out)["documents"]) == (0, 7)
    assert "already used" not in ran.out
    assert "nowhere" not in ran.out


def test_a_local_document_may_name_bundled_law_that_does_not_know_it(over: Run, local: Path) -> None:
    own(local, "ours", law=[{"id": "crime-exemption", "strand": "data_protection"}], related=["school-asking"])

    ran = over("kb", "check", "--json")

    assert (ran.code, json.loads(ran.out)["documents"]) == (0, 8)


def test_a_folder_within_the_other_is_read_once(over: Run, own_content: Path) -> None:
    own(own_content / "local", "ours")

    ran = over("kb", "list", ADVISOR_CONTENT=str(own_content), ADVISOR_LOCAL=str(own_content / "local"))

    assert [line for line in ran.lines if line.startswith("ours ")] == ["ours  (local, guidance, in_force, official)"]
    assert ran.lines[-1] == "8 documents"


def test_lists_mark_what_is_local_and_what_waits(over: Run, local: Path) -> None:
    path = own(local, state="draft")

    listed, shown = over("kb", "list"), over("kb", "show", "police-asking")

    assert "police-asking  (guidance, in_force, official)" in listed.lines
    assert "police-asking  (local, draft, guidance, in_force, official)" in listed.lines
    assert shown.lines[0] == "The police ask about a tenant"
    assert shown.err == f"Another with this id is a draft: {path}\n"


def test_a_folder_that_is_not_there_is_configured_wrongly(advisor: Run) -> None:
    ran = advisor("kb", "list", ADVISOR_LOCAL="/nowhere/at/all")
    assert (ran.code, ran.out) == (2, "")
    assert "ADVISOR_LOCAL: Path does not point to a directory. Change or unset it." in ran.err
