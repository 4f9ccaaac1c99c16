"""Scenarios from case studies, and one thing to know after a decision."""

from __future__ import annotations

from datetime import date

import pytest

from advisor.grounding import gives_verdict
from advisor.learning import Scenario, next_time, of_the_day, scenarios
from advisor.models import StatementRole
from advisor.wording import load_wording
from knowledge.loading import CONTENT, document_paths, load_documents
from knowledge.models import Document, Kind, Standing, State
from knowledge.vocabulary import load_vocabulary
from tests.casework import an_answer

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    loaded = load_documents(document_paths(CONTENT), local=frozenset())
    return [each for each in loaded if isinstance(each, Document)]


def of(documents: list[Document]) -> tuple[Scenario, ...]:
    return scenarios(documents, vocabulary=load_vocabulary(), wording=load_wording(), today=TODAY)


def changed(documents: list[Document], name: str, **fields: object) -> list[Document]:
    return [each.model_copy(update=fields) if each.id == name else each for each in documents]


def test_every_case_study_that_comes_with_the_package_is_a_scenario(documents: list[Document]) -> None:
    assert [each.id for each in of(documents)] == sorted(each.id for each in documents if each.kind is Kind.CASE_STUDY)


def test_each_point_is_a_bullet_of_its_document_word_for_word(documents: list[Document]) -> None:
    by_id = {document.id: document for document in documents}
    for scenario in of(documents):
        for point in (*scenario.happened, *scenario.found, *scenario.teaches, *scenario.to_settle):
            assert point.text in [bullet.text for bullet in by_id[point.citation.document].bullets()]
            assert point.citation.digest == by_id[point.citation.document].digest


def test_no_point_gives_a_verdict(documents: list[Document]) -> None:
    study = next(each for each in documents if each.id == "case-soham-bichard")
    happened = study.sections[0]
    verdict = happened.bullets[0].model_copy(update={"text": "Yes, you can share it."})
    sections = (happened.model_copy(update={"bullets": (*happened.bullets, verdict)}), *study.sections[1:])
    found = of(changed(documents, study.id, sections=sections))
    texts = [point.text for each in found for point in (*each.happened, *each.found, *each.teaches, *each.to_settle)]
    assert verdict.text not in texts
    assert not [text for text in texts if gives_verdict(text, wording=load_wording())]


@pytest.mark.parametrize(
    "fields", [{"state": State.DRAFT}, {"state": State.WITHDRAWN}, {"status": Standing.SUPERSEDED}]
)
def test_what_may_not_be_cited_is_not_taught(documents: list[Document], fields: dict[str, object]) -> None:
    assert "case-psni-2023" not in {each.id for each in of(changed(documents, "case-psni-2023", **fields))}


def test_the_facets_that_a_case_turned_on_are_asked_first(documents: list[Document]) -> None:
    [soham] = [each for each in of(documents) if each.id == "case-soham-bichard"]
    facets = load_vocabulary().facets
    assert soham.choices[:2] == (facets["information"].ask, facets["purpose"].ask)


def test_each_day_has_the_next_scenario(documents: list[Document]) -> None:
    found = of(documents)
    days = [date.fromordinal(TODAY.toordinal() + day) for day in range(len(found))]
    assert {of_the_day(found, today=day).id for day in days} == {each.id for each in found}


def test_after_a_decision_one_quote_of_its_own_answer_is_given() -> None:
    answer = an_answer()
    point = next_time(answer, turn="0c9b", wording=load_wording())
    assert point is not None
    assert point.citation in answer.citations
    assert point.text == point.citation.quote


def test_a_quote_that_gives_a_verdict_is_never_given_as_a_lesson() -> None:
    answer = an_answer()
    verdicts = tuple(each.model_copy(update={"quote": "Yes, you can share it."}) for each in answer.citations)
    assert next_time(answer.model_copy(update={"citations": verdicts}), turn="0c9b", wording=load_wording()) is None


def test_the_lessons_of_a_kind_take_turns() -> None:
    answer = an_answer()
    before = [each for each in answer.statements if each.role is StatementRole.GUIDANCE]
    only = answer.model_copy(update={"statements": tuple(before)})
    given = {
        point.text for turn in ("a", "b", "c", "d") if (point := next_time(only, turn=turn, wording=load_wording()))
    }
    assert len(given) == min(4, len({each.citations[0] for each in before}))


def test_without_an_answer_there_is_no_lesson() -> None:
    assert next_time(None, turn="0c9b", wording=load_wording()) is None
