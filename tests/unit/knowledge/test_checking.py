from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.checking import Finding, Level, check_files
from knowledge.loading import CONTENT, document_paths
from knowledge.vocabulary import load_vocabulary
from tests.small_content import write_document, write_small_content

TODAY = date(2026, 11, 22)


def _check(folder: Path, *, local: bool = False) -> list[Finding]:
    paths = document_paths(folder)
    _, findings = check_files(paths, vocabulary=load_vocabulary(), today=TODAY, local=paths if local else ())
    return findings


def _line(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))


def test_nothing_is_found_in_documents_that_are_as_they_should_be(content: Path) -> None:
    documents, findings = check_files(document_paths(content), vocabulary=load_vocabulary(), today=TODAY)

    assert findings == []
    assert len(documents) == 7


def test_the_documents_of_the_package_hold_no_error() -> None:
    _, findings = check_files(document_paths(CONTENT), vocabulary=load_vocabulary(), today=TODAY)

    assert [str(finding) for finding in findings if finding.level is Level.ERROR] == []


@pytest.mark.parametrize(
    ("fields", "at", "message"),
    [
        ({"facets": {"colour": ["red"]}}, "facets", "unknown facet 'colour'; known: holder, recipient,"),
        ({"facets": {"recipient": ["martian"]}}, "facets", "unknown recipient 'martian'; known: police,"),
        ({"sectors": ["martian"]}, "sectors", "unknown holder 'martian'; known: "),
        ({"decides": ["king"]}, "decides", "unknown role 'king'; known: "),
        ({"law": [{"id": "no-law", "strand": "power"}]}, "- id: no-law", "law names 'no-law', which is no document"),
        ({"related": ["nobody"]}, "- nobody", "related names 'nobody', which is no document"),
        ({"related": ["asking"]}, "- asking", "related names the document itself"),
        ({"questions": ["One?", "Two?", "Three?"]}, "questions", "3 example questions; at least 4"),
        ({"reviewed": date(2026, 11, 23)}, "reviewed:", "reviewed on 2026-11-23, which is in the future"),
        ({"status": "superseded"}, "status", "superseded, but superseded_by does not say by what"),
        ({"superseded_by": "asking"}, "superseded_by", "superseded_by names the document itself"),
        (
            {"status": "not_yet_in_force", "in_force_from": TODAY},
            "status",
            "not_yet_in_force, yet in_force_from 2026-11-22 has come",
        ),
        (
            {"in_force_from": date(2026, 11, 23)},
            "status",
            "in_force, yet in_force_from 2026-11-23 is still to come",
        ),
        ({"checked": None}, "verified", "verified: official, but checked names no page that was read"),
    ],
)
def test_a_field_that_cannot_be_right_is_an_error_at_its_line(
    tmp_path: Path, fields: dict[str, Any], at: str, message: str
) -> None:
    path = write_document(tmp_path, **fields)

    finding = _check(tmp_path)[0]

    assert (finding.level, finding.path, finding.line) == (Level.ERROR, str(path), _line(path, at))
    assert finding.message.startswith(message)


def test_the_situation_in_which_a_law_applies_is_checked_like_any_other_facet(tmp_path: Path) -> None:
    write_document(tmp_path, "law", kind="legislation", related=["asking"])
    path = write_document(tmp_path, law=[{"id": "law", "strand": "power", "when": {"holder": ["martian"]}}])

    [finding] = _check(tmp_path)

    assert (finding.path, finding.line) == (str(path), _line(path, "- id: law"))
    assert finding.message.startswith("unknown holder 'martian'")


