"""What every composer takes and gives: evidence in, an unchecked draft out."""

from __future__ import annotations

from typing import Protocol

from advisor.evidence import Evidence
from advisor.models import Situation, StatementRole, Text, Urgency
from knowledge.models import Bullet, Document, FrozenModel, Strand


class DraftStatement(FrozenModel):
    """One unchecked sentence, the bullets it claims to rest on, and what it does in the answer."""

    role: StatementRole
    text: Text
    support: tuple[tuple[Document, Bullet], ...]
    strand: Strand | None = None
    condition: str | None = None


class Draft(FrozenModel):
    """What a composer wrote, before grounding."""

    statements: tuple[DraftStatement, ...]
    composer: str


class Composer(Protocol):
    """Anything that writes a draft from evidence. Nothing it writes is shown before it is grounded."""

    @property
    def name(self) -> str: ...

    def compose(self, question: str, situation: Situation, evidence: Evidence, *, urgency: Urgency) -> Draft:
        """A draft whose statements rest on the evidence alone."""
