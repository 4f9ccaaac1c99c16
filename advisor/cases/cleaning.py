"""Texts that people type, without the personal data that is recognised in them."""

from __future__ import annotations

from collections.abc import Callable

from advisor.cases.models import NOT_SURE, TEXT_FIELDS, Decision
from advisor.errors import CaseError, DecisionUnfinished

LONGEST = 10_000
"""Characters of any one text."""
AS_WRITTEN = ("to_whom", "requested_by", "reference")
"""Fields of a decision in which names belong: those of officials, and of the organisation's own file."""


class Cleaner:
    """Refuses what is empty or too long, and redacts the rest."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self._redact = redact

    def text(self, words: str) -> str:
        """Words that must say something."""
        if not words.strip():
            raise CaseError("The text is empty. Say what is to be kept.")
        return self.optional(words)

    def optional(self, words: str) -> str:
        """Words that may be left out."""
        if len(words) > LONGEST:
            raise CaseError(
                f"The text has {len(words)} characters; {LONGEST} is the most. Keep the document elsewhere."
            )
        return self._redact(words) if words.strip() else ""

    def decision(self, decision: Decision) -> Decision:
        """A decision with its texts redacted, save those where the names of officials belong."""
        said = {name: getattr(decision, name) for name in TEXT_FIELDS}
        texts = {name: text for name, text in said.items() if text and text != NOT_SURE}
        clean = {name: text if name in AS_WRITTEN else self.optional(text) for name, text in texts.items()}
        return decision.model_copy(update=clean)


def require_whole(decision: Decision) -> None:
    """Raises DecisionUnfinished when a field that the record needs says nothing."""
    missing = decision.missing()
    if missing:
        said = ", ".join(missing)
        raise DecisionUnfinished(f'The record needs an entry for: {said}. "{NOT_SURE}" is one.', fields=missing)
