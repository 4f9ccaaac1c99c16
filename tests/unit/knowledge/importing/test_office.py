from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from knowledge.errors import ImportRefused
from knowledge.importing import packed
from knowledge.importing.bullets import sections_of
from knowledge.importing.office import take_docx, take_pptx
from knowledge.importing.reading import take
from tests.unit.knowledge.importing.sources import OLE, PARAGRAPH, with_part, write_docx, write_pptx

STRICT = (
    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/wordprocessingml/main",
)
"""Namespaces of the two forms in which Office writes."""


def hide(run: Any) -> None:
    run.font.hidden = True


def texts(taken: Any) -> list[str]:
    return [block.text for block in taken.blocks]


def test_the_headings_of_a_word_file_are_the_pinpoints_of_its_points(tmp_path: Path) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Police requests", 2)
        document.add_paragraph("Ask for the crime number.", style="List Bullet")
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Who", "What | why"

    taken = take_docx(write_docx(tmp_path / "a.docx", fill))
    told = [(heading, [(each.text, each.pinpoint) for each in said]) for heading, said in sections_of(taken.blocks)]
    assert told == [
        ("Sharing policy", [(PARAGRAPH, "Sharing policy")]),
        (
            "Police requests",
            [
                ("Ask for the crime number.", "Sharing policy > Police requests"),
                ("Who; What | why", "Sharing policy > Police requests"),
            ],
        ),
    ]


def test_the_title_of_a_word_file_is_its_highest_heading_and_no_point(tmp_path: Path) -> None:
    def fill(document: Any) -> None:
        document.paragraphs[0].insert_paragraph_before("Larkfield Homes policy", style="Title")

    taken = take_docx(write_docx(tmp_path / "a.docx", fill))

    assert [(block.text, block.level) for block in taken.blocks] == [
        ("Larkfield Homes policy", 1),
        ("Sharing policy", 1),
        (PARAGRAPH, 0),
    ]


def test_signs_that_mean_something_in_markdown_stay_as_they_were_written(tmp_path: Path) -> None:
    written = "Use form IS_12_b [draft] *only* at 5 < 6 & `later`, see C:\\forms. # not a heading"
    taken = take_docx(write_docx(tmp_path / "a.docx", lambda document: document.add_paragraph(written)))
    assert texts(taken)[-1] == written


def test_hidden_words_of_a_word_file_never_reach_a_passage(tmp_path: Path) -> None:
    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("Seen before. ")
        paragraph.add_run("SECRET run").font.hidden = True
        paragraph.add_run("Seen after.")
        ghost = document.styles.add_style("Ghost", 1)
        ghost.font.hidden = True
        heir = document.styles.add_style("Heir", 1)
        heir.base_style = ghost
        document.add_paragraph("SECRET by style", style="Ghost")
        document.add_paragraph("SECRET by its style's style", style="Heir")
        shown = document.add_paragraph("", style="Heir").add_run("Shown after all.")
        shown.font.hidden = False

    taken = take_docx(write_docx(tmp_path / "a.docx", fill))
    assert texts(taken)[2:] == ["Seen before. Seen after.", "Shown after all."]
    assert taken.left_out == ("3 hidden runs of text",)


def test_words_deleted_under_tracked_changes_never_reach_a_passage(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx")
    with ZipFile(path) as opened:
        xml = opened.read("word/document.xml").decode()
    deleted = (
        '<w:p><w:del w:id="1" w:author="x"><w:r><w:delText>SECRET</w:delText><w:t>SECRET</w:t></w:r></w:del></w:p>'
    )
    taken = take_docx(with_part(path, "word/document.xml", xml.replace("<w:sectPr", deleted + "<w:sectPr", 1).encode()))
    assert texts(taken) == ["Sharing policy", PARAGRAPH]


def test_hidden_words_are_found_whatever_the_part_that_holds_them_is_called(tmp_path: Path) -> None:
    """Office on the web calls it document2.xml, and someone with ill intent may call it anything."""
    path = write_docx(tmp_path / "a.docx", lambda document: hide(document.add_paragraph("Seen. ").add_run("SECRET")))
    with ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with ZipFile(path, "w") as new:
        for name, content in parts.items():
            moved = name.replace("word/document.xml", "other/text.xml")
            new.writestr(moved, content.replace(b"word/document.xml", b"other/text.xml"))
    assert texts(take_docx(path))[-1] == "Seen."


def test_hidden_words_are_found_in_the_strict_form_of_a_word_file(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", lambda document: hide(document.add_paragraph("").add_run("SECRET")))
    with ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content.replace(*STRICT))
    assert texts(take_docx(path)) == ["Sharing policy", PARAGRAPH]


def test_each_point_of_a_slide_has_the_slides_number(tmp_path: Path) -> None:
    taken = take_pptx(write_pptx(tmp_path / "a.pptx"))
    assert [(block.text, block.level, block.place) for block in taken.blocks] == [
        ("Title 1", 1, "slide 1"),
        ("Point of slide 1", 0, "slide 1"),
        ("Title 2", 1, "slide 2"),
        ("Point of slide 2", 0, "slide 2"),
        ("Title 3", 1, "slide 3"),
        ("Point of slide 3", 0, "slide 3"),
    ]


def test_hidden_slides_and_shapes_and_speaker_notes_are_left_out_and_said_to_be(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        first, second, third = deck.slides
        first.notes_slide.notes_text_frame.text = "SECRET notes"
        second._element.set("show", "0")
        box = third.shapes.add_textbox(0, 0, 99, 99)
        box.text_frame.text = "SECRET shape"
        box._element.nvSpPr.cNvPr.set("hidden", "1")

    taken = take_pptx(write_pptx(tmp_path / "a.pptx", fill))
    assert [(block.text, block.place) for block in taken.blocks] == [
        ("Title 1", "slide 1"),
        ("Point of slide 1", "slide 1"),
        ("Title 3", "slide 3"),
        ("Point of slide 3", "slide 3"),
    ]
    assert taken.left_out == ("1 hidden slide", "1 page of speaker notes")


def test_a_slide_cannot_claim_to_be_another(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        deck.slides[0].placeholders[1].text = "<!-- Slide number: 9 -->\nA point"

    taken = take_pptx(write_pptx(tmp_path / "a.pptx", fill))
    assert [block.text for block in taken.blocks if block.place == "slide 1"][-1] == "A point"
    assert {block.place for block in taken.blocks} == {"slide 1", "slide 2", "slide 3"}


def test_each_line_of_a_slide_is_a_point_of_its_own(tmp_path: Path) -> None:
    def fill(deck: Any) -> None:
        deck.slides[0].placeholders[1].text = "Ring back first\nAsk for the crime number"

    taken = take_pptx(write_pptx(tmp_path / "a.pptx", fill))
    assert texts(taken)[1:3] == ["Ring back first", "Ask for the crime number"]


@pytest.mark.parametrize("name", ["a.docx", "a.pptx"])
def test_a_locked_office_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(ImportRefused, match="locked with a password: save a copy without one"):
        take(path)


def test_an_old_office_file_under_a_new_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(OLE)
    with pytest.raises(ImportRefused, match="an old Office file: save it as DOCX"):
        take(path)


@pytest.mark.parametrize("keep", [0.5, 0.98])
def test_a_damaged_office_file_is_refused(tmp_path: Path, keep: float) -> None:
    path = write_docx(tmp_path / "a.docx")
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * keep)])
    with pytest.raises(ImportRefused, match="damaged"):
        take(path)


