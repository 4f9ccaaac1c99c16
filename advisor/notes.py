"""What the reader should know about the sources: standing, nation, review, disagreement, missing strands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from advisor.evidence import Evidence
from advisor.grounding import Ledger, gives_verdict
from advisor.models import Citation, Note, NoteKind, ReadFrom, Situation, Statement, StatementRole
from advisor.wording import Wording
from knowledge.models import Document, Force, Nation, Standing, Strand

_STRANDS = (Strand.POWER, Strand.CONFIDENCE, Strand.DATA_PROTECTION)
_MOST_CITED = 3
"""Citations of one note, at most."""


def notes_on(
    statements: Sequence[Statement],
    evidence: Evidence,
    situation: Situation,
    *,
    ledger: Ledger,
    wording: Wording,
    today: date,
    document: Callable[[str], Document | None],
) -> tuple[Note, ...]:
    """All notes, each with the citations it is about; a missing strand has none. ``document`` finds one by id."""
    cited = _first_of_each(ledger.citations)
    documents = {source.document.id: source.document for source in evidence.sources}
    return (
        *_by_words_alone(cited, evidence, wording),
        *_standing(cited, wording),
        *_past_review(cited, wording, today),
        *_differing(cited, documents, wording),
        *_superseded(evidence, document, ledger, wording),
        *_assumed_nation(cited, situation, wording),
        *_other_nations(evidence, situation, ledger, wording),
        *_not_covered(statements, wording),
    )


def _first_of_each(citations: Iterable[Citation]) -> list[Citation]:
    first: dict[str, Citation] = {}
    for citation in citations:
        first.setdefault(citation.document, citation)
    return list(first.values())


def _by_words_alone(cited: Sequence[Citation], evidence: Evidence, wording: Wording) -> Iterator[Note]:
    if evidence.by_words_alone:
        numbers = tuple(citation.number for citation in cited[:_MOST_CITED])
        yield Note(kind=NoteKind.LEXICAL_ONLY, text=wording.notes["lexical_only"], citations=numbers)


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
    evidence: Evidence, document: Callable[[str], Document | None], ledger: Ledger, wording: Wording
) -> Iterator[Note]:
    for old in evidence.superseded:
        new = document(old.superseded_by or "")
        numbers = [*_named(old, ledger, wording), *(_named(new, ledger, wording) if new else ())]
        text = wording.notes["superseded"].format(title=old.title, replacement=new.title if new else old.superseded_by)
        if numbers:
            yield Note(kind=NoteKind.SUPERSEDED, text=text, citations=tuple(numbers))


def _named(document: Document, ledger: Ledger, wording: Wording) -> tuple[int, ...]:
    """The citation that stands for a document that is only named: its first bullet that may be shown."""
    showable = (bullet for bullet in document.bullets() if not gives_verdict(bullet.text, wording=wording))
    return tuple(ledger.number(document, bullet) for bullet in list(showable)[:1])


def _assumed_nation(cited: Sequence[Citation], situation: Situation, wording: Wording) -> Iterator[Note]:
    """Says so when England was only assumed, at the sources that are not for the whole United Kingdom."""
    if situation.nation.from_ is ReadFrom.DEFAULT and cited:
        limited = [citation.number for citation in cited if len(citation.nations) < len(Nation)]
        numbers = (limited or [cited[0].number])[:_MOST_CITED]
        yield Note(kind=NoteKind.OTHER_NATION, text=wording.notes["nation_assumed"], citations=tuple(numbers))


def _other_nations(evidence: Evidence, situation: Situation, ledger: Ledger, wording: Wording) -> Iterator[Note]:
    for document in evidence.other_nations:
        text = wording.notes["other_nation"].format(
            title=document.title,
            nations=" and ".join(_proper(name) for name in document.nations),
            nation=_proper(situation.nation.value or ""),
        )
        numbers = _named(document, ledger, wording)
        if numbers:
            yield Note(kind=NoteKind.OTHER_NATION, text=text, citations=numbers)


def _proper(nation: str) -> str:
    return nation.replace("_", " ").title()


def _not_covered(statements: Sequence[Statement], wording: Wording) -> Iterator[Note]:
    spoken = {statement.strand for statement in statements if statement.role is StatementRole.GUIDANCE}
    for strand in _STRANDS:
        if strand not in spoken:
            yield Note(kind=NoteKind.NOT_COVERED, text=wording.not_covered[strand.value])
