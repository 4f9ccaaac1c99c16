"""``advisor kb import``: whole commands over files and a web server made for the purpose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from knowledge.loading import document_paths, load_document
from knowledge.models import Nation, State, Verified
from tests.end_to_end.conftest import Ran, Run
from tests.unit.knowledge.importing.sources import BODY, LARGE, PARAGRAPH, write_docx, write_pdf, write_pptx
from tests.unit.knowledge.importing.websites import website

PAGES = [[(LARGE, f"Chapter {number}"), (BODY, PARAGRAPH)] for number in range(1, 4)]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of the organisation's own documents."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder of what is to be imported."""
    folder = tmp_path / "given"
    folder.mkdir()
    return folder


def body(ran: Ran) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(ran.out)
    return loaded


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_pdf_becomes_an_unverified_draft_of_its_own_words_with_pages_as_pinpoints(
    advisor: Run, own: Path, given: Path
) -> None:
    path = write_pdf(given / "Police policy.pdf", PAGES)
    ran = advisor("kb", "import", str(path), "--to", str(own), "--by", "A. Lewis", "--owner", "safeguarding")
    assert ran.code == 0, ran.err
    document = load_document(own / "guidance" / "police-policy.md", local=True)
    assert (document.state, document.verified, document.words) == (State.DRAFT, Verified.UNVERIFIED, "source_text")
    assert (document.author, document.owner, document.url) == ("A. Lewis", "safeguarding", "Police policy.pdf")
    assert document.nations == tuple(Nation)
    assert document.history[-1].endswith("drafted by A. Lewis")
    assert [(each.heading, [(b.text, b.pinpoint) for b in each.bullets]) for each in document.sections] == [
        (f"Chapter {number}", [(PARAGRAPH, f"p. {number}")]) for number in (1, 2, 3)
    ]


def test_what_was_imported_is_told_in_80_columns_with_what_comes_next(advisor: Run, own: Path, given: Path) -> None:
    write_pdf(given / "policy.pdf", PAGES)
    (given / "list.xyz").write_text("x", encoding="utf-8")
    ran = advisor("kb", "import", str(given), ADVISOR_LOCAL=str(own))
    assert ran.code == 1
    told = " ".join(ran.out.split())
    assert "policy: 3 points under 3 headings, from " in told
    assert ".xyz is not read: only PDF" in told
    assert "1 imported as drafts, 1 refused" in ran.lines
    assert "advisor kb approve ID" in told
    assert max(map(len, ran.lines)) <= 80
    assert "Importing" in ran.err


def test_what_was_imported_is_cited_only_once_it_is_approved(
    advisor: Run, own: Path, given: Path, tmp_path: Path, home_with_model: Path
) -> None:
    home = tmp_path / "fresh"
    home.mkdir()
    (home / "models").symlink_to(home_with_model / "models")
    places = {"ADVISOR_HOME": str(home), "ADVISOR_LOCAL": str(own)}
    text = "# Lodgers\n\nThe police may ask where a tenant of the council lives and the warden then rings them back.\n"
    (given / "lodgers.md").write_text(text, encoding="utf-8")
    assert advisor("kb", "import", str(given), "--by", "A. Lewis", **places).code == 0
    question = "The police have asked where a tenant of the council lives. Should the warden ring them back?"
    assert advisor("kb", "index", **places).code == 0
    assert "lodgers" not in advisor("ask", question, "--json", **places).out
    path = own / "guidance" / "lodgers.md"
    path.write_text(path.read_text(encoding="utf-8").replace("state: draft", "state: approved"), encoding="utf-8")
    assert advisor("kb", "index", **places).code == 0
    assert "lodgers" in advisor("ask", question, "--json", **places).out


def test_every_choice_is_kept_in_the_draft(advisor: Run, own: Path, given: Path) -> None:
    path = write_docx(given / "a.docx")
    options = ["--by", "B", "--title", "Our policy", "--id", "our-policy", "--nation", "wales", "--sector", "housing"]
    ran = advisor("kb", "import", str(path), "--to", str(own), *options, "--owner", "C", "--review-by", "2027-03-01")
    assert ran.code == 0, ran.err
    document = load_document(own / "guidance" / "our-policy.md", local=True)
    assert (document.title, document.nations, document.sectors) == ("Our policy", (Nation.WALES,), ("housing",))
    assert (document.author, document.owner, str(document.review_by)) == ("B", "C", "2027-03-01")


def test_a_folder_is_imported_and_all_its_refusals_are_told_at_the_end(advisor: Run, own: Path, given: Path) -> None:
    write_pdf(given / "a.pdf", PAGES)
    write_pdf(given / "locked.pdf", PAGES, encrypt=True)
    write_pdf(given / "scan.pdf", [[], []])
    write_docx(given / "b.docx")
    write_pptx(given / "c.pptx")
    (given / "empty.txt").touch()
    (given / "link.txt").symlink_to("/etc/hostname")
    (given / "broken.docx").write_bytes(b"PK\x03\x04 and no more")
    ran = advisor("kb", "import", str(given), "--to", str(own), "--json")
    told = body(ran)
    assert (ran.code, told["schema"]) == (1, "advisor.kb.import/1")
    assert [(each["id"], each["bullets"]) for each in told["imported"]] == [("a", 3), ("b", 1), ("c", 3)]
    assert {Path(each["source"]).name: each["reason"].partition(":")[0] for each in told["refused"]} == {
        "broken.docx": "it is damaged",
        "empty.txt": "the file is empty",
        "link.txt": "it is a link that leads out of the folder",
        "locked.pdf": "it is locked with a password",
        "scan.pdf": "no text on its 2 pages",
    }
    assert files(own) == ["guidance/a.md", "guidance/b.md", "guidance/c.md"]


