"""Documents as curators write them: every value of a knowledge file, frozen."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class FrozenModel(BaseModel):
    """A value that cannot change and takes no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    GUIDANCE = "guidance"
    LEGISLATION = "legislation"
    CASE_STUDY = "case_study"


class Nation(StrEnum):
    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"


class Force(StrEnum):
    """What a document does to the decision."""

    MUST = "must"
    MUST_NOT = "must_not"
    MAY = "may"
    EXPLAINS = "explains"


class State(StrEnum):
    """Where the document is in its own life; only an approved one is ever cited."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """Where the law or guidance is that the document describes (``status`` in the file)."""

    IN_FORCE = "in_force"
    UNDER_REVIEW = "under_review"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    SUPERSEDED = "superseded"


class Verified(StrEnum):
    """The weakest check among a document's bullets that are not themselves marked."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


class Strand(StrEnum):
    """The separate legal questions that a whole answer speaks to."""

    BAR = "bar"
    POWER = "power"
    CONFIDENCE = "confidence"
    DATA_PROTECTION = "data_protection"
    PRACTICE = "practice"


class SectionRole(StrEnum):
    """What the bullets under a heading do in an answer."""

    GUIDANCE = "guidance"
    BEFORE_YOU_SHARE = "before_you_share"
    WHAT_WOULD_CHANGE_THIS = "what_would_change_this"
    RISK_OF_SHARING = "risk_of_sharing"
    RISK_OF_NOT_SHARING = "risk_of_not_sharing"
    IF_URGENT = "if_urgent"
    CASE_STUDY = "case_study"


ROLE_OF_HEADING = {
    "before you share": SectionRole.BEFORE_YOU_SHARE,
    "what would change this": SectionRole.WHAT_WOULD_CHANGE_THIS,
    "risk if you share": SectionRole.RISK_OF_SHARING,
    "risk if you do not": SectionRole.RISK_OF_NOT_SHARING,
    "if it is urgent": SectionRole.IF_URGENT,
}


class SourceCheck(FrozenModel):
    """One page that was read to check the facts."""

    url: str
    copy_of: date | None = None
    """How old the copy that was read is; null where the copy does not say."""


class LawLink(FrozenModel):
    """A piece of law under a guidance document, and the situation in which it applies."""

    id: str
    strand: Strand
    when: dict[str, tuple[str, ...]] = {}
    """Facet to values: every facet named must hold one of its values; empty is always."""


class Bullet(FrozenModel):
    """One checkable statement, at the pinpoint where it was found."""

    text: str
    pinpoint: str | None = None
    unverified: bool = False
    line: int = 0
    """1-based line in the file."""


class Section(FrozenModel):
    heading: str
    role: SectionRole
    bullets: tuple[Bullet, ...]


class Document(FrozenModel):
    """One curated file: guidance, a summary of legislation, or a case study."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    kind: Kind
    title: str = Field(min_length=3)
    summary: str = Field(min_length=10)
    source: str
    pinpoints: tuple[str, ...] = ()
    url: str
    publisher: str
    nations: tuple[Nation, ...] = Field(min_length=1)
    sectors: tuple[str, ...] = ()
    """Values of the holder facet; empty means every sector."""
    facets: dict[str, tuple[str, ...]] = {}
    force: Force
    strand: Strand = Strand.PRACTICE
    """Which legal question the document's own bullets speak to."""
    decides: tuple[str, ...] = ()
    """Roles of the vocabulary who judge such matters, most fitting first."""
    state: State
    status: Standing
    in_force_from: date | None = None
    superseded_by: str | None = None
    verified: Verified
    checked: tuple[SourceCheck, ...] = ()
    reviewed: date
    reviewed_by: str
    review_by: date
    owner: str
    author: str | None = None
    """Who wrote it; a draft is approved by somebody else."""
    history: tuple[str, ...] = ()
    """What was done to it, oldest first: ``2026-11-22 approved by NAME``."""
    questions: tuple[str, ...] = ()
    law: tuple[LawLink, ...] = ()
    related: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    words: str = "our_summary"
    """``source_text`` only for a document an organisation imported whole."""
    local: bool = False
    """True for an organisation's own document."""
    path: str = ""
    digest: str = ""
    """SHA-256 of the file."""

    def bullets(self) -> tuple[Bullet, ...]:
        return tuple(bullet for section in self.sections for bullet in section.bullets)