def test_a_part_that_is_not_xml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="a part of it is not XML"):
        take(with_part(write_docx(tmp_path / "a.docx"), "word/document.xml", b"<w:document"))


def test_a_zip_under_the_name_of_a_word_file_is_refused(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "a.docx", "w") as opened:
        opened.writestr("readme.txt", "hello")
    with pytest.raises(ImportRefused, match="the part that holds the text is missing"):
        take(tmp_path / "a.docx")


def test_a_part_that_claims_to_unpack_to_hundreds_of_times_its_size_is_refused(tmp_path: Path) -> None:
    path = with_part(write_docx(tmp_path / "a.docx"), "word/media/image1.png", bytes(8 * 2**20))
    with pytest.raises(ImportRefused, match="times its size, as a zip bomb does"):
        take(path)


def test_parts_that_claim_more_than_a_gigabyte_together_are_refused(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx")
    with ZipFile(path, "a") as opened:
        for number in range(3):
            opened.writestr(f"word/media/{number}.png", b"x")
            opened.filelist[-1].file_size = 400 * 2**20
            opened.filelist[-1].compress_size = 300 * 2**20
    with pytest.raises(ImportRefused, match=r"more than 1,024 MB, as a zip bomb does"):
        take(path)


def test_text_that_really_unpacks_to_more_than_is_read_is_refused(tmp_path: Path) -> None:
    """Under the ratio, so only counting what comes out finds it."""
    with ZipFile(write_docx(tmp_path / "a.docx"), "a", ZIP_DEFLATED) as opened:
        for number in range(9):
            opened.writestr(f"word/more{number}.xml", b"<x>" + b" " * 3 * 2**20 + b"</x>")
    with pytest.raises(ImportRefused, match=r"more than 24 MB of text, as a zip bomb does"):
        take(tmp_path / "a.docx")


def test_a_part_that_claims_less_than_it_unpacks_to_is_refused(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx")
    with ZipFile(path, "a", ZIP_DEFLATED) as opened:
        opened.writestr("word/more.xml", bytes(3 * 2**20))
        opened.filelist[-1].file_size = 10
    with pytest.raises(ImportRefused, match="damaged"):
        take(path)


def test_pictures_are_not_even_unpacked(tmp_path: Path) -> None:
    path = with_part(write_docx(tmp_path / "a.docx"), "word/media/image1.png", b"a picture")
    copy = packed.repacked(path, main="word", clean=lambda part: part)
    with ZipFile(copy) as opened:
        assert opened.read("word/media/image1.png") == b""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_would_multiply_are_refused(tmp_path: Path, encoding: str) -> None:
    xml = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document>&b;</w:document>'
    path = with_part(write_docx(tmp_path / "a.docx"), "word/document.xml", xml.encode(encoding))
    with pytest.raises(ImportRefused, match="declares a document type, which Office never does"):
        take(path)


def test_more_tags_than_a_parser_holds_are_refused(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx")
    with ZipFile(path) as opened:
        xml = opened.read("word/document.xml").replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * 500_001)
    with ZipFile(path) as opened:
        rest = {name: opened.read(name) for name in opened.namelist()}
    with ZipFile(path, "w") as opened:  # not packed, or its ratio would give it away
        for name, content in {**rest, "word/document.xml": xml}.items():
            opened.writestr(name, content)
    with pytest.raises(ImportRefused, match="more than 500,000 tags"):
        take(path)
