"""A decided case as a draft document."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from advisor.cases.desk import Desk
from advisor.cases.purging import purge
from advisor.cases.teaching import LONGEST, Sections, draft_from
from advisor.errors import CaseError
from knowledge.curating.drafting import DraftFields, write_draft
from knowledge.curating.lifecycle import approval
from knowledge.errors import CurationRefused
from knowledge.loading import load_document
from knowledge.models import Kind, Nation, State
from knowledge.vocabulary import load_vocabulary
from tests.casework import ASKER, a_decision, an_answer, without_names

TODAY = date(2026, 11, 22)


def draft(desk: Desk, case: str, *, kind: Kind = Kind.CASE_STUDY) -> tuple[DraftFields, Sections]:
    return draft_from(
        desk.find(case, by=ASKER),
        kind=kind,
        name="police-at-the-door",
        title="The police ask Smith",
        author="A Curator",
        organisation="Anytown Homes",
        redact=without_names,
        vocabulary=load_vocabulary(),
        documents={each.document for each in an_answer().citations[:1]},
        today=TODAY,
    )


def decided(desk: Desk, **fields: object) -> str:
    case = desk.open(an_answer(), by=ASKER).id
    desk.decide(case, a_decision("share", **fields), by=desk.directory.actor("os:akhan"))
    return case


def texts(sections: Sections) -> list[str]:
    return [bullet.text for _, bullets in sections for bullet in bullets]


def test_the_draft_is_about_the_situation_of_the_case_and_names_its_sources_as_related(desk: Desk) -> None:
    fields, sections = draft(desk, decided(desk))
    assert fields.facets["recipient"] == ("police",)
    assert "nation" not in fields.facets
    assert "holder" not in fields.facets
    assert (fields.sectors, fields.nations) == (("housing",), (Nation.ENGLAND,))
    assert fields.related == (an_answer().citations[0].document,)
    assert [heading for heading, _ in sections] == [
        "What happened", "What was found", "What it teaches", "Risk if you share", "Risk if you do not",
    ]  # fmt: skip
    assert "Reasons: said of reasons" in texts(sections)


def test_nobody_is_named_not_who_asked_decided_or_received_it(desk: Desk) -> None:
    case = decided(desk, to_whom="PC Smith", requested_by="Jones", reference="HSG/17", reasons="Smith is in danger")
    fields, sections = draft(desk, case)
    whole = f"{fields.model_dump_json()} {texts(sections)}"
    assert [name for name in ("Smith", "Jones", "HSG/17", "Amira", "joe", "said of what") if name in whole] == []
    assert "Reasons: (name removed) is in danger" in texts(sections)
    assert fields.title == "The police ask (name removed)"


def test_a_field_that_says_not_sure_teaches_nothing(desk: Desk) -> None:
    _, sections = draft(desk, decided(desk, legal_power="not sure", risk_of_sharing="not sure"))
    assert not [text for text in texts(sections) if "not sure" in text]


def test_a_long_text_becomes_several_points_and_no_word_is_lost(desk: Desk) -> None:
    long = " ".join(f"Sentence number {number} says a little more than the last." for number in range(20))
    _, sections = draft(desk, decided(desk, reasons=long))
    found = dict(sections)["What was found"]
    assert max(len(bullet.text) for bullet in found) <= LONGEST
    assert f"Reasons: {long}" in " ".join(bullet.text for bullet in found)


@pytest.mark.parametrize("kind", [Kind.CASE_STUDY, Kind.GUIDANCE])
def test_the_draft_is_a_document_that_is_never_cited_until_it_is_finished(
    desk: Desk, tmp_path: Path, kind: Kind
) -> None:
    fields, sections = draft(desk, decided(desk), kind=kind)
    document = load_document(write_draft(fields, sections=sections, folder=tmp_path))
    assert (document.state, document.kind, document.verified) == (State.DRAFT, kind, "unverified")
    assert all(bullet.unverified for bullet in document.bullets())
    with pytest.raises(CurationRefused, match='police-at-the-door still says "TO COMPLETE:"'):
        approval(document, by="Somebody Else", on=TODAY)


def test_what_nobody_decided_cannot_teach(desk: Desk) -> None:
    with pytest.raises(CaseError, match="can teach nothing: nobody has decided it yet"):
        draft(desk, desk.open(an_answer(), by=ASKER).id)


def test_what_was_purged_cannot_teach(desk: Desk) -> None:
    amira, case = desk.directory.actor("os:akhan"), decided(desk)
    desk.close(case, by=amira)
    purge(desk, [desk.find(case, by=amira).case], by=amira, why="its time is over")
    with pytest.raises(CaseError, match="can teach nothing: what it says was purged"):
        draft_from(
            desk.find(case, by=amira), kind=Kind.GUIDANCE, name="a", title="a title", author="A", organisation="",
            redact=without_names, vocabulary=load_vocabulary(), documents=(), today=TODAY,
        )  # fmt: skip
