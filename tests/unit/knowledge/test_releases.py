"""What is new against a recorded release is told by what documents say, not by how their files are written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import KnowledgeError
from knowledge.loading import CONTENT, document_paths, load_document
from knowledge.models import Document
from knowledge.releases import Change, News, load_releases, main, news, record
from tests.small_content import write_document

RELEASED, TODAY = date(2026, 11, 22), date(2027, 3, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "releases.yaml"


def _document(folder: Path, name: str = "asking", **fields: Any) -> Document:
    return load_document(write_document(folder, name, **fields))


def _news(path: Path, documents: list[Document]) -> list[News]:
    return news(documents, since=load_releases(path)["1.0"], today=TODAY)


def _change(folder: Path, path: Path, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What is told of one document that was written so before the release and so after it."""
    record([_document(folder, **before)], name="1.0", on=RELEASED, path=path)
    return [each.change for each in _news(path, [_document(folder, **after)])]


@pytest.mark.parametrize(
    ("after", "change"),
    [
        ({"says": {"What it says": ["Weigh each request with care. [para 1]"]}}, Change.CHANGED),
        ({"says": {"What it says": ["Weigh each request by itself. [para 2]"]}}, Change.CHANGED),
        ({"force": "must"}, Change.CHANGED),
        ({"reviewed": date(2027, 2, 1), "review_by": date(2027, 9, 1)}, Change.REVIEWED),
        ({"status": "superseded", "superseded_by": "newer"}, Change.SUPERSEDED),
        ({"state": "withdrawn"}, Change.WITHDRAWN),
    ],
)
def test_what_became_of_a_document_is_told(tmp_path: Path, path: Path, after: dict[str, Any], change: Change) -> None:
    assert _change(tmp_path, path, {}, after) == [change]


@pytest.mark.parametrize(
    "after",
    [
        {},
        {"questions": ["A new question?", "B?", "C?", "D?"]},
        {"related": ["another"]},
        {"owner": "somebody-else", "review_by": date(2028, 1, 1)},
        {"author": "Jo", "history": ["2027-01-01 approved by Sam"]},
        {"summary": "What to think of when someone asks about a person.", "pinpoints": ["whole document"]},
    ],
)
def test_what_changes_nothing_that_a_document_says_is_no_news(
    tmp_path: Path, path: Path, after: dict[str, Any]
) -> None:
    assert _change(tmp_path, path, {}, after) == []


def test_a_file_saved_with_other_line_endings_or_wrapping_is_no_news(tmp_path: Path, path: Path) -> None:
    document = _document(tmp_path)
    record([document], name="1.0", on=RELEASED, path=path)
    file = Path(document.path)
    file.write_bytes(file.read_bytes().replace(b"by itself.", b"by\n  itself.").replace(b"\n", b"\r\n"))

    assert _news(path, [load_document(file)]) == []


def test_a_field_that_the_format_gains_later_and_a_document_does_not_use_is_no_news(tmp_path: Path, path: Path) -> None:
    class Later(Document):
        gained: str | None = None

    document = _document(tmp_path)
    record([document], name="1.0", on=RELEASED, path=path)

    assert _news(path, [Later.model_validate(document.model_dump())]) == []


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        ({"status": "in_force", "in_force_from": date(2027, 1, 1)}, [Change.IN_FORCE]),
        ({"status": "not_yet_in_force", "in_force_from": date(2027, 1, 1)}, [Change.IN_FORCE]),
        ({"status": "not_yet_in_force", "in_force_from": date(2027, 3, 2)}, [Change.CHANGED]),
        ({"status": "not_yet_in_force", "in_force_from": None}, []),
    ],
)
def test_law_that_came_into_force_is_told_even_where_nobody_touched_its_file(
    tmp_path: Path, path: Path, after: dict[str, Any], changes: list[Change]
) -> None:
    before = {"status": "not_yet_in_force", "in_force_from": None}
    assert _change(tmp_path, path, before, after) == changes


def test_added_and_removed_documents_are_told_the_pressing_first_with_their_history(tmp_path: Path, path: Path) -> None:
    old, gone = _document(tmp_path, "old"), _document(tmp_path, "gone", title="Now gone")
    record([old, gone], name="1.0", on=RELEASED, path=path)
    history = ["2026-01-01 written by Jo", "2026-11-22 approved by Sam", "2027-01-05 superseded by new"]
    now = _document(tmp_path, "old", status="superseded", superseded_by="new", history=history)

    assert _news(path, [_document(tmp_path, "new", title="Brand new"), now]) == [
        News(change=Change.REMOVED, id="gone", title="Now gone"),
        News(
            change=Change.SUPERSEDED,
            id="old",
            title="Someone asks about a person",
            superseded_by="new",
            in_force_from=date(2018, 5, 25),
            history=("2026-11-22 approved by Sam", "2027-01-05 superseded by new"),
        ),
        News(change=Change.ADDED, id="new", title="Brand new", in_force_from=date(2018, 5, 25)),
    ]


def test_drafts_are_neither_recorded_nor_news(tmp_path: Path, path: Path) -> None:
    draft = _document(tmp_path, state="draft")

    assert record([draft], name="1.0", on=RELEASED, path=path).documents == {}
    assert _news(path, [draft]) == []


def test_a_release_is_recorded_beside_the_earlier_ones_and_again_in_its_place(tmp_path: Path, path: Path) -> None:
    one, two = _document(tmp_path, "one"), _document(tmp_path, "two")
    record([one], name="1.0", on=RELEASED, path=path)
    record([one, two], name="1.10", on=TODAY, path=path)
    record([two], name="1.0", on=RELEASED, path=path)

    releases = load_releases(path)

    assert list(releases) == ["1.0", "1.10"]
    assert [list(release.documents) for release in releases.values()] == [["two"], ["one", "two"]]
    assert [each.name for each in tmp_path.glob(".*")] == []


def test_without_a_record_there_are_no_releases_and_a_broken_one_says_how_to_mend_it(path: Path) -> None:
    assert load_releases(path) == {}
    for broken in ("1.0: [", "1.0: {date: never}", "- a list"):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(KnowledgeError, match=r"releases.yaml cannot be used.*Restore it from the package\."):
            load_releases(path)


def test_the_record_is_written_by_a_command_without_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 2
    assert "usage: python -m knowledge.releases" in capsys.readouterr().err


def test_the_package_has_a_record_that_holds_documents() -> None:
    releases = load_releases()

    assert "0.1.0" in releases
    assert len(releases["0.1.0"].documents) > 100
    assert CONTENT / "releases.yaml" not in document_paths(CONTENT)
