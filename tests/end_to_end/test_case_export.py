"""``advisor cases export`` and ``stats``, ``kb from-case``, ``learn`` and ``documents``, as people type them."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document

from integrations.cli.cases.desk import identity
from tests.end_to_end.conftest import QUESTION, Run

PROFILE = """
name = "Anytown <Homes>"
asker_may_decide = true
[[people]]
name = "Amira Khan"
identities = ["{me}"]
roles = ["information_governance_lead", "{more}"]
[permissions]
export = ["data_protection_officer"]
"""
NASTY = "<script>alert(1)</script> & the officer named the crime"


@pytest.fixture
def profile(home: Path) -> Path:
    return write_profile(home, more="data_protection_officer")


def write_profile(home: Path, *, more: str) -> Path:
    path = home / "profile.toml"
    path.write_text(PROFILE.format(me=identity(), more=more), encoding="utf-8")
    return path


@pytest.fixture
def case(advisor: Run, profile: Path) -> str:
    """A decided case."""
    answer = json.loads(advisor("ask", QUESTION, "--json").out)["id"]
    opened = json.loads(advisor("cases", "open", answer, "--json").out)["case"]["id"]
    fields = ("--field", f"reasons={NASTY}", "--field", "legal_power==1+1", "--field", "reference=HSG/17")
    ran = advisor("cases", "decide", opened, "--outcome", "share", *fields, "--not-sure")
    assert ran.code == 0, ran.err
    return str(opened)


class _Page(HTMLParser):
    """What of a page fetches or runs something, and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.images: list[dict[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "img":
            self.images.append(given)
        self.fetched += [value for name, value in given.items() if name in ("src", "href") and value.startswith("http")]


def kinds(advisor: Run, case: str) -> list[str]:
    return [event["kind"] for event in json.loads(advisor("cases", "show", case, "--json").out)["events"]]


def test_a_case_becomes_a_page_that_stands_alone_with_every_text_escaped(
    advisor: Run, case: str, tmp_path: Path
) -> None:
    ran = advisor("cases", "export", case, "--to", str(tmp_path / "case.html"))
    assert (ran.code, ran.out) == (0, "")
    text = (tmp_path / "case.html").read_text(encoding="utf-8")
    page = _Page(text)
    assert "script" not in page.tags
    assert page.fetched == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; the officer named the crime" in text
    assert "Anytown &lt;Homes&gt;" in text
    assert QUESTION in text
    assert "VERIFIED: " in text
    assert kinds(advisor, case)[-1] == "exported"
    assert stat.S_IMODE((tmp_path / "case.html").stat().st_mode) == 0o600


def test_a_case_becomes_a_word_document_with_the_same_parts(advisor: Run, case: str, tmp_path: Path) -> None:
    assert advisor("cases", "export", case, "--to", str(tmp_path / "case.docx")).code == 0
    word = Document(str(tmp_path / "case.docx"))
    headings = [each.text for each in word.paragraphs if each.style and each.style.name == "Heading 1"]
    assert headings == [
        "The case",
        "What was asked",
        "What the advisor showed",
        "Sources",
        "The decision",
        "Who did what, when",
        "Integrity",
        "How to read this record",
    ]
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert NASTY in cells
    digests = [each["digest"] for each in json.loads(advisor("cases", "show", case, "--json").out)["events"]]
    assert set(digests) <= set(cells)


def test_a_text_with_characters_that_word_cannot_hold_is_still_exported(
    advisor: Run, case: str, tmp_path: Path
) -> None:
    assert advisor("cases", "note", case, "a\x0bb\x01c").code == 0
    assert advisor("cases", "export", case, "--to", str(tmp_path / "case.docx")).code == 0


def test_many_cases_are_exported_without_text_unless_it_is_asked_for(advisor: Run, case: str, tmp_path: Path) -> None:
    plain = advisor("cases", "export")
    assert plain.code == 0
    assert [row["case"] for row in csv.DictReader(io.StringIO(plain.out))] == [case]
    assert "the officer" not in plain.out
    assert identity() not in plain.out
    full = advisor("cases", "export", "--with-text", "--to", str(tmp_path / "cases.csv"))
    assert full.code == 0
    [row] = csv.DictReader(io.StringIO((tmp_path / "cases.csv").read_bytes().decode("utf-8-sig")))
    assert (row["reasons"], row["legal_power"], row["reference"]) == (NASTY, "'=1+1", "HSG/17")


def test_filters_and_the_number_of_the_file_choose_the_cases(advisor: Run, case: str) -> None:
    def found(*options: str) -> list[str]:
        ran = advisor("cases", "export", "--json", *options)
        body = json.loads(ran.out)
        assert (ran.code, body["schema"]) == (0, "advisor.cases.export/1")
        return [each["case"] for each in body["cases"]]

    assert found() == [case]
    assert found("--outcome", "share", "--mine") == [case]
    assert found("--live") == []
    assert found("--reference", "HSG/17") == [case]
    assert found("--reference", "HSG/18") == []
    assert found("--before", "2020-01-01") == []


def test_who_may_not_export_gets_no_file(advisor: Run, case: str, home: Path, tmp_path: Path) -> None:
    write_profile(home, more="designated_safeguarding_lead")
    for arguments in ([case, "--to", str(tmp_path / "case.html")], ["--to", str(tmp_path / "cases.csv")]):
        ran = advisor("cases", "export", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert "may not export this: it takes data_protection_officer" in ran.err
    draft = advisor("kb", "from-case", case, "--title", "A lesson", "--to", str(tmp_path / "own"))
    assert (draft.code, "may not export" in draft.err) == (2, True)
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".html", ".csv") or path.name == "own"] == []
    assert kinds(advisor, case)[-2:] == ["refused", "refused"]


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        (["CASE"], "Say --to FILE.html or --to FILE.docx"),
        (["CASE", "--to", "case.csv"], "Say --to FILE.html or --to FILE.docx"),
        (["CASE", "--to", "case.html", "--live"], "filters, --with-text and --json are for many"),
        (["--to", "cases.html"], "For a document name one CASE"),
        (["--to", "cases.csv", "--json"], "Many cases go --to FILE.csv or --to FILE.json"),
        (["--to", "nowhere/cases.csv"], "There is no folder nowhere"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_recorded(
    advisor: Run, case: str, arguments: list[str], mend: str
) -> None:
    ran = advisor("cases", "export", *[case if each == "CASE" else each for each in arguments])
    assert ran.code == 2
    assert mend in " ".join(ran.err.split())
    assert "exported" not in kinds(advisor, case)


def test_statistics_fit_the_screen_and_say_which_guidance_drove_which_decision(advisor: Run, case: str) -> None:
    ran = advisor("cases", "stats")
    assert ran.code == 0
    assert max(map(len, ran.lines)) <= 80
    assert ran.out.startswith("1 case: 0 not decided yet, 0 of them overdue.")
    body = json.loads(advisor("cases", "stats", "--json").out)
    assert (body["schema"], body["cases"], body["outcomes"]["share"]) == ("advisor.cases.stats/1", 1, 1)
    answer = json.loads(advisor("cases", "show", case, "--json").out)["events"][0]["content"]["answer"]
    assert {each["document"] for each in body["guidance"]} == {each["document"] for each in answer["citations"]}
    assert {line.split()[0] for line in ran.lines if line} >= {each["document"] for each in body["guidance"]}


def test_the_page_of_statistics_has_a_table_for_every_plot(advisor: Run, case: str, tmp_path: Path) -> None:
    ran = advisor("cases", "stats", "--html", str(tmp_path / "stats.html"))
    assert ran.code == 0
    page = _Page((tmp_path / "stats.html").read_text(encoding="utf-8"))
    assert page.fetched == []
    assert "script" not in page.tags
    assert page.tags.count("table") == len(page.images) == 5
    for image in page.images:
        kind, _, data = image["src"].partition(",")
        assert kind == "data:image/svg+xml;base64"
        assert b"<svg" in base64.b64decode(data)
        assert image["alt"] == "Bar chart of the figures in the table that follows."


def test_statistics_of_no_cases_are_no_error(advisor: Run, profile: Path, tmp_path: Path) -> None:
    ran = advisor("cases", "stats", "--html", str(tmp_path / "stats.html"))
    assert (ran.code, ran.lines[0][:8]) == (0, "0 cases:")
    assert "None was decided from a queue yet." in ran.lines


def test_after_a_decision_there_is_one_thing_to_know_next_time_with_its_source(advisor: Run, profile: Path) -> None:
    answer = json.loads(advisor("ask", QUESTION, "--json").out)
    opened = json.loads(advisor("cases", "open", answer["id"], "--json").out)["case"]["id"]
    ran = advisor("cases", "decide", opened, "--outcome", "do_not_share", "--not-sure", "--json")
    point = json.loads(ran.out)["next_time"]
    assert point["citation"] in answer["citations"]
    assert point["text"] == point["citation"]["quote"]


def test_the_lesson_is_shown_to_people_too(advisor: Run, profile: Path) -> None:
    answer = json.loads(advisor("ask", QUESTION, "--json").out)["id"]
    opened = json.loads(advisor("cases", "open", answer, "--json").out)["case"]["id"]
    ran = advisor("cases", "decide", opened, "--outcome", "do_not_share", "--not-sure")
    assert ran.lines.count("TO KNOW NEXT TIME") == 1
    assert ran.lines[-1].strip() != ""


def test_a_decided_case_becomes_a_draft_that_names_nobody_and_cannot_be_approved_unfinished(
    advisor: Run, case: str, tmp_path: Path
) -> None:
    own = str(tmp_path / "own")
    ran = advisor("kb", "from-case", case, "--title", "The police ring", "--author", "Curator", "--to", own)
    assert ran.code == 0, ran.err
    path = Path(ran.out.strip())
    text = path.read_text(encoding="utf-8")
    assert path == tmp_path / "own" / "case_studies" / "the-police-ring.md"
    assert "\nstate: draft\n" in text
    assert "Amira" not in text
    assert "HSG/17" not in text
    refused = advisor("kb", "approve", "the-police-ring", "--by", "Another", ADVISOR_LOCAL=own)
    assert refused.code == 2
    assert 'still says "TO COMPLETE:"' in refused.err
    assert kinds(advisor, case)[-1] == "exported"
    again = advisor("kb", "from-case", case, "--title", "The police ring", "--kind", "guidance", "--to", own, "--json")
    assert json.loads(again.out) == {
        "schema": "advisor.kb.from-case/1",
        "case": case,
        "id": "the-police-ring-2",
        "path": str(tmp_path / "own" / "guidance" / "the-police-ring-2.md"),
    }


def test_a_scenario_is_read_without_a_question_when_piped(advisor: Run) -> None:
    ran = advisor("learn", "--case", "case-soham-bichard", ADVISOR_CONTENT="")
    assert ran.code == 0
    assert ran.lines[0] == "SOHAM AND THE BICHARD INQUIRY: DATA PROTECTION WAS NOT TO BLAME"
    headings = [line for line in ran.lines if re.fullmatch(r"[A-Z][A-Z ]+", line)]
    assert headings[:3] == ["WHAT HAPPENED", "WHAT WAS FOUND", "WHAT IT TEACHES"]
    assert "Numbers, or your own words" not in ran.out
    assert max(map(len, ran.lines)) <= 80
    assert ran.lines[-1] == "Another: advisor learn --case case-southport-inquiry"


def test_a_scenario_has_json_and_the_scenarios_a_list(advisor: Run) -> None:
    listed = json.loads(advisor("learn", "--list", "--json", ADVISOR_CONTENT="").out)
    one = json.loads(advisor("learn", "--case", "soham-bichard", "--json", ADVISOR_CONTENT="").out)
    assert (listed["schema"], one["schema"]) == ("advisor.learn/1", "advisor.learn/1")
    assert "case-soham-bichard" in [each["id"] for each in listed["scenarios"]]
    assert one["scenario"]["found"][0]["citation"]["document"] == "case-soham-bichard"


def test_an_unknown_case_study_is_said(advisor: Run) -> None:
    ran = advisor("learn", "--case", "nowhere", ADVISOR_CONTENT="")
    assert (ran.code, ran.out) == (2, "")
    assert "No case study has the id 'nowhere'. See \"advisor learn --list\"." in ran.err


def test_the_documents_for_deployment_are_listed_printed_and_copied(advisor: Run, tmp_path: Path) -> None:
    listed = advisor("documents")
    assert [line.split(":")[0] for line in listed.lines if not line.startswith(" ")][:3] == [
        "dpia", "privacy-notice", "retention-schedule",
    ]  # fmt: skip
    assert advisor("documents", "dpia").out.startswith("# Data protection impact assessment")
    body = json.loads(advisor("documents", "--json").out)
    assert (body["schema"], len(body["documents"])) == ("advisor.documents/1", 3)
    assert advisor("documents", "--to", str(tmp_path / "ours")).code == 0
    mine = tmp_path / "ours" / "dpia.md"
    mine.write_text("ours now", encoding="utf-8")
    again = advisor("documents", "--to", str(tmp_path / "ours"))
    assert (again.code, mine.read_text(encoding="utf-8")) == (2, "ours now")
    assert advisor("documents", "nothing").code == 2
