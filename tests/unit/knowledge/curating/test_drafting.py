"""Drafts as they are written, and what keeps them from being."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.curating.copying import copy_as_draft
from knowledge.curating.drafting import DraftFields, draft_path, ids_in, suggested_id, write_draft
from knowledge.errors import CurationRefused, DocumentError
from knowledge.loading import CONTENT, document_paths, load_document
from knowledge.models import Bullet, Kind, LawLink, Nation, SourceCheck, State, Strand, Verified
from tests.small_content import write_document

SAYS = [("What it says", [Bullet(text="Ring back first.", pinpoint="4.1"), Bullet(text="Ask why.", unverified=True)])]


def fields(**given: Any) -> DraftFields:
    return DraftFields(
        **{
            "id": "desk",
            "title": "Police: at our desk",
            "summary": "Our own steps.",
            "source": "Procedure #7",
            "url": "https://x.example/p",
            "publisher": "Us",
            "nations": (Nation.ENGLAND,),
            "owner": "ig",
            "author": "Ann O'Neil",
            "drafted": date(2026, 11, 22),
            **given,
        }
    )


def test_a_draft_is_a_file_of_the_format(tmp_path: Path) -> None:
    path = write_draft(
        fields(
            pinpoints=("4.1",),
            facets={"recipient": ("police",)},
            in_force_from=date(2026, 4, 1),
            verified=Verified.OFFICIAL,
            checked=(SourceCheck(url="https://x.example/p", copy_of=date(2026, 11, 22)),),
            questions=("Can I: tell?", "Who\nasks?"),
            law=(
                LawLink(id="one", strand=Strand.POWER),
                LawLink(id="two", strand=Strand.BAR, when={"holder": ("health",)}),
            ),
            related=("three",),
        ),
        sections=[*SAYS, ("Before\nyou share", [Bullet(text="Fold\nthis.", pinpoint="p. 3 [a]")])],
        folder=tmp_path,
    )

    assert path == tmp_path / "guidance" / "desk.md"
    assert path.read_text(encoding="utf-8") == (
        "---\nid: desk\nkind: guidance\ntitle: 'Police: at our desk'\nsummary: Our own steps.\nsource: 'Procedure #7'\n"
        "pinpoints: ['4.1']\nurl: https://x.example/p\npublisher: Us\nnations: [england]\nfacets:\n"
        "  recipient: [police]\nforce: explains\nstrand: practice\nstate: draft\nstatus: in_force\n"
        "in_force_from: 2026-04-01\nverified: official\nchecked:\n"
        "  - {url: 'https://x.example/p', copy_of: 2026-11-22}\nauthor: Ann O'Neil\nreviewed: 2026-11-22\n"
        "reviewed_by: Ann O'Neil\nreview_by: 2027-05-23\nowner: ig\nquestions:\n  - 'Can I: tell?'\n  - Who asks?\n"
        "law:\n  - {id: one, strand: power}\n  - id: two\n    strand: bar\n    when:\n      holder: [health]\n"
        "related: [three]\nhistory:\n  - 2026-11-22 drafted by Ann O'Neil\n---\n"
        "## What it says\n- Ring back first. [4.1]\n- Ask why. [unverified]\n"
        "## Before you share\n- Fold this. [p. 3 (a)]\n"
    )


def test_what_was_written_is_what_is_read(tmp_path: Path) -> None:
    document = load_document(
        write_draft(fields(words="source_text", kind="case_study"), sections=SAYS, folder=tmp_path)
    )

    assert (document.state, document.author, document.words) == (State.DRAFT, "Ann O'Neil", "source_text")
    assert [
        (section.heading, [b.model_copy(update={"line": 0}) for b in section.bullets]) for section in document.sections
    ] == SAYS
    assert document.path == str(tmp_path / "case_studies" / "desk.md")


def test_an_id_in_use_is_refused_wherever_it_is_used(tmp_path: Path) -> None:
    elsewhere = tmp_path / "policies" / "our-desk.md"
    elsewhere.parent.mkdir()
    write_document(tmp_path, "desk").rename(elsewhere)

    with pytest.raises(CurationRefused, match="The id 'desk' is in use"):
        write_draft(fields(), sections=SAYS, folder=tmp_path)
    with pytest.raises(CurationRefused, match="The id 'other' is in use"):
        write_draft(fields(id="other"), sections=SAYS, folder=tmp_path, taken={"other"})
    assert document_paths(tmp_path) == [elsewhere]


def test_a_file_in_the_place_is_left_as_it_is(tmp_path: Path) -> None:
    path = draft_path(tmp_path, "desk", kind=Kind.GUIDANCE)
    path.parent.mkdir()
    path.write_text("mine")

    with pytest.raises(CurationRefused, match=r"desk\.md is there already"):
        write_draft(fields(), sections=SAYS, folder=tmp_path)

    assert [(each.name, each.read_text()) for each in path.parent.iterdir()] == [("desk.md", "mine")]


@pytest.mark.parametrize(("given", "says"), [({"title": "x"}, SAYS), ({"summary": "short"}, SAYS), ({}, [])])
def test_what_makes_no_document_is_not_written(tmp_path: Path, given: dict[str, str], says: Any) -> None:
    with pytest.raises(DocumentError):
        write_draft(fields(**given), sections=says, folder=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_the_ids_of_a_folder_are_found_without_reading_the_documents() -> None:
    assert ids_in(CONTENT) == {load_document(path).id for path in document_paths(CONTENT)}


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [
        ("The police’s form: what’s it?", (), "the-polices-form-whats-it"),
        ("Café Ü", (), "cafe-u"),
        ("One", ("one", "one-2"), "one-3"),
        ("a b c d e f g h i", (), "a-b-c-d-e-f-g-h"),
        ("日本", (), ""),
    ],
)
def test_an_id_is_made_of_the_title(title: str, taken: tuple[str, ...], name: str) -> None:
    assert suggested_id(title, taken=taken) == name


def test_a_copy_of_a_bundled_document_is_a_draft_of_the_same_words(tmp_path: Path) -> None:
    source = load_document(CONTENT / "guidance" / "police-asking-for-information.md")

    path = copy_as_draft(source, folder=tmp_path, author="Ann", on=date(2026, 11, 22))

    note = f"2026-11-22 copied by Ann: from the bundled document as reviewed {source.reviewed}"
    before = Path(source.path).read_text(encoding="utf-8")
    header = before.split("\n---\n")[0]
    assert path.read_text(encoding="utf-8") == before.replace(
        header, header.replace("state: approved", "state: draft") + f'\nauthor: Ann\nhistory:\n  - "{note}"'
    )
    with pytest.raises(CurationRefused, match="holds a document with the id 'police-asking-for-information' already"):
        copy_as_draft(source, folder=tmp_path, author="Ann", on=date(2026, 11, 22))
