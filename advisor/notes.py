"""What the reader should know about the sources: standing, nation, review, disagreement, missing strands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from advisor.evidence import Evidence
from advisor.grounding import Ledger
from advisor.models import Citation, Note, NoteKind, ReadFrom, Situation, Statement, StatementRole
from advisor.wording import Wording
from knowledge.models import Document, Force, Standing, Strand

_STRANDS = (Strand.POWER, Strand.CONFIDENCE, Strand.DATA_PROTECTION)


def notes_on(
    statements: Sequence[Statement], evidence: Evidence, situation: Situation, *, ledger: Ledger, wording: Wording, today: date
) -> tuple[Note, ...]:
    """All notes, each with the citations it is about; a missing strand has none."""
    cited = _first_of_each(ledger.citations)
    documents = {source.document.id: source.document for source in evidence.sources}
    return (
        *_standing(cited, wording),
        *_past_review(cited, wording, today),
        *_differing(cited, documents, wording),
        *_superseded(evidence, documents, ledger, wording),
        *_nations(evidence, situation, ledger, wording),
        *_not_covered(statements, wording),
    )


def _first_of_each(citations: Iterable[Citation]) -> list[Citation]:
    first: dict[str, Citation] = {}
    for citation in citations:
        first.setdefault(citation.document, citation)
    return list(first.values())


def _standing(cited: Iterable[Citation], wording: Wording) -> Iterator[Note]:
    kinds = {Standing.UNDER_REVIEW: NoteKind.UNDER_REVIEW, Standing.NOT_YET_IN_FORCE: NoteKind.NOT_YET_IN_FORCE}
    for citation in cited:
        kind = kinds.get(citation.status)
        if kind:
            text = wording.notes[kind.value].format(title=citation.title)
            yield Note(kind=kind, text=text, citations=(citation.number,))


def _past_review(cited: Iterable[Citation], wording: Wording, today: date) -> Iterator[Note]:
    for citation in cited:
        if citation.review_by < today:
            text = wording.notes["past_review"].format(title=citation.title, date=citation.review_by)
            yield Note(kind=NoteKind.PAST_REVIEW, text=text, citations=(citation.number,))


def _differing(cited: Sequence[Citation], documents: dict[str, Document], wording: Wording) -> Iterator[Note]:
    """The first duty and the first bar among the sources, when both are cited."""
    forces = [(citation, documents[citation.document].force) for citation in cited if citation.document in documents]
    must = next((citation for citation, force in forces if force is Force.MUST), None)
    bar = next((citation for citation, force in forces if force is Force.MUST_NOT), None)
    if must and bar:
        text = wording.notes["sources_differ"].format(
            one=must.title, one_force=wording.force["must"], other=bar.title, other_force=wording.force["must_not"]
        )
        yield Note(kind=NoteKind.SOURCES_DIFFER, text=text, citations=(must.number, bar.number))


def _superseded(
    evidence: Evidence, documents: dict[str, Document], ledger: Ledger, wording: Wording
) -> Iterator[Note]:
    for old in evidence.superseded:
        new = documents.get(old.superseded_by or "")
        numbers = [ledger.number(old, old.bullets()[0])]
        if new:
            numbers.append(ledger.number(new, new.bullets()[0]))
        text = wording.notes["superseded"].format(title=old.title, replacement=new.title if new else old.superseded_by)
        yield Note(kind=NoteKind.SUPERSEDED, text=text, citations=tuple(numbers))


def _nations(evidence: Evidence, situation: Situation, ledger: Ledger, wording: Wording) -> Iterator[Note]:
    nation = situation.nation
    if nation.from_ is ReadFrom.DEFAULT:
        yield Note(kind=NoteKind.OTHER_NATION, text=wording.notes["nation_assumed"])
    for document in evidence.other_nations:
        text = wording.notes["other_nation"].format(
            title=document.title, nations=" and ".join(_proper(name) for name in document.nations), nation=_proper(nation.value or "")
        )
        yield Note(kind=NoteKind.OTHER_NATION, text=text, citations=(ledger.number(document, document.bullets()[0]),))


def _proper(nation: str) -> str:
    return nation.replace("_", " ").title()


def _not_covered(statements: Sequence[Statement], wording: Wording) -> Iterator[Note]:
    spoken = {statement.strand for statement in statements if statement.role is StatementRole.GUIDANCE}
    for strand in _STRANDS:
        if strand not in spoken:
            yield Note(kind=NoteKind.NOT_COVERED, text=wording.not_covered[strand.value])
