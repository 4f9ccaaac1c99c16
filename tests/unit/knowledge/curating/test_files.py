"""Files that are put in place whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.curating.files import create_file, replace_file
from knowledge.errors import CurationRefused, FileChanged


def test_a_new_file_is_made_with_its_folders(tmp_path: Path) -> None:
    create_file(tmp_path / "a" / "b.md", b"text")

    assert [(each.name, each.read_bytes()) for each in (tmp_path / "a").iterdir()] == [("b.md", b"text")]


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "b.md"
    path.write_bytes(b"mine")

    with pytest.raises(CurationRefused, match="is there already"):
        create_file(path, b"yours")

    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("b.md", b"mine")]


def test_a_file_keeps_its_rights_and_its_links_when_it_is_replaced(tmp_path: Path) -> None:
    path, link = tmp_path / "b.md", tmp_path / "link.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)

    replace_file(link, b"new", read=b"old")

    assert (path.read_bytes(), path.stat().st_mode & 0o777, link.is_symlink()) == (b"new", 0o640, True)


def test_a_file_that_holds_something_else_by_now_is_left(tmp_path: Path) -> None:
    path = tmp_path / "b.md"
    path.write_bytes(b"theirs")

    with pytest.raises(FileChanged, match="changed by somebody else meanwhile"):
        replace_file(path, b"new", read=b"old")

    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("b.md", b"theirs")]


def test_two_processes_do_not_change_one_document_at_once(tmp_path: Path) -> None:
    path, others = tmp_path / "b.md", tmp_path / ".b.md.new"
    path.write_bytes(b"old")
    others.write_bytes(b"half")

    with pytest.raises(FileChanged, match=r"another process.*if nobody is changing it, remove .*\.b\.md\.new"):
        replace_file(path, b"new", read=b"old")

    assert (path.read_bytes(), others.read_bytes()) == (b"old", b"half")
