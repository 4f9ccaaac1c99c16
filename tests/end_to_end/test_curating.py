"""The life of a document: drafted, approved, reviewed, superseded and withdrawn by the commands of curators."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from knowledge.loading import CONTENT, document_paths, load_document
from knowledge.models import Bullet, Document, State, Verified
from tests.end_to_end.conftest import QUESTION, Ran, Run, copied
from tests.small_content import write_document

OPTIONS = {
    "--title": "Police at our desk",
    "--summary": "What our front desks do when the police ask.",
    "--source": "Procedure 7",
    "--url": "https://intranet.example/7",
    "--publisher": "Example Homes",
    "--nation": "england",
    "--owner": "front desks",
    "--author": "Ann Lewis",
}
POINT = ("--point", "What it says", "The police ask the duty manager about a tenant. [4.1]")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        yield


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
def over(advisor: Run, own_content: Path, local: Path) -> Run:
    """Runs ``advisor`` over content that may be changed, and a folder of local documents."""

    def runs(*arguments: str, **given: Any) -> Ran:
        return advisor(*arguments, **{"ADVISOR_CONTENT": str(own_content), "ADVISOR_LOCAL": str(local), **given})

    return runs


def words(options: dict[str, str]) -> list[str]:
    return [word for pair in options.items() for word in pair]


def drafted(over: Run, local: Path) -> Path:
    ran = over("kb", "new", "--batch", *words(OPTIONS), *POINT)
    assert ran.code == 0, ran.err
    return local / "guidance" / "police-at-our-desk.md"


def cited(over: Run) -> set[str]:
    ran = over("ask", QUESTION, "--json")
    return {citation["document"] for citation in json.loads(ran.out)["citations"]}


# new


def test_a_draft_is_written_from_options_alone(over: Run, local: Path) -> None:
    more = ["--sector", "housing", "--facet", "recipient=police", "--facet", "mode=request,meeting", "--checked"]
    more += ["--decides", "line_manager", "--law", "crime-exemption", "--related", "school-asking", "--force", "must"]
    more += ["--question", "Who decides?", "--in-force-from", "2026-04-01", "--review-by", "2027-02-01"]
    more += ["--point", "Before you share", "Ring back."]

    ran = over("kb", "new", "--batch", *words(OPTIONS), *POINT, *more)

    path = local / "guidance" / "police-at-our-desk.md"
    assert (ran.code, ran.lines[0], ran.err) == (0, str(path), "")
    assert ran.lines[-1].endswith("advisor kb approve police-at-our-desk")
    assert load_document(path).model_dump(mode="json", exclude={"path", "digest"}) == {
        **Document.model_validate(
            {
                "id": "police-at-our-desk",
                "kind": "guidance",
                "title": "Police at our desk",
                "summary": "What our front desks do when the police ask.",
                "source": "Procedure 7",
                "url": "https://intranet.example/7",
                "publisher": "Example Homes",
                "nations": ["england"],
                "sectors": ["housing"],
                "facets": {"recipient": ["police"], "mode": ["request", "meeting"]},
                "force": "must",
                "decides": ["line_manager"],
                "state": "draft",
                "status": "in_force",
                "in_force_from": "2026-04-01",
                "verified": "official",
                "checked": [{"url": "https://intranet.example/7", "copy_of": "2026-11-22"}],
                "reviewed": "2026-11-22",
                "reviewed_by": "Ann Lewis",
                "review_by": "2027-02-01",
                "owner": "front desks",
                "author": "Ann Lewis",
                "history": ["2026-11-22 drafted by Ann Lewis"],
                "questions": ["Who decides?"],
                "law": [{"id": "crime-exemption", "strand": "data_protection"}],
                "related": ["school-asking"],
            }
        ).model_dump(mode="json", exclude={"path", "digest"}),
        "sections": [
            {
                "heading": "What it says",
                "role": "guidance",
                "bullets": [bullet("The police ask the duty manager about a tenant.", "4.1", line=37)],
            },
            {
                "heading": "Before you share",
                "role": "before_you_share",
                "bullets": [bullet("Ring back.", None, line=39)],
            },
        ],
    }


def bullet(text: str, pinpoint: str | None, *, line: int) -> dict[str, Any]:
    return Bullet(text=text, pinpoint=pinpoint, line=line).model_dump(mode="json")


ANSWERS = {
    "title": ["", "Police at our desk"],
    "id": ["police-asking", "Not an id", "desk"],
    "kind": ["?", "novel", "Guidance"],
    "summary": ["short", "What our front desks do."],
    "source": ["Procedure 7"],
    "url": ["https://intranet.example/7"],
    "publisher": ["Example Homes"],
    "nations": ["", "?", "mars", "England, wales"],
    "sectors": ["housing"],
    "facets": ["?", "police", "", "", "", "", ""],
    "force": [""],
    "strand": [""],
    "decides": ["line_manager"],
    "in_force_from": ["yesterday", "2026-04-01"],
    "checked": ["no"],
    "law": ["nowhere", "crime-exemption"],
    "related": [""],
    "questions": ["Who decides at the desk?", ""],
    "points": ["", "Ring the station back.", "[4.1]", "Ask why.", "", ""],
    "other headings": ["", "", "", "", "", "Duty manager.", "4.2", ""],
    "owner": ["front desks"],
    "author": ["Ann Lewis"],
    "review_by": [""],
}


def test_a_draft_is_written_from_answers_that_are_asked_again_until_they_can_be_used(over: Run, local: Path) -> None:
    answers = "\n".join(line for lines in ANSWERS.values() for line in lines) + "\n"

    ran = over("kb", "new", stdin=answers)

    assert ran.code == 0, ran.err
    document = load_document(local / "guidance" / "desk.md")
    assert (document.kind, document.state, document.verified) == ("guidance", State.DRAFT, Verified.UNVERIFIED)
    assert ([nation.value for nation in document.nations], document.sectors) == (["england", "wales"], ("housing",))
    assert (document.facets, document.decides) == ({"recipient": ("police",)}, ("line_manager",))
    assert (document.in_force_from, document.review_by) == (date(2026, 4, 1), date(2027, 5, 23))
    assert [
        (section.heading, [(b.text, b.pinpoint, b.unverified) for b in section.bullets])
        for section in document.sections
    ] == [
        ("What it says", [("Ring the station back.", "4.1", False), ("Ask why.", "practice point", True)]),
        ("Who decides", [("Duty manager.", "4.2", False)]),
    ]


def test_a_question_mark_explains_every_value(over: Run) -> None:
    answers = "\n".join(line for lines in ANSWERS.values() for line in lines) + "\n"

    asked = over("kb", "new", stdin=answers).err

    assert (
        "    guidance: how to do it, such as a procedure, a code, or what to do when\n        someone asks\n" in asked
    )
    assert "    police: the police\n" in asked
    assert "    northern_ireland: Northern Ireland\n" in asked
    for told in ("'mars' is not known here", "'police-asking' is in use", "small letters", "Write a day as YYYY-MM-DD"):
        assert told in asked
    assert max(map(len, asked.splitlines())) <= 80


def test_what_was_given_is_not_asked_for(over: Run, local: Path) -> None:
    rest = [ANSWERS[field] for field in ("kind", "sectors", "facets", "force", "strand", "decides", "in_force_from")]
    rest += [ANSWERS[field] for field in ("checked", "law", "related", "questions", "review_by")]
    answers = ["desk", *(line for lines in rest for line in lines)]

    ran = over("kb", "new", *words(OPTIONS), *POINT, stdin="\n".join(answers) + "\n")

    assert (ran.code, load_document(local / "guidance" / "desk.md").title) == (0, "Police at our desk")
    assert "What would a practitioner call it?" not in ran.err


def test_an_interview_that_is_stopped_writes_nothing(over: Run, local: Path) -> None:
    ran = over("kb", "new", stdin="Police at our desk\n")
    assert (ran.code, ran.out, list(local.iterdir())) == (130, "", [])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            ["--id", "police-asking"],
            "'police-asking' is in use. Choose another. To change a bundled document: \"advisor kb new --from",
        ),
        (["--id", "Not An Id"], "id: string should match pattern"),
        (["--facet", "weather=rain"], "--facet 'weather' is unknown; known: holder, recipient"),
        (["--facet", "recipient=martians"], "recipient 'martians' is unknown; known: police"),
        (["--sector", "circus"], "holder 'circus' is unknown; known: "),
        (["--decides", "king"], "--decides 'king' is unknown; known: information_governance_lead"),
        (["--law", "nowhere"], "No document has the id 'nowhere'"),
        (["--related", "nowhere"], "No document has the id 'nowhere'"),
        (["--summary", "short"], "summary: string should have at least 10 characters"),
        (["--author", "  "], "The name is empty. Give it in words."),
    ],
)
def test_what_cannot_be_a_document_is_refused_and_not_written(
    over: Run, local: Path, changed: list[str], message: str
) -> None:
    ran = over("kb", "new", "--batch", *words(OPTIONS), *POINT, *changed)
    assert (ran.code, ran.out, list(local.iterdir())) == (2, "", [])
    assert message in ran.err


def test_everything_missing_is_named_at_once(over: Run) -> None:
    ran = over("kb", "new", "--batch", "--title", "A title")
    assert ran.code == 2
    assert "Needed: --summary, --source, --url, --publisher, --nation, --point, --owner." in ran.err


def test_without_a_folder_of_ones_own_nothing_is_written(advisor: Run) -> None:
    ran = advisor("kb", "new", "--batch", *words(OPTIONS), *POINT)
    assert (ran.code, "Set ADVISOR_LOCAL to a folder for documents of your own, or name one with --to." in ran.err) == (
        2,
        True,
    )


def test_a_draft_goes_to_the_folder_that_is_named(over: Run, tmp_path: Path) -> None:
    ran = over("kb", "new", "--batch", *words(OPTIONS), *POINT, "--to", str(tmp_path / "else"), "--kind", "case_study")
    assert (ran.code, ran.lines[0]) == (0, str(tmp_path / "else" / "case_studies" / "police-at-our-desk.md"))


def test_a_bundled_document_is_copied_to_be_changed_and_takes_its_place_once_approved(over: Run, local: Path) -> None:
    ran = over("kb", "new", "--from", "police-asking", "--author", "Ann")
    path = local / "guidance" / "police-asking.md"
    assert (ran.code, ran.lines[0]) == (0, str(path))
    path.write_text(path.read_text(encoding="utf-8").replace("A police request", "At our place a police request"))

    assert over("kb", "approve", "police-asking", "--by", "Bo").code == 0
    assert over("kb", "index").out.startswith("Indexed 6 documents")
    quotes = [each["quote"] for each in json.loads(over("ask", QUESTION, "--json").out)["citations"] if each["local"]]
    assert any(quote.startswith("At our place a police request") for quote in quotes)


def test_a_copy_is_made_once_and_of_what_is_bundled_alone(over: Run, local: Path) -> None:
    drafted(over, local)
    assert over("kb", "new", "--from", "school-asking").code == 0

    again, own = over("kb", "new", "--from", "school-asking"), over("kb", "new", "--from", "police-at-our-desk")
    mixed = over("kb", "new", "--from", "police-asking", "--title", "Mine")

    assert (again.code, own.code, mixed.code) == (2, 2, 2)
    assert "holds a document with the id 'school-asking' already" in again.err
    assert "No document has the id 'police-at-our-desk'" in own.err
    assert "Change the copy in a text editor" in mixed.err


# approve


def test_a_draft_is_cited_only_once_somebody_else_approved_it(over: Run, local: Path) -> None:
    path = drafted(over, local)
    over("kb", "index")
    assert "police-at-our-desk" not in cited(over)
    before = path.read_text(encoding="utf-8")

    ran = over("kb", "approve", "police-at-our-desk", "--by", "Bo Chen")

    assert ran.code == 0, ran.err
    assert ran.lines[-3:] == [
        "police-at-our-desk: 2026-11-22 approved by Bo Chen",
        f"  {path}",
        'Run "advisor kb index", so that answers follow.',
    ]
    assert path.read_text(encoding="utf-8") == before.replace("state: draft", "state: approved").replace(
        "drafted by Ann Lewis\n", 'drafted by Ann Lewis\n  - "2026-11-22 approved by Bo Chen"\n'
    )
    over("kb", "index")
    assert "police-at-our-desk" in cited(over)


def test_its_author_does_not_approve_a_draft(over: Run, local: Path) -> None:
    path = drafted(over, local)
    before = path.read_bytes()

    ran = over("kb", "approve", "police-at-our-desk", "--by", "ann  lewis")

    assert (ran.code, ran.out, path.read_bytes()) == (2, "", before)
    assert ran.err == "Error: ann lewis wrote police-at-our-desk. Somebody else must read and approve it.\n"


def test_a_draft_with_an_error_is_not_approved_and_the_findings_are_shown(over: Run, local: Path) -> None:
    path = drafted(over, local)
    path.write_text(path.read_text(encoding="utf-8").replace("owner: ", "related: [nowhere]\nowner: "))
    before = path.read_bytes()

    ran = over("kb", "approve", "police-at-our-desk", "--by", "Bo")

    assert (ran.code, path.read_bytes(), ran.err) == (1, before, "Not approved: mend 1 error first.\n")
    assert "error: related names 'nowhere', which is no document" in ran.out


# reviewed, supersede, withdraw


def test_a_review_is_written_into_the_document(over: Run, own_content: Path) -> None:
    path = own_content / "guidance" / "police-asking.md"
    before = path.read_text(encoding="utf-8")

    ran = over("kb", "reviewed", "police-asking", "--by", "Bo", "--next", "2027-01-31")

    assert ran.code == 0, ran.err
    expected = before.replace(
        "reviewed: 2026-11-01\nreviewed_by: the project (not a lawyer)", "reviewed: 2026-11-22\nreviewed_by: Bo"
    )
    expected = expected.replace("review_by: 2027-05-01", "review_by: 2027-01-31")
    at = expected.index("---\n", 4)
    line = 'history:\n  - "2026-11-22 reviewed by Bo: next 2027-01-31"\n'
    assert path.read_text(encoding="utf-8") == expected[:at] + line + expected[at:]


def test_a_superseded_document_is_no_longer_quoted_and_who_names_it_as_law_is_told(
    over: Run, own_content: Path
) -> None:
    ran = over("kb", "supersede", "crime-exemption", "--by", "told-in-confidence", "--who", "Bo")

    assert ran.code == 0, ran.err
    old = load_document(own_content / "legislation" / "crime-exemption.md")
    assert (old.status, old.superseded_by) == ("superseded", "told-in-confidence")
    assert old.history == ("2026-11-22 superseded by Bo: replaced by told-in-confidence",)
    assert "Still named as law by police-asking: name told-in-confidence there" in ran.out
    over("kb", "index")
    answer = json.loads(over("ask", QUESTION, "--json").out)
    quoted = {number for statement in answer["statements"] for number in statement["citations"]}
    assert "crime-exemption" not in {each["document"] for each in answer["citations"] if each["number"] in quoted}
    assert "told-in-confidence" in cited(over)


def test_a_withdrawn_document_is_no_longer_cited(over: Run, own_content: Path) -> None:
    over("kb", "index")
    assert "police-asking" in cited(over)

    ran = over("kb", "withdraw", "police-asking", "--why", "It was\nwrong: twice", "--who", "Bo")

    assert ran.code == 0, ran.err
    document = load_document(own_content / "guidance" / "police-asking.md")
    assert (document.state, document.history) == ("withdrawn", ("2026-11-22 withdrawn by Bo: It was wrong: twice",))
    over("kb", "index")
    assert "police-asking" not in cited(over)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["approve", "police-asking"], "police-asking is approved; only a draft is approved."),
        (["approve", "half-written"], "half-written does not say who wrote it"),
        (["approve", "nowhere"], "No document has the id 'nowhere'."),
        (["reviewed", "nowhere"], "No document has the id 'nowhere'."),
        (["reviewed", "police-asking", "--next", "2026-11-22"], "Give a later day with --next"),
        (["reviewed", "police-asking", "--by", " "], "The name is empty."),
        (["supersede", "police-asking", "--by", "nowhere"], "No document has the id 'nowhere'."),
        (["supersede", "police-asking", "--by", "half-written"], "Approve it first."),
        (["withdraw", "police-asking", "--why", " "], "The reason is empty."),
        (["withdraw", "police-asking"], "Missing option '--why'"),
    ],
)
def test_an_act_that_is_not_allowed_changes_nothing(
    over: Run, own_content: Path, command: list[str], message: str
) -> None:
    before = {path: path.read_bytes() for path in document_paths(own_content)}
    ran = over("kb", *command)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert {path: path.read_bytes() for path in document_paths(own_content)} == before


def test_the_operating_systems_user_acts_when_no_name_is_given(over: Run, own_content: Path) -> None:
    assert over("kb", "reviewed", "police-asking", LOGNAME="casey").code == 0

    assert load_document(own_content / "guidance" / "police-asking.md").reviewed_by == "casey"


def test_an_act_is_upon_the_local_document_when_it_has_the_id_of_a_bundled_one(
    over: Run, own_content: Path, local: Path
) -> None:
    own, bundled = write_document(local, "police-asking"), own_content / "guidance" / "police-asking.md"
    before = bundled.read_bytes()

    assert over("kb", "withdraw", "police-asking", "--why", "Ours differs").code == 0

    assert (load_document(own).state, bundled.read_bytes()) == ("withdrawn", before)


def test_an_act_upon_one_of_two_documents_of_an_id_is_refused(over: Run, local: Path) -> None:
    first, second = write_document(local / "a", "ours"), write_document(local / "b", "ours")
    ran = over("kb", "reviewed", "ours")
    assert (ran.code, f"{first} and {second} have the same id 'ours'" in ran.err) == (2, True)


def test_a_document_that_the_disk_does_not_let_be_changed_is_left_whole(over: Run, own_content: Path) -> None:
    path = own_content / "guidance" / "police-asking.md"
    before = path.read_bytes()
    path.with_name(".police-asking.md.new").write_text("of somebody else")

    ran = over("kb", "reviewed", "police-asking")

    assert (ran.code, path.read_bytes()) == (4, before)
    assert "is being changed by another process" in ran.err


# review


def due(content: Path) -> None:
    write_document(content, "sooner", review_by=date(2026, 11, 20), owner="zeta", title="Long overdue " * 9)
    write_document(content, "later", review_by=date(2026, 12, 22), owner="alpha")
    write_document(content, "soon", review_by=date(2026, 11, 22), owner="alpha")
    write_document(content, "last", review_by=date(2026, 12, 23), owner="alpha")
    write_document(content, "drafted", review_by=date(2026, 1, 1), state="draft")
    write_document(content, "gone", review_by=date(2026, 1, 1), state="withdrawn")


def test_what_is_due_is_listed_by_owner_and_the_soonest_first(over: Run, own_content: Path) -> None:
    due(own_content)
    ran = over("kb", "review")
    assert (ran.code, ran.lines) == (
        0,
        [
            "zeta",
            "  2026-11-20  sooner (2 days overdue)",
            "    Long overdue Long overdue Long overdue Long overdue Long overdue Long...",
            "alpha",
            "  2026-11-22  soon (today)",
            "    Someone asks about a person",
            "  2026-12-22  later (in 30 days)",
            "    Someone asks about a person",
            "3 of 13 documents due within 30 days, 1 of them overdue",
        ],
    )


def test_the_days_ahead_and_the_owner_can_be_chosen(over: Run, own_content: Path) -> None:
    due(own_content)
    ran = over("kb", "review", "--within", "31", "--owner", "alpha")
    assert [line.split()[1] for line in ran.lines if line.startswith("  2")] == ["soon", "later", "last"]


def test_review_prints_its_object(over: Run, own_content: Path, local: Path) -> None:
    path = write_document(local, "ours", review_by=date(2026, 11, 23), reviewed_by="Bo")
    ran = over("kb", "review", "--json")
    assert json.loads(ran.out) == {
        "schema": "advisor.kb.review/1",
        "today": "2026-11-22",
        "within": 30,
        "documents": [
            {
                "id": "ours",
                "title": "Someone asks about a person",
                "owner": "information-governance",
                "reviewed": "2026-11-01",
                "reviewed_by": "Bo",
                "review_by": "2026-11-23",
                "local": True,
                "path": str(path),
                "days": 1,
            }
        ],
    }


# the installed package


def test_a_document_of_the_package_is_changed_only_where_git_keeps_it(advisor: Run, tmp_path: Path) -> None:
    path = CONTENT / "guidance" / "danger-now.md"
    before = path.read_bytes()

    try:
        ran = advisor("kb", "withdraw", "danger-now", "--why", "x", ADVISOR_CONTENT="", PATH=str(tmp_path))
        after = path.read_bytes()
    finally:
        path.write_bytes(before)  # The real one: were it changed, it would not stay so.

    assert (ran.code, ran.out, after) == (2, "", before)
    assert 'Copy it among your own documents with "advisor kb new --from danger-now"' in ran.err


def test_whoever_keeps_documents_of_their_own_never_changes_one_of_the_package(advisor: Run, local: Path) -> None:
    path = CONTENT / "guidance" / "danger-now.md"
    before = path.read_bytes()

    try:
        ran = advisor("kb", "withdraw", "danger-now", "--why", "x", ADVISOR_CONTENT="", ADVISOR_LOCAL=str(local))
        after = path.read_bytes()
    finally:
        path.write_bytes(before)  # The real one: were it changed, it would not stay so.

    assert (ran.code, ran.out, after) == (2, "", before)
    assert 'Copy it among your own documents with "advisor kb new --from danger-now"' in ran.err


def test_a_draft_being_written_does_not_stop_answers(over: Run, local: Path) -> None:
    assert over("kb", "index").code == 0

    assert over("kb", "new", "--batch", *(each for pair in OPTIONS.items() for each in pair), *POINT).code == 0

    assert over("ask", QUESTION).code == 0
