from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import DocumentError
from knowledge.loading import CONTENT, content_digest, document_paths, in_use, load_document, load_documents
from knowledge.models import (
    Bullet,
    Document,
    Force,
    Kind,
    LawLink,
    Nation,
    Section,
    SectionRole,
    SourceCheck,
    Standing,
    State,
    Strand,
    Verified,
)
from tests.small_content import FIELDS, SAYS, as_file, write_document

WHOLE_FILE = """\
---
id: police-asking
kind: guidance
title: The police ask
summary: What to think of when they ask.
source: Police guidance
pinpoints: [para 1]
url: https://example.org/police
publisher: example.org
nations: [england, scotland]
sectors: [housing]
facets: {recipient: [police]}
force: may
strand: power
decides: [line_manager]
state: approved
status: superseded
in_force_from: 2018-05-25
superseded_by: newer-advice
verified: secondary
checked: [{url: "https://example.org/police", copy_of: 2026-05-18}]
reviewed: 2026-11-01
reviewed_by: the project (not a lawyer)
review_by: 2027-05-01
owner: information-governance
questions: [Can I tell the police?]
law:
  - {id: crime-exemption, strand: data_protection, when: {holder: [housing]}}
related: [case-of-silence]
---
## What it says
- A request is a request. [para 1]
- This one goes on
  over two lines. [para 2; unverified]

## Before you share
- Ring back.
"""


def test_a_file_is_read_whole_with_the_line_of_every_bullet(tmp_path: Path) -> None:
    path = tmp_path / "police-asking.md"
    path.write_text(WHOLE_FILE, encoding="utf-8")

    document = load_document(path)

    assert document == Document(
        id="police-asking",
        kind=Kind.GUIDANCE,
        title="The police ask",
        summary="What to think of when they ask.",
        source="Police guidance",
        pinpoints=("para 1",),
        url="https://example.org/police",
        publisher="example.org",
        nations=(Nation.ENGLAND, Nation.SCOTLAND),
        sectors=("housing",),
        facets={"recipient": ("police",)},
        force=Force.MAY,
        strand=Strand.POWER,
        decides=("line_manager",),
        state=State.APPROVED,
        status=Standing.SUPERSEDED,
        in_force_from=date(2018, 5, 25),
        superseded_by="newer-advice",
        verified=Verified.SECONDARY,
        checked=(SourceCheck(url="https://example.org/police", copy_of=date(2026, 5, 18)),),
        reviewed=date(2026, 11, 1),
        reviewed_by="the project (not a lawyer)",
        review_by=date(2027, 5, 1),
        owner="information-governance",
        questions=("Can I tell the police?",),
        law=(LawLink(id="crime-exemption", strand=Strand.DATA_PROTECTION, when={"holder": ("housing",)}),),
        related=("case-of-silence",),
        sections=(
            Section(
                heading="What it says",
                role=SectionRole.GUIDANCE,
                bullets=(
                    Bullet(text="A request is a request.", pinpoint="para 1", line=32),
                    Bullet(text="This one goes on over two lines.", pinpoint="para 2", unverified=True, line=33),
                ),
            ),
            Section(
                heading="Before you share",
                role=SectionRole.BEFORE_YOU_SHARE,
                bullets=(Bullet(text="Ring back.", line=37),),
            ),
        ),
        path=str(path),
        digest=document.digest,
    )


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("What would change this", SectionRole.WHAT_WOULD_CHANGE_THIS),
        ("RISK IF YOU SHARE", SectionRole.RISK_OF_SHARING),
        ("Risk if you do not", SectionRole.RISK_OF_NOT_SHARING),
        ("If it is urgent", SectionRole.IF_URGENT),
        ("Anything else", SectionRole.GUIDANCE),
    ],
)
def test_a_heading_says_what_its_bullets_do(tmp_path: Path, heading: str, role: SectionRole) -> None:
    document = load_document(write_document(tmp_path, says={heading: ["Something. [para 1]"]}))

    assert [section.role for section in document.sections] == [role]


