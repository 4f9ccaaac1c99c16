"""One suite for every provider's protocol, played from cassettes: nothing here reaches a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.composers.chat import Asked, ChatFault
from advisor.composers.providers import PROVIDERS
from advisor.composers.replies import read_statements
from advisor.models import Writing
from tests.cassettes.recording import FOLDER, PASSAGES, SCRIPTS, a_chat, tape, the_request

CASSETTES = sorted(FOLDER.glob("*.yaml"))
NOWHERE = "http://model.invalid"


@pytest.fixture(autouse=True)
def _an_api_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2025-01-01")


def model_of(path: Path) -> str:
    provider = path.stem.partition("-")[0]
    return f"{provider}:tiny" if "transformers" in path.stem else f"{provider}:scripted"


def played(path: Path, *, asked: Asked | None = None) -> str:
    """The text of the reply on a cassette, all of which has to be played."""
    with tape().use_cassette(str(path)) as cassette:
        reply = a_chat(model_of(path), url=NOWHERE).ask(asked or the_request(), seconds=20)
        assert cassette.all_played
    assert reply.sent_to == "model.invalid"
    assert reply.tokens_in
    return reply.text


def test_every_protocol_has_a_cassette_of_every_script() -> None:
    wanted = {f"{provider}-{script}.yaml" for provider in PROVIDERS for script in SCRIPTS}
    assert wanted <= {path.name for path in CASSETTES}


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_says_what_it_was_recorded_from_and_holds_no_secret(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Recorded from: ")
    for secret in ("not-a-key", "uthorization", "x-api-key", "sk-", "Bearer", "127.0.0.1"):
        assert secret not in text


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_faithful_reply_is_read_whole(provider: str) -> None:
    written, unreadable = read_statements(played(FOLDER / f"{provider}-verbatim.yaml"))
    assert [(each.passage, each.quote, each.text) for each in written] == [
        (number, text, text) for number, text in enumerate(PASSAGES, start=1)
    ]
    assert unreadable == 0


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("script", ["faithful", "subtly-wrong", "hostile"])
def test_every_protocol_brings_the_same_words(provider: str, script: str) -> None:
    written, _ = read_statements(played(FOLDER / f"{provider}-{script}.yaml"))
    expected, _ = read_statements(played(FOLDER / f"openai-{script}.yaml"))
    assert written == expected
    assert len(written) == len(PASSAGES)


def test_gibberish_of_a_real_server_is_no_statement() -> None:
    assert read_statements(played(FOLDER / "openai-transformers-serve.yaml"))[0] == []


def test_a_request_that_is_not_on_the_cassette_is_not_made() -> None:
    other = the_request().model_copy(update={"user": '{"question": "another", "passages": []}'})
    with pytest.raises(ChatFault):
        played(FOLDER / "openai-faithful.yaml", asked=other)


def test_a_partly_played_cassette_is_seen() -> None:
    with tape().use_cassette(str(FOLDER / "openai-faithful.yaml")) as cassette:
        assert not cassette.all_played


def test_playing_never_records(tmp_path: Path) -> None:
    with tape().use_cassette(str(tmp_path / "new.yaml")), pytest.raises(ChatFault) as raised:
        a_chat("openai:scripted", url=NOWHERE).ask(the_request(), seconds=20)
    assert raised.value.outcome in (Writing.UNREACHABLE, Writing.FAULT)
    assert not (tmp_path / "new.yaml").exists()
