"""What travels from question to answer cannot be put together wrongly."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from advisor.models import (
    Answer,
    Citation,
    Escalation,
    FacetReading,
    Question,
    ReadFrom,
    Situation,
    Statement,
    StatementRole,
    Urgency,
    fold,
    own_bullet,
)
from advisor.outcomes import Outcome
from knowledge.models import Bullet, Verified
from tests.advising import EMERGENCY_QUESTION, POLICE_QUESTION, a_document, an_advisor


def an_answer(text: str = POLICE_QUESTION) -> Answer:
    return an_advisor().answer(Question(text=text))


def changed(answer: Answer, **changes: object) -> Answer:
    return Answer.model_validate({**dict(answer), **changes})


def test_a_citation_of_a_bullet_says_where_it_stands_and_how_well_it_was_checked() -> None:
    document = a_document()
    citation = Citation.of(document, document.bullets()[0], number=1)
    assert citation.document == document.id
    assert citation.quote == document.bullets()[0].text
    assert (citation.pinpoint, citation.verified, citation.digest) == ("para 1", Verified.OFFICIAL, document.digest)


def test_a_citation_of_a_bullet_marked_unverified_is_unverified_whatever_its_document() -> None:
    document = a_document(says={StatementRole.GUIDANCE: [Bullet(text="A doubtful point.", unverified=True)]})
    assert Citation.of(document, document.bullets()[0], number=1).verified is Verified.UNVERIFIED


def test_a_citation_cannot_be_built_from_an_invented_quote() -> None:
    with pytest.raises(ValueError, match="the quote is not in police-asking"):
        Citation.of(a_document(), Bullet(text="A body must always answer."), number=1)


def test_a_citation_cannot_be_built_from_an_empty_quote() -> None:
    with pytest.raises(ValueError, match="the quote is not in"):
        Citation.of(a_document(), Bullet(text=" "), number=1)


def test_white_space_does_not_make_a_quote_another() -> None:
    document = a_document()
    spread = Bullet(text=document.bullets()[0].text.replace(" ", " \n "))
    assert Citation.of(document, spread, number=1).quote == document.bullets()[0].text


def test_a_forged_pinpoint_gives_way_to_the_documents_own() -> None:
    document = a_document(says={StatementRole.GUIDANCE: [Bullet(text="A point.", pinpoint="s.1", unverified=True)]})
    forged = Bullet(text="A point.", pinpoint="s.99", unverified=False)
    citation = Citation.of(document, forged, number=1)
    assert (citation.pinpoint, citation.verified) == ("s.1", Verified.UNVERIFIED)
    assert own_bullet(document, forged) == document.bullets()[0]


def test_a_statement_without_a_citation_cannot_be_written_down() -> None:
    with pytest.raises(ValidationError):
        Statement(role=StatementRole.GUIDANCE, text="Something.", citations=())


def test_an_escalation_without_a_role_cannot_be_written_down() -> None:
    with pytest.raises(ValidationError):
        Escalation(roles=(), reason="It is a judgement.", urgency=Urgency.ROUTINE)


def test_an_answer_has_no_field_for_a_verdict() -> None:
    fields = set(Answer.model_fields)
    assert not fields & {"verdict", "decision", "allowed", "permitted", "can_share", "may_share", "yes", "no"}
    with pytest.raises(ValidationError):
        changed(an_answer(), verdict="yes")


def test_an_answer_without_an_escalation_cannot_be_written_down() -> None:
    with pytest.raises(ValidationError):
        changed(an_answer(), escalation=None)


def test_an_answer_without_statements_cannot_be_written_down() -> None:
    with pytest.raises(ValidationError, match="without statements"):
        changed(an_answer(), statements=(), citations=(), notes=(), to_settle=())


def test_an_answer_whose_citation_nothing_uses_cannot_be_written_down() -> None:
    answer = an_answer()
    extra = answer.citations[0].model_copy(update={"number": len(answer.citations) + 1})
    with pytest.raises(ValidationError, match="every citation must be used"):
        changed(answer, citations=(*answer.citations, extra))


def test_an_answer_that_names_a_citation_it_lacks_cannot_be_written_down() -> None:
    answer = an_answer()
    with pytest.raises(ValidationError, match="every number must have its citation"):
        changed(answer, citations=answer.citations[:-1])


def test_citations_that_are_not_numbered_in_order_cannot_be_written_down() -> None:
    answer = an_answer()
    with pytest.raises(ValidationError, match="numbered 1, 2, 3"):
        changed(answer, citations=answer.citations[::-1])


def test_an_emergency_without_the_text_that_says_to_act_cannot_be_written_down() -> None:
    with pytest.raises(ValidationError, match="must say to act"):
        changed(an_answer(EMERGENCY_QUESTION), act_now=())


def test_an_answer_is_the_same_after_a_journey_through_json() -> None:
    answer = an_answer()
    assert Answer.model_validate(json.loads(json.dumps(answer.as_json()))) == answer


def test_the_json_of_an_answer_uses_the_published_names_and_moments() -> None:
    body = an_answer().as_json()
    assert body["schema"] == "advisor.answer/1"
    assert body["asked_at"] == "2026-11-22T09:30:00Z"
    assert body["situation"]["recipient"] == {"value": "police", "from": "words", "words": "police", "also": []}


def test_values_cannot_be_changed_once_made() -> None:
    with pytest.raises(ValidationError):
        an_answer().outcome = Outcome.NO_GUIDANCE


def test_an_answer_finds_its_citation_by_number() -> None:
    answer = an_answer()
    assert [answer.citation(citation.number) for citation in answer.citations] == list(answer.citations)


def test_a_situation_knows_only_the_facets_that_have_a_value() -> None:
    reading = FacetReading(value="child", from_=ReadFrom.WORDS, words="girl", also=("victim",))
    situation = Situation(subject=reading)
    assert situation.known() == {"subject": ("child", "victim")}
    assert situation.reading("recipient") == FacetReading()


def test_folding_makes_every_run_of_white_space_one_space() -> None:
    assert fold(" a \n\t b\u00a0c ") == "a b c"
