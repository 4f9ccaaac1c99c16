"""Whatever is asked, of whatever knowledge base, however it is composed: the rules of an answer hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from advisor.composers.base import DraftStatement
from advisor.library import Library
from advisor.models import Answer, Question, Urgency
from advisor.outcomes import Outcome
from integrations.cli.rendering import MOST_LINES, WIDTH, render
from knowledge.errors import DocumentError, IndexBroken, IndexMissing, IndexStale, KnowledgeError, ModelError
from knowledge.retrieval import Signals
from tests.advising import EMERGENCY_QUESTION, POLICE_QUESTION, WELL_COVERED, Scripted, Shelf, an_advisor, the_screener
from tests.answer_contract import broken_rules, without_what_varies
from tests.property.strategies import SHELF, VOCABULARY, draft_statements, meanings, questions, texts

DOCUMENTS = {document.id: document for document in SHELF}
FAULTS = (IndexMissing("x"), IndexStale("x"), IndexBroken("x"), ModelError("x"), DocumentError("x", path="x.md"))
often = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seldom = settings(often, max_examples=80)


def a_library(said: dict[str, tuple[str, float, str]], signals: Signals, fails_at: str | None) -> Library:
    return Shelf(*SHELF, meanings=said, signals=signals, fails_at=fails_at)


libraries = st.builds(
    a_library,
    meanings,
    st.sampled_from([WELL_COVERED, WELL_COVERED, Signals()]),
    st.sampled_from([None, None, None, None, "read", "meanings", "retrieve", "document"]),
)


def check(answer: Answer) -> None:
    assert broken_rules(answer.as_json(), DOCUMENTS) == []
    assert answer.outcome is not Outcome.INTERNAL
    lines = render(answer, vocabulary=VOCABULARY).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert any(line.startswith("Take it to: ") for line in lines)
    if answer.urgency is Urgency.EMERGENCY:
        assert lines[0] == "ACT NOW"
        assert lines[1].startswith("! Ring 999 now")


@often
@example(Question(text=POLICE_QUESTION), Shelf(*SHELF))
@example(Question(text=EMERGENCY_QUESTION), Shelf(*SHELF))
@example(Question(text=EMERGENCY_QUESTION), Shelf(*SHELF, fails_at="retrieve"))
@given(questions(), libraries)
def test_no_question_breaks_a_rule_of_the_contract(question: Question, library: Library) -> None:
    check(an_advisor(library).answer(question))


@often
@given(questions(), libraries, st.lists(draft_statements(), max_size=5))
def test_no_draft_breaks_a_rule_of_the_contract(
    question: Question, library: Library, statements: list[DraftStatement]
) -> None:
    check(an_advisor(library, composer=Scripted(*statements, name="hostile")).answer(question))


@seldom
@given(st.lists(draft_statements(), min_size=1, max_size=4))
def test_what_is_shown_of_a_draft_quotes_approved_documents_in_force_word_for_word(
    statements: list[DraftStatement],
) -> None:
    composer = Scripted(*statements, name="hostile")
    answer = an_advisor(Shelf(*SHELF), composer=composer).answer(Question(text=POLICE_QUESTION))
    for statement in answer.statements:
        for number in statement.citations:
            citation = answer.citation(number)
            assert citation.quote in [bullet.text for bullet in DOCUMENTS[citation.document].bullets()]
            assert citation.document not in {"old-advice", "half-written", "taken-back", "scottish-way"}


@seldom
@given(questions(), st.sampled_from(FAULTS))
def test_a_knowledge_base_that_cannot_be_opened_still_names_a_human(question: Question, fault: KnowledgeError) -> None:
    def opens() -> Library:
        raise fault

    answer = an_advisor(opens).answer(question)
    check(answer)
    assert not answer.statements
    assert answer.escalation.roles


@seldom
@given(questions(), libraries)
def test_the_same_question_twice_is_the_same_answer(question: Question, library: Library) -> None:
    answers = [an_advisor(library).answer(question).as_json() for _ in range(2)]
    assert without_what_varies(answers[0]) == without_what_varies(answers[1])


@seldom
@given(texts, st.sampled_from(["07700 900123", "943 476 5919", "joan.smith@example.org"]))
def test_personal_data_that_is_recognised_is_nowhere_in_the_answer(text: str, personal: str) -> None:
    said = f"{text[:200]} . Her number is {personal} ."
    if personal in the_screener().screen(said).text:
        return
    body = an_advisor(Shelf(*SHELF)).answer(Question(text="Can I tell the police?", earlier=(said,))).as_json()
    assert personal not in str(body)
    assert personal not in str(an_advisor(Shelf(*SHELF)).answer(Question(text=said)).as_json())


@seldom
@given(questions(), st.lists(draft_statements(), max_size=3))
def test_an_emergency_says_to_act_before_anything_else_whatever_fails(
    question: Question, statements: list[DraftStatement]
) -> None:
    said = question.model_copy(update={"text": f"{EMERGENCY_QUESTION} {question.text}"[:3000]})
    composer = Scripted(*statements, name="hostile")
    for library in (Shelf(*SHELF), Shelf(), Shelf(*SHELF, fails_at="retrieve")):
        answer = an_advisor(library, composer=composer).answer(said)
        check(answer)
        assert answer.urgency is Urgency.EMERGENCY


@pytest.mark.parametrize("fault", [RuntimeError, KeyError, MemoryError, RecursionError, UnicodeError])
def test_no_fault_of_any_part_leaves_a_person_without_an_answer(fault: Callable[..., Exception]) -> None:
    class Broken(Shelf):
        def retrieve(self, text: str, *, facets: Any, vector: Any, likely: Any = None) -> Any:
            raise fault("a word of the question")

    answer = an_advisor(Broken(*SHELF)).answer(Question(text=EMERGENCY_QUESTION))
    assert (answer.outcome, bool(answer.act_now)) == (Outcome.INTERNAL, True)
    assert broken_rules(answer.as_json(), DOCUMENTS) == []
    assert "a word of the question" not in (answer.message or "")


@seldom
@given(questions(), libraries)
def test_an_answer_fits_sixty_lines_and_says_whom_to_take_it_to_in_the_first_twenty_four(
    question: Question, library: Library
) -> None:
    lines = render(an_advisor(library).answer(question), vocabulary=VOCABULARY).splitlines()
    assert len(lines) <= MOST_LINES
    assert any(line.startswith("Take it to: ") for line in lines[:24])
