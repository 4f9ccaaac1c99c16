"""Every value that travels from question to answer, frozen. The JSON of ``Answer`` is the published contract."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import AliasChoices, Field, PlainSerializer, StringConstraints, model_validator

from advisor.outcomes import Outcome
from advisor.personal_data import Redaction
from knowledge.models import Bullet, Document, FrozenModel, Kind, Nation, SectionRole, Standing, Strand, Verified

SCHEMA = "advisor.answer/1"
StatementRole = SectionRole
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Moment = Annotated[datetime, PlainSerializer(lambda value: value.strftime("%Y-%m-%dT%H:%M:%SZ"), return_type=str)]


class Urgency(StrEnum):
    ROUTINE = "routine"
    PROMPT = "prompt"
    EMERGENCY = "emergency"


class ReadFrom(StrEnum):
    """Where a facet's value came from."""

    WORDS = "words"
    OPTION = "option"
    PROFILE = "profile"
    DEFAULT = "default"


class Question(FrozenModel):
    """What a person asked, and what they said beside it."""

    text: str
    facets: dict[str, str] = {}
    """Facet values given as options; they override what the words say."""
    earlier: tuple[str, ...] = ()
    """Earlier turns of the same conversation, oldest first, redacted."""


class FacetReading(FrozenModel):
    """The value of one facet, and the words that say so."""

    value: str | None = None
    from_: ReadFrom | None = Field(
        default=None, validation_alias=AliasChoices("from", "from_"), serialization_alias="from"
    )
    words: str | None = None
    also: tuple[str, ...] = ()
    """Further values that the words also say, such as a child who is a victim."""

    @property
    def values(self) -> tuple[str, ...]:
        return (self.value, *self.also) if self.value else ()


class Situation(FrozenModel):
    """What the question says of who, what, whom and why; unknown is a value."""

    holder: FacetReading = FacetReading()
    recipient: FacetReading = FacetReading()
    subject: FacetReading = FacetReading()
    information: FacetReading = FacetReading()
    purpose: FacetReading = FacetReading()
    consent: FacetReading = FacetReading()
    nation: FacetReading = FacetReading()
    mode: FacetReading = FacetReading()

    def reading(self, facet: str) -> FacetReading:
        found: FacetReading = getattr(self, facet)
        return found

    def known(self) -> dict[str, tuple[str, ...]]:
        """Facet to its values, for the facets that are known."""
        return {facet: self.reading(facet).values for facet in type(self).model_fields if self.reading(facet).value}


class Citation(FrozenModel):
    """A bullet, word for word, and where it stands. Build one with ``Citation.of``; a made-up quote is refused."""

    number: int = Field(ge=1)
    document: str
    kind: Kind
    title: str
    source: str
    pinpoint: str | None
    url: str
    quote: Text
    words: str
    status: Standing
    nations: tuple[Nation, ...]
    in_force_from: date | None
    reviewed: date
    review_by: date
    verified: Verified
    local: bool
    digest: str

    @classmethod
    def of(cls, document: Document, bullet: Bullet, *, number: int) -> Self:
        """The citation of one bullet of a document.

        Raises:
            ValueError: when the document does not hold that bullet.
        """
        own = own_bullet(document, bullet)
        if own is None:
            raise ValueError(f"the quote is not in {document.id}")
        return cls(
            number=number,
            document=document.id,
            kind=document.kind,
            title=document.title,
            source=document.source,
            pinpoint=own.pinpoint,
            url=document.url,
            quote=own.text,
            words=document.words,
            status=document.status,
            nations=document.nations,
            in_force_from=document.in_force_from,
            reviewed=document.reviewed,
            review_by=document.review_by,
            verified=Verified.UNVERIFIED if own.unverified else document.verified,
            local=document.local,
            digest=document.digest,
        )


class Statement(FrozenModel):
    """One sentence of the answer and the citations it rests on."""

    role: StatementRole
    strand: Strand | None = None
    text: Text
    citations: tuple[int, ...] = Field(min_length=1)
    condition: str | None = None
    """When the law applies only to some situations and the question does not say: which."""


class ToSettle(FrozenModel):
    """One thing to find out that would change this answer."""

    facet: str
    ask: str
    why: str
    citations: tuple[int, ...] = ()


class NoteKind(StrEnum):
    SUPERSEDED = "superseded"
    UNDER_REVIEW = "under_review"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    SOURCES_DIFFER = "sources_differ"
    OTHER_NATION = "other_nation"
    PAST_REVIEW = "past_review"
    NOT_COVERED = "not_covered"
    LEXICAL_ONLY = "lexical_only"


class Note(FrozenModel):
    """Something the reader should know about the sources."""

    kind: NoteKind
    text: str
    citations: tuple[int, ...] = ()


class Contact(FrozenModel):
    role: str
    name: str
    reach: str


