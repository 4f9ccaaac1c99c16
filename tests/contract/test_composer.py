"""One suite for every composer, and a hostile one of which nothing is ever shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from advisor.composers.base import Composer, Draft, DraftStatement
from advisor.evidence import Evidence, weigh
from advisor.models import Answer, Question, Situation, StatementRole, Urgency, fold
from advisor.outcomes import Outcome
from knowledge.models import Bullet, Document, Standing, State
from tests.advising import (
    EMERGENCY_QUESTION,
    POLICE_QUESTION,
    Scripted,
    Shelf,
    a_document,
    a_whole_shelf,
    an_advisor,
    extractive,
    quoting,
    the_reader,
)
from tests.answer_contract import broken_rules, shown_texts

REWORDED = "Unless a court order or a law requires an answer, a police request is only a request."
SHELF = {document.id: document for document in a_whole_shelf()}
SITUATION = the_reader().read(POLICE_QUESTION)


def the_evidence() -> Evidence:
    shelf = Shelf(*SHELF.values())
    return weigh(shelf.retrieve("", facets={}, vector=None), SITUATION, document=shelf.document)


@pytest.fixture(params=["extractive", "scripted"])
def composer(request: pytest.FixtureRequest) -> Composer:
    """Every composer; the scripted one stands for any that writes in its own words."""
    made: dict[str, Composer] = {
        "extractive": extractive(),
        "scripted": Scripted(
            quoting(
                SHELF["police-asking"],
                text=REWORDED,
            )
        ),
    }
    return made[request.param]


def drafted(composer: Composer, *, urgency: Urgency = Urgency.ROUTINE, evidence: Evidence | None = None) -> Draft:
    return composer.compose(POLICE_QUESTION, SITUATION, evidence or the_evidence(), urgency=urgency)


# What every composer does


def test_a_composer_has_a_name_and_signs_its_drafts_with_it(composer: Composer) -> None:
    assert composer.name
    assert drafted(composer).composer == composer.name


def test_every_statement_rests_on_something(composer: Composer) -> None:
    assert all(statement.support for statement in drafted(composer).statements)


def test_what_a_statement_rests_on_is_in_the_evidence(composer: Composer) -> None:
    held = {source.document.id: source.document for source in the_evidence().sources}
    for statement in drafted(composer).statements:
        for document, bullet in statement.support:
            assert held[document.id] == document
            assert bullet in document.bullets()


def test_the_same_evidence_gives_the_same_draft(composer: Composer) -> None:
    assert drafted(composer) == drafted(composer)


@pytest.mark.parametrize("urgency", list(Urgency))
def test_an_answer_from_any_composer_keeps_the_contract(composer: Composer, urgency: Urgency) -> None:
    text = EMERGENCY_QUESTION if urgency is Urgency.EMERGENCY else POLICE_QUESTION
    answer = an_advisor(composer=composer).answer(Question(text=text))
    assert answer.outcome is Outcome.ANSWERED
    assert broken_rules(answer.as_json(), SHELF) == []


# What the default composer does


def test_the_extractive_composer_only_quotes() -> None:
    for statement in drafted(extractive()).statements:
        assert [fold(bullet.text) for _, bullet in statement.support] == [fold(statement.text)]


def test_the_extractive_composer_shows_a_bullet_under_the_role_of_its_heading() -> None:
    for statement in drafted(extractive()).statements:
        document, bullet = statement.support[0]
        roles = {section.role for section in document.sections if bullet in section.bullets}
        assert statement.role in roles


def test_the_extractive_composer_speaks_in_every_role_the_evidence_has() -> None:
    assert {statement.role for statement in drafted(extractive()).statements} == set(StatementRole)


def test_the_extractive_composer_puts_what_is_urgent_first_in_an_emergency() -> None:
    assert drafted(extractive(), urgency=Urgency.EMERGENCY).statements[0].role is StatementRole.IF_URGENT


def test_the_extractive_composer_writes_nothing_from_no_evidence() -> None:
    assert drafted(extractive(), evidence=Evidence(sources=())).statements == ()


def test_the_extractive_composer_says_the_condition_that_is_open() -> None:
    conditions = {
        statement.support[0][0].id: statement.condition
        for statement in drafted(extractive()).statements
        if statement.condition
    }
    assert list(conditions) == ["told-in-confidence"]


# A composer that means harm


def hostile_statements() -> Iterator[tuple[str, DraftStatement]]:
    """Everything a composer could try, by what it tries."""
    guide, law = SHELF["police-asking"], SHELF["crime-exemption"]
    invented = Bullet(text="A body is free to answer any officer who asks.", pinpoint="s.1")
    yield "an invented quote", quoting(guide, bullet=invented)
    yield "an invented quote under a true text", quoting(guide, bullet=invented, text=guide.bullets()[0].text)
    yield (
        "a true quote and an invented one",
        DraftStatement(
            role=StatementRole.GUIDANCE,
            text="Two sources agree on it.",
            support=((guide, guide.bullets()[0]), (law, invented)),
        ),
    )
    yield "an empty quote", quoting(guide, bullet=Bullet(text="  "), text="Silence agrees.")
    yield "no quote", DraftStatement(role=StatementRole.GUIDANCE, text="Trust the advisor.", support=())
    yield "a verdict", quoting(guide, text="You can share it with the police.")
    yield "a verdict in the negative", quoting(guide, text="Do not share it.")
    yield "a verdict on the second line", quoting(guide, text="The source is clear.\nYes, tell them.")
    yield "a verdict with a curly apostrophe", quoting(guide, text="You don\u2019t have to tell her.")
    yield "a verdict in wide letters", quoting(guide, text="\uff27\uff4f ahead and tell them.")
    yield "a verdict with a hidden letter", quoting(guide, text="You can\u200b share it.")
    yield "a verdict as a condition", quoting(guide, text="A rule applies.", condition="so you can share it")
    yield "a duty made of a power", quoting(law, text="Schedule 2 must lift the duties of any body that is asked.")
    yield "a bar made of a power", quoting(law, text="Schedule 2 forbids telling people.")
    yield "a release made of a power", quoting(law, text="Schedule 2 says there is no duty to tell people.")
    yield "a duty hidden in a condition", quoting(law, text="A rule applies.", condition="and every body must answer")
    yield "a superseded document", quoting(SHELF["old-advice"])
    yield "a draft document", quoting(SHELF["half-written"])
    yield "a withdrawn document", quoting(SHELF["taken-back"])
    yield "another nation's document", quoting(SHELF["scottish-way"])
    yield "a document that does not exist", quoting(a_document("made-up-act"))
    yield "a forged copy with a new bullet", quoting(a_document("police-asking"), text="A forged copy speaks.")
    yield "a superseded document dressed up", quoting(_dressed_up(SHELF["old-advice"]))
    yield "a draft document dressed up", quoting(_dressed_up(SHELF["half-written"]))
    yield "a terminal escape", quoting(guide, text="\x1b[31mRed\x1b[0m rule.")


def _dressed_up(document: Document) -> Document:
    return document.model_copy(update={"state": State.APPROVED, "status": Standing.IN_FORCE, "superseded_by": None})


HOSTILE = dict(hostile_statements())


def everything_shown(answer: Answer) -> str:
    return "\n".join(shown_texts(answer.as_json()))


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE)
def test_nothing_a_hostile_composer_tries_is_ever_shown(statement: DraftStatement) -> None:
    answer = an_advisor(composer=Scripted(statement, name="hostile")).answer(Question(text=POLICE_QUESTION))
    assert (answer.outcome, answer.statements, answer.citations) == (Outcome.NO_GUIDANCE, (), ())
    assert broken_rules(answer.as_json(), SHELF) == []


@pytest.mark.parametrize("text", [POLICE_QUESTION, EMERGENCY_QUESTION])
def test_a_true_statement_among_hostile_ones_is_the_only_one_shown(text: str) -> None:
    true = quoting(SHELF["crime-exemption"])
    composer = Scripted(*HOSTILE.values(), true, *HOSTILE.values(), name="hostile")
    answer = an_advisor(composer=composer).answer(Question(text=text))
    assert [statement.text for statement in answer.statements] == [true.text]
    assert broken_rules(answer.as_json(), SHELF) == []


def test_a_hostile_composer_cannot_dress_a_doubtful_bullet_as_a_checked_one() -> None:
    own = SHELF["told-in-confidence"].bullets()[0]
    forged = own.model_copy(update={"unverified": False, "pinpoint": "s.1, official"})
    composer = Scripted(quoting(SHELF["told-in-confidence"], bullet=forged), name="hostile")
    citation = an_advisor(composer=composer).answer(Question(text=POLICE_QUESTION)).citations[0]
    assert (citation.verified.value, citation.pinpoint) == ("unverified", own.pinpoint)


def test_a_composer_that_falls_over_leaves_an_answer_that_says_whom_to_ask() -> None:
    class Broken:
        name = "broken"

        def compose(self, question: str, situation: Situation, evidence: Evidence, *, urgency: Urgency) -> Draft:
            raise ValueError(question)

    answer = an_advisor(composer=Broken()).answer(Question(text=EMERGENCY_QUESTION))
    assert (answer.outcome, bool(answer.act_now)) == (Outcome.INTERNAL, True)
    assert answer.escalation.roles[0] == "emergency_services"
    assert "knife" not in everything_shown(answer)
