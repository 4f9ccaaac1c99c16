"""``advisor kb``: the documents checked, indexed, listed, shown and searched."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.checking import LONGEST_BULLET
from tests.end_to_end.conftest import QUESTION, Ran, Run, copied
from tests.small_content import as_file, write_document


@pytest.fixture
def home(tmp_path: Path, small_home: Path) -> Path:
    """A folder whose index may be changed."""
    return copied(small_home, tmp_path / "home")


@pytest.fixture
def over(advisor: Run, own_content: Path) -> Run:
    """Runs ``advisor`` over a copy of the content that may be changed."""

    def runs(*arguments: str, **changed: str) -> Ran:
        return advisor(*arguments, ADVISOR_CONTENT=str(own_content), **changed)

    return runs


_NO_DOCUMENT = "related names 'nowhere', which is no document"


def _line_of(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))


def body(ran: Ran) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(ran.out)
    return parsed


# check


def test_documents_with_nothing_wrong_pass(advisor: Run) -> None:
    ran = advisor("kb", "check")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines == [
        "7 documents, 0 errors, 0 advice",
        "Flesch reading ease: median 80.4 of 18 passages (50 or more is wanted)",
    ]


def test_check_prints_its_object(advisor: Run) -> None:
    assert body(advisor("kb", "check", "--json")) == {
        "schema": "advisor.kb.check/1",
        "documents": 7,
        "errors": 0,
        "advice": 0,
        "findings": [],
        "reading_ease": {"passages": 18, "median": 80.4, "documents_below": 0},
        "questions": None,
    }


def test_broken_yaml_is_found_with_file_and_line(over: Run, own_content: Path) -> None:
    path = own_content / "guidance" / "broken.md"
    path.write_text("---\nid: broken\ntitle: [unclosed\n---\n## What it says\n- A point. [s.1]\n", encoding="utf-8")
    ran = over("kb", "check")
    assert ran.code == 1
    assert f"{path}:4: error: the fields are not valid YAML" in ran.out


def test_a_duplicate_id_is_found_with_file_and_line_and_the_other_file(over: Run, own_content: Path) -> None:
    again = own_content / "legislation" / "again.md"
    again.write_text((own_content / "guidance" / "police-asking.md").read_text(encoding="utf-8"), encoding="utf-8")
    ran = over("kb", "check")
    assert ran.code == 1
    assert f"{again}:2: error: id 'police-asking' is already used by" in ran.out
    assert "police-asking.md" in ran.out


def test_a_dangling_link_is_found_with_file_and_line(over: Run, own_content: Path) -> None:
    path = write_document(own_content, "lonely", related=["nowhere"])
    line = path.read_text(encoding="utf-8").splitlines().index("- nowhere") + 1
    ran = over("kb", "check")
    assert (ran.code, f"{path}:{line}: error: related names 'nowhere', which is no document" in ran.out) == (1, True)


def test_errors_come_before_advice_and_both_are_counted(over: Run, own_content: Path) -> None:
    verdict = write_document(
        own_content, "a-verdict", says={"What it says": ["Go ahead and tell the landlord. [p. 1]"]}
    )
    late = write_document(own_content, "b-late", review_by=date(2026, 1, 1))
    wrong = write_document(own_content, "c-wrong", related=["nowhere"])
    ran = over("kb", "check")
    assert ran.code == 1
    assert ran.lines[:2] == ["Errors (1)", f"{wrong}:{_line_of(wrong, '- nowhere')}: error: {_NO_DOCUMENT}"]
    assert ran.lines[2:4] == ["", "Advice (2)"]
    assert ran.lines[4].startswith(f"{verdict}:{_line_of(verdict, '- Go ahead')}: advice: no answer shows this, for it")
    assert ran.lines[5] == f"{late}:{_line_of(late, 'review_by')}: advice: review was due on 2026-01-01"
    assert ran.lines[7] == "10 documents, 1 error, 2 advice"


def test_advice_alone_is_no_failure(over: Run, own_content: Path) -> None:
    write_document(own_content, "late", review_by=date(2026, 1, 1))
    ran = over("kb", "check", "--json")
    assert (ran.code, body(ran)["errors"], body(ran)["advice"]) == (0, 0, 1)


def test_each_question_is_asked_as_if_it_had_not_been_written(over: Run, own_content: Path) -> None:
    questions = ["Zebra crossing?", "Is the boiler on?", "What is for tea?", "Two plus two?"]
    path = write_document(own_content, "odd-one", title="An odd one", questions=questions)
    assert over("kb", "index").code == 0
    ran = over("kb", "check", "--questions")
    assert ran.code == 0
    assert (
        f"{path}:{_line_of(path, '- Zebra crossing')}: advice: without itself, this question does not find" in ran.out
    )
    told = " ".join(ran.out.split())
    assert "of 28 questions find their document in the first 10 without themselves (guidance" in told
    assert "Least found: " in told
    measured = body(over("kb", "check", "--questions", "--json"))["questions"]
    assert (measured["first"], measured["asked"]) == (10, 28)
    assert {"id": "odd-one", "found": 0, "asked": 4} in measured["documents"]
    assert measured["found"] == sum(each["found"] for each in measured["documents"])
    assert sum(kind["asked"] for kind in measured["kinds"].values()) == 28


def test_questions_are_not_asked_of_an_index_of_other_documents(over: Run, own_content: Path) -> None:
    write_document(own_content, "another")
    ran = over("kb", "check", "--questions")
    assert (ran.code, ran.out) == (4, "")
    assert "the documents or the vocabulary changed" in ran.err


def test_an_unknown_facet_value_is_found_with_file_line_and_the_known_ones(over: Run, own_content: Path) -> None:
    path = write_document(own_content, "odd", facets={"recipient": ["martians"], "weather": ["rain"]})
    line = path.read_text(encoding="utf-8").splitlines().index("facets:") + 1
    ran = over("kb", "check")
    assert f"{path}:{line}: error: unknown recipient 'martians'; known: police," in ran.out
    assert f"{path}:{line}: error: unknown facet 'weather'; known: holder," in ran.out


def test_a_long_bullet_is_found_where_it_stands(over: Run, own_content: Path) -> None:
    long = {"What it says": ["A short one. [s.1]", "word " * LONGEST_BULLET + "[s.2]"]}
    path = write_document(own_content, "wordy", says=long)
    ran = over("kb", "check", "--json")
    finding = next(each for each in body(ran)["findings"] if each["path"] == str(path))
    last = len(path.read_text(encoding="utf-8").splitlines())
    assert (finding["level"], finding["line"]) == ("error", last)


# index


def test_the_index_is_built_and_says_of_how_much(over: Run, own_content: Path) -> None:
    write_document(own_content, "another", related=[])
    ran = over("kb", "index")
    assert (ran.code, ran.out) == (0, "Indexed 7 documents in 10 chunks.\n")
    assert over("ask", QUESTION).code == 0


def test_index_prints_its_object(advisor: Run) -> None:
    ran = advisor("kb", "index", "--json")
    assert set(body(ran)) >= {"schema", "format", "content", "embedder", "documents", "chunks"}
    assert (body(ran)["schema"], body(ran)["documents"]) == ("advisor.kb.index/1", 6)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": "police-asking"}, "id 'police-asking' is already used by"),
        ({"facets": {"recipient": ["martians"]}}, "unknown recipient 'martians'"),
        ({"law": [{"id": "x", "strand": "power", "when": {"weather": ["rain"]}}]}, "unknown weather 'rain'"),
        ({"sectors": ["circus"]}, "unknown holder 'circus'"),
        ({"force": "perhaps"}, "force: input should be"),
    ],
)
def test_a_document_that_an_answer_would_trip_over_stops_the_build_and_changes_nothing(
    over: Run, own_content: Path, home: Path, fields: dict[str, Any], message: str
) -> None:
    before = (home / "index" / "current").read_text(encoding="utf-8")
    path = write_document(own_content, "wrong", **fields)
    ran = over("kb", "index")
    assert (ran.code, ran.out) == (4, "")
    assert message in ran.err
    assert str(path) in ran.err
    assert (home / "index" / "current").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("command", [["kb", "index"], ["ask", QUESTION]])
def test_a_folder_without_documents_is_configured_wrongly(advisor: Run, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    ran = advisor(*command, ADVISOR_CONTENT=str(tmp_path / "empty"))
    assert (ran.code, ran.out) == (2, "")
    assert "ADVISOR_CONTENT names" in ran.err


# list, show


def test_every_document_is_listed(advisor: Run) -> None:
    ran = advisor("kb", "list")
    assert ran.code == 0
    assert "police-asking  (guidance, in_force, official)" in ran.lines
    assert ran.lines[-1] == "7 documents"
    assert max(map(len, ran.lines)) <= 80


@pytest.mark.parametrize(
    ("options", "count"), [(["--kind", "legislation"], 2), (["--nation", "wales"], 7), (["--nation", "scotland"], 0)]
)
def test_the_list_can_be_narrowed(advisor: Run, options: list[str], count: int) -> None:
    listed = body(advisor("kb", "list", *options, "--json"))
    assert (listed["schema"], len(listed["documents"])) == ("advisor.kb.list/1", count)


def test_a_listed_document_has_its_kind_standing_checks_and_dates(advisor: Run) -> None:
    listed = {each["id"]: each for each in body(advisor("kb", "list", "--json"))["documents"]}
    assert listed["half-written"] == {
        "id": "half-written",
        "kind": "guidance",
        "title": "Not ready to be read",
        "nations": ["england", "wales"],
        "state": "draft",
        "status": "in_force",
        "verified": "official",
        "reviewed": "2026-11-01",
        "review_by": "2027-05-01",
        "owner": "information-governance",
        "local": False,
    }


def test_a_file_that_is_no_document_is_left_out_of_the_list_and_said_to_be(over: Run, own_content: Path) -> None:
    (own_content / "guidance" / "broken.md").write_text("no fields", encoding="utf-8")
    ran = over("kb", "list")
    assert (ran.code, ran.lines[-1]) == (0, "7 documents")
    assert "Left out: " in ran.err


def test_a_document_is_shown_as_the_advisor_reads_it(advisor: Run) -> None:
    ran = advisor("kb", "show", "police-asking")
    assert ran.code == 0
    assert ran.lines[0] == "The police ask about a tenant"
    told = " ".join(ran.out.split())
    assert "- Officers may not find a missing person in time. [para 5; unverified]" in told
    assert "law (confidence): told-in-confidence when holder: health" in told
    assert max(map(len, ran.lines)) <= 80


def test_show_prints_its_object(advisor: Run) -> None:
    shown = body(advisor("kb", "show", "police-asking", "--json"))
    assert (shown["schema"], shown["id"], len(shown["sections"])) == ("advisor.kb.document/1", "police-asking", 4)


def test_a_document_that_is_not_there_is_used_wrongly(advisor: Run) -> None:
    ran = advisor("kb", "show", "nowhere")
    assert (ran.code, "No document has the id 'nowhere'. See: advisor kb list" in ran.err) == (2, True)


# search


def test_search_explains_each_score(advisor: Run) -> None:
    ran = advisor("kb", "search", QUESTION, "--limit", "3")
    assert ran.code == 0
    assert ran.lines[0] == "score = lexical + dense + question + facet + authority"
    assert "police-asking#" in ran.lines[1]
    assert len(ran.lines) == 7


def test_search_prints_its_object_whose_parts_add_up(advisor: Run) -> None:
    found = body(advisor("kb", "search", *QUESTION.split(), "--json"))
    assert found["schema"] == "advisor.kb.search/1"
    for passage in found["passages"]:
        parts = [passage[part] for part in ("lexical", "dense", "question", "facet", "authority")]
        assert passage["score"] == pytest.approx(sum(parts), abs=0.001)
        assert set(passage) >= {"chunk", "document", "heading", "text"}
    scores = [passage["score"] for passage in found["passages"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("arguments", [[], ["police", "--limit", "0"], ["police", "--limit", "many"]])
def test_a_search_without_words_or_with_a_wrong_limit_is_used_wrongly(advisor: Run, arguments: list[str]) -> None:
    assert advisor("kb", "search", *arguments).code == 2


def test_a_file_read_back_is_the_file_that_was_written(tmp_path: Path) -> None:
    assert as_file({"id": "x"}, {"What it says": ["A point. [s.1]"]}).startswith("---\nid: x\n---\n")
