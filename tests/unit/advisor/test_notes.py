"""Readers are told what they should know of the sources: standing, review, nation, disagreement, what is missing."""

from __future__ import annotations

from datetime import date

from advisor.evidence import Evidence
from advisor.grounding import Ledger
from advisor.models import FacetReading, Note, NoteKind, ReadFrom, Situation, Statement, StatementRole
from advisor.notes import notes_on
from advisor.wording import load_wording
from knowledge.models import Document, Force, Nation, Standing, Strand
from tests.advising import TODAY, a_document, evidence_of

WORDS = load_wording()
IN_ENGLAND = Situation(nation=FacetReading(value="england", from_=ReadFrom.WORDS))


def notes(
    *cited: Document,
    evidence: Evidence | None = None,
    situation: Situation = IN_ENGLAND,
    held: tuple[Document, ...] = (),
) -> list[Note]:
    ledger = Ledger()
    statements = [
        Statement(
            role=StatementRole.GUIDANCE,
            strand=document.strand,
            text=document.bullets()[0].text,
            citations=(ledger.number(document, document.bullets()[0]),),
        )
        for document in cited
    ]
    found = {document.id: document for document in (*cited, *held)}
    return list(
        notes_on(
            statements,
            evidence or evidence_of(*cited),
            situation,
            ledger=ledger,
            wording=WORDS,
            today=TODAY,
            document=found.get,
        )
    )


def kinds(found: list[Note]) -> set[NoteKind]:
    return {note.kind for note in found} - {NoteKind.NOT_COVERED}


def of_kind(found: list[Note], kind: NoteKind) -> Note:
    return next(note for note in found if note.kind is kind)


def test_there_is_nothing_to_say_of_sources_in_force_reviewed_and_of_the_right_nation() -> None:
    assert kinds(notes(a_document())) == set()


def test_a_source_under_review_is_said_to_be() -> None:
    note = of_kind(notes(a_document(status=Standing.UNDER_REVIEW)), NoteKind.UNDER_REVIEW)
    assert (note.citations, "About police-asking" in note.text) == ((1,), True)


def test_a_source_that_was_not_in_force_is_said_not_to_be() -> None:
    note = of_kind(notes(a_document(status=Standing.NOT_YET_IN_FORCE)), NoteKind.NOT_YET_IN_FORCE)
    assert note.citations == (1,)


def test_a_source_past_its_review_date_is_said_to_be_with_the_date() -> None:
    note = of_kind(notes(a_document(review_by=date(2026, 11, 21))), NoteKind.PAST_REVIEW)
    assert "2026-11-21" in note.text


def test_a_source_due_for_review_today_is_not_past_it() -> None:
    assert NoteKind.PAST_REVIEW not in kinds(notes(a_document(review_by=TODAY)))


def test_a_duty_and_a_bar_that_are_both_cited_are_shown_side_by_side() -> None:
    must = a_document("a-duty", force=Force.MUST)
    bar = a_document("a-bar", force=Force.MUST_NOT)
    note = of_kind(notes(must, bar), NoteKind.SOURCES_DIFFER)
    assert note.citations == (1, 2)
    assert "About a-duty" in note.text
    assert "About a-bar" in note.text


def test_a_superseded_source_is_named_with_what_replaced_it() -> None:
    old = a_document("old-advice", status=Standing.SUPERSEDED, superseded_by="new-advice")
    new = a_document("new-advice", title="The new advice")
    evidence = evidence_of(a_document()).model_copy(update={"superseded": (old,)})
    note = of_kind(notes(a_document(), evidence=evidence, held=(new,)), NoteKind.SUPERSEDED)
    assert "About old-advice" in note.text
    assert "The new advice" in note.text
    assert len(note.citations) == 2


def test_a_document_that_is_only_named_is_not_named_by_a_bullet_that_gives_a_verdict() -> None:
    bullets = ["You can share it.", "The advice was withdrawn."]
    old = a_document("old-advice", says={StatementRole.GUIDANCE: bullets}, status=Standing.SUPERSEDED)
    evidence = evidence_of(a_document()).model_copy(update={"superseded": (old,)})
    ledger = Ledger()
    found = notes_on((), evidence, IN_ENGLAND, ledger=ledger, wording=WORDS, today=TODAY, document=lambda _: None)
    assert of_kind(list(found), NoteKind.SUPERSEDED).citations == (1,)
    assert ledger.citations[0].quote == "The advice was withdrawn."


def test_a_document_of_another_nation_is_named_as_such() -> None:
    scottish = a_document("scottish-way", nations=(Nation.SCOTLAND,))
    evidence = evidence_of(a_document()).model_copy(update={"other_nations": (scottish,)})
    note = of_kind(notes(a_document(), evidence=evidence), NoteKind.OTHER_NATION)
    assert note.text == '"About scottish-way" is about Scotland, not England.'


def test_a_nation_that_was_assumed_is_said_at_the_sources_it_matters_for() -> None:
    assumed = Situation(nation=FacetReading(value="england", from_=ReadFrom.DEFAULT))
    everywhere, english = a_document("everywhere"), a_document("english", nations=(Nation.ENGLAND,))
    note = of_kind(notes(everywhere, english, situation=assumed), NoteKind.OTHER_NATION)
    assert (note.text, note.citations) == (WORDS.notes["nation_assumed"], (2,))


def test_each_strand_of_a_whole_answer_that_nothing_speaks_to_is_said_to_be_missing() -> None:
    missing = [note.text for note in notes(a_document(strand=Strand.POWER)) if note.kind is NoteKind.NOT_COVERED]
    assert missing == [WORDS.not_covered["confidence"], WORDS.not_covered["data_protection"]]


def test_every_note_but_a_missing_strand_has_a_citation() -> None:
    old = a_document("old-advice", status=Standing.SUPERSEDED, superseded_by="gone")
    evidence = evidence_of(a_document()).model_copy(update={"superseded": (old,), "other_nations": (old,)})
    assumed = Situation(nation=FacetReading(value="england", from_=ReadFrom.DEFAULT))
    for note in notes(a_document(status=Standing.UNDER_REVIEW), evidence=evidence, situation=assumed):
        assert bool(note.citations) is not (note.kind is NoteKind.NOT_COVERED)


def test_sources_found_by_words_alone_are_said_to_be_first_of_all() -> None:
    documents = [a_document(name, status=Standing.UNDER_REVIEW) for name in ("one", "two", "three", "four")]
    evidence = evidence_of(*documents).model_copy(update={"by_words_alone": True})

    first = notes(*documents, evidence=evidence)[0]

    assert first == Note(kind=NoteKind.LEXICAL_ONLY, text=WORDS.notes["lexical_only"], citations=(1, 2, 3))
