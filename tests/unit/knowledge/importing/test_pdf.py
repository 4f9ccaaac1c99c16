from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from knowledge.errors import ImportRefused
from knowledge.importing.bullets import sections_of
from knowledge.importing.pdf import take_pdf
from tests.unit.knowledge.importing.sources import BODY, LARGE, PARAGRAPH, write_pdf


def test_larger_lines_are_headings_and_every_point_has_its_page(tmp_path: Path) -> None:
    pages = [
        [(LARGE, "The police ask"), (BODY, "Ring the officer back at the"), (BODY, "station first.")],
        [(LARGE, "A school asks"), (BODY, "Send the file within five days.")],
    ]
    taken = take_pdf(write_pdf(tmp_path / "a.pdf", pages))
    told = [
        (heading, [(bullet.text, bullet.pinpoint) for bullet in bullets])
        for heading, bullets in sections_of(taken.blocks)
    ]
    assert told == [
        ("The police ask", [("Ring the officer back at the station first.", "p. 1")]),
        ("A school asks", [("Send the file within five days.", "p. 2")]),
    ]


def test_a_running_title_and_page_numbers_are_not_text(tmp_path: Path) -> None:
    pages = [
        [(BODY, "Council policy 2026"), (BODY, f"What page {word} says is its own."), (BODY, f"Page {n} of 3")]
        for n, word in enumerate(("alpha", "beta", "gamma"), start=1)
    ]
    taken = take_pdf(write_pdf(tmp_path / "a.pdf", pages))
    assert [block.text for block in taken.blocks] == [
        "What page alpha says is its own.",
        "What page beta says is its own.",
        "What page gamma says is its own.",
    ]


def test_a_sentence_that_runs_over_a_page_stays_whole_at_the_page_it_starts_on(tmp_path: Path) -> None:
    pages = [[(BODY, "Tell the family what you share and")], [(BODY, "why, unless that puts someone in danger.")]]
    taken = take_pdf(write_pdf(tmp_path / "a.pdf", pages))
    assert [(block.text, block.place) for block in taken.blocks] == [
        ("Tell the family what you share and why, unless that puts someone in danger.", "p. 1")
    ]


def test_a_table_of_contents_is_not_text(tmp_path: Path) -> None:
    pages = [[(BODY, "1 Introduction . . . . . . . . 4"), (BODY, "The policy begins here.")]]
    taken = take_pdf(write_pdf(tmp_path / "a.pdf", pages))
    assert [block.text for block in taken.blocks] == ["The policy begins here."]


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    pages = [[(BODY, PARAGRAPH)], [], [(BODY, PARAGRAPH)], []]
    taken = take_pdf(write_pdf(tmp_path / "a.pdf", pages))
    assert taken.left_out == ("no text on p. 2, 4 (pictures, scans or blank)",)


def test_progress_is_told_page_by_page(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    take_pdf(
        write_pdf(tmp_path / "a.pdf", [[(BODY, PARAGRAPH)]] * 3),
        progress=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_a_scan_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"no text on its 2 pages: it is a scan. Have its text recognised \(OCR\)"):
        take_pdf(write_pdf(tmp_path / "a.pdf", [[], []]))


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="locked with a password: save a copy without one"):
        take_pdf(write_pdf(tmp_path / "a.pdf", [[(BODY, PARAGRAPH)]], encrypt=True))


def test_a_damaged_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing that follows makes sense")
    with pytest.raises(ImportRefused, match="damaged: open it in a reader"):
        take_pdf(path)


def test_a_pdf_that_takes_a_gigabyte_is_refused_and_harms_only_the_process_that_read_it(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"BT /F1 12 Tf (hello) Tj ET\n" * 400_000) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = b"\x78\x9c" + block * 110 + packer.flush()
    with pytest.raises(ImportRefused, match="more memory or time than a document should"):
        take_pdf(write_pdf(tmp_path / "a.pdf", [[]], stream=stream))


def test_a_pdf_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(BODY, PARAGRAPH)]])
    with pytest.raises(ImportRefused, match="more memory or time than a document should"):
        take_pdf(path, seconds=0)


def test_a_module_in_the_folder_one_stands_in_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    taken = take_pdf(write_pdf(tmp_path / "a.pdf", [[(BODY, PARAGRAPH)]]))
    assert [block.text for block in taken.blocks] == [PARAGRAPH]
