"""Each example question is asked as if it had not been written: what it finds then is what a stranger would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor.curating.questions import Asked, LeavingOut, Tally, ask_each, not_found, summary_of
from advisor.errors import AdvisorError
from advisor.outcomes import Outcome
from knowledge.embedding import OnnxEmbedder
from knowledge.errors import IndexBroken
from knowledge.index import Index, build_index, open_index
from knowledge.loading import document_paths, load_document
from knowledge.models import Document, Kind
from tests.advising import an_advisor, the_reader
from tests.small_content import write_document

Asking = Callable[..., list[Asked]]
SAYS = {"What it says": ["A landlord may tell the police where a tenant lives if it prevents a serious crime. [p. 1]"]}
POLICE = ["The police want our tenant's address", "An officer rang to ask where one of our tenants lives"]
ODD = "May we tell the police which member of staff had the keys to the old mill last night?"


@pytest.fixture
def asking(tmp_path: Path, onnx_embedder: OnnxEmbedder) -> Iterator[Asking]:
    """Asks the questions of documents given by name and fields, over an index of them and of ten others."""
    opened: list[Index] = []

    def asks(**written: dict[str, Any]) -> list[Asked]:
        for name, fields in written.items():
            write_document(tmp_path, name.replace("_", "-"), **fields)
        documents = [load_document(path) for path in document_paths(tmp_path)]
        build_index(tmp_path / "index", documents=documents, content="", embedder=onnx_embedder)
        opened.append(open_index(tmp_path / "index", content="", embedder=onnx_embedder.id))
        library = LeavingOut(opened[-1], embedder=onnx_embedder)
        return list(ask_each(documents, advisor=an_advisor(library), library=library, reader=the_reader(), profile={}))

    yield asks
    for index in opened:
        index.close()


def _crowd(count: int = 6) -> dict[str, dict[str, Any]]:
    """Documents that fit a question about staff and the police better than one that says nothing of either."""
    return {
        f"office_{number}": {
            "questions": [f"May the police be told which staff worked at office {number}?"],
            "says": {"What it says": [f"Office {number} may tell the police which staff worked there. [p. {number}]"]},
        }
        for number in range(count)
    }


def _of(asked: list[Asked], document: str) -> list[Asked]:
    return [each for each in asked if each.document == document]


def test_a_question_whose_document_says_what_is_asked_finds_it_without_itself(asking: Asking) -> None:
    asked = asking(police={"questions": POLICE, "says": SAYS, "facets": {"recipient": ["police"]}}, **_crowd())

    assert [(each.number, each.question, each.place) for each in _of(asked, "police")] == [
        (0, POLICE[0], 1),
        (1, POLICE[1], 1),
    ]


def test_a_question_that_only_itself_or_its_copies_would_find_is_not_found(asking: Asking) -> None:
    copies = [ODD, ODD.lower().rstrip("?")]
    fish = {"title": "Goldfish", "questions": copies, "says": {"Food": ["Flakes are fed at noon. [p. 1]"]}}
    asked = _of(asking(fish=fish, **_crowd()), "fish")

    assert [(each.place, each.outcome) for each in asked] == [(None, Outcome.ANSWERED)] * 2
    assert "fish" not in asked[0].instead


def test_a_question_is_found_by_others_of_its_document_that_ask_the_same_in_other_words(asking: Asking) -> None:
    others = [ODD, "Old mill broken into, can we tell the police who of our staff held the keys that night?"]
    fish = {"title": "Goldfish", "questions": others, "says": {"Food": ["Flakes are fed at noon. [p. 1]"]}}
    bakers = {"title": "Bread", "says": {"Bread": ["Loaves are baked at dawn. [p. 1]"]}}

    asked = asking(fish=fish, **{f"baker_{number}": bakers for number in range(12)})

    assert [each.place for each in _of(asked, "fish")] == [1, 1]


def test_a_document_of_another_nation_is_asked_for_from_there(asking: Asking) -> None:
    asked = asking(
        scots={"questions": POLICE[:1], "says": SAYS, "nations": ["scotland"]},
        english={"questions": POLICE[1:], "says": SAYS, "nations": ["england"]},
    )

    assert [(each.document, each.place) for each in asked] == [("english", 1), ("scots", 1)]


def test_drafts_are_not_asked_for(asking: Asking) -> None:
    assert {each.document for each in asking(police={"says": SAYS}, half={"state": "draft"})} == {"police"}


def test_a_fault_of_the_advisor_is_never_told_as_one_of_the_documents(
    index: Index, onnx_embedder: OnnxEmbedder, documents: tuple[Document, ...]
) -> None:
    library = LeavingOut(index, embedder=onnx_embedder)

    def broken() -> LeavingOut:
        raise IndexBroken('The index is damaged. Run "advisor kb index".')

    asking = ask_each(documents, advisor=an_advisor(broken), library=library, reader=the_reader(), profile={})
    with pytest.raises(AdvisorError, match=r"Question 1 of .* could not be asked\..*The index is damaged"):
        next(asking)


def _asked(document: str, number: int, *, place: int | None, kind: Kind = Kind.GUIDANCE, **fields: Any) -> Asked:
    more = {"question": f"Question {number}?", "outcome": Outcome.ANSWERED, "instead": ("a", "b")} | fields
    return Asked(document=document, kind=kind, number=number, place=place, **more)


def test_the_figures_are_of_all_of_each_kind_and_of_each_document_the_least_found_first() -> None:
    found = summary_of(
        [
            _asked("good", 0, place=1),
            _asked("good", 1, place=10),
            _asked("law", 0, place=3, kind=Kind.LEGISLATION),
            _asked("bad", 0, place=None),
            _asked("bad", 1, place=2),
            _asked("worst", 0, place=None),
        ]
    )

    assert found.total == Tally(found=4, asked=6)
    assert found.total.share == pytest.approx(4 / 6)
    assert found.kinds == {Kind.GUIDANCE: Tally(found=3, asked=5), Kind.LEGISLATION: Tally(found=1, asked=1)}
    assert list(found.documents.items()) == [
        ("worst", Tally(found=0, asked=1)),
        ("bad", Tally(found=1, asked=2)),
        ("good", Tally(found=2, asked=2)),
        ("law", Tally(found=1, asked=1)),
    ]
    assert summary_of([]).total.share == 0.0


def test_a_question_that_does_not_find_its_document_is_advice_at_its_line(tmp_path: Path) -> None:
    path = write_document(tmp_path, questions=["One?", "Two?", "Three?", "Four?"])
    asked = [
        _asked("asking", 0, place=4, question="One?"),
        _asked("asking", 1, place=None, question="Two?"),
        _asked("asking", 3, place=None, question="Four?", instead=(), outcome=Outcome.TOO_VAGUE),
    ]
    lines = path.read_text(encoding="utf-8").splitlines()

    findings = not_found(asked, [load_document(path)])

    told = "without itself, this question does not find its document but"
    assert [str(finding) for finding in findings] == [
        f"{path}:{lines.index('- Two?') + 1}: advice: {told} finds a, b: 'Two?'",
        f"{path}:{lines.index('- Four?') + 1}: advice: {told} ends as unanswerable_too_vague: 'Four?'",
    ]
