"""One case as a document that a court, a regulator or an ombudsman can read: plain parts, for any file format."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from advisor.cases.checkpoints import Heads
from advisor.cases.models import TEXT_FIELDS, CaseFile, Decision, Event, EventKind
from advisor.cases.verifying import Verification
from advisor.cases.wording import load_case_words
from advisor.models import Answer, Citation, Statement, StatementRole
from advisor.people import Directory
from advisor.quoting import SOURCE_TEXT, in_quotes, shown_text
from knowledge.models import FrozenModel
from knowledge.vocabulary import Vocabulary

_HEADINGS = {
    StatementRole.IF_URGENT: "If it is urgent",
    StatementRole.GUIDANCE: "What the guidance says",
    StatementRole.BEFORE_YOU_SHARE: "To settle before sharing",
    StatementRole.WHAT_WOULD_CHANGE_THIS: "What would change this",
    StatementRole.RISK_OF_SHARING: "Risk of sharing",
    StatementRole.RISK_OF_NOT_SHARING: "Risk of not sharing",
    StatementRole.CASE_STUDY: "A case like this",
}
_REMOVED = "What this said was removed when its time of retention was over; that it happened, and when, is kept."


class Table(FrozenModel):
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Part(FrozenModel):
    """A heading and what stands under it, in this order; what is empty is left out."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """Label and text."""
    table: Table | None = None
    parts: tuple[Part, ...] = ()


class Dossier(FrozenModel):
    title: str
    subtitle: str
    parts: tuple[Part, ...]


def dossier_of(
    file: CaseFile,
    *,
    verification: Verification,
    noted: Heads,
    directory: Directory,
    vocabulary: Vocabulary,
    organisation: str,
    made_at: datetime,
    made_by: str,
) -> Dossier:
    """The whole record of a case; ``noted`` are the ends of chains as the checkpoint outside the store has them."""
    answer = file.answer
    parts = [_summary(file, directory=directory, vocabulary=vocabulary, organisation=organisation)]
    if answer:
        parts += [_asked(file, answer, vocabulary), _shown(answer, vocabulary), _sources(answer)]
    elif about := _about(file):
        parts.append(Part(heading="What it was about", paragraphs=(about,)))
    made = [event for event in file.events if event.kind in (EventKind.DECIDED, EventKind.RECORDED)]
    parts += [_decision(event, vocabulary) for event in made]
    if not made:
        parts.append(Part(heading="The decision", paragraphs=("No decision is recorded.",)))
    parts += [_events(file, vocabulary), _integrity(file, verification, noted), _about_this(answer)]
    return Dossier(
        title=f"Record of case {file.case.id}",
        subtitle=f"Made on {moment(made_at)} by {made_by}. All times are UTC.",
        parts=tuple(parts),
    )


def moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def _summary(file: CaseFile, *, directory: Directory, vocabulary: Vocabulary, organisation: str) -> Part:
    case, words = file.case, load_case_words()
    fields = (
        ("Organisation", organisation),
        ("Case", case.id),
        ("State", words.states[case.state]),
        ("Outcome", words.outcomes[case.outcome] if case.outcome else "no decision"),
        ("Urgency", case.urgency.value),
        ("Asked by", _person(case.asker, directory)),
        ("Queue", _role(case.role, vocabulary) or "recorded without a case"),
        ("In the hands of", _person(case.holder, directory) if case.holder else "nobody"),
        ("Opened", moment(case.opened_at)),
        ("Due", moment(case.due_at)),
        ("Decided", moment(case.decided_at)),
        ("Closed", moment(case.closed_at)),
        ("Content removed", moment(case.purged_at)),
        ("Legal hold", "yes" if case.held else "no"),
        ("Shared first, recorded afterwards", "yes" if case.acted_first else "no"),
    )
    return Part(heading="The case", fields=_said(fields))


def _asked(file: CaseFile, answer: Answer, vocabulary: Vocabulary) -> Part:
    readings = ((facet, answer.situation.reading(facet)) for facet in vocabulary.facets)
    rows = tuple(
        (
            vocabulary.facets[facet].label,
            ", ".join(vocabulary.label(facet, value) for value in read.values) or "not known",
            read.words or (f"({read.from_.value})" if read.from_ else ""),
        )
        for facet, read in readings
    )
    removed = ", ".join(f"{each.label} ({each.count})" for each in answer.redactions) or "nothing"
    earlier = tuple(f"Said before: {turn}" for turn in file.earlier)
    header = ("Of the situation", "Understood as", "From the words")
    table = Table(caption="What was understood of the situation", header=header, rows=rows)
    paragraphs = (*earlier, answer.question, f"Asked on {moment(answer.asked_at)}. Personal data taken out: {removed}.")
    return Part(heading="What was asked", paragraphs=paragraphs, table=table)


def _shown(answer: Answer, vocabulary: Vocabulary) -> Part:
    groups = {role: [each for each in answer.statements if each.role is role] for role in _HEADINGS}
    parts = [
        Part(heading=_HEADINGS[role], points=tuple(_statement(answer, each) for each in said))
        for role, said in groups.items()
        if said
    ]
    if answer.to_settle:
        asks = tuple(f"{ask.ask} {ask.why}{_numbers(ask.citations)}" for ask in answer.to_settle)
        parts.append(Part(heading="Still to find out", points=asks))
    if answer.notes:
        parts.append(
            Part(heading="Notes", points=tuple(f"{note.text}{_numbers(note.citations)}" for note in answer.notes))
        )
    roles = ", ".join(_role(role, vocabulary) for role in answer.escalation.roles)
    parts.append(Part(heading="Who decides", paragraphs=(f"{roles}. {answer.escalation.reason}",)))
    fixed = tuple(text for text in (answer.message, *answer.act_now) if text)
    made = f"Answer {answer.id}; outcome {answer.outcome.value}; composed by {answer.composer}."
    sent = (answer.composed_by.sent,) if answer.composed_by else ()
    return Part(
        heading="What the advisor showed",
        paragraphs=(*fixed, "Numbers in brackets are those of the sources below.", made, *sent, answer.disclaimer),
        parts=tuple(parts),
    )


def _sources(answer: Answer) -> Part:
    rows = tuple(
        (
            str(citation.number),
            f"{citation.title}. {', '.join(filter(None, (citation.source, citation.pinpoint)))}. {citation.url}",
            _quoted(citation),
            f"{citation.document}; {citation.status.value}; read {citation.reviewed}; {citation.verified.value}",
            citation.digest,
        )
        for citation in answer.citations
    )
    header = ("No.", "Source and place", "What was shown of it", "Document and standing", "SHA-256 of the document")
    stamp = answer.knowledge
    if not stamp.digest:
        return Part(heading="Sources", paragraphs=("No source was shown.",))
    whole = f"Knowledge base: {stamp.documents} documents, SHA-256 {stamp.digest}, as of {stamp.as_of}."
    table = Table(caption="Sources as they stood when the question was asked", header=header, rows=rows)
    return Part(heading="Sources", paragraphs=(whole,), table=table if rows else None)


def _decision(event: Event, vocabulary: Vocabulary) -> Part:
    own = event.kind is EventKind.RECORDED
    heading = "The asker's own decision" if own else "The decision"
    if event.content is None:
        return Part(heading=heading, paragraphs=(_REMOVED,))
    decision, words = Decision.model_validate(event.content["decision"]), load_case_words()
    fields = [("Outcome", words.outcomes[decision.outcome])]
    fields += [("Decided by", f"{decision.decided_by.name}, {_role(decision.decided_by.role, vocabulary)}")]
    fields += [("Recorded", f"{moment(event.at)} by {_who(event.content)}")]
    if decision.acted_first:
        acted = f"yes, on {moment(decision.acted_at)}" if decision.acted_at else "yes"
        fields.append(("Shared first, recorded afterwards", acted))
    for name in TEXT_FIELDS:
        if name != "review":
            fields.append((words.fields[name].label, getattr(decision, name) or "nothing is recorded"))
    review = str(decision.review_on) if decision.review_on else decision.review or "nothing is recorded"
    fields.append((words.fields["review_on"].label, review))
    return Part(heading=heading, fields=tuple((label[:1].upper() + label[1:], text) for label, text in fields))


def _events(file: CaseFile, vocabulary: Vocabulary) -> Part:
    rows = tuple(
        (
            str(event.sequence),
            moment(event.at),
            _who(event.content),
            load_case_words().events[event.kind],
            _REMOVED if event.content is None else _said_in(event.content, vocabulary),
        )
        for event in file.events
    )
    header = ("No.", "When (UTC)", "Who", "What they did", "What they said")
    return Part(
        heading="Who did what, when", table=Table(caption="Every event, oldest first", header=header, rows=rows)
    )


def _integrity(file: CaseFile, verification: Verification, noted: Heads) -> Part:
    case = file.case
    own = (each for each in verification.findings if each.workspace == case.workspace)
    found = tuple(f"Event {each.sequence}: {each.text}." if each.sequence else f"{each.text}." for each in own)
    verdict = (
        "VERIFIED: when this document was made, every event was as written and linked to the one before it."
        if not found
        else "NOT VERIFIED: the record is not as it was written. What was found follows."
    )
    rows = tuple((str(event.sequence), event.digest, event.hash) for event in file.events)
    table = Table(caption="The chain", header=("No.", "Salted SHA-256 of what was said", "Link (SHA-256)"), rows=rows)
    fields = (("Events", str(case.length)), ("Head of the chain", case.head), *_checkpoint(file, noted))
    return Part(heading="Integrity", paragraphs=(verdict,), points=found, fields=fields, table=table)


def _checkpoint(file: CaseFile, noted: Heads) -> Iterable[tuple[str, str]]:
    """What the file outside the store says of this chain."""
    end = noted.get((file.case.workspace, file.case.id))
    if end is None:
        return (("Checkpoint outside the store", "none: a rewrite of the whole record would not show"),)
    length, head = end
    hashes = {event.sequence: event.hash for event in file.events}
    agrees = "agrees with this record" if hashes.get(length) == head else "does NOT agree with this record"
    return (("Checkpoint outside the store", f"{length} of {file.case.length} events, head {head}: {agrees}"),)


def _about_this(answer: Answer | None) -> Part:
    return Part(
        heading="How to read this record",
        paragraphs=(
            "The advisor informs and never decides: the decision is that of the person named. Personal data that was "
            "recognised was replaced by labels such as [NAME 1] before anything was kept; the file of the organisation "
            "holds the rest. Sources are shown in summaries of ours unless they are in quotation marks.",
            "Each event carries the hash of the one before it, so that a change, a gap or a reordering shows. What an "
            "event says is bound by a salted digest, so that text may be removed when its time is over without "
            "breaking the chain. Whoever can change both the store and the checkpoint file can hide a change.",
            *((f'To run the question again on the same sources: "advisor cases replay". Answer {answer.id}.',)
              if answer else ()),
        ),
    )  # fmt: skip


def _said_in(content: dict[str, Any], vocabulary: Vocabulary) -> str:
    to = content.get("to_name") or _role(content.get("role") or "", vocabulary)
    texts = [str(content.get(name) or "") for name in ("text", "why", "reason", "about")]
    kept = {True: "sources kept whole", False: "sources not kept", None: ""}[content.get("sources_kept")]
    made = f"as {content['format']}" if content.get("format") else ""
    return "; ".join(filter(None, (f"to {to}" if to else "", made, *texts, kept)))


def _about(file: CaseFile) -> str:
    return next(
        (str(event.content["about"]) for event in file.events if event.content and event.content.get("about")), ""
    )


def _who(content: dict[str, Any] | None) -> str:
    return f"{content.get('name', '')} ({content.get('by', '')})" if content else ""


def _person(key: str, directory: Directory) -> str:
    return f"{directory.name_of(key)} ({key})" if key else ""


def _role(role: str, vocabulary: Vocabulary) -> str:
    return vocabulary.roles[role].label if role in vocabulary.roles else role


def _statement(answer: Answer, statement: Statement) -> str:
    condition = f" (only where {statement.condition})" if statement.condition else ""
    return f"{shown_text(answer, statement)}{condition}{_numbers(statement.citations)}"


def _numbers(numbers: Iterable[int]) -> str:
    return "".join(f" [{number}]" for number in numbers)


def _quoted(citation: Citation) -> str:
    shown = in_quotes(citation.quote, words=citation.words)
    return shown if citation.words == SOURCE_TEXT else f"Our summary: {shown}"


def _said(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, text in fields if text)
