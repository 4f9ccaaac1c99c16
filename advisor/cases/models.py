"""A case, what happened in it, and the decision: every value of the record, frozen. Nothing here knows a database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from advisor.models import Answer, Moment, Urgency
from knowledge.models import FrozenModel

NOT_SURE = "not sure"
"""A valid entry in every field of a decision; it prompts advice."""


class State(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    WAITING = "waiting"
    """The asker has been asked for more."""
    DECIDED = "decided"
    CLOSED = "closed"

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to decide."""
        return self in LIVE


LIVE = (State.OPEN, State.CLAIMED, State.WAITING)


class EventKind(StrEnum):
    OPENED = "opened"
    RECORDED = "recorded"
    """A decision that somebody took without a case, also afterwards ("acted first")."""
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    NOTED = "noted"
    ASKED = "asked"
    REPLIED = "replied"
    DECIDED = "decided"
    CLOSED = "closed"
    CHASED = "chased"
    REFUSED = "refused"
    EXPORTED = "exported"
    HELD = "held"
    RELEASED = "released"
    PURGED = "purged"
    PAUSED = "paused"
    RESUMED = "resumed"


class DecisionOutcome(StrEnum):
    SHARE = "share"
    SHARE_IN_PART = "share_in_part_or_with_conditions"
    DO_NOT_SHARE = "do_not_share"
    NOT_OURS = "not_ours_to_decide"


class DecidedBy(FrozenModel):
    name: str = Field(min_length=1)
    role: str = Field(min_length=1)


class Decision(FrozenModel):
    """What a human decided, and why; a field is text, "not sure", or None when nothing was said of it."""

    outcome: DecisionOutcome
    decided_by: DecidedBy
    reasons: str | None = None
    purpose: str | None = None
    legal_power: str | None = None
    lawful_basis: str | None = None
    special_category_condition: str | None = None
    necessity: str | None = None
    consent: str | None = None
    told: str | None = None
    """Whether the person was told, or why not."""
    what: str | None = None
    """What exactly is shared."""
    to_whom: str | None = None
    how: str | None = None
    conditions: str | None = None
    risk_of_sharing: str | None = None
    risk_of_not_sharing: str | None = None
    agreement: str | None = None
    """The data sharing agreement it falls under, or that there is none."""
    retention: str | None = None
    review_on: date | None = None
    review: str | None = None
    """Where no date can be set: "not sure", or why no review is needed."""
    requested_by: str | None = None
    """Who asked for it: name, position and organisation, and when."""
    dpia: str | None = None
    accuracy: str | None = None
    """How fact and opinion were told apart, and what was checked."""
    advice: str | None = None
    """Advice sought beside this answer: of whom, and what they said."""
    reference: str | None = None
    """The number of the organisation's own file, kept as written."""
    acted_first: bool = False
    """Shared in an emergency, recorded afterwards."""
    acted_at: datetime | None = None

    def unsure(self) -> tuple[str, ...]:
        """Fields that say "not sure"."""
        unsure = (field for field in TEXT_FIELDS if getattr(self, field) == NOT_SURE)
        return tuple("review_on" if field == "review" else field for field in unsure)

    def missing(self) -> tuple[str, ...]:
        """Fields that a whole record speaks to and this one does not."""
        wanted = WHOLE_RECORD if self.outcome in _SHARES else _WITHOUT_SHARING
        if self.outcome is DecisionOutcome.SHARE_IN_PART:
            wanted = (*wanted, "conditions")
        said = {field for field in wanted if getattr(self, field) not in (None, "")}
        if self.review_on or self.review:
            said.add("review_on")
        return tuple(field for field in wanted if field not in said)


_SHARES = (DecisionOutcome.SHARE, DecisionOutcome.SHARE_IN_PART)
TEXT_FIELDS = tuple(name for name in Decision.model_fields if Decision.model_fields[name].annotation == (str | None))
WHOLE_RECORD = (
    "reasons",
    "purpose",
    "legal_power",
    "lawful_basis",
    "special_category_condition",
    "necessity",
    "consent",
    "told",
    "what",
    "to_whom",
    "how",
    "risk_of_sharing",
    "risk_of_not_sharing",
    "agreement",
    "retention",
    "review_on",
)
"""What the record of a sharing decision speaks to, each with text or "not sure"."""
_WITHOUT_SHARING = ("reasons", "purpose", "legal_power", "told", "what", "to_whom", "risk_of_sharing",
                    "risk_of_not_sharing", "review_on")  # fmt: skip


class Case(FrozenModel):
    """Where a matter stands now; what led there is in its events."""

    id: str
    workspace: str
    state: State
    urgency: Urgency
    role: str
    """The role whose queue it is in; empty for a decision recorded without a case."""
    asker: str
    """Identity, as are ``holder``."""
    holder: str | None = None
    opened_at: Moment
    due_at: Moment | None = None
    chased_at: Moment | None = None
    decided_at: Moment | None = None
    closed_at: Moment | None = None
    purged_at: Moment | None = None
    outcome: DecisionOutcome | None = None
    acted_first: bool = False
    held: bool = False
    """On legal hold: never purged until released."""
    answer: str | None = None
    """Id of the answer it was opened from."""
    question: str | None = None
    """Redacted; None once purged."""
    length: int
    """How many events."""
    head: str
    """Hash of the last event."""

    def is_overdue(self, now: datetime) -> bool:
        return self.state.is_live and self.due_at is not None and self.due_at < now


class Event(FrozenModel):
    """One thing that happened, and its link in the chain."""

    workspace: str
    case: str
    sequence: int = Field(ge=1)
    kind: EventKind
    at: Moment
    content: dict[str, Any] | None
    """What was said and by whom (``by``: identity, ``name``); None once purged."""
    digest: str
    previous: str
    hash: str


class CaseFile(FrozenModel):
    """A case with everything that happened in it, oldest first."""

    case: Case
    events: tuple[Event, ...]

    @property
    def answer(self) -> Answer | None:
        """The answer it was opened from, as it was then."""
        found = next((content["answer"] for content in self._contents() if content.get("answer")), None)
        return Answer.model_validate(found) if found else None

    @property
    def decision(self) -> Decision | None:
        """The decision of whoever had to judge, else the asker's own; None when there is none or it was purged."""
        made = sorted(self._of(EventKind.RECORDED, EventKind.DECIDED), key=lambda event: event.kind)
        return Decision.model_validate(made[0].content["decision"]) if made and made[0].content else None

    def _of(self, *kinds: EventKind) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.kind in kinds and event.content is not None)

    @property
    def earlier(self) -> tuple[str, ...]:
        """The redacted turns before the question."""
        return next((tuple(content["earlier"]) for content in self._contents() if content.get("earlier")), ())

    def _contents(self) -> Iterator[dict[str, Any]]:
        return (event.content for event in self.events if event.content is not None)


class Filter(FrozenModel):
    """Which cases to list; what is left out does not narrow."""

    states: tuple[State, ...] = ()
    roles: tuple[str, ...] = ()
    asker: str | None = None
    holder: str | None = None
    urgency: Urgency | None = None
    outcome: DecisionOutcome | None = None
    overdue_at: datetime | None = None
    """Only live cases that were due before then."""
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    held: bool | None = None
    limit: int = Field(default=100, ge=1, le=100_000)
    after: str | None = None
    """Id of the last case of the page before; the next ones follow."""
