"""What each act of a curator writes into a file, and when it is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.curating.lifecycle import (
    Change,
    approval,
    make,
    review,
    supersession,
    withdrawal,
)
from knowledge.curating.lifecycle import (
    changed as changed_file,
)
from knowledge.errors import CurationRefused, FileChanged
from knowledge.loading import CONTENT, document_paths, load_document
from knowledge.models import Document, Standing, State
from tests.small_content import write_document

TODAY = date(2026, 11, 22)
FILE = """\
---
id: asking   # never used again
kind: guidance
title: "Someone asks: what now"
summary: >
  What to think of when
  someone asks.
source: Procedure 7
url: https://example.org
publisher: Us
nations: [england,
  wales]   # not further
force: explains
state: draft
status: in_force
verified: unverified
author: Ann Lewis
reviewed: 2026-05-22
reviewed_by: Ann Lewis
# twice a year
review_by: 2026-11-22
owner: ig
---
## What it says

- One point,
  wrapped. [4.1]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "asking.md"
    path.write_text(FILE, encoding="utf-8")
    return path


def done(change: Change, path: Path) -> str:
    make(change, load_document(path))
    return path.read_text(encoding="utf-8")


def changed(*pairs: tuple[str, str], history: str) -> str:
    text = FILE
    for before, after in (*pairs, ("owner: ig\n", f'owner: ig\nhistory:\n  - "{history}"\n')):
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text


def test_approval_changes_the_state_and_adds_a_line_to_the_history(path: Path) -> None:
    change = approval(load_document(path), by="Bo Chen", on=TODAY)

    assert done(change, path) == changed(("state: draft", "state: approved"), history="2026-11-22 approved by Bo Chen")


def test_a_review_sets_the_next_one_as_far_off_as_it_was(path: Path) -> None:
    change = review(load_document(path), by="Bo Chen", on=TODAY)

    assert done(change, path) == changed(
        ("reviewed: 2026-05-22\nreviewed_by: Ann Lewis", "reviewed: 2026-11-22\nreviewed_by: Bo Chen"),
        ("review_by: 2026-11-22", "review_by: 2027-05-25"),
        history="2026-11-22 reviewed by Bo Chen: next 2027-05-25",
    )


def test_a_review_sets_the_next_one_when_it_is_given(path: Path) -> None:
    change = review(load_document(path), by="Bo Chen", on=TODAY, next_on=date(2027, 1, 1))

    assert "review_by: 2027-01-01\n" in done(change, path)


def test_a_superseded_document_names_its_successor(path: Path) -> None:
    document = load_document(path)
    successor = document.model_copy(update={"id": "new-one", "state": State.APPROVED})

    change = supersession(document, successor=successor, by="Bo", on=TODAY)

    line = "2026-11-22 superseded by Bo: replaced by new-one"
    assert done(change, path) == changed(("status: in_force", "status: superseded"), history=line).replace(
        "history:\n", "superseded_by: new-one\nhistory:\n"
    )


def test_a_withdrawn_document_says_why(path: Path) -> None:
    change = withdrawal(load_document(path), why='It said "always"', by="Bo", on=TODAY)

    assert done(change, path) == changed(
        ("state: draft", "state: withdrawn"), history='2026-11-22 withdrawn by Bo: It said \\"always\\"'
    )


def test_a_second_act_adds_a_second_line(path: Path) -> None:
    done(approval(load_document(path), by="Bo", on=TODAY), path)
    done(withdrawal(load_document(path), why="Wrong", by="Cy", on=TODAY), path)

    assert load_document(path).history == ("2026-11-22 approved by Bo", "2026-11-22 withdrawn by Cy: Wrong")


@pytest.mark.parametrize("name", ["Ann Lewis", " ann  LEWIS ", "Ａnn Lewis"])
def test_nobody_approves_what_they_wrote(path: Path, name: str) -> None:
    with pytest.raises(CurationRefused, match="wrote asking. Somebody else must read and approve it"):
        approval(load_document(path), by=name, on=TODAY)


def test_a_draft_of_no_known_author_is_not_approved(tmp_path: Path) -> None:
    document = load_document(write_document(tmp_path, state="draft"))

    with pytest.raises(CurationRefused, match=r"does not say who wrote it.*Add a line \"author: NAME\""):
        approval(document, by="Bo", on=TODAY)


def _with(**fields: object) -> Document:
    document = Document.model_validate(
        {
            "id": "asking",
            "kind": "guidance",
            "title": "Someone asks",
            "summary": "What to think of.",
            "source": "s",
            "url": "u",
            "publisher": "p",
            "nations": ["england"],
            "force": "explains",
            "state": "approved",
            "status": "in_force",
            "verified": "unverified",
            "reviewed": "2026-11-01",
            "reviewed_by": "Bo",
            "review_by": "2027-05-01",
            "owner": "ig",
        }
    )
    return document.model_copy(update=fields)


