"""How a question can end is a closed set, and names never change without notice."""

from __future__ import annotations

from advisor.outcomes import Outcome


def test_the_outcomes_are_the_published_ones() -> None:
    assert {outcome.value for outcome in Outcome} == {
        "answered",
        "unanswerable_not_about_sharing",
        "unanswerable_too_vague",
        "unanswerable_no_guidance",
        "unanswerable_other_country",
        "unanswerable_other_language",
        "guardrail_drafting_request",
        "guardrail_instruction_attempt",
        "guardrail_too_long",
        "guardrail_paused",
        "error_empty_question",
        "error_bad_request",
        "error_index",
        "error_internal",
    }
