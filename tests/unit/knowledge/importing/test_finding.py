from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.errors import ImportRefused
from knowledge.importing.finding import files_of
from knowledge.importing.reading import take


def told(source: Path, root: Path) -> list[str]:
    found = files_of(source)
    return [str(each).replace(f"{root}/", "") for each in found]


def test_a_folder_is_read_to_its_depths_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/.hidden/x.txt", ".git", "~$lock.docx", "Thumbs.db", "a/b/c.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert told(tmp_path, tmp_path) == ["b.txt", "a/z.txt", "a/b/c.md"]


def test_a_link_out_of_the_folder_is_refused_and_one_within_it_is_not(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("x", encoding="utf-8")
    (inside / "a.txt").write_text("x", encoding="utf-8")
    (inside / "b.txt").symlink_to(outside / "secret.txt")
    (inside / "c").symlink_to(outside)
    (inside / "d").symlink_to(inside)
    (inside / "e.txt").symlink_to(inside / "nothing")
    (inside / "f.txt").symlink_to(inside / "a.txt")
    assert told(inside, tmp_path) == [
        "in/a.txt",
        "in/b.txt: it is a link that leads out of the folder: import what it means",
        "in/c: it is a link that leads out of the folder: import what it means",
        "in/d: it is a link to another folder, which is read there",
        "in/e.txt: it is a link that leads nowhere",
        "in/f.txt",
    ]


def test_a_pipe_that_would_never_end_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert told(tmp_path, tmp_path) == ["a.txt: it is not a file"]


def test_a_name_that_is_nothing_is_refused(tmp_path: Path) -> None:
    [refused] = files_of(tmp_path / "nothing.pdf")
    assert isinstance(refused, ImportRefused)
    assert "there is no such file or folder" in refused.reason


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.xyz", b"x", ".xyz is not read: only PDF, DOCX, PPTX, HTML, Markdown and text are"),
        ("a", b"x", "a file without an ending is not read"),
        ("a.doc", b"x", ".doc is the old Office format: save it as DOCX or PPTX"),
        ("a.pdf", b"<html>", "it is not a PDF, although its name says so"),
        ("a.docx", b"%PDF-1.4", "it is not a DOCX file, although its name says so"),
        ("a.txt", b"PK\x03\x04\0\0", "it is not text, although its name says so"),
        ("a.html", b"x" * (10 * 2**20 + 1), "10 MB; at most 10 MB: split it"),
    ],
)
def test_a_file_that_is_not_what_is_read_is_refused_with_the_reason(
    tmp_path: Path, name: str, raw: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(ImportRefused) as refused:
        take(tmp_path / name)
    assert reason in refused.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_as_the_systems_of_the_day_write_it(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("It’s £5.\r\n\r\nSecond.".encode(encoding))
    assert [block.text for block in take(tmp_path / "a.txt").blocks] == ["It’s £5.", "Second."]