def test_what_a_case_study_tells_is_a_case_study_and_its_risks_are_risks(tmp_path: Path) -> None:
    says = {"What happened": ["Nobody spoke. [ch 1]"], "Risk if you do not": ["A child is not seen. [ch 2]"]}

    document = load_document(write_document(tmp_path, kind="case_study", says=says))

    assert [section.role for section in document.sections] == [SectionRole.CASE_STUDY, SectionRole.RISK_OF_NOT_SHARING]


@pytest.mark.parametrize(
    ("written", "bullet"),
    [
        ("One. [s 1]", Bullet(text="One.", pinpoint="s 1")),
        ("One. [s 1; unverified]", Bullet(text="One.", pinpoint="s 1", unverified=True)),
        ("One. [Unverified]", Bullet(text="One.", unverified=True)),
        ("One [of two] there. [s 1]", Bullet(text="One [of two] there.", pinpoint="s 1")),
        ("One, ended by [a bracket] and more", Bullet(text="One, ended by [a bracket] and more")),
        ("[s 1]", Bullet(text="[s 1]")),
    ],
)
def test_the_bracket_at_the_end_of_a_bullet_is_its_pinpoint(tmp_path: Path, written: str, bullet: Bullet) -> None:
    document = load_document(write_document(tmp_path, says={"What it says": [written]}))

    assert [found.model_copy(update={"line": 0}) for found in document.bullets()] == [bullet]


def test_plain_paragraphs_of_an_organisations_own_document_are_guidance(tmp_path: Path) -> None:
    path = tmp_path / "policy.md"
    header = as_file({"id": "policy", "kind": "guidance", **FIELDS}, {})
    path.write_text(header + "Before any heading.\n\n# Sharing\nOne paragraph\nof two lines.\n\nAnother.\n## Empty\n")

    document = load_document(path, local=True)

    assert document.local
    assert [(section.heading, [bullet.text for bullet in section.bullets]) for section in document.sections] == [
        ("Text", ["Before any heading."]),
        ("Sharing", ["One paragraph of two lines.", "Another."]),
    ]


def test_how_a_file_was_saved_makes_no_difference_to_what_it_says(tmp_path: Path) -> None:
    plain = load_document(write_document(tmp_path))
    saved_elsewhere = tmp_path / "elsewhere.md"
    saved_elsewhere.write_bytes(b"\xef\xbb\xbf" + Path(plain.path).read_bytes().replace(b"\n", b"\r\n"))

    assert load_document(saved_elsewhere) == plain.model_copy(
        update={"path": str(saved_elsewhere), "digest": load_document(saved_elsewhere).digest}
    )


def test_a_line_separator_within_a_line_does_not_move_the_line_numbers(tmp_path: Path) -> None:
    path = write_document(tmp_path, says={"What it says": ["One\u2028and\x0ctwo. [s 1]", "Three. [s 2]"]})
    lines = path.read_text(encoding="utf-8").split("\n")

    bullets = load_document(path).bullets()

    assert [bullet.text for bullet in bullets] == ["One and two.", "Three."]
    assert lines[bullets[1].line - 1] == "- Three. [s 2]"


HEADER = as_file({"id": "asking", "kind": "guidance", **FIELDS}, {})
GOOD = as_file({"id": "asking", "kind": "guidance", **FIELDS}, SAYS)


