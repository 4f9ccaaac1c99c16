"""How a question can end: a closed set in families, and the words people see for each."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    ANSWERED = "answered"
    NOT_ABOUT_SHARING = "unanswerable_not_about_sharing"
    TOO_VAGUE = "unanswerable_too_vague"
    NO_GUIDANCE = "unanswerable_no_guidance"
    OTHER_COUNTRY = "unanswerable_other_country"
    OTHER_LANGUAGE = "unanswerable_other_language"
    DRAFTING_REQUEST = "guardrail_drafting_request"
    INSTRUCTION_ATTEMPT = "guardrail_instruction_attempt"
    TOO_LONG = "guardrail_too_long"
    PAUSED = "guardrail_paused"
    EMPTY = "error_empty_question"
    BAD_REQUEST = "error_bad_request"
    INDEX = "error_index"
    INTERNAL = "error_internal"

    @property
    def family(self) -> str:
        """``answered``, ``unanswerable``, ``guardrail`` or ``error``."""
        return self.value.partition("_")[0]

    @property
    def exit_code(self) -> int:
        """What the command line returns: 0 answered, 3 closed without an answer, 4 a fault."""
        return {"answered": 0, "error": 4}.get(self.family, 3)
