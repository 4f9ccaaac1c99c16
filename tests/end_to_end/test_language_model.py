"""A language model behind the command: off by default, told of in the answer and by the doctor, never in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cassettes.stand_in import Behaviour, StandIn, stand_in
from tests.end_to_end.conftest import QUESTION, Run


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


def switched_on(server: StandIn) -> dict[str, str]:
    return {
        "ADVISOR_LLM": "openai:some-model",
        "ADVISOR_LLM_BASE_URL": f"{server.url}/v1",
        "ADVISOR_LLM_KEY": "a-secret-key",
        "ADVISOR_LLM_SECONDS": "60",
    }


def test_a_question_goes_to_the_model_redacted_and_the_answer_says_so(advisor: Run, server: StandIn) -> None:
    told = QUESTION.replace("one of our tenants", "Joan Smith, one of our tenants,")
    ran = advisor("ask", told, "--json", **switched_on(server))
    made = json.loads(ran.out)["composed_by"]
    assert ran.code == 0
    assert made["sent"].startswith("Your question, with personal data taken out, and ")
    assert made["writing"]["sent_to"] in server.url
    assert len(server.requests) == 1
    assert b"Joan" not in server.seen
    assert b"Bearer a-secret-key" in server.seen
    assert "a-secret-key" not in ran.out + ran.err


def test_the_model_is_told_of_in_plain_text(advisor: Run, server: StandIn) -> None:
    server.behaviour = Behaviour(status=500)
    ran = advisor("ask", QUESTION, **switched_on(server))
    assert any(line.startswith("Language model: Your question, with personal data taken out") for line in ran.lines)
    assert max(map(len, ran.lines)) <= 80


def test_without_the_setting_nothing_is_sent_and_nothing_is_said(advisor: Run, server: StandIn) -> None:
    settings = {name: value for name, value in switched_on(server).items() if name != "ADVISOR_LLM"}
    ran = advisor("ask", QUESTION, "--json", **settings)
    assert "composed_by" not in json.loads(ran.out)
    assert server.requests == []


def test_a_profile_that_forbids_a_model_wins(advisor: Run, server: StandIn, home: Path) -> None:
    (home / "profile.toml").write_text("llm = false\n", encoding="utf-8")
    ran = advisor("ask", QUESTION, "--json", **switched_on(server))
    assert (ran.code, "composed_by" in json.loads(ran.out), server.requests) == (0, False, [])
    doctor = advisor("doctor", **switched_on(server))
    assert "ok    language model: off: the profile forbids it (ADVISOR_LLM=openai:some-model)" in doctor.lines


def test_the_tokens_of_a_day_are_kept_across_commands(advisor: Run, server: StandIn, home: Path) -> None:
    advisor("ask", QUESTION, **switched_on(server))
    assert json.loads((home / "llm_tokens.json").read_text(encoding="utf-8"))["tokens"] == 3000
    ran = advisor("ask", QUESTION, "--json", **switched_on(server), ADVISOR_LLM_TOKENS_A_DAY="3001")
    assert json.loads(ran.out)["composed_by"]["writing"]["outcome"] == "daily_limit"
    assert len(server.requests) == 1


def test_a_model_that_also_reads_is_told_of_and_asked_twice(advisor: Run, server: StandIn) -> None:
    ran = advisor("ask", QUESTION, "--json", **switched_on(server), ADVISOR_LLM_READING="true")
    made = json.loads(ran.out)["composed_by"]
    assert made["reading"]["sent_to"] == made["writing"]["sent_to"]
    assert len(server.requests) == 2


def test_a_model_without_its_key_is_done_without_and_the_doctor_says_so(
    advisor: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    ran = advisor("ask", QUESTION, "--json", ADVISOR_LLM="anthropic:some-model")
    assert json.loads(ran.out)["composed_by"]["writing"]["outcome"] == "not_set_up"
    doctor = advisor("doctor", ADVISOR_LLM="anthropic:some-model")
    assert doctor.code == 0
    assert any(line.startswith("note  language model: anthropic:some-model, 12 s an answer") for line in doctor.lines)
    assert "Set ADVISOR_LLM_KEY or ANTHROPIC_API_KEY." in doctor.out


def test_the_doctor_sends_nothing(advisor: Run, server: StandIn) -> None:
    ran = advisor("doctor", **switched_on(server))
    assert any(line.startswith("ok    language model: openai:some-model at 127.0.0.1, ") for line in ran.lines)
    assert server.requests == []
    assert "a-secret-key" not in ran.out


@pytest.mark.parametrize("value", ["gpt", "openai:", "nobody:model"])
def test_a_model_that_is_not_named_rightly_is_a_wrong_setting(advisor: Run, value: str) -> None:
    ran = advisor("ask", QUESTION, ADVISOR_LLM=value)
    assert ran.code == 2
    assert "ADVISOR_LLM: " in ran.err
    assert "openai, azure_openai, anthropic, ollama" in ran.err
