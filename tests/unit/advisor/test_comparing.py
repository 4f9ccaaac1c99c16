from __future__ import annotations

from typing import Any

from advisor.comparing import Change, Edit, Part, Sign, changes_between, edit_between
from advisor.models import Answer, Citation, Note, NoteKind, Question, Statement, StatementRole
from advisor.outcomes import Outcome
from knowledge.models import Standing
from tests.advising import POLICE_QUESTION, a_document, an_advisor

TEXTS = {
    name: f"A body may answer the police under {name}." for name in ("one", "two", "three", "four")
}  # As a_document words it.


def answer(*names: str, **changes: Any) -> Answer:
    """An answer that quotes the one bullet of each of these documents, in that order."""
    documents = [a_document(name) for name in names]
    cited = [Citation.of(each, each.bullets()[0], number=place) for place, each in enumerate(documents, start=1)]
    stated = [
        Statement(role=StatementRole.GUIDANCE, text=citation.quote, citations=(citation.number,)) for citation in cited
    ]
    whole = an_advisor().answer(Question(text=POLICE_QUESTION))
    parts = {"citations": tuple(cited), "statements": tuple(stated), "notes": (), "to_settle": (), **changes}
    return whole.model_copy(update=parts)


def _signs(changes: tuple[Change, ...], part: Part) -> list[tuple[str, str, str | None]]:
    return [(change.sign.value, change.text, change.how) for change in changes if change.part is part]


def test_answers_that_say_the_same_have_no_changes() -> None:
    assert changes_between(answer("one", "two"), answer("one", "two")) == ()


def test_what_comes_and_goes_is_told_of_citations_and_of_statements() -> None:
    changes = changes_between(answer("one", "two"), answer("one", "three"))

    expected = [("+", TEXTS["three"], None), ("-", TEXTS["two"], None)]
    assert _signs(changes, Part.CITATION) == _signs(changes, Part.STATEMENT) == expected
    assert changes[0] == Change(
        part=Part.CITATION, sign=Sign.ADDED, text=TEXTS["three"], document="three", pinpoint="para 1"
    )


def test_what_comes_in_above_moves_nothing() -> None:
    changes = changes_between(answer("one", "two"), answer("four", "one", "two"))

    assert [change.sign for change in changes] == [Sign.ADDED, Sign.ADDED]


def test_what_changes_its_place_among_the_others_has_moved() -> None:
    changes = changes_between(answer("one", "two", "three"), answer("three", "one", "two"))

    assert _signs(changes, Part.CITATION) == [("~", TEXTS["three"], "moved from 3 to 1")]
    assert _signs(changes, Part.STATEMENT) == [("~", TEXTS["three"], "moved from 3 to 1")]


def test_what_changes_its_order_and_keeps_its_number_is_not_said_to_move() -> None:
    changes = changes_between(answer("one", "two"), answer("four", "two", "one"))

    told = [("+", TEXTS["four"], None), ("~", TEXTS["two"], "in another order, still at 2")]
    assert _signs(changes, Part.CITATION) == _signs(changes, Part.STATEMENT) == told


def test_a_quote_whose_standing_changes_is_told_although_its_words_stay() -> None:
    before = answer("one")
    [citation] = before.citations
    now = citation.model_copy(update={"status": Standing.UNDER_REVIEW, "pinpoint": None})

    changes = changes_between(before, before.model_copy(update={"citations": (now,)}))

    assert _signs(changes, Part.CITATION) == [
        ("~", TEXTS["one"], "pinpoint was para 1, is none; status was in_force, is under_review")
    ]


def test_a_document_that_was_only_looked_at_again_changes_no_answer() -> None:
    before = answer("one")
    [citation] = before.citations
    again = citation.model_copy(update={"digest": "1" * 64, "reviewed": citation.review_by})

    assert changes_between(before, before.model_copy(update={"citations": (again,)})) == ()


def test_another_outcome_other_roles_and_other_notes_are_told() -> None:
    before = answer("one", notes=(Note(kind=NoteKind.NOT_COVERED, text="Old."),))
    roles = before.escalation.model_copy(update={"roles": ("legal_adviser",)})
    after = answer("one", outcome=Outcome.NO_GUIDANCE, escalation=roles)

    assert _signs(changes_between(before, after), Part.OUTCOME) == [
        ("~", "unanswerable_no_guidance", f"was {before.outcome.value}")
    ]
    [(sign, text, how)] = _signs(changes_between(before, after), Part.ROLES)
    assert (sign, text, how) == ("~", "legal_adviser", f"was {', '.join(before.escalation.roles)}")
    assert _signs(changes_between(before, after), Part.NOTE) == [("-", "Old.", None)]


def test_the_edit_names_documents_added_removed_and_changed() -> None:
    kept, gone, old, new, added = (a_document(name) for name in ("kept", "gone", "edited", "edited", "added"))
    new = new.model_copy(update={"digest": "1" * 64})

    edit = edit_between([kept, gone, old], [kept, new, added])

    assert edit == Edit(added=("added",), removed=("gone",), changed=("edited",))
    assert edit.documents == {"added", "gone", "edited"}
