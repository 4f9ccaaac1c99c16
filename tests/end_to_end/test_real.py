"""The real documents, indexed once: real questions of every suite keep the contract, on the page and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.models import Answer
from integrations.cli.rendering import MOST_LINES, WIDTH, render
from knowledge.loading import CONTENT, document_paths, load_document
from knowledge.models import Document
from knowledge.vocabulary import load_vocabulary
from tests.answer_contract import broken_rules, without_what_varies
from tests.end_to_end.conftest import QUESTION, Ran, run_apart, run_here

SUITES = Path(__file__).parents[2] / "evals" / "suites"
EVERY = 12
"""One question in so many of each suite is asked."""


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {document.id: document for document in map(load_document, document_paths(CONTENT))}


def questions() -> Iterator[str]:
    """Some questions of every suite, one a line, as people wrote them."""
    for path in sorted(SUITES.glob("*.yaml")):
        cases = yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
        yield from (" ".join(str(case["question"]).split()) for case in cases[::EVERY])


@pytest.fixture(scope="module")
def asked(real_home: Path) -> Ran:
    """All of those questions, asked in one process."""
    lines = "\n".join(json.dumps({"question": question}) for question in questions())
    return run_here("ask", "--from", "-", environment={"ADVISOR_HOME": str(real_home)}, stdin=lines)


@pytest.fixture(scope="module")
def answers(asked: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in asked.lines]


def test_every_question_is_answered_or_closed_and_none_is_a_fault(asked: Ran, answers: list[dict[str, Any]]) -> None:
    assert (asked.code, asked.err) == (0, "")
    assert len(answers) == len(list(questions()))
    outcomes = [answer["outcome"] for answer in answers]
    assert outcomes.count("answered") > len(outcomes) / 2


def test_every_answer_keeps_the_contract(answers: list[dict[str, Any]], documents: dict[str, Document]) -> None:
    broken = {answer["question"]: broken_rules(answer, documents) for answer in answers}
    assert {question: rules for question, rules in broken.items() if rules} == {}


def test_every_answer_fits_the_page_and_says_whom_to_take_it_to_in_its_first_24_lines(
    answers: list[dict[str, Any]],
) -> None:
    for body in answers:
        answer = Answer.model_validate(body)
        for full in (False, True):
            lines = render(answer, vocabulary=load_vocabulary(), full=full).splitlines()
            assert max(map(len, lines)) <= WIDTH
            assert any(line.startswith("Take it to: ") for line in lines[:24])
            assert full or len(lines) <= MOST_LINES


def test_an_emergency_that_is_answered_says_first_what_guidance_says_if_it_is_urgent(
    answers: list[dict[str, Any]],
) -> None:
    urgent = [answer for answer in answers if answer["urgency"] == "emergency"]
    assert urgent
    for answer in urgent:
        assert answer["act_now"]
        assert answer["outcome"] != "answered" or answer["statements"][0]["role"] == "if_urgent"


def test_an_answer_brings_law_with_guidance_and_speaks_to_every_strand_or_says_which_it_lacks(
    answers: list[dict[str, Any]],
) -> None:
    for answer in answers:
        if answer["outcome"] == "answered":
            kinds = {citation["kind"] for citation in answer["citations"]}
            spoken = {said["strand"] for said in answer["statements"] if said["role"] == "guidance"}
            missing = [note for note in answer["notes"] if note["kind"] == "not_covered"]
            assert {"guidance", "legislation"} <= kinds
            assert len({"power", "confidence", "data_protection"} - spoken) == len(missing)


@pytest.mark.parametrize("command", [["ask", QUESTION, "--json"]])
def test_two_processes_give_the_same_answer(real_home: Path, command: list[str]) -> None:
    bodies = []
    for seed in ("1", "2"):
        ran = run_apart(*command, environment={"ADVISOR_HOME": str(real_home), "PYTHONHASHSEED": seed})
        assert (ran.code, ran.err) == (0, "")
        bodies.append(json.loads(ran.out))
    assert without_what_varies(bodies[0]) == without_what_varies(bodies[1])


def test_the_documents_that_come_with_the_package_pass_their_check(real_home: Path) -> None:
    ran = run_here("kb", "check", "--json", environment={"ADVISOR_HOME": str(real_home)})
    findings = json.loads(ran.out)["findings"]
    assert (ran.code, [finding for finding in findings if finding["level"] == "error"]) == (0, [])
