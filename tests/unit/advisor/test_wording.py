"""The words shown to people are whole, plain, and never a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from advisor.engine import Advisor
from advisor.grounding import gives_verdict
from advisor.models import NoteKind, Urgency
from advisor.outcomes import Outcome
from advisor.wording import Wording, load_wording
from knowledge.models import Force, Strand
from knowledge.vocabulary import load_vocabulary
from tests.advising import an_advisor

PATTERNS = ("urgency", "scope", "verdicts")
"""Parts of the wording that are matched and never shown."""


@pytest.fixture
def wording() -> Wording:
    return load_wording()


@pytest.fixture
def advisor() -> Advisor:
    return an_advisor()


def texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from texts(value)
    elif isinstance(part, list | tuple):
        for item in part:
            yield from texts(item)


def test_every_outcome_but_an_answer_says_what_happened_and_a_next_step(wording: Wording) -> None:
    assert set(wording.outcomes) == {outcome.value for outcome in Outcome} - {"answered"}
    assert all(words.message and words.next for words in wording.outcomes.values())


def test_every_outcome_is_in_a_family_with_its_exit_code() -> None:
    codes = {"answered": 0, "unanswerable": 3, "guardrail": 3, "error": 4}
    assert {outcome.family for outcome in Outcome} == set(codes)
    assert all(outcome.exit_code == codes[outcome.family] for outcome in Outcome)


def test_the_message_of_an_outcome_carries_the_fault_and_has_no_blank_left_in_it(advisor: Advisor) -> None:
    message = advisor.message(Outcome.INDEX, 'No index. Run "advisor kb index".')
    assert message is not None
    assert message.endswith('No index. Run "advisor kb index".')
    for outcome in Outcome:
        assert "{" not in (advisor.message(outcome) or "")


def test_an_answer_has_no_message(advisor: Advisor) -> None:
    assert advisor.message(Outcome.ANSWERED) is None


def test_every_note_and_strand_and_force_has_its_words(wording: Wording) -> None:
    assert set(wording.notes) >= {kind.value for kind in NoteKind} - {"not_covered"}
    assert set(wording.not_covered) == {Strand.POWER, Strand.CONFIDENCE, Strand.DATA_PROTECTION}
    assert set(wording.force) == set(Force)


def test_every_urgency_has_its_reason(wording: Wording) -> None:
    assert set(wording.escalation.reason) == set(Urgency)


def test_every_rule_of_escalation_names_known_facets_values_and_roles(wording: Wording) -> None:
    vocabulary = load_vocabulary()
    known = {facet: set(entry.values) for facet, entry in vocabulary.facets.items()} | {"urgency": set(Urgency)}
    for rule in wording.escalation.rules:
        assert set(rule.roles) <= set(vocabulary.roles)
        assert all(set(values) <= known[facet] for facet, values in rule.when.items())
    assert set(wording.escalation.always) <= set(vocabulary.roles)


def test_no_word_shown_gives_a_verdict_except_the_reviewed_text_for_an_emergency(wording: Wording) -> None:
    shown = wording.model_dump(exclude={"act_now", *PATTERNS})
    assert [text for text in texts(shown) if gives_verdict(text, wording=wording)] == []


def test_no_word_of_the_vocabulary_that_is_shown_gives_a_verdict(wording: Wording) -> None:
    vocabulary = load_vocabulary()
    shown = [role.label for role in vocabulary.roles.values()]
    for facet in vocabulary.facets.values():
        shown += [facet.label, facet.ask, facet.why]
        shown += [value.label for value in facet.values.values()]
    # A label is shown inside a line, so it cannot be the "no" that a line begins with.
    assert [text for text in shown if gives_verdict(f"- {text}", wording=wording)] == []


def test_the_emergency_text_says_to_ring_999_first_and_to_wait_for_nobody(wording: Wording) -> None:
    assert "999" in wording.act_now.always[0]
    everything = " ".join(texts(wording.act_now.model_dump()))
    assert not re.search(r"\bwait (?:for|until)\b|\bbefore you (?:ring|call)\b", everything, re.IGNORECASE)


def test_the_emergency_text_asks_for_no_more_than_is_needed_and_for_a_record_afterwards(wording: Wording) -> None:
    everything = " ".join(wording.act_now.always)
    assert "no more" in everything
    assert "write down" in everything


def test_nothing_shown_ends_in_an_exclamation_mark(wording: Wording) -> None:
    assert not [text for text in texts(wording.model_dump(exclude=set(PATTERNS))) if "!" in text]


@pytest.mark.parametrize(
    "verdict",
    [
        "You can share it.",
        "you may disclose the address",
        "You must tell them.",
        "You cannot share this with her mother.",
        "You don't have to tell the police.",
        "It is fine to share that.",
        "It's unlawful to disclose it",
        "Yes, of course.",
        "No. That is confidential.",
        "Go ahead and tell them.",
        "There is no need to ask anyone.",
        "No need to check with your manager.",
        "Do not share it.",
        "Feel free to send it over.",
        "There is nothing to stop you.",
        "You are in the clear.",
        "The answer is yes.",
    ],
)
def test_a_conclusion_on_the_askers_own_case_is_a_verdict(wording: Wording, verdict: str) -> None:
    assert wording.verdict_pattern.search(verdict)


@pytest.mark.parametrize(
    "rule",
    [
        "A landlord may answer the police where a crime is being investigated.",
        "The Act forbids naming the child.",
        "A school must refer where it suspects significant harm.",
        "The person may refuse, and the reason is recorded.",
        "Sharing without a basis is unlawful.",
        "The ICO says consent is not always needed.",
        "Nothing here means that sharing is right or wrong.",
    ],
)
def test_a_rule_about_others_or_with_its_condition_is_no_verdict(wording: Wording, rule: str) -> None:
    assert not wording.verdict_pattern.search(rule)