def test_links_resolve_both_ways(tmp_path: Path) -> None:
    guidance = write_document(
        tmp_path, "a-guidance", law=[{"id": "b-law", "strand": "power"}], related=["c-case", "d-newer"]
    )
    write_document(tmp_path, "b-law", kind="legislation")
    write_document(tmp_path, "c-case", kind="case_study")
    write_document(tmp_path, "d-newer", law=[{"id": "a-guidance", "strand": "practice"}])

    missing = "does not link back: add 'a-guidance' to its related"
    assert [str(finding) for finding in _check(tmp_path)] == [
        f"{guidance}:{_line(guidance, '- id: b-law')}: error: law 'b-law' {missing}",
        f"{guidance}:{_line(guidance, '- c-case')}: error: 'c-case' {missing}",
    ]


def test_what_supersedes_a_document_is_there_and_its_status_says_so(tmp_path: Path) -> None:
    old = write_document(tmp_path, "old", superseded_by="new")
    write_document(tmp_path, "new")
    gone = write_document(tmp_path, "gone", superseded_by="nowhere", status="superseded")

    assert [str(finding) for finding in _check(tmp_path)] == [
        f"{gone}:{_line(gone, 'superseded_by')}: error: superseded_by names 'nowhere', which is no document",
        f"{old}:{_line(old, 'superseded_by')}: error: superseded_by is set, so status must be superseded",
    ]


@pytest.mark.parametrize(
    ("newer", "message"),
    [
        ({"state": "draft"}, "'newer' is a draft, so no answer can name it as what to use instead"),
        ({"state": "withdrawn"}, "'newer' is withdrawn, so no answer can name it as what to use instead"),
        (
            {"status": "not_yet_in_force", "in_force_from": None},
            "'newer' is not yet in force, so it has replaced nothing",
        ),
        (
            {"status": "superseded", "superseded_by": "newest"},
            "'newer' is itself superseded: name 'newest', which replaced it",
        ),
    ],
)
def test_what_took_the_place_of_a_document_can_be_used_itself(
    tmp_path: Path, newer: dict[str, Any], message: str
) -> None:
    old = write_document(tmp_path, "older", superseded_by="newer", status="superseded")
    write_document(tmp_path, "newer", **newer)
    write_document(tmp_path, "newest")

    assert [str(finding) for finding in _check(tmp_path)] == [f"{old}:{_line(old, 'superseded_by')}: error: {message}"]


def test_two_documents_that_name_each_other_as_what_replaced_them_are_both_found(tmp_path: Path) -> None:
    write_document(tmp_path, "one", superseded_by="two", status="superseded")
    write_document(tmp_path, "two", superseded_by="one", status="superseded")

    assert [finding.message for finding in _check(tmp_path)] == [
        "'two' is itself superseded: name 'one', which replaced it",
        "'one' is itself superseded: name 'two', which replaced it",
    ]


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ({"state": "withdrawn"}, "law 'the-act' is withdrawn, so no answer brings it"),
        ({"state": "draft"}, "law 'the-act' is draft, so no answer brings it"),
        ({"status": "superseded", "superseded_by": "new-act"}, "law 'the-act' is superseded, so no answer brings it"),
    ],
)
def test_law_that_no_answer_would_bring_is_advice_at_its_link(
    tmp_path: Path, law: dict[str, Any], message: str
) -> None:
    links = [{"id": "new-act", "strand": "power"}, {"id": "the-act", "strand": "power"}]
    path = write_document(tmp_path, law=links)
    write_document(tmp_path, "new-act", kind="legislation", related=["asking"])
    write_document(tmp_path, "the-act", kind="legislation", related=["asking"], **law)

    assert [str(finding) for finding in _check(tmp_path)] == [
        f"{path}:{_line(path, '- id: the-act')}: advice: {message}"
    ]


def test_law_that_no_guidance_names_is_advice(tmp_path: Path) -> None:
    write_document(tmp_path, law=[{"id": "the-act", "strand": "power"}])
    write_document(tmp_path, "the-act", kind="legislation", related=["asking"])
    write_document(tmp_path, "old-act", kind="legislation", status="superseded", superseded_by="the-act")
    lonely = write_document(tmp_path, "lonely-act", kind="legislation")

    assert [str(finding) for finding in _check(tmp_path)] == [
        f"{lonely}:2: advice: no guidance names this under law, "
        "so an answer cites it only when the question's own words find it"
    ]


