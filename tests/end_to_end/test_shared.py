"""One Chroma server, one advisor that builds its index, and two that answer from it, through good days and bad ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from advisor.engine import Advisor
from advisor.models import Answer, NoteKind, Question
from advisor.outcomes import Outcome
from advisor.settings import Settings
from advisor.wiring import Workshop
from knowledge.server import ChromaServer
from knowledge.vectors import connect_to_server, disconnect
from tests.chroma_server import free_port, running
from tests.end_to_end.conftest import QUESTION, Ran, run_here, settings
from tests.small_content import write_document

AWAY = "Search by meaning is not available; these passages were found by their words alone."


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return free_port()


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[str]:
    with running(tmp_path / "chroma", port=port) as url:
        yield url


class Place:
    """A machine with an advisor on it: a folder of its own, the documents, and the server's address."""

    def __init__(self, folder: Path, *, content: Path, url: str, models: Path) -> None:
        folder.mkdir()
        (folder / "models").symlink_to(models)
        self.folder = folder
        self.environment = {**settings(folder, content), "ADVISOR_CHROMA_URL": url}

    def run(self, *arguments: str) -> Ran:
        return run_here(*arguments, environment=self.environment)

    def ask(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.run("ask", QUESTION, "--json").out)
        return answer

    def advisor(self) -> Advisor:
        """One that stays up, as in a chat platform."""
        fields = {name.removeprefix("ADVISOR_").lower(): value for name, value in self.environment.items()}
        return Workshop(Settings.model_validate(fields)).advisor()


@pytest.fixture
def places(tmp_path: Path, own_content: Path, small_home: Path, port: int) -> dict[str, Place]:
    url = f"http://127.0.0.1:{port}"
    return {
        name: Place(tmp_path / name, content=own_content, url=url, models=small_home / "models")
        for name in ("builder", "one", "other")
    }


def _collections(url: str) -> list[str]:
    """The names of all there is on a server."""
    client = connect_to_server(url, connect_within=2, answer_within=5)
    try:
        return [collection.name for collection in client.list_collections()]
    finally:
        disconnect(client)


def _kinds(answer: Answer) -> set[NoteKind]:
    return {note.kind for note in answer.notes}


def _cited(answer: Answer) -> set[str]:
    return {citation.document for citation in answer.citations}


def _says(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("id", "asked_at", "timings_ms")}


def test_an_index_on_a_server_answers_as_one_on_this_machine(
    server: str, places: dict[str, Place], tmp_path: Path, own_content: Path, small_home: Path
) -> None:
    assert places["builder"].run("kb", "index").code == 0

    here = run_here("ask", QUESTION, "--json", environment=settings(small_home, own_content))

    assert _says(places["one"].ask()) == _says(places["other"].ask()) == _says(json.loads(here.out))
    assert not list((places["one"].folder / "index").glob("versions"))


def test_all_readers_follow_the_server_to_a_new_version_and_the_one_before_stays(
    server: str, places: dict[str, Place], own_content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.shared_library.LOOK_EVERY", 0.0)
    places["builder"].run("kb", "index")
    readers = [places[name].advisor() for name in ("one", "other")]
    question = Question(text="Who may hear where the volcano rescue team keeps the tenants it found?")
    assert not any("volcano" in _cited(reader.answer(question)) for reader in readers)
    first = ChromaServer(server).published()

    write_document(
        own_content,
        "volcano",
        title="A volcano rescue team asks about tenants",
        says={"What it says": ["A volcano rescue team may hear which tenants are missing. [para 1]"]},
    )
    assert places["builder"].run("kb", "index").code == 0

    assert all("volcano" in _cited(reader.answer(question)) for reader in readers)
    second = ChromaServer(server).published()
    assert first is not None
    assert second is not None
    assert (second.before, second.version != first.version) == (first.version, True)


def test_a_reader_with_other_documents_is_told_to_update_them(
    server: str, places: dict[str, Place], own_content: Path
) -> None:
    places["builder"].run("kb", "index")
    write_document(own_content, "newer")

    ran = places["one"].run("ask", QUESTION)

    assert ran.code == 4
    assert "is of other documents than here" in " ".join(ran.out.split())


def test_a_reader_that_is_up_keeps_to_its_version_until_that_is_gone_or_its_documents_are_updated(
    server: str,
    places: dict[str, Place],
    own_content: Path,
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("advisor.shared_library.LOOK_EVERY", 0.0)
    places["builder"].run("kb", "index")
    places["one"].environment["ADVISOR_CONTENT"] = str(content)
    reader, question = places["one"].advisor(), Question(text=QUESTION)
    first = reader.answer(question)

    write_document(own_content, "newer")
    places["builder"].run("kb", "index")
    assert reader.answer(question).statements == first.statements

    write_document(own_content, "newest")
    places["builder"].run("kb", "index")
    gone = reader.answer(question)
    assert gone.outcome is Outcome.INDEX
    assert "is of other documents than here" in (gone.message or "")
    versions = {name.split(".")[1] for name in _collections(server)} - {"current"}
    published = ChromaServer(server).published()
    assert published is not None
    assert versions == {published.version, published.before}


def test_a_server_without_an_index_says_who_builds_it(server: str, places: dict[str, Place]) -> None:
    ran = places["one"].run("ask", QUESTION)

    assert ran.code == 4
    assert 'run "advisor kb index" where the index is built' in " ".join(ran.out.split())
    assert places["one"].run("doctor").out.count("no index yet") == 1


def test_a_server_that_dies_leaves_answers_by_words_alone_until_it_is_back(
    tmp_path: Path, places: dict[str, Place], port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.server.LEFT_ALONE", 0.1)
    with running(tmp_path / "chroma", port=port) as url:
        places["builder"].run("kb", "index")
        reader = places["one"].advisor()
        whole = reader.answer(Question(text=QUESTION))
        assert NoteKind.LEXICAL_ONLY not in _kinds(whole)

    alone = reader.answer(Question(text=QUESTION))

    assert alone.outcome is whole.outcome
    assert alone.notes[0].text == AWAY
    assert "police-asking" in _cited(alone)
    doctor = places["one"].run("doctor")
    assert doctor.code == 1
    assert f"MEND  vector server: {url} is away: answers are found by words alone" in doctor.out

    with running(tmp_path / "chroma", port=port):
        sleep(0.2)
        again = reader.answer(Question(text=QUESTION))
        assert again.statements == whole.statements
        assert NoteKind.LEXICAL_ONLY not in _kinds(again)


def test_a_server_that_was_never_reached_leaves_answers_by_words_alone(places: dict[str, Place]) -> None:
    answer = places["one"].ask()

    assert answer["outcome"] == "answered"
    assert (answer["notes"][0]["kind"], answer["notes"][0]["text"]) == ("lexical_only", AWAY)
    assert answer["notes"][0]["citations"]
    assert answer["knowledge"]["documents"] == 6


def test_an_index_that_cannot_be_published_says_why_and_is_still_built_here(places: dict[str, Place]) -> None:
    ran = places["builder"].run("kb", "index")

    assert ran.code == 4
    assert "does not answer. Start it (chroma run" in ran.err


@pytest.mark.parametrize("url", ["chroma:8000", "http://user:secret@chroma:8000", "http://chroma:8000/path"])
def test_an_address_that_is_none_is_configured_wrongly(places: dict[str, Place], url: str) -> None:
    places["one"].environment["ADVISOR_CHROMA_URL"] = url
    ran = places["one"].run("ask", QUESTION)

    assert (ran.code, ran.out) == (2, "")
    assert "ADVISOR_CHROMA_URL: " in ran.err
    assert "secret" not in ran.err