def _refused(tmp_path: Path, text: str) -> DocumentError:
    path = tmp_path / "asking.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load_document(path)
    assert str(caught.value) == f"{path}:{caught.value.line}: {caught.value.message}"
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file must start with a line '---' and its fields"),
        ("# A title\n", 1, "the file must start with a line '---' and its fields"),
        ("---\nid: a\n", 3, "no second '---' line closes the fields"),
        ("---\nid: a\ntitle: [one\n---\n- x\n", 4, "the fields are not valid YAML: did not find expected"),
        ("---\nid: a\ntitle: a: b\n---\n- x\n", 3, "the fields are not valid YAML: mapping values are not allowed"),
        ("---\n- a\n- b\n---\n- x\n", 2, "the fields must be 'name: value' lines"),
        ("---\n---\n- x\n", 2, "the fields must be 'name: value' lines"),
        (HEADER, HEADER.count("\n"), "no text under any heading: add '## What it says' and bullets"),
        (HEADER + "## Empty\n", HEADER.count("\n"), "no text under any heading"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_with_the_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    refused = _refused(tmp_path, text)

    assert refused.line == line
    assert refused.message.startswith(message)


@pytest.mark.parametrize(
    ("right", "wrong", "at", "message"),
    [
        ("2027-05-01", "2027-13-01", "review_by", "an impossible date or number: month must be in 1..12"),
        ("owner:", "title: Again\nowner:", "title: Again", "title is given twice: keep one"),
        ("owner:", "colour: red\nowner:", "colour", "colour: extra inputs are not permitted: no field has this name"),
        ("force: explains", "force: could", "force", "force: input should be 'must', 'must_not', 'may' or 'explains'"),
        (
            "id: asking",
            "id: Not An Id",
            "id",
            "id: string should match pattern: small letters, numbers and single hyphens only",
        ),
        ("nations:\n- england\n- wales", "nations: []", "nations", "nations: tuple should have at least 1 item"),
        ("title: Someone asks about a person", "title: 2008", "title", "title: input should be a valid string"),
        ("owner: information-governance\n", "", "---", "owner: field required: add it"),
    ],
)
def test_a_wrong_field_is_refused_with_its_line(tmp_path: Path, right: str, wrong: str, at: str, message: str) -> None:
    text = GOOD.replace(right, wrong)
    line = next(number for number, line in enumerate(text.split("\n"), start=1) if line.startswith(at))

    refused = _refused(tmp_path, text)

    assert refused.line == line
    assert refused.message.startswith(message)


def test_everything_wrong_with_the_fields_is_said_at_once(tmp_path: Path) -> None:
    path = write_document(tmp_path, force="could", state="finished", owner=None)

    with pytest.raises(DocumentError, match=r"force: .*; state: .*; owner: field required"):
        load_document(path)


def test_a_file_that_is_not_utf_8_is_refused_with_the_line_of_the_first_bad_byte(tmp_path: Path) -> None:
    path = tmp_path / "asking.md"
    path.write_bytes(b"---\nid: asking\ntitle: caf\xe9\n---\n- x\n")

    with pytest.raises(DocumentError) as caught:
        load_document(path)

    assert str(caught.value) == f"{path}:3: not UTF-8 text: save the file as UTF-8"


def test_a_file_that_cannot_be_opened_is_a_finding_and_not_a_crash(tmp_path: Path) -> None:
    gone = tmp_path / "gone.md"
    gone.symlink_to(tmp_path / "nowhere.md")

    [found] = load_documents(document_paths(tmp_path))

    assert str(found) == (
        f"{gone}:1: cannot be read (No such file or directory): check that it is there and who may read it"
    )
    with pytest.raises(DocumentError):
        content_digest([gone])


def test_a_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    first = write_document(tmp_path, "a-first")
    bad = write_document(tmp_path, "b-bad", force="could")
    last = write_document(tmp_path, "c-last")

    loaded = list(load_documents(document_paths(tmp_path)))

    assert [found.path for found in loaded] == [str(first), str(bad), str(last)]
    assert [isinstance(found, DocumentError) for found in loaded] == [False, True, False]


def test_documents_are_the_markdown_files_in_a_stable_order(tmp_path: Path) -> None:
    later = write_document(tmp_path, "b", kind="legislation")
    sooner = write_document(tmp_path, "a", kind="guidance")
    (tmp_path / "README.md").write_text("about this folder")
    (tmp_path / "guidance" / "notes.txt").write_text("not a document")
    (tmp_path / "folder.md").mkdir()

    assert document_paths(tmp_path) == [sooner, later]
    assert document_paths(tmp_path / "legislation", tmp_path / "guidance") == [sooner, later]
    assert document_paths(tmp_path / "nowhere") == []


def test_the_content_digest_changes_with_what_files_say_and_are_called_alone(tmp_path: Path) -> None:
    path = write_document(tmp_path)
    before = content_digest([path])
    os.utime(path, (0, 0))
    assert content_digest([path]) == before

    renamed = path.rename(path.with_name("renamed.md"))
    after_renaming = content_digest([renamed])
    renamed.write_text(renamed.read_text().replace("Weigh", "Judge"))

    assert len({before, after_renaming, content_digest([renamed])}) == 3


def test_a_draft_that_is_written_changed_or_broken_leaves_the_content_digest_as_it_was(tmp_path: Path) -> None:
    approved, draft = write_document(tmp_path, "approved"), write_document(tmp_path, "draft", state="draft")
    before = content_digest([approved])

    assert content_digest([approved, draft]) == before
    draft.write_text(draft.read_text(encoding="utf-8").replace("title: ", "title: ["), encoding="utf-8")
    assert content_digest([approved, draft]) == before


def test_the_content_digest_changes_when_a_draft_is_approved(tmp_path: Path) -> None:
    path = write_document(tmp_path, state="draft")
    before = content_digest([path])

    path.write_text(path.read_text(encoding="utf-8").replace("state: draft", "state: approved"), encoding="utf-8")

    assert content_digest([path]) != before


def test_a_document_that_only_speaks_of_a_draft_counts_in_the_content_digest(tmp_path: Path) -> None:
    path = write_document(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "state: draft\n", encoding="utf-8")

    assert content_digest([path]) != content_digest([])


def test_the_content_digest_tells_a_bundled_document_from_a_local_one(tmp_path: Path) -> None:
    path = write_document(tmp_path)

    assert content_digest([path]) != content_digest([path], local=[path])


@pytest.mark.parametrize(
    ("state", "used"),
    [
        ("approved", ["their.md", "own.md"]),
        ("withdrawn", ["their.md", "own.md"]),
        ("draft", ["asking.md", "their.md", "own.md"]),
    ],
)
def test_a_local_document_takes_the_place_of_a_bundled_one_unless_it_is_a_draft(
    tmp_path: Path, state: str, used: list[str]
) -> None:
    bundled = write_document(tmp_path / "bundled", "asking")
    other = write_document(tmp_path / "bundled", "other").rename(tmp_path / "bundled" / "their.md")
    own = write_document(tmp_path / "local", "asking", state=state).rename(tmp_path / "local" / "own.md")

    found = in_use(load_documents([bundled, other, own], local=[own]))

    assert [Path(each.path).name for each in found] == used
    assert [each.local for each in found if isinstance(each, Document)] == [name == "own.md" for name in used]


def test_two_local_documents_of_one_id_are_both_found(tmp_path: Path) -> None:
    paths = [write_document(tmp_path / folder, "asking") for folder in ("a", "b")]

    assert len(in_use(load_documents(paths, local=paths))) == 2


def test_the_digest_of_a_document_is_that_of_its_file(tmp_path: Path) -> None:
    path = write_document(tmp_path)
    before = load_document(path).digest

    path.write_text(path.read_text() + "\n")

    assert len(before) == 64
    assert load_document(path).digest != before


def test_every_document_of_the_package_can_be_read() -> None:
    loaded = list(load_documents(document_paths(CONTENT)))

    assert [str(found) for found in loaded if isinstance(found, DocumentError)] == []
    assert len(loaded) >= 45


@settings(max_examples=60, deadline=None)
@given(
    before=st.sampled_from(["", "---\n", "---\nid: a\n", HEADER]),
    noise=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace"))),
)
def test_no_bytes_whatever_make_reading_crash(
    tmp_path_factory: pytest.TempPathFactory, before: str, noise: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.md"
    path.write_bytes(before.encode() + noise)

    for found in load_documents([path]):
        assert isinstance(found, Document | DocumentError)


def test_a_file_that_is_known_need_not_be_parsed_but_is_where_it_lies_now(tmp_path: Path) -> None:
    path = write_document(tmp_path, "asking")
    known = load_document(path).model_copy(update={"title": "As it was parsed before", "path": "elsewhere.md"})

    [again] = load_documents([path], known={known.digest: known}, local={path})

    assert again == known.model_copy(update={"path": str(path), "local": True})


def test_a_file_that_changed_is_not_taken_for_the_one_that_is_known(tmp_path: Path) -> None:
    path = write_document(tmp_path, "asking")
    known = load_document(path)
    write_document(tmp_path, "asking", title="Another title")

    assert list(load_documents([path], known={known.digest: known})) == [load_document(path)]
