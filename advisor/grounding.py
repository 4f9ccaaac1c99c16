"""Proves every quote, drops what cannot be proved, gives a verdict or is stronger than its source, and numbers the rest."""

from __future__ import annotations

import re

from advisor.composers.base import Draft, DraftStatement
from advisor.models import Citation, Statement, fold
from advisor.wording import Wording
from knowledge.models import Bullet, Document, FrozenModel, Standing, State

_STRONG = re.compile(r"\b(?:must|required|requires|shall|duty|forbids?|prohibits?|always|never)\b", re.IGNORECASE)


class Grounded(FrozenModel):
    """Statements that hold, with their citations numbered in order of use."""

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    dropped: int = 0
    """How many of the draft's statements did not hold."""


class Ledger:
    """Numbers citations: the same bullet of the same document always has the same number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self.citations: list[Citation] = []

    def number(self, document: Document, bullet: Bullet) -> int:
        """The number of a bullet's citation, new or known.

        Raises:
            ValueError: when the document does not hold the bullet.
        """
        key = (document.id, fold(bullet.text))
        if key not in self._numbers:
            citation = Citation.of(document, bullet, number=len(self.citations) + 1)
            self.citations.append(citation)
            self._numbers[key] = citation.number
        return self._numbers[key]


def ground(draft: Draft, *, wording: Wording, ledger: Ledger) -> Grounded:
    """What of a draft may be shown."""
    kept, seen = [], set()
    for statement in draft.statements:
        if fold(statement.text) in seen or not _holds(statement, wording=wording):
            continue
        try:
            numbers = tuple(ledger.number(document, bullet) for document, bullet in statement.support)
        except ValueError:
            continue
        seen.add(fold(statement.text))
        kept.append(
            Statement(
                role=statement.role,
                strand=statement.strand,
                text=statement.text,
                citations=numbers,
                condition=statement.condition,
            )
        )
    return Grounded(
        statements=tuple(kept),
        citations=tuple(ledger.citations),
        dropped=len(draft.statements) - len(kept),
    )


def _holds(statement: DraftStatement, *, wording: Wording) -> bool:
    if not statement.support or gives_verdict(statement.text, wording=wording):
        return False
    for document, bullet in statement.support:
        if document.state is not State.APPROVED or document.status is Standing.SUPERSEDED:
            return False
        if not bullet.text.strip() or gives_verdict(bullet.text, wording=wording):
            return False
    return not _is_stronger(statement)


def gives_verdict(text: str, *, wording: Wording) -> bool:
    """Whether a text concludes on the asker's own case."""
    return bool(wording.verdict_pattern.search(text))


def _is_stronger(statement: DraftStatement) -> bool:
    """Whether the text has a duty word that none of its quotes has."""
    quotes = " ".join(bullet.text for _, bullet in statement.support).lower()
    return any(match.lower() not in quotes for match in _STRONG.findall(statement.text))