NEW = _with(id="new-one")


def test_only_a_draft_is_approved() -> None:
    with pytest.raises(CurationRefused, match="asking is withdrawn; only a draft is approved"):
        approval(_with(state=State.WITHDRAWN, author="Ann"), by="Bo", on=TODAY)


@pytest.mark.parametrize(
    ("fields", "next_on", "message"),
    [
        ({"state": State.WITHDRAWN}, None, "asking is withdrawn"),
        ({}, TODAY, "would be on 2026-11-22. Give a later day with --next"),
        ({"review_by": date(2026, 10, 1)}, None, "would be on 2026-10-22. Give a later day"),
    ],
)
def test_a_review_that_makes_no_sense_is_refused(fields: dict[str, object], next_on: date | None, message: str) -> None:
    with pytest.raises(CurationRefused, match=message):
        review(_with(**fields), by="Bo", on=TODAY, next_on=next_on)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (_with(), _with(), "asking cannot replace itself"),
        (_with(superseded_by="other"), NEW, "asking is superseded already, by other"),
        (_with(status=Standing.SUPERSEDED), NEW, "asking is superseded already"),
        (_with(state=State.WITHDRAWN), NEW, "asking is withdrawn"),
        (_with(), NEW.model_copy(update={"state": State.DRAFT}), "new-one is draft and never cited. Approve it first"),
        (
            _with(),
            NEW.model_copy(update={"status": Standing.SUPERSEDED, "superseded_by": "third"}),
            "new-one is itself superseded, by third",
        ),
    ],
)
def test_only_a_document_in_use_is_replaced_and_by_one_in_use(old: Document, new: Document, message: str) -> None:
    with pytest.raises(CurationRefused, match=message):
        supersession(old, successor=new, by="Bo", on=TODAY)


def test_what_is_withdrawn_is_not_withdrawn_again() -> None:
    with pytest.raises(CurationRefused, match="asking is withdrawn already"):
        withdrawal(_with(state=State.WITHDRAWN), why="x", by="Bo", on=TODAY)


def test_a_file_that_somebody_else_changed_meanwhile_is_left_as_they_made_it(path: Path) -> None:
    document = load_document(path)
    theirs = FILE.replace("One point", "Another point")
    path.write_text(theirs, encoding="utf-8")

    with pytest.raises(FileChanged, match="was changed by somebody else meanwhile"):
        make(approval(document, by="Bo", on=TODAY), document)

    assert path.read_text(encoding="utf-8") == theirs
    assert [each.name for each in path.parent.iterdir()] == ["asking.md"]


def test_a_field_that_another_refers_to_is_not_changed(path: Path) -> None:
    text = FILE.replace("reviewed_by: Ann Lewis", "reviewed_by: &who Ann Lewis").replace("owner: ig", "owner: *who")
    path.write_text(text, encoding="utf-8")
    document = load_document(path)

    with pytest.raises(CurationRefused, match="cannot be changed line by line"):
        make(review(document, by="Bo", on=TODAY), document)

    assert path.read_text(encoding="utf-8") == text


def test_an_edit_that_would_say_something_else_than_meant_is_refused(path: Path) -> None:
    document = load_document(path)
    other = FILE.replace("Someone asks: what now", "Someone else asks").encode()

    with pytest.raises(CurationRefused, match="are written in a way this cannot change safely"):
        changed_file(document, approval(document, by="Bo", on=TODAY), raw=other)


@pytest.mark.parametrize("source", document_paths(CONTENT), ids=lambda source: source.stem)
def test_every_bundled_document_can_be_reviewed_and_withdrawn_and_says_the_same(tmp_path: Path, source: Path) -> None:
    path = tmp_path / source.name
    path.write_bytes(source.read_bytes())
    before = load_document(path)

    make(review(before, by="Bo", on=TODAY, next_on=date(2030, 1, 1)), before)
    make(withdrawal(load_document(path), why="Test", by="Bo", on=TODAY), load_document(path))

    after = load_document(path)
    assert [bullet.text for bullet in after.bullets()] == [bullet.text for bullet in before.bullets()]
    assert after.model_copy(update={"sections": before.sections, "digest": before.digest}) == before.model_copy(
        update={
            "reviewed": TODAY,
            "reviewed_by": "Bo",
            "review_by": date(2030, 1, 1),
            "state": State.WITHDRAWN,
            "history": (
                *before.history,
                "2026-11-22 reviewed by Bo: next 2030-01-01",
                "2026-11-22 withdrawn by Bo: Test",
            ),
        }
    )
