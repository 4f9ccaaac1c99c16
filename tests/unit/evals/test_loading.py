"""Suites are read strictly, and what is wrong is said with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.cases import Case, Part, Suite
from evals.errors import SuiteError
from evals.loading import as_lines, bundled, find_suites, load_suite

GOOD = """\
suite: mine
cases:
  - id: MINE-1
    question: Can I tell the school?
    urgency: routine
  - id: MINE-2
    split: test
    question: Can I tell her?
"""


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(SuiteError) as caught:
        load_suite(path)
    return str(caught.value)


def test_a_suite_is_read_whole(tmp_path: Path) -> None:
    assert load_suite(written(tmp_path, GOOD)) == Suite(
        suite="mine",
        cases=(
            Case(id="MINE-1", question="Can I tell the school?", urgency="routine"),  # type: ignore[arg-type]
            Case(id="MINE-2", question="Can I tell her?", split=Part.TEST),
        ),
    )


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("urgency: routine", "urgency: soon", ":5: cases.0.urgency: Input should be"),
        ("split: test", "spilt: test", ":7: cases.1.spilt: Extra inputs are not permitted"),
        ("    question: Can I tell her?\n", "", ":6: cases.1.question: Field required"),
        ("MINE-2", "MINE-1", ":6: MINE-1 is already used on line 3"),
        ("urgency: routine", "question: twice", ":5: question is given twice: keep one"),
        ("urgency: routine", "role: [a, b", ":6: not valid YAML"),
        ("urgency: routine", "trap_any_of: ['(']", ":5: cases.0.trap_any_of.0: not a regular expression"),
        ("urgency: routine", "ask_back: [shoe_size]", ":3: cases.0: unknown facet 'shoe_size'"),
        ("urgency: routine", "spans: [{kind: NAME, text: Bob, start: 0}]", ":3: cases.0: the NAME at 0 is not there"),
        ("urgency: routine", "spans: [{kind: SHOE, text: Can, start: 0}]", ":5: cases.0.spans.0: unknown kind 'SHOE'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, was: str, now: str, said: str) -> None:
    path = written(tmp_path, GOOD.replace(was, now, 1))
    assert refused(path).startswith(f"{path}{said}")


def test_an_error_does_not_repeat_a_question(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("urgency: routine", "urgency: Can I tell the school?"))
    assert "school" not in refused(path)


@pytest.mark.parametrize("text", ["", "suite: mine\ncases: []\n", "- a\n- b\n", "just words"])
def test_a_file_without_cases_is_refused(tmp_path: Path, text: str) -> None:
    assert "mine.yaml:" in refused(written(tmp_path, text))


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"suite: \xff\xfe")
    assert refused(path) == f"{path}:1: not UTF-8 text: save the file as UTF-8"


def test_a_name_that_is_no_suite_is_refused_with_those_that_are() -> None:
    with pytest.raises(SuiteError, match="use one of answerability, core, .*, or a file that ends in .yaml or .jsonl"):
        find_suites(["cores"])


def test_a_suite_named_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    again = written(tmp_path, GOOD, "again.yaml")
    with pytest.raises(SuiteError, match="the suite 'mine' is given twice"):
        find_suites([str(path), str(again)])


@pytest.mark.parametrize("path", bundled(), ids=lambda path: path.stem)
def test_cases_written_as_json_lines_are_read_the_same(tmp_path: Path, path: Path) -> None:
    suite = load_suite(path)
    again = load_suite(written(tmp_path, as_lines(suite.cases), f"{suite.suite}.jsonl"))
    assert (again.suite, again.cases) == (suite.suite, suite.cases)


def test_a_bad_json_line_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, '{"id": "A", "question": "?"}\n\n{"id": "B"}\n', "mine.jsonl")
    assert refused(path) == f"{path}:3: question: Field required"


def test_a_line_separator_in_a_question_does_not_end_a_json_line(tmp_path: Path) -> None:
    case = Case(id="A", question="one\u2028two")
    assert load_suite(written(tmp_path, as_lines([case]), "mine.jsonl")).cases == (case,)
