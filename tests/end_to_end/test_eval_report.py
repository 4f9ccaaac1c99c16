"""``advisor eval report``: one page that stands alone, with every case and what changed since a baseline."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from evals.runs import SUMMARY
from tests.end_to_end.conftest import Ran, run_here

SUITE = """\
suite: mine
cases:
  - id: MINE-1
    question: The police have rung asking where one of our tenants lives. Can I tell them?
    urgency: routine
    sources: [police-asking, school-asking]
    points:
      - {text: A request is only a request, any_of: [only a request]}
      - {text: Never in the answer, any_of: [qqqq]}
    role: [information_governance_lead, line_manager]
    situation: {holder: housing, recipient: police}
  - id: MINE-2
    question: "</script><script>alert(1)</script> may I tell the school about a pupil?"
    urgency: prompt
    sources: [school-asking]
    situation: {holder: education, recipient: education}
"""


class Page(HTMLParser):
    """What of a page a check needs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.data: dict[str, Any] = {}
        self._is_data = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._is_data = dict(attrs).get("id") == "data"

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data = json.loads(data)
            self._is_data = False

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, small_home: Path, content: Path) -> Path:
    """A finished run. Not to be changed."""
    folder = tmp_path_factory.mktemp("reported")
    (folder / "mine.yaml").write_text(SUITE, encoding="utf-8")
    settings = {"ADVISOR_HOME": str(small_home), "ADVISOR_CONTENT": str(content)}
    ran = run_here("eval", "run", str(folder / "mine.yaml"), "--out", str(folder / "run"), environment=settings)
    assert ran.code == 0, ran.err
    return folder / "run"


def report(run: Path, *arguments: str) -> Ran:
    return run_here("eval", "report", str(run), *arguments, environment={})


@pytest.fixture(scope="module")
def page(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A report beside a baseline in which the first case had said its second key point."""
    folder = tmp_path_factory.mktemp("report")
    baseline = json.loads((run / SUMMARY).read_text(encoding="utf-8"))
    baseline["values"]["mine"]["MINE-1"]["key_points"] = 1.0
    (folder / "before.json").write_text(json.dumps(baseline), encoding="utf-8")
    ran = report(run, "--baseline", str(folder / "before.json"), "--out", str(folder / "page.html"))
    assert (ran.code, ran.out, ran.err) == (0, "", f"Wrote {folder / 'page.html'}.\n")
    return Page((folder / "page.html").read_text(encoding="utf-8"))


def test_the_page_asks_nothing_of_the_network(page: Page) -> None:
    assert page.all("link") == page.all("img") == page.all("iframe") == []
    assert [each.get("src") for each in page.all("script")] == [None, None]
    assert (page.all("meta")[2].get("content") or "").startswith("default-src 'none'")
    assert all((each.get("href") or "").startswith("#") for each in page.all("a"))
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)


def test_the_page_is_named_has_landmarks_and_labels_what_can_be_filled_in(page: Page) -> None:
    assert page.all("html") == [{"lang": "en-GB"}]
    assert [len(page.all(tag)) for tag in ("header", "main", "h1", "nav")] == [1, 1, 1, 1]
    labelled = {each["for"] for each in page.all("label")}
    assert {each["id"] for tag in ("input", "select") for each in page.all(tag)} == labelled
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(each.get("href") or "")[1:] for each in page.all("a")} <= set(ids)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_a_case_opens_into_what_was_expected_and_what_came(page: Page) -> None:
    texts, case = page.data["texts"], page.data["cases"][0]
    expected = [(label, texts[number], came) for label, number, came in case["expected"]]
    assert ("key point", "A request is only a request", "yes") in expected
    assert ("key point", "Never in the answer", "no") in expected
    assert [
        came for label, said, came in expected if label == "source" and said.startswith("police-asking: cited")
    ] == ["yes"]
    statements = [texts[number] for _, number, _ in case["answer"]["statements"]]
    assert "A police request is only a request unless a court order requires an answer." in statements
    cited = {number for _, _, numbers in case["answer"]["statements"] for number in numbers}
    assert cited <= {each[0] for each in case["answer"]["citations"]}
    assert all(proved for *_, proved in case["answer"]["citations"])


def test_a_case_that_got_worse_is_marked_linked_and_says_what_it_was_before(page: Page) -> None:
    states = {each["id"]: (each["data-state"] or "").split() for each in page.all("details") if "data-state" in each}
    assert "worse" in states["case-mine-MINE-1"]
    assert "worse" not in states["case-mine-MINE-2"]
    assert {"href": "#case-mine-MINE-1"} in page.all("a")
    texts = page.data["texts"]
    scores = {texts[title]: (value, before) for title, value, _, _, before, _ in page.data["cases"][0]["scores"]}
    assert scores["Key-point coverage"] == (0.5, 1.0)
    assert scores["Urgency"][1] is None


def test_words_of_a_case_cannot_become_part_of_the_page(page: Page) -> None:
    assert len(page.all("script")) == 2
    assert page.data["texts"][page.data["cases"][1]["question"]].startswith("</script>")


def test_without_a_baseline_nothing_is_compared_and_the_page_lies_in_the_run(run: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(run, tmp_path / "own"))
    assert report(own).code == 0
    text = (own / "report.html").read_text(encoding="utf-8")
    assert "Compared with the baseline" not in text
    assert 'aria-label="Source recall' in text


def test_a_folder_that_is_no_run_is_told_plainly(tmp_path: Path) -> None:
    ran = report(tmp_path / "nowhere")
    assert ran.code == 2
    assert "Name a finished run's folder" in ran.err
    assert not (tmp_path / "nowhere").exists()


def test_a_page_that_cannot_be_written_is_told_plainly(run: Path, tmp_path: Path) -> None:
    ran = report(run, "--out", str(tmp_path / "no" / "page.html"))
    assert ran.code == 2
    assert "Name another file with --out." in ran.err
