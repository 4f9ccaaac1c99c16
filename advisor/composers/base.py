"""What every composer takes and gives: evidence in, an unchecked draft out."""

from __future__ import annotations

from typing import Protocol

from advisor.evidence import Evidence
from advisor.models import ModelUse, Situation, StatementRole, Text, Urgency
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
    plain: tuple[DraftStatement, ...] = ()
    """For a draft of rewordings: the quotes it reworded, in their order. What no rewording that holds rests on is
    shown as it stands, so that a draft can neither leave anything out nor bury it."""
    use: ModelUse | None = None
    """What a language model did for it."""
    unreadable: int = 0
    """Sentences that came back and could not be read as statements."""


class Heard(FrozenModel):
    """What a language model heard in a question; it guides the search and nothing else."""

    facets: dict[str, str] = {}
    """Facet to value, each said by words of the question."""
    search: str = ""
    """The question as one sentence that can be understood by itself; empty when there is none."""
    use: ModelUse


class Interpreter(Protocol):
    """Anything that reads a redacted question, and a follow-up with what came before it."""

    def read(self, question: str, *, earlier: tuple[str, ...] = ()) -> Heard:
        """What it hears; nothing when it fails, with the use saying why."""


class Composer(Protocol):
    """Anything that writes a draft from evidence. Nothing it writes is shown before it is grounded."""

    @property
    def name(self) -> str: ...

    def compose(self, question: str, situation: Situation, evidence: Evidence, *, urgency: Urgency) -> Draft:
        """A draft whose statements rest on the evidence alone."""
