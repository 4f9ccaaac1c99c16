"""``advisor kb map``: the page as written, read as a browser would."""

from __future__ import annotations

from collections import Counter
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from time_machine import travel

from tests.end_to_end.conftest import Run
from tests.small_content import write_document


class Page(HTMLParser):
    """What a page holds: ids, in-page and outward links, what it loads, and the text of each article."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.headings: list[int] = []
        self.articles: dict[str, list[str]] = {}
        self.cells: list[str] = []
        self.labels: list[str] = []
        self.controls: list[str] = []
        self.text = ""
        self._article, self._cell = "", False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        self.handlers += [name for name in given if name.startswith("on")]
        if tag == "a":
            self.links.append(given["href"])
        elif "src" in given or tag == "link":
            self.loads.append(tag)
        elif tag == "article":
            self._article = given["id"]
            self.articles[self._article] = [given["data-kind"], given["data-nations"].strip(), given["data-standing"]]
        elif tag == "td":
            self._cell = True
            self.cells.append(given.get("class", ""))
        elif tag == "label":
            self.labels.append(given["for"])
        elif tag in ("select", "input"):
            self.controls.append(given["id"])
        elif tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        self._article = "" if tag == "article" else self._article

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"
        if self._article:
            self.articles[self._article].append(" ".join(data.split()))

    def of(self, name: str) -> str:
        """The text of a document."""
        return " ".join(" ".join(self.articles[f"document-{name}"][3:]).split())


@pytest.fixture
def mapped(advisor: Run, tmp_path: Path) -> Page:
    """The page of the small knowledge base."""
    with travel(date(2026, 11, 22), tick=False):
        ran = advisor("kb", "map", str(tmp_path / "map.html"))
    assert (ran.code, ran.out) == (0, f"Wrote {tmp_path / 'map.html'}: 7 documents.\n"), ran.err
    return Page(tmp_path / "map.html")


def test_every_document_is_there_with_its_kind_nations_and_status(mapped: Page) -> None:
    assert {name: told[:3] for name, told in mapped.articles.items()} == {
        "document-police-asking": ["guidance", "england wales", "in_force"],
        "document-school-asking": ["guidance", "england wales", "in_force"],
        "document-worried-about-an-adult": ["guidance", "england wales", "in_force"],
        "document-half-written": ["guidance", "england wales", "draft"],
        "document-crime-exemption": ["legislation", "england wales", "in_force"],
        "document-told-in-confidence": ["legislation", "england wales", "in_force"],
        "document-case-of-silence": ["case_study", "england wales", "in_force"],
    }


def test_links_are_shown_both_ways_with_the_condition_of_law(mapped: Page) -> None:
    assert (
        "Law under it: crime-exemption (data protection) told-in-confidence "
        "(the duty of confidence, when who holds the information: a health service)"
    ) in mapped.of("police-asking")
    assert "Law under: police-asking , worried-about-an-adult" in mapped.of("told-in-confidence")
    assert "Named as related by: police-asking" in mapped.of("half-written")


def test_every_link_in_the_page_leads_somewhere_and_no_id_is_twice(mapped: Page) -> None:
    inner = {link[1:] for link in mapped.links if link.startswith("#")}
    assert inner - set(mapped.ids) == set()
    assert [name for name, count in Counter(mapped.ids).items() if count > 1] == []
    assert {link for link in mapped.links if not link.startswith("#")} == {"https://example.org/asking"}


def test_the_page_loads_nothing_and_every_control_has_its_label(mapped: Page) -> None:
    assert (mapped.loads, mapped.handlers) == ([], [])
    assert mapped.labels == mapped.controls == ["by-kind", "by-nation", "by-standing", "by-words"]


def test_headings_go_down_one_step_at_a_time(mapped: Page) -> None:
    assert mapped.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(mapped.headings, mapped.headings[1:], strict=False))


def test_the_grid_counts_documents_and_says_in_words_where_there_is_none(mapped: Page) -> None:
    """Of the small documents two name a recipient and none a purpose, among 19 purposes and 28 recipients."""
    assert Counter(cell for cell in mapped.cells if cell in ("both", "one", "none")) == {"one": 38, "none": 494}
    assert "Of 532 pairs, 0 have a document on both, 38 only documents on one of the two, 494 none" in mapped.text


def test_reviews_due_are_listed_and_those_overdue_said_in_words(
    advisor: Run, tmp_path: Path, own_content: Path
) -> None:
    write_document(own_content, "late", review_by=date(2026, 11, 20))
    write_document(own_content, "soon", review_by=date(2027, 1, 1), owner="housing")
    with travel(date(2026, 11, 22), tick=False):
        assert advisor("kb", "map", str(tmp_path / "m.html"), ADVISOR_CONTENT=str(own_content)).code == 0
    page = Page(tmp_path / "m.html")
    told = " ".join(page.text.split())
    assert "2026-11-20 overdue late information-governance 2027-01-01 soon housing By nation" in told
    assert page.articles["document-late"][2] == "in_force overdue"


def test_what_a_document_says_cannot_become_part_of_the_page(advisor: Run, tmp_path: Path, own_content: Path) -> None:
    write_document(
        own_content,
        "odd",
        title="<script src=x></script>",
        url="javascript:alert(1)",
        source='"><img src=x>',
        owner="<b>",
    )
    assert advisor("kb", "map", str(tmp_path / "m.html"), ADVISOR_CONTENT=str(own_content)).code == 0
    page = Page(tmp_path / "m.html")
    assert (page.loads, page.handlers) == ([], [])
    assert [link for link in page.links if link.startswith("javascript")] == []
    assert "<script src=x></script>" in page.of("odd")


def test_a_link_to_no_document_and_a_replacement_are_told(advisor: Run, tmp_path: Path, own_content: Path) -> None:
    write_document(own_content, "old", status="superseded", superseded_by="police-asking", related=["gone"])
    assert advisor("kb", "map", str(tmp_path / "m.html"), ADVISOR_CONTENT=str(own_content)).code == 0
    told = Page(tmp_path / "m.html").of("old")
    assert "Replaced by: police-asking" in told
    assert "Related: gone (no such document)" in told


def test_links_lead_to_the_approved_one_of_two_documents_of_an_id(
    advisor: Run, tmp_path: Path, own_content: Path
) -> None:
    write_document(own_content, "crime-exemption", state="draft", title="A draft beside it", related=["school-asking"])
    assert advisor("kb", "map", str(tmp_path / "m.html"), ADVISOR_CONTENT=str(own_content)).code == 0
    page = Page(tmp_path / "m.html")
    both = {name: told[2] for name, told in page.articles.items() if name.startswith("document-crime-exemption")}
    assert sorted(both.values()) == ["draft", "in_force"]
    assert both["document-crime-exemption"] == "in_force"
    assert "crime-exemption" not in page.of("school-asking")


def test_a_file_that_is_no_document_is_named_and_the_others_are_mapped(
    advisor: Run, tmp_path: Path, own_content: Path
) -> None:
    (own_content / "guidance" / "broken.md").write_text("no header", encoding="utf-8")
    ran = advisor("kb", "map", str(tmp_path / "m.html"), ADVISOR_CONTENT=str(own_content))
    assert ran.code == 0
    assert "Left out: " in ran.err
    assert len(Page(tmp_path / "m.html").articles) == 7


def test_a_page_that_cannot_be_written_is_one_clear_line(advisor: Run, tmp_path: Path) -> None:
    ran = advisor("kb", "map", str(tmp_path / "nowhere" / "m.html"))
    assert (ran.code, ran.out) == (4, "")
    assert len(ran.err.splitlines()) == 1
    assert advisor("kb", "map", str(tmp_path)).code == 2


def test_the_bundled_documents_make_a_page_whose_links_all_lead_somewhere(advisor: Run, tmp_path: Path) -> None:
    assert advisor("kb", "map", str(tmp_path / "m.html"), ADVISOR_CONTENT="").code == 0
    page = Page(tmp_path / "m.html")
    assert {link[1:] for link in page.links if link.startswith("#")} - set(page.ids) == set()
    assert "(no such document)" not in page.text