class Escalation(FrozenModel):
    """Which human decides, why, how urgently, and what to bring."""

    roles: tuple[str, ...] = Field(min_length=1)
    reason: Text
    urgency: Urgency
    contacts: tuple[Contact, ...] = ()
    bring: tuple[str, ...] = ()
    case: str | None = None


class KnowledgeStamp(FrozenModel):
    """Which knowledge base answered."""

    digest: str | None = None
    documents: int = 0
    as_of: date | None = None
    reviewed_by: str | None = None


class Writing(StrEnum):
    """How it went when a language model was to reword an answer."""

    WRITTEN = "written"
    NOTHING_HELD = "nothing_held"
    EMERGENCY = "not_asked_emergency"
    NOTHING_TO_SEND = "nothing_to_send"
    DAILY_LIMIT = "daily_limit"
    BUSY = "busy"
    TIMED_OUT = "timed_out"
    RATE_LIMITED = "rate_limited"
    PROVIDER_FAULT = "provider_fault"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_SET_UP = "not_set_up"
    FAULT = "fault"


class ModelUse(FrozenModel):
    """One use of a language model: what came of it, what it took and what left the machine."""

    model: str
    """``provider:model``."""
    outcome: Writing
    prompt_digest: str
    """SHA-256 of the prompt, which is a versioned file."""
    tokens: int = Field(default=0, ge=0)
    """Tokens sent and received; an estimate where the provider does not say or did not answer."""
    cost: float | None = None
    """In the currency of the prices that were set; None when they were not."""
    sent_to: str | None = None
    """The host that the redacted question was sent to; None when nothing left."""
    passages: int = Field(default=0, ge=0)
    """Passages of public guidance that were sent with it."""


class ComposedBy(FrozenModel):
    """What a language model did for this answer; absent when none is switched on."""

    composer: str
    """Who wrote what is shown: ``llm:<provider>:<model>``, or ``extractive``."""
    writing: ModelUse
    reading: ModelUse | None = None
    """The second use, where it is switched on: reading the question for the search."""
    shown: int = Field(default=0, ge=0)
    """Sentences of the model that held, each shown with its quote."""
    dropped: dict[str, int] = {}
    """Sentences of the model that did not hold, by reason."""
    sent: str
    """One line for the reader: what went where, and what came of it."""


class Answer(FrozenModel):
    """Guidance and who to take it to.

    There is deliberately no field for "yes" or "no": this informs a decision, it never makes one.
    """

    schema_: str = Field(default=SCHEMA, alias="schema", serialization_alias="schema")
    id: str
    asked_at: Moment
    question: str
    redactions: tuple[Redaction, ...] = ()
    outcome: Outcome
    message: str | None = None
    """For an outcome without guidance: what happened and a useful next step."""
    urgency: Urgency
    act_now: tuple[str, ...] = ()
    """In an emergency: the fixed, reviewed text that says to act."""
    situation: Situation
    statements: tuple[Statement, ...] = ()
    to_settle: tuple[ToSettle, ...] = ()
    citations: tuple[Citation, ...] = ()
    notes: tuple[Note, ...] = ()
    escalation: Escalation
    record: tuple[str, ...] = ()
    """How to record whatever is decided."""
    disclaimer: str
    knowledge: KnowledgeStamp
    composer: str
    composed_by: ComposedBy | None = None
    """What a language model did; left out of the JSON when none is switched on."""
    timings_ms: dict[str, float] = {}

    model_config = {"frozen": True, "extra": "forbid", "populate_by_name": True}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        numbers = [citation.number for citation in self.citations]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError("citations must be numbered 1, 2, 3 ... in order")
        used = {number for statement in self.statements for number in statement.citations}
        used |= {number for note in self.notes for number in note.citations}
        used |= {number for ask in self.to_settle for number in ask.citations}
        if used != set(numbers):
            raise ValueError("every citation must be used, and every number must have its citation")
        if self.outcome is Outcome.ANSWERED and not self.statements:
            raise ValueError("an answer without statements is not an answer")
        if self.urgency is Urgency.EMERGENCY and not self.act_now:
            raise ValueError("an emergency must say to act")
        return self

    def citation(self, number: int) -> Citation:
        return self.citations[number - 1]

    def as_json(self) -> dict[str, Any]:
        """The published JSON object."""
        left_out = {"composed_by"} if self.composed_by is None else None
        return self.model_dump(mode="json", by_alias=True, exclude=left_out)


def own_bullet(document: Document, bullet: Bullet) -> Bullet | None:
    """The document's own bullet with that text: its pinpoint and doubt hold, whatever the one given says."""
    same = [own for own in document.bullets() if fold(own.text) == fold(bullet.text)]
    return bullet if bullet in same else next(iter(same), None)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Text with every run of white space made one space."""
    return " ".join(text.split())
