"""The published contract of one answer, written down a second time: its keys, and the rules that hold for every one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from advisor.grounding import gives_verdict
from advisor.models import fold
from advisor.wording import load_wording
from knowledge.models import Document, Standing, State

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
Words = Annotated[str, StringConstraints(min_length=1)]
Facet = Literal["holder", "recipient", "subject", "information", "purpose", "consent", "nation", "mode"]
Nation = Literal["england", "wales", "scotland", "northern_ireland"]
Urgency = Literal["routine", "prompt", "emergency"]
OUTCOME = r"^(answered|unanswerable_[a-z_]+|guardrail_[a-z_]+|error_[a-z_]+)$"
NOT_SHOWN = frozenset({"question", "words", "act_now", "id", "asked_at", "schema", "url", "digest", "timings_ms"})
"""Keys whose text is the asker's own, fixed emergency text, or no sentence."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Redaction(_Part):
    label: Words
    count: Annotated[int, Field(ge=1)]


class _Reading(_Part):
    value: str | None
    from_: Literal["words", "option", "profile", "default"] | None = Field(alias="from")
    words: str | None
    also: list[str]


class _Statement(_Part):
    role: Literal[
        "guidance",
        "before_you_share",
        "what_would_change_this",
        "risk_of_sharing",
        "risk_of_not_sharing",
        "if_urgent",
        "case_study",
    ]
    strand: Literal["bar", "power", "confidence", "data_protection", "practice"] | None
    text: Words
    citations: Annotated[list[int], Field(min_length=1)]
    condition: str | None


class _ToSettle(_Part):
    facet: Facet
    ask: Words
    why: Words
    citations: list[int]


class _Citation(_Part):
    number: int
    document: Words
    kind: Literal["guidance", "legislation", "case_study"]
    title: Words
    source: Words
    pinpoint: str | None
    url: Words
    quote: Words
    words: Literal["our_summary", "source_text"]
    status: Literal["in_force", "under_review", "not_yet_in_force", "superseded"]
    nations: Annotated[list[Nation], Field(min_length=1)]
    in_force_from: Day | None
    reviewed: Day
    review_by: Day
    verified: Literal["official", "secondary", "unverified"]
    local: bool
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Note(_Part):
    kind: Literal[
        "superseded",
        "under_review",
        "not_yet_in_force",
        "sources_differ",
        "other_nation",
        "past_review",
        "not_covered",
        "lexical_only",
    ]
    text: Words
    citations: list[int]


class _Contact(_Part):
    role: Words
    name: Words
    reach: Words


class _Escalation(_Part):
    roles: Annotated[list[str], Field(min_length=1)]
    reason: Words
    urgency: Urgency
    contacts: list[_Contact]
    bring: list[str]
    case: str | None


class _Knowledge(_Part):
    digest: str | None
    documents: int
    as_of: Day | None
    reviewed_by: str | None


class _ModelUse(_Part):
    model: Words
    outcome: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
    prompt_digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    tokens: Annotated[int, Field(ge=0)]
    cost: float | None
    sent_to: Words | None
    passages: Annotated[int, Field(ge=0)]


class _ComposedBy(_Part):
    composer: Words
    writing: _ModelUse
    reading: _ModelUse | None
    shown: Annotated[int, Field(ge=0)]
    dropped: dict[str, int]
    sent: Words


class _Answer(_Part):
    schema_: Literal["advisor.answer/1"] = Field(alias="schema")
    id: Words
    asked_at: Moment
    question: str
    redactions: list[_Redaction]
    outcome: Annotated[str, StringConstraints(pattern=OUTCOME)]
    message: str | None
    urgency: Urgency
    act_now: list[str]
    situation: dict[Facet, _Reading]
    statements: list[_Statement]
    to_settle: Annotated[list[_ToSettle], Field(max_length=5)]
    citations: list[_Citation]
    notes: list[_Note]
    escalation: _Escalation
    record: list[str]
    disclaimer: Words
    knowledge: _Knowledge
    composer: Words
    composed_by: _ComposedBy | None = None
    timings_ms: dict[str, float]


