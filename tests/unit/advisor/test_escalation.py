"""There is always a named human, and the facts of the situation choose which."""

from __future__ import annotations

import pytest

from advisor.escalation import escalate
from advisor.evidence import Evidence
from advisor.models import Contact, Escalation, FacetReading, ReadFrom, Situation, Urgency
from advisor.wording import load_wording
from knowledge.vocabulary import load_vocabulary
from tests.advising import a_document, evidence_of

NOTHING = Evidence(sources=())


def escalated(
    *,
    evidence: Evidence = NOTHING,
    urgency: Urgency = Urgency.ROUTINE,
    contacts: tuple[Contact, ...] = (),
    facets: dict[str, str] | None = None,
) -> Escalation:
    said = {facet: FacetReading(value=value, from_=ReadFrom.WORDS) for facet, value in (facets or {}).items()}
    situation = Situation.model_validate(said)
    return escalate(
        situation,
        evidence,
        urgency=urgency,
        words=load_wording().escalation,
        contacts=contacts,
        vocabulary=load_vocabulary(),
    )


def test_there_is_a_human_to_ask_when_nothing_at_all_is_known() -> None:
    assert escalated().roles


@pytest.mark.parametrize("urgency", list(Urgency))
def test_the_escalation_is_as_urgent_as_the_question_and_says_why(urgency: Urgency) -> None:
    result = escalated(urgency=urgency)
    assert result.urgency is urgency
    assert result.reason == load_wording().escalation.reason[urgency.value]


def test_in_an_emergency_999_comes_first() -> None:
    assert escalated(urgency=Urgency.EMERGENCY, facets={"recipient": "press"}).roles[0] == "emergency_services"


def test_999_is_not_named_without_an_emergency() -> None:
    assert "emergency_services" not in escalated(facets={"recipient": "police"}).roles


def test_a_journalist_goes_to_the_press_office() -> None:
    assert escalated(facets={"recipient": "press"}).roles[0] == "press_office"


def test_a_child_at_risk_goes_to_the_designated_safeguarding_lead() -> None:
    assert escalated(facets={"purpose": "safeguarding_child"}).roles[0] == "designated_safeguarding_lead"


def test_health_information_goes_to_the_caldicott_guardian() -> None:
    assert escalated(facets={"holder": "health"}).roles[0] == "caldicott_guardian"


def test_every_value_of_every_facet_gives_at_most_the_most_roles_and_only_known_ones() -> None:
    vocabulary = load_vocabulary()
    for facet, entry in vocabulary.facets.items():
        for value in entry.values:
            roles = escalated(facets={facet: value}).roles
            assert 1 <= len(roles) <= load_wording().escalation.most
            assert len(set(roles)) == len(roles)
            assert set(roles) <= set(vocabulary.roles)


def test_the_guidance_found_names_who_decides_where_no_rule_does() -> None:
    document = a_document(decides=("siro", "no_such_role"))
    roles = escalated(evidence=evidence_of(document)).roles
    assert "siro" in roles
    assert "no_such_role" not in roles


def test_the_people_of_the_profile_are_named_for_the_roles_chosen_and_no_others() -> None:
    press = Contact(role="press_office", name="The press desk", reach="extension 200")
    lado = Contact(role="lado", name="The LADO", reach="extension 300")
    assert escalated(facets={"recipient": "press"}, contacts=(lado, press)).contacts == (press,)


def test_it_says_what_to_bring() -> None:
    assert escalated().bring == load_wording().escalation.bring
