"""Nothing of a draft is shown that cannot be proved, that gives a verdict, or that is stronger than its source."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.composers.base import Draft, DraftStatement
from advisor.evidence import Evidence
from advisor.grounding import Grounded, Ledger, gives_verdict, ground
from advisor.models import StatementRole
from advisor.wording import load_wording
from knowledge.models import Bullet, Document, Standing, State
from tests.advising import a_document, evidence_of, quoting

MAY = "A landlord may answer the police where a crime is being investigated."


def alike(one: str, other: str) -> float:
    """A likeness that lets every rewording through, so that the words decide."""
    return 1.0


def grounded(*statements: DraftStatement, evidence: Evidence) -> Grounded:
    draft = Draft(statements=statements, composer="test")
    return ground(draft, evidence=evidence, wording=load_wording(), ledger=Ledger(), likeness=alike)


def shown(*statements: DraftStatement, evidence: Evidence) -> list[str]:
    return [statement.text for statement in grounded(*statements, evidence=evidence).statements]


def saying(text: str, **changes: Any) -> Document:
    return a_document(says={StatementRole.GUIDANCE: [text]}, **changes)


def test_a_quote_that_is_in_its_document_is_shown_with_its_citation() -> None:
    document = saying(MAY)
    result = grounded(quoting(document), evidence=evidence_of(document))
    assert [statement.text for statement in result.statements] == [MAY]
    assert [(citation.number, citation.quote) for citation in result.citations] == [(1, MAY)]
    assert result.dropped == 0


def test_a_statement_with_an_invented_quote_is_never_shown() -> None:
    document = saying(MAY)
    invented = quoting(document, bullet=Bullet(text="A landlord answers every request."))
    result = grounded(invented, evidence=evidence_of(document))
    assert (result.statements, result.citations, result.dropped) == ((), (), 1)


def test_one_invented_quote_among_true_ones_drops_the_statement_and_leaves_no_citation() -> None:
    document = saying(MAY)
    mixed = DraftStatement(
        role=StatementRole.GUIDANCE,
        text=MAY,
        support=((document, document.bullets()[0]), (document, Bullet(text="Invented."))),
    )
    result = grounded(mixed, evidence=evidence_of(document))
    assert (result.statements, result.citations) == ((), ())


def test_a_statement_without_a_quote_is_never_shown() -> None:
    bare = DraftStatement(role=StatementRole.GUIDANCE, text=MAY, support=())
    assert shown(bare, evidence=evidence_of(saying(MAY))) == []


def test_a_document_that_is_not_among_the_evidence_is_never_cited() -> None:
    stranger = a_document("from-nowhere", says={StatementRole.GUIDANCE: [MAY]})
    assert shown(quoting(stranger), evidence=evidence_of(saying(MAY))) == []


def test_a_forged_copy_of_a_document_does_not_count() -> None:
    forged = saying("A landlord answers every request.")
    assert shown(quoting(forged), evidence=evidence_of(saying(MAY))) == []


def test_a_copy_that_hides_that_its_document_was_replaced_does_not_count() -> None:
    old = saying(MAY, status=Standing.SUPERSEDED, superseded_by="newer")
    copy = old.model_copy(update={"status": Standing.IN_FORCE, "superseded_by": None})
    assert shown(quoting(copy), evidence=evidence_of(old)) == []


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_a_draft_or_withdrawn_document_is_never_cited(state: State) -> None:
    document = saying(MAY, state=state)
    assert shown(quoting(document), evidence=evidence_of(document)) == []


def test_a_superseded_document_is_never_quoted() -> None:
    document = saying(MAY, status=Standing.SUPERSEDED, superseded_by="newer")
    assert shown(quoting(document), evidence=evidence_of(document)) == []


@pytest.mark.parametrize(
    "stronger",
    [
        "A landlord must answer the police where a crime is being investigated.",
        "A landlord shall answer the police.",
        "A landlord has to answer the police.",
        "A landlord needs to answer the police.",
        "A landlord is required to answer the police.",
        "The Act obliges a landlord to answer the police.",
        "There is a duty on a landlord to answer the police.",
        "A landlord should answer the police.",
        "A landlord may always answer the police.",
        "A landlord may never answer the police.",
        "A landlord must not answer the police.",
        "A landlord may not answer the police.",
        "A landlord cannot answer the police.",
        "The Act forbids a landlord to answer the police.",
        "It is unlawful for a landlord to answer the police.",
        "A landlord is not required to check who is asking.",
        "A landlord does not have to check who is asking.",
        "There is no duty to check who is asking.",
    ],
)
def test_a_statement_stronger_than_its_source_is_never_shown(stronger: str) -> None:
    document = saying(MAY)
    assert shown(quoting(document, text=stronger), evidence=evidence_of(document)) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("A school must pass on the record.", "The record must be passed on by a school."),
        (
            "A school must pass it on, unless a court forbids it.",
            "Unless a court forbids it, a school must pass it on.",
        ),
        ("A customer may ask.", "A customer may ask."),
    ],
)
def test_a_statement_no_stronger_than_its_source_is_shown(source: str, said: str) -> None:
    document = saying(source)
    assert shown(quoting(document, text=said), evidence=evidence_of(document)) == [said]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("A school must not pass on the record.", "A school must pass on the record."),
        ("A school is not required to pass on the record.", "A school is required to pass on the record."),
        ("A customer may ask.", "A customer must ask."),
        ("There is no duty to tell the parent.", "There is a duty to tell the parent."),
    ],
)
def test_a_denied_or_hidden_word_of_duty_is_no_duty(source: str, said: str) -> None:
    document = saying(source)
    assert shown(quoting(document, text=said), evidence=evidence_of(document)) == []


VERDICTS = [
    "You can share it with the police.",
    "Yes, tell them.",
    "It is fine to share the address.",
    "Go ahead.",
    "There is no need to ask anyone.",
    "Do not share it.",
]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_never_shown_as_a_statement(verdict: str) -> None:
    document = saying(MAY)
    assert shown(quoting(document, text=verdict), evidence=evidence_of(document)) == []


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_never_shown_as_a_quote(verdict: str) -> None:
    document = saying(verdict)
    assert shown(quoting(document, text="The source says so."), evidence=evidence_of(document)) == []


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_never_shown_as_a_condition(verdict: str) -> None:
    document = saying(MAY)
    assert shown(quoting(document, condition=verdict), evidence=evidence_of(document)) == []


@pytest.mark.parametrize(
    "hidden",
    [
        "you\u00a0can  share it",
        "you\ncan share it",
        "you c\u200ban share it",
        "you don\u2019t need to ask anyone",
        "The law is clear. Yes, tell them.",
        "\uff59\uff4f\uff55 can share it",
        "you can\u00ad share it",
    ],
)
def test_a_verdict_is_heard_through_odd_letters_spaces_and_apostrophes(hidden: str) -> None:
    assert gives_verdict(hidden, wording=load_wording())


@pytest.mark.parametrize(
    "rule",
    [
        MAY,
        "The Act forbids naming the reporter, except to the police.",
        "A school must refer where a child may be at risk of significant harm.",
        "You may share only if the person would expect it.",
    ],
)
def test_a_rule_stated_with_its_condition_is_no_verdict(rule: str) -> None:
    assert not gives_verdict(rule, wording=load_wording())


def test_a_statement_that_would_steer_a_terminal_is_never_shown() -> None:
    document = saying(MAY)
    assert shown(quoting(document, text="\x1b[2J" + MAY), evidence=evidence_of(document)) == []


def test_the_same_sentence_is_shown_once() -> None:
    document = saying(MAY)
    spread = MAY.replace(" ", "  ")
    result = grounded(quoting(document), quoting(document, text=spread), evidence=evidence_of(document))
    assert ([statement.text for statement in result.statements], result.dropped) == ([MAY], 1)


def test_the_same_bullet_has_the_same_number_wherever_it_is_used() -> None:
    document = saying(MAY)
    again = quoting(
        document,
        text="Where a crime is being investigated, a landlord may answer the police.",
        role=StatementRole.BEFORE_YOU_SHARE,
    )
    result = grounded(quoting(document), again, evidence=evidence_of(document))
    assert [statement.citations for statement in result.statements] == [(1,), (1,)]
    assert len(result.citations) == 1


def test_a_bullet_named_twice_by_one_statement_is_cited_once() -> None:
    document = saying(MAY)
    support = ((document, document.bullets()[0]),) * 2
    twice = DraftStatement(role=StatementRole.GUIDANCE, text=MAY, support=support)
    assert grounded(twice, evidence=evidence_of(document)).statements[0].citations == (1,)


def test_a_ledger_refuses_a_bullet_that_its_document_does_not_hold() -> None:
    with pytest.raises(ValueError, match="the quote is not in"):
        Ledger().number(saying(MAY), Bullet(text="Invented."))