def broken_rules(body: Mapping[str, Any], documents: Mapping[str, Document]) -> list[str]:
    """Every rule of the contract that one answer breaks; it must have been made from ``documents``."""
    answer = _Answer.model_validate(dict(body))
    return [
        *_of_outcome(answer),
        *_of_citations(answer),
        *_of_quotes(answer, documents),
        *_of_emergency(answer),
        *_of_verdicts(body),
    ]


def _of_outcome(answer: _Answer) -> Iterator[str]:
    if set(answer.situation) != set(Facet.__args__):  # type: ignore[attr-defined]
        yield "the situation does not name every facet once"
    if answer.outcome == "answered" and (not answer.statements or answer.message):
        yield "an answer without statements, or with a message in their place"
    if answer.outcome != "answered" and (answer.statements or answer.citations or not answer.message):
        yield "something is quoted, or nothing said, though there is no answer"
    if answer.escalation.urgency != answer.urgency:
        yield "the escalation is not as urgent as the answer"


def _of_citations(answer: _Answer) -> Iterator[str]:
    numbers = [citation.number for citation in answer.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"citations are numbered {numbers}"
    used = {number for statement in answer.statements for number in statement.citations}
    used |= {number for note in answer.notes for number in note.citations}
    used |= {number for ask in answer.to_settle for number in ask.citations}
    if used != set(numbers):
        yield f"citations unused or missing: {used ^ set(numbers)}"
    for note in answer.notes:
        if not note.citations and note.kind != "not_covered":
            yield f"a note without a citation: {note.kind}"


def _of_quotes(answer: _Answer, documents: Mapping[str, Document]) -> Iterator[str]:
    named = {number for note in answer.notes if note.kind == "superseded" for number in note.citations}
    for citation in answer.citations:
        document = documents.get(citation.document)
        if document is None or document.state is not State.APPROVED:
            yield f"{citation.document} is no approved document"
            continue
        own = [bullet for bullet in document.bullets() if fold(bullet.text) == fold(citation.quote)]
        if not own or citation.pinpoint not in [bullet.pinpoint for bullet in own]:
            yield f"the quote or its pinpoint is not in {citation.document}"
        if document.status is Standing.SUPERSEDED and citation.number not in named:
            yield f"{citation.document} is superseded, and cited as if it were not"
        if (citation.status, citation.digest) != (document.status.value, document.digest):
            yield f"{citation.document} is not described as it is"
    old = {citation.number for citation in answer.citations if citation.status == "superseded"}
    if any(old & set(statement.citations) for statement in answer.statements):
        yield "a statement rests on a superseded document"


def _of_emergency(answer: _Answer) -> Iterator[str]:
    if (answer.urgency == "emergency") != bool(answer.act_now):
        yield "the text that says to act is there without an emergency, or the other way about"
    roles = [statement.role for statement in answer.statements]
    if answer.urgency == "emergency" and "if_urgent" in roles and roles[0] != "if_urgent":
        yield "in an emergency something comes before what to do"


def _of_verdicts(body: Mapping[str, Any]) -> Iterator[str]:
    for text in shown_texts(body):
        if gives_verdict(text, wording=load_wording()):
            yield f"a verdict is shown: {text}"


def shown_texts(part: Any) -> Iterator[str]:
    """Every text of an answer that people see and that is not their own words or the emergency text."""
    if isinstance(part, str):
        yield re.sub(r"\s+", " ", part)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            if key not in NOT_SHOWN:
                yield from shown_texts(value)
    elif isinstance(part, list | tuple):
        for item in part:
            yield from shown_texts(item)


def without_what_varies(body: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without its id, time and timings: what must be the same when it is asked again."""
    return {key: value for key, value in body.items() if key not in ("id", "asked_at", "timings_ms")}