def test_a_folder_of_200_files_and_a_pdf_of_300_pages_are_imported_whole(advisor: Run, own: Path, given: Path) -> None:
    for number in range(200):
        text = f"# Policy {number}\n\nStaff record request {number}.\n"
        (given / f"policy-{number:03}.md").write_text(text, encoding="utf-8")
    write_pdf(given / "long.pdf", [[(LARGE, f"Chapter {n}"), *[(BODY, PARAGRAPH)] * 30] for n in range(1, 301)])
    ran = advisor("kb", "import", str(given), "--to", str(own), "--json")
    assert ran.code == 0, ran.err
    assert len(body(ran)["imported"]) == len(document_paths(own)) == 201
    long = load_document(own / "guidance" / "long.md", local=True)
    assert (len(long.sections), long.bullets()[-1].pinpoint) == (300, "p. 300")


def test_importing_again_changes_nothing_and_says_that_the_id_is_in_use(advisor: Run, own: Path, given: Path) -> None:
    for name in ("a/policy.md", "b/policy.md"):
        (given / name).parent.mkdir()
        (given / name).write_text(f"# Policy\n\nThe text of {name}.\n", encoding="utf-8")
    assert advisor("kb", "import", str(given), "--to", str(own)).code == 0
    before = {name: (own / name).read_bytes() for name in files(own)}
    assert list(before) == ["guidance/policy-2.md", "guidance/policy.md"]
    again = advisor("kb", "import", str(given), "--to", str(own), "--json")
    assert again.code == 1
    assert ["The id 'policy' is in use." in each["reason"] for each in body(again)["refused"]] == [True, False]
    assert {name: (own / name).read_bytes() for name in files(own)} == before


def test_a_made_up_id_never_overrides_a_bundled_document_but_a_chosen_one_may(
    advisor: Run, own: Path, given: Path
) -> None:
    (given / "police-asking.md").write_text("# Ours\n\nOur own words on the police.\n", encoding="utf-8")
    source = str(given / "police-asking.md")
    assert body(advisor("kb", "import", source, "--to", str(own), "--json"))["imported"][0]["id"] == "police-asking-2"
    chosen = advisor("kb", "import", source, "--to", str(own), "--id", "police-asking", "--json")
    assert body(chosen)["imported"][0]["id"] == "police-asking"


def test_an_address_on_the_web_becomes_a_draft_that_says_where_it_is_from(advisor: Run, own: Path) -> None:
    with website() as site:
        url = site.at("/policy")
        ran = advisor(
            "kb", "import", url, "--to", str(own), "--allow-host", "127.0.0.1", "--json", no_proxy="127.0.0.1"
        )
    assert ran.code == 0, ran.err
    document = load_document(own / "guidance" / "policy.md", local=True)
    assert (document.title, document.url) == ("Our policy", url)
    assert [bullet.text for bullet in document.bullets()] == ["Ring the officer back at the station."]
    assert site.asked[0][2].startswith("can-i-share-advisor/")


def test_an_address_that_may_not_be_asked_is_refused_and_the_rest_is_imported(
    advisor: Run, own: Path, given: Path
) -> None:
    path = write_docx(given / "a.docx")
    ran = advisor("kb", "import", "http://127.0.0.1:1/x", str(path), "--to", str(own), "--json", no_proxy="*")
    assert ran.code == 1
    assert [each["source"] for each in body(ran)["refused"]] == ["http://127.0.0.1:1/x"]
    assert files(own) == ["guidance/a.md"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.txt"], "Set ADVISOR_LOCAL to a folder for documents of your own, or name one with --to."),
        (["a.txt", "b.txt", "--to", "own", "--id", "x"], "--title and --id are for one source"),
        (["a.txt", "--to", "own", "--id", "Not An Id"], "use small letters, digits and single hyphens"),
        (["a.txt", "--to", "own", "--sector", "nowhere"], "'nowhere' is unknown; use one of "),
        (["a.txt", "--to", "own", "--review-by", "soon"], "'soon' does not match the format"),
        ([], "Missing argument 'SOURCE...'"),
        (["EMPTY", "--to", "own"], "There is no file to import in "),
    ],
)
def test_what_is_wrongly_asked_is_said_with_its_mend(
    advisor: Run, given: Path, arguments: list[str], message: str
) -> None:
    ran = advisor("kb", "import", *(str(given) if each == "EMPTY" else each for each in arguments))
    assert (ran.code, ran.out) == (2, "")
    assert message in " ".join(ran.err.split())
