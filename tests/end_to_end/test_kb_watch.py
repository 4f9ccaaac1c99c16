"""``advisor kb watch``: whole commands against a web server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Ran, Run
from tests.small_content import write_document
from tests.unit.knowledge.watching.sites import Site, site

HOSTS = ("--allow-host", "127.0.0.1", "--allow-host", "localhost")
FILE = "application/octet-stream"


@pytest.fixture
def server() -> Iterator[Site]:
    with site() as running:
        running.put("/new.pdf", "one", kind=FILE, Last_Modified="Tue, 10 Nov 2026 10:00:00 GMT")
        running.put("/old.pdf", "two", kind=FILE, Last_Modified="Sat, 10 Oct 2026 10:00:00 GMT")
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "watched"


@pytest.fixture
def watch(advisor: Run, folder: Path) -> Run:
    """Runs the watch over the documents of the folder."""

    def runs(*arguments: str, **changed: str) -> Ran:
        return advisor("kb", "watch", *HOSTS, *arguments, ADVISOR_CONTENT=str(folder), **changed)

    return runs


def write(folder: Path, name: str, url: str, **fields: Any) -> None:
    write_document(folder, name, url=url, **{"reviewed": date(2026, 11, 1), **fields})


def test_changed_and_unchanged_are_told_by_owner_and_end_with_1(watch: Run, folder: Path, server: Site) -> None:
    write(folder, "new", server.at("/new.pdf"), owner="housing")
    write(folder, "old", server.at("/old.pdf", host="localhost"), owner="health")
    write(folder, "paper", "Policy.pdf", owner="health")
    ran = watch()
    assert (ran.code, ran.lines) == (
        1,
        [
            "health",
            "  1 unchanged since the review",
            "housing",
            "  1 changed since the review: read it, mend the document, then: advisor kb",
            "    reviewed ID",
            "    new (reviewed 2026-11-01)",
            "      the site says so (2026-11-10)",
            f"      {server.at('/new.pdf')}",
            "2 pages asked for: 1 changed, 0 unread, 0 first seen, 1 unchanged; 1 without an",
            "  address on the web",
        ],
    )
    assert "Asking" in ran.err
    assert {headers["user-agent"].partition(" ")[0] for _, headers, _ in server.asked} == {
        f"can-i-share-advisor/{version('can-i-share')}"
    }


def test_json_holds_every_document_and_what_was_seen_is_kept(
    watch: Run, folder: Path, server: Site, home: Path
) -> None:
    write(folder, "new", server.at("/new.pdf"))
    write(folder, "gone", server.at("/gone", host="localhost"))
    ran = watch("--json")
    body = json.loads(ran.out)
    assert (ran.code, body["schema"], body["without_address"]) == (1, "advisor.kb.watch/1", 0)
    assert [(each["id"], each["state"], each["said"]) for each in body["documents"]] == [
        ("gone", "unread", None),
        ("new", "changed", "2026-11-10T10:00:00Z"),
    ]
    kept = json.loads((home / "watch.json").read_text(encoding="utf-8"))
    assert (kept["schema"], list(kept["pages"])) == ("advisor.kb.watch.seen/1", [server.at("/new.pdf")])


def test_owner_and_id_choose_what_is_asked(watch: Run, folder: Path, server: Site) -> None:
    write(folder, "new", server.at("/new.pdf"), owner="housing")
    write(folder, "old", server.at("/old.pdf"), owner="health")
    write(folder, "draft", server.at("/draft.pdf"), owner="health", state="draft")
    assert watch("--owner", "health").code == 0
    assert watch("--id", "old", "--id", "old").code == 0
    assert {path for path, _, _ in server.asked} == {"/robots.txt", "/old.pdf"}


@pytest.mark.parametrize(
    ("arguments", "mend"),
    [(["--owner", "nobody"], "Owners are: housing."), (["--id", "nothing"], 'See "advisor kb list"')],
)
def test_an_owner_or_id_that_is_not_there_is_refused(watch: Run, folder: Path, arguments: list[str], mend: str) -> None:
    write(folder, "new", "https://example.org/", owner="housing")
    ran = watch(*arguments)
    assert ran.code == 2
    assert mend in ran.err


def test_without_a_network_there_is_one_clear_line(watch: Run, folder: Path, home: Path) -> None:
    for name in "abcdef":
        write(folder, name, f"https://{name}.invalid/")
    ran = watch()
    assert (ran.code, ran.out) == (4, "")
    assert "Error: No site could be reached: no address is known for c.invalid. Check the network;" in ran.err
    assert "Traceback" not in ran.err
    assert not (home / "watch.json").exists()


def test_a_broken_memory_is_named_before_anything_is_asked(watch: Run, folder: Path, server: Site, home: Path) -> None:
    write(folder, "new", server.at("/new.pdf"))
    (home / "watch.json").write_text("{", encoding="utf-8")
    ran = watch()
    assert ran.code == 4
    assert "Move it away" in ran.err
    assert server.asked == []
