from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.fakes import FakeEmbedder
from knowledge.index import Index, build_index, open_index
from knowledge.loading import load_document
from knowledge.retrieval import Found, HybridRetriever, Passage, Scores, Signals, Weights
from tests.small_content import write_document

QUESTION = "The police have rung asking where one of our tenants lives, can I tell them?"
NOTHING = Weights(dense=0, bullet=0, lexical=0, question=0, facet=0, sector=0, guidance=0, case_study=0)
"""Weights that are switched on one by one: each part of a score alone."""


def _found(
    index: Index, *, question: str = QUESTION, weights: Weights | None = None, **facets: tuple[str, ...]
) -> Found:
    return HybridRetriever(index, embedder=FakeEmbedder(), weights=weights).retrieve(question, facets=facets)


def _only(**weights: float) -> Weights:
    return NOTHING.model_copy(update={"lexical": 1e-9, **weights})


Shelf = Callable[..., Index]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """Makes an index of documents given by name and fields."""
    opened: list[Index] = []

    def make(**documents: dict[str, Any]) -> Index:
        files = [write_document(tmp_path, name.replace("_", "-"), **fields) for name, fields in documents.items()]
        loaded = [load_document(path) for path in files]
        build_index(tmp_path / "index", documents=loaded, content="", embedder=FakeEmbedder())
        opened.append(open_index(tmp_path / "index", content="", embedder=FakeEmbedder().id))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


def test_a_score_is_the_sum_of_its_parts(index: Index) -> None:
    for passage in _found(index, recipient=("police",)).passages:
        assert passage.score == pytest.approx(sum(passage.scores.model_dump().values()))


def test_an_example_question_finds_its_document_although_no_bullet_says_the_words(shelf: Shelf) -> None:
    index = shelf(
        flood={"questions": ["Who may see the gas meter?"], "says": {"What it says": ["Weigh it. [s 1]"]}},
        other={"says": {"What it says": ["Weigh it again. [s 1]"]}},
    )

    passage = _found(index, question="Who may see the gas meter?").passages[0]

    assert passage.document.id == "flood"
    assert passage.scores.question == max(passage.scores.model_dump().values())
    assert _found(index, question="Who may see the gas meter?").signals.question_top == pytest.approx(1.0, abs=1e-5)


def test_a_document_that_only_its_example_questions_found_is_shown_from_its_beginning(shelf: Shelf) -> None:
    many = {f"other_{number}": {"says": {"What it says": ["The gas. [s 1]"]}} for number in range(6)}
    index = shelf(
        wanted={"questions": ["Who may see the gas meter?"], "says": {"A": ["Nothing. [s 1]"], "B": ["Less. [s 2]"]}},
        **many,
    )

    found = _found(index, question="Who may see the gas meter?", weights=_only(question=1.0, pool=2))

    assert found.passages[0].chunk.id == "wanted#0.0"


def test_words_found_count_as_shares_of_the_best_found(shelf: Shelf) -> None:
    index = shelf(
        both={"says": {"What it says": ["Marac minutes. [s 1]"]}},
        one={"says": {"What it says": ["Minutes of anything. [s 1]"]}},
        none={"says": {"What it says": ["Nothing. [s 1]"]}},
    )

    found = _found(index, question="marac minutes", weights=_only(lexical=1.0))

    scores = {passage.document.id: passage.scores.lexical for passage in found.passages}
    assert scores["both"] == 1.0
    assert 0 < scores["one"] < 1
    assert scores["none"] == 0


def test_a_facet_that_fits_counts_for_more_than_one_that_contradicts_counts_against(shelf: Shelf) -> None:
    index = shelf(
        fits={"facets": {"recipient": ["police"], "purpose": ["crime"]}},
        half={"facets": {"recipient": ["police"], "purpose": ["research"]}},
        open={},
    )

    found = _found(index, weights=_only(facet=0.1), recipient=("police",), purpose=("crime",), consent=("no",))

    scores = {passage.document.id: passage.scores.facet for passage in found.passages}
    assert scores == pytest.approx({"fits": 0.168, "half": 0.024, "open": 0.0})


def test_what_is_likely_turns_the_order_where_nothing_was_said(shelf: Shelf) -> None:
    index = shelf(police={"facets": {"recipient": ["police"]}}, press={"facets": {"recipient": ["press"]}}, open={})
    retriever = HybridRetriever(index, embedder=FakeEmbedder(), weights=_only(facet=0.1))
    likely = {"recipient": {"police": 0.8, "press": 0.1}, "purpose": {"crime": 0.2}}

    found = retriever.retrieve("Weigh it?", likely=likely)

    scores = {passage.document.id: passage.scores.facet for passage in found.passages}
    assert scores["police"] > scores["open"] == 0 > scores["press"]


def test_a_hint_too_faint_to_be_one_changes_nothing(shelf: Shelf) -> None:
    index = shelf(police={"facets": {"recipient": ["police"]}}, open={})
    retriever = HybridRetriever(index, embedder=FakeEmbedder(), weights=_only(facet=0.1))

    found = retriever.retrieve("Weigh it?", likely={"recipient": {"police": 0.2}})

    assert {passage.scores.facet for passage in found.passages} == {0.0}


