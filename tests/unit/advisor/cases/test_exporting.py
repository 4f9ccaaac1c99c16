"""What leaves the record, for whom, and that it is written down."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import update

from advisor.cases.desk import Desk
from advisor.cases.dossier import Dossier, Part
from advisor.cases.exporting import (
    PLAIN,
    TEXTS,
    Row,
    Selection,
    as_csv,
    defused,
    export_case,
    export_many,
    files,
    row_of,
)
from advisor.cases.models import DecisionOutcome, EventKind, Filter
from advisor.cases.purging import purge
from advisor.errors import Refused
from advisor.tables import CONTENTS
from knowledge.vocabulary import load_vocabulary
from tests.casework import ASKER, Clock, a_decision, an_answer, some_checkpoints


def a_decided_case(desk: Desk, **fields: object) -> str:
    amira = desk.directory.actor("os:akhan")
    case = desk.open(an_answer(), by=ASKER, why="He says it is about Smith").id
    desk.note(case, "Rang the station back", by=amira)
    desk.decide(case, a_decision("share", **fields), by=amira)
    return case


def dossier(desk: Desk, case: str, folder: Path, *, who: str = "os:akhan") -> Dossier:
    return export_case(
        case,
        desk=desk,
        by=desk.directory.actor(who),
        checkpoints=some_checkpoints(desk.bench.database, folder),
        vocabulary=load_vocabulary(),
        kind="html",
    )


def rows(desk: Desk, who: str = "os:akhan", **selection: object) -> list[Row]:
    return export_many(Selection.model_validate(selection), desk=desk, by=desk.directory.actor(who), kind="csv")


def part(document: Dossier, heading: str) -> Part:
    return next(each for each in document.parts if each.heading == heading)


def everything(document: Dossier) -> str:
    return document.model_dump_json()


def test_the_document_of_a_case_holds_what_was_asked_shown_done_and_decided(desk: Desk, tmp_path: Path) -> None:
    case = a_decided_case(desk, to_whom="PC 1234, Croydon")
    document = dossier(desk, case, tmp_path)
    assert [each.heading for each in document.parts] == [
        "The case",
        "What was asked",
        "What the advisor showed",
        "Sources",
        "The decision",
        "Who did what, when",
        "Integrity",
        "How to read this record",
    ]
    answer = an_answer()
    assert part(document, "What was asked").paragraphs[0] == answer.question
    sources = part(document, "Sources").table
    assert sources is not None
    assert [row[4] for row in sources.rows] == [citation.digest for citation in answer.citations]
    assert all(citation.quote in row[2] for citation, row in zip(answer.citations, sources.rows, strict=True))
    decided = dict(part(document, "The decision").fields)
    assert decided["To whom"] == "PC 1234, Croydon"
    assert decided["Reasons"] == "said of reasons"
    assert decided["Advice sought"] == "nothing is recorded"
    events = part(document, "Who did what, when").table
    assert events is not None
    assert [(row[2], row[3]) for row in events.rows] == [
        ("joe (os:joe)", "asked a human"),
        ("Amira Khan (os:akhan)", "noted"),
        ("Amira Khan (os:akhan)", "took the case"),
        ("Amira Khan (os:akhan)", "decided"),
        ("Amira Khan (os:akhan)", "exported the case"),
    ]


def test_the_document_says_that_the_record_verifies_and_that_the_checkpoint_agrees(desk: Desk, tmp_path: Path) -> None:
    case = a_decided_case(desk)
    integrity = part(dossier(desk, case, tmp_path), "Integrity")
    after = desk.find(case, by=ASKER).case
    assert integrity.paragraphs[0].startswith("VERIFIED: ")
    assert dict(integrity.fields)["Head of the chain"] == after.head
    checkpoint = dict(integrity.fields)["Checkpoint outside the store"]
    assert checkpoint == f"5 of 5 events, head {after.head}: agrees with this record"


def test_the_document_of_a_changed_record_says_that_it_does_not_verify(desk: Desk, tmp_path: Path) -> None:
    case = a_decided_case(desk)
    with desk.bench.database.writing() as connection:
        changed = (CONTENTS.c.chain == case) & (CONTENTS.c.sequence == 2)
        connection.execute(update(CONTENTS).where(changed).values(body='{"by":"os:joe","name":"joe","text":"x"}'))
    integrity = part(dossier(desk, case, tmp_path), "Integrity")
    assert integrity.paragraphs[0].startswith("NOT VERIFIED: ")
    assert integrity.points == ("Event 2: what it says was changed.",)


def test_without_a_checkpoint_the_document_says_what_would_not_show(desk: Desk, tmp_path: Path) -> None:
    case = a_decided_case(desk)
    integrity = part(dossier(desk, case, tmp_path / "elsewhere"), "Integrity")
    assert dict(integrity.fields)["Checkpoint outside the store"].startswith("none: ")


def test_a_purged_case_still_has_a_document_that_says_what_is_gone(desk: Desk, tmp_path: Path) -> None:
    amira, case = desk.directory.actor("os:akhan"), a_decided_case(desk)
    desk.close(case, by=amira)
    purge(desk, [desk.find(case, by=amira).case], by=amira, why="its time is over")
    document = dossier(desk, case, tmp_path)
    assert "said of reasons" not in everything(document)
    assert part(document, "The decision").paragraphs[0].startswith("What this said was removed")
    assert part(document, "Integrity").paragraphs[0].startswith("VERIFIED: ")


def test_an_own_decision_and_that_of_the_role_stand_side_by_side(desk: Desk, tmp_path: Path) -> None:
    answer, amira = an_answer(), desk.directory.actor("os:akhan")
    case = desk.open(answer, by=ASKER).id
    desk.record(a_decision("do_not_share"), by=ASKER, answer=answer)
    desk.decide(case, a_decision("share"), by=amira)
    document = dossier(desk, case, tmp_path)
    assert dict(part(document, "The asker's own decision").fields)["Outcome"] == "do not share"
    assert dict(part(document, "The decision").fields)["Outcome"] == "share"


def test_a_decision_recorded_without_an_answer_says_what_it_was_about(desk: Desk, tmp_path: Path) -> None:
    case = desk.record(a_decision(), by=ASKER, about="A ring at the door", key="k").id
    assert part(dossier(desk, case, tmp_path), "What it was about").paragraphs == ("A ring at the door",)


def test_who_may_not_export_is_refused_and_the_refusal_is_kept(desk: Desk, tmp_path: Path) -> None:
    case = a_decided_case(desk)
    with pytest.raises(Refused, match="Ben Ode may not export this: it takes data_protection_officer"):
        dossier(desk, case, tmp_path, who="os:bode")
    assert desk.find(case, by=ASKER).events[-1].kind is EventKind.REFUSED
    with pytest.raises(Refused, match="Ben Ode may not export this"):
        rows(desk, "os:bode")
    assert [event.kind for event in desk.own_events()] == [EventKind.REFUSED]


def test_an_export_of_many_is_kept_with_who_how_many_and_which(desk: Desk) -> None:
    a_decided_case(desk)
    assert len(rows(desk, wanted=Filter(outcome=DecisionOutcome.SHARE), with_text=True)) == 1
    [event] = desk.own_events()
    assert event.kind is EventKind.EXPORTED
    assert event.content == {
        "by": "os:akhan",
        "name": "Amira Khan",
        "format": "csv",
        "cases": 1,
        "with_text": True,
        "filter": {"outcome": "share"},
    }


def test_no_word_that_somebody_typed_and_no_name_leaves_unless_asked_for(desk: Desk, clock: Clock) -> None:
    case = desk.open(an_answer(), by=ASKER).id
    clock.forward(hours=6)
    desk.decide(case, a_decision(), by=desk.directory.actor("os:akhan"))
    [row] = rows(desk)
    assert tuple(row) == PLAIN
    assert not [value for value in row.values() if "said of" in str(value)]
    assert "os:" not in str(row)
    assert "Amira" not in str(row)
    assert row["hours_to_decide"] == 6.0
    assert row["decided_late"] is False
    assert row["situation_recipient"] == ["police"]
    assert row["documents"] == list(dict.fromkeys(each.document for each in an_answer().citations))


def test_with_text_what_people_wrote_and_who_they_are_is_there_too(desk: Desk) -> None:
    case = a_decided_case(desk, reference="HSG/17")
    [row] = rows(desk, with_text=True)
    assert tuple(row) == (*PLAIN, *TEXTS)
    assert (row["case"], row["asker"], row["decided_by"]) == (case, "os:joe", "Amira Khan")
    assert (row["consent"], row["situation_consent"]) == ("said of consent", [])
    assert row["said"] == ["He says it is about [NAME 1]", "Rang the station back"]


def test_no_column_has_the_name_of_another() -> None:
    columns = Selection(with_text=True).columns
    assert len(columns) == len(set(columns))


def test_the_cases_of_a_person_are_found_by_the_number_of_the_file(desk: Desk) -> None:
    case = a_decided_case(desk, reference="HSG/2026/17")
    desk.record(a_decision(reference="HSG/2026/18"), by=ASKER, about="another", key="k")
    assert [row["case"] for row in rows(desk, reference="hsg/2026/17")] == [case]


def test_many_cases_are_read_page_by_page_and_none_is_lost(desk: Desk) -> None:
    made = {desk.record(a_decision(), by=ASKER, about="a", key=f"k{number}").id for number in range(5)}
    amira = desk.directory.actor("os:akhan")
    assert {file.case.id for file in files(desk, Filter(), by=amira, page=2)} == made
    assert len(list(files(desk, Filter(limit=1), by=amira))) == 5


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 20 7946 0001", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "=cmd|'/c calc'!A1"]
)
def test_a_text_that_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"
    [_, cells] = csv.reader(io.StringIO(as_csv([{"reasons": text}], columns=["reasons"]), newline=""))
    assert cells == [f"'{text}"]


def test_other_cells_stay_as_they_are() -> None:
    assert [defused(value) for value in ("a=b", None, -1.5, False, ["a", "b"], "x, \"y\"\nz")] == [
        "a=b", "", "-1.5", "False", "a; b", "x, \"y\"\nz",
    ]  # fmt: skip


def test_a_list_that_would_begin_a_formula_is_defused_as_a_whole() -> None:
    assert defused(["=1", "b"]) == "'=1; b"


def test_a_row_of_a_case_without_an_answer_has_empty_columns(desk: Desk) -> None:
    case = desk.record(a_decision(), by=ASKER, about="a", key="k")
    row = row_of(desk.find(case.id, by=ASKER), Selection())
    assert (row["documents"], row["situation_recipient"], row["hours_to_decide"], row["decided_late"]) == (
        [],
        [],
        None,
        None,
    )