def test_an_id_that_is_used_twice_is_found_where_it_is_used_again(tmp_path: Path) -> None:
    first = write_document(tmp_path, "asking", kind="case_study")
    again = write_document(tmp_path, "asking", kind="guidance")
    third = write_document(tmp_path, "asking", kind="legislation")

    assert [str(finding) for finding in _check(tmp_path)] == [
        f"{again}:2: error: id 'asking' is already used by {first}: give this one its own",
        f"{third}:2: error: id 'asking' is already used by {first}: give this one its own",
    ]


def test_a_bullet_is_short_and_says_where_it_was_found(tmp_path: Path) -> None:
    says = {"What it says": ["x" * 240 + " [s 1]", "x" * 241 + " [s 2]", "No pinpoint.", "Mine. [unverified]"]}
    path = write_document(tmp_path, says=says)
    first = _line(path, "- xxx")

    assert [(finding.line, finding.message) for finding in _check(tmp_path)] == [
        (first + 1, "241 characters; at most 240: split it"),
        (first + 2, "no pinpoint: end the bullet with [where it was found]"),
        (first + 3, "no pinpoint: end the bullet with [where it was found]"),
    ]


def test_a_text_imported_whole_keeps_its_long_paragraphs_and_needs_pinpoints_all_the_same(tmp_path: Path) -> None:
    path = write_document(tmp_path, words="source_text", says={"Part 1": ["y" * 900 + " [p. 1]", "No page."]})

    assert [(finding.line, finding.message) for finding in _check(tmp_path)] == [
        (_line(path, "- No page"), "no pinpoint: end the bullet with [where it was found]")
    ]


def test_an_organisations_own_document_needs_neither_pinpoints_nor_questions(tmp_path: Path) -> None:
    write_document(tmp_path, says={"Our policy": ["y" * 900]}, questions=None)

    assert _check(tmp_path, local=True) == []


def test_what_is_due_for_review_or_lacks_a_date_is_advice_and_no_error(tmp_path: Path) -> None:
    due = write_document(tmp_path, "due", review_by=date(2026, 11, 21))
    undated = write_document(tmp_path, "undated", kind="legislation", in_force_from=None)
    write_document(tmp_path, "due-today", review_by=TODAY)
    write_document(tmp_path, "due-draft", review_by=date(2020, 1, 1), state="draft")

    assert [str(finding) for finding in _check(tmp_path)] == [
        f"{due}:{_line(due, 'review_by')}: advice: review was due on 2026-11-21",
        f"{undated}:{_line(undated, 'status')}: advice: in force since when? give in_force_from where it is known",
    ]


def test_everything_wrong_in_all_files_is_reported_at_once_by_file_and_line(tmp_path: Path) -> None:
    folder = write_small_content(tmp_path)
    broken = folder / "guidance" / "broken.md"
    broken.write_text("---\nid: [\n---\n")
    thin = write_document(folder, "thin", says={"What it says": ["No pinpoint."]}, questions=["One?"], sectors=["mars"])

    documents, findings = check_files(document_paths(folder), vocabulary=load_vocabulary(), today=TODAY)

    assert len(documents) == 8
    assert [(finding.path, finding.line) for finding in findings] == [
        (str(broken), 3),
        (str(thin), _line(thin, "questions")),
        (str(thin), _line(thin, "sectors")),
        (str(thin), _line(thin, "- No pinpoint")),
    ]


def test_a_finding_has_the_right_line_however_the_file_was_saved(tmp_path: Path) -> None:
    path = write_document(tmp_path, sectors=["mars"])
    line = _line(path, "sectors")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    [finding] = _check(tmp_path)

    assert finding.line == line