def test_a_document_for_the_askers_sector_is_raised_and_one_for_another_lowered(shelf: Shelf) -> None:
    index = shelf(mine={"sectors": ["housing", "health"]}, other={"sectors": ["police"]}, all={})

    found = _found(index, weights=_only(sector=0.1), holder=("housing",))

    scores = {passage.document.id: passage.scores.facet for passage in found.passages}
    assert scores == pytest.approx({"mine": 0.08, "other": -0.1, "all": 0.0})


def test_guidance_comes_before_law_and_law_before_a_case_that_are_otherwise_alike(shelf: Shelf) -> None:
    alike: dict[str, Any] = {"says": {"What it says": ["Weigh it. [s 1]"]}, "questions": ["Weigh it?"]}
    index = shelf(
        a_case={"kind": "case_study", **alike},
        b_law={"kind": "legislation", **alike},
        c_guide={"kind": "guidance", **alike},
    )

    found = _found(index, question="weigh it")

    assert list(found.documents) == ["c-guide", "b-law", "a-case"]


def test_the_weights_that_ship_are_shares_and_no_sign_counts_backwards() -> None:
    weights = Weights()

    assert weights.dense + weights.lexical + weights.question == pytest.approx(1.0)
    assert 0 <= weights.bullet <= 1
    assert min(weights.facet, weights.sector, weights.guidance) >= 0 >= weights.case_study


def test_equal_passages_are_in_the_order_of_their_names(shelf: Shelf) -> None:
    alike: dict[str, Any] = {"says": {"What it says": ["Weigh it. [s 1]"]}, "questions": ["Weigh it?"]}
    index = shelf(b_second=alike, c_third=alike, a_first=alike)

    assert list(_found(index, question="weigh it").documents) == ["a-first", "b-second", "c-third"]


def test_signals_tell_a_question_that_is_covered_from_one_that_is_not(index: Index) -> None:
    covered, uncovered = _found(index).signals, _found(index, question="magma volcano eruption geology").signals

    assert covered.question_top == pytest.approx(1.0, abs=1e-5)
    assert uncovered.question_top < covered.question_top
    assert uncovered.dense_top < covered.dense_top
    assert 0 < covered.agreement <= 1
    assert covered.margin > 0


def test_nothing_is_found_in_an_empty_index_and_its_signals_say_nothing(shelf: Shelf) -> None:
    found = _found(shelf())

    assert found == Found(passages=(), documents={}, bullets={}, signals=Signals())


def test_the_nearest_bullets_come_with_their_cosine(index: Index) -> None:
    document = index.catalogue.document("crime-exemption")
    assert document is not None
    [bullet] = document.bullets()

    bullets = _found(index, question=bullet.text).bullets

    assert bullets["crime-exemption*0"] == pytest.approx(1.0, abs=1e-5)
    assert max(bullets, key=lambda name: bullets[name]) == "crime-exemption*0"


def test_a_passage_has_the_score_of_its_parts(index: Index) -> None:
    first = _found(index).passages[0]
    scores = Scores(dense=0.1, lexical=0.2, question=0.3, facet=-0.1, authority=0.05)

    assert Passage(chunk=first.chunk, document=first.document, scores=scores).score == pytest.approx(0.55)


def test_an_example_question_left_out_counts_as_if_it_had_never_been_written(shelf: Shelf, tmp_path: Path) -> None:
    asked = ["Who may see the gas meter?", "May the meter reader be told?"]
    says: dict[str, Any] = {"says": {"What it says": ["Weigh who sees a meter. [s 1]"]}}
    others: dict[str, Any] = {"other": {"says": {"What it says": ["Gas. [s 1]"]}, "questions": ["Who may see it?"]}}
    whole = HybridRetriever(shelf(flood={"questions": asked, **says}, **others), embedder=FakeEmbedder())
    never = HybridRetriever(shelf(flood={"questions": asked[1:], **says}, **others), embedder=FakeEmbedder())

    left_out = whole.retrieve(asked[0], without={"flood?0"})
    unwritten = never.retrieve(asked[0])

    assert left_out.documents == pytest.approx(unwritten.documents)
    assert left_out.signals.model_dump() == pytest.approx(unwritten.signals.model_dump())
    assert left_out.signals.question_top < whole.retrieve(asked[0]).signals.question_top


def test_questions_left_out_make_room_for_those_that_are_further_off(shelf: Shelf) -> None:
    index = shelf(near={"questions": ["Gas meter?"] * 3}, far={"questions": ["May the gas be cut?"]})
    retriever = HybridRetriever(index, embedder=FakeEmbedder(), weights=_only(question=1.0, pool=3))

    found = retriever.retrieve("Gas meter?", without={f"near?{number}" for number in range(3)})

    assert found.documents["far"] > found.documents.get("near", 0.0)


def test_a_vector_may_come_from_anywhere(index: Index) -> None:
    vector = np.zeros(64, dtype=np.float32)
    vector[3] = 1.0

    found = HybridRetriever(index, embedder=FakeEmbedder()).retrieve("", vector=vector)

    assert all(passage.scores.lexical == 0 for passage in found.passages)
