"""What every retriever does, with a real model or a fake one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from knowledge.embedding import Embedder, OnnxEmbedder
from knowledge.fakes import FakeEmbedder
from knowledge.index import Index, build_index, open_index
from knowledge.models import Document
from knowledge.retrieval import HybridRetriever, Retriever
from tests.small_content import CONTENT_DIGEST

QUESTION = "The police have rung asking where one of our tenants lives. Can I tell them?"


class Subject(NamedTuple):
    retriever: Retriever
    embedder: Embedder


@pytest.fixture(scope="module")
def real_index(
    tmp_path_factory: pytest.TempPathFactory, documents: tuple[Document, ...], onnx_embedder: OnnxEmbedder
) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("real") / "index"
    build_index(folder, documents=documents, content=CONTENT_DIGEST, embedder=onnx_embedder)
    with closing(open_index(folder, content=CONTENT_DIGEST, embedder=onnx_embedder.id)) as index:
        yield index


@pytest.fixture(params=["fake", "onnx"])
def subject(request: pytest.FixtureRequest) -> Subject:
    embedder: Embedder = FakeEmbedder() if request.param == "fake" else request.getfixturevalue("onnx_embedder")
    index: Index = request.getfixturevalue("index" if request.param == "fake" else "real_index")
    return Subject(HybridRetriever(index, embedder=embedder), embedder)


def test_the_document_that_answers_comes_first(subject: Subject) -> None:
    found = subject.retriever.retrieve(QUESTION)

    assert found.passages[0].document.id == "police-asking"
    assert next(iter(found.documents)) == "police-asking"


def test_passages_are_best_first_each_once_and_of_the_document_they_name(subject: Subject) -> None:
    passages = subject.retriever.retrieve(QUESTION).passages

    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)
    assert len({passage.chunk.id for passage in passages}) == len(passages)
    for passage in passages:
        assert passage.chunk.document == passage.document.id
        assert passage.chunk.text.split("\n")[0] in [bullet.text for bullet in passage.document.bullets()]


def test_documents_are_best_first_and_hold_every_passage_found(subject: Subject) -> None:
    found = subject.retriever.retrieve(QUESTION)

    scores = list(found.documents.values())
    assert scores == sorted(scores, reverse=True)
    assert {passage.document.id for passage in found.passages} <= set(found.documents)


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_no_more_is_given_than_was_asked_for_and_it_is_the_best(subject: Subject, limit: int) -> None:
    best = subject.retriever.retrieve(QUESTION).passages[:limit]

    assert subject.retriever.retrieve(QUESTION, limit=limit).passages == best


def test_the_same_question_finds_the_same(subject: Subject) -> None:
    assert subject.retriever.retrieve(QUESTION) == subject.retriever.retrieve(QUESTION)


def test_a_vector_given_spares_encoding_and_changes_nothing(subject: Subject) -> None:
    vector = subject.embedder.embed([QUESTION])[0]
    embedded = list(subject.embedder.embedded) if isinstance(subject.embedder, FakeEmbedder) else []

    found = subject.retriever.retrieve(QUESTION, vector=vector)

    if isinstance(subject.embedder, FakeEmbedder):
        assert subject.embedder.embedded == embedded
    assert found == subject.retriever.retrieve(QUESTION)


def test_a_situation_that_fits_a_document_raises_it_and_one_that_contradicts_it_lowers_it(subject: Subject) -> None:
    def score(**facets: tuple[str, ...]) -> float:
        return subject.retriever.retrieve(QUESTION, facets=facets).documents["police-asking"]

    assert score(recipient=("press",)) < score() < score(recipient=("police",))
    assert score(recipient=("press", "police")) == score(recipient=("police",))
    assert score(nation=("wales",)) == score(recipient=()) == score()


@pytest.mark.parametrize("question", ["", "?!", "\x00", "\ud800", '"police" AND (', "word " * 3_000])
def test_any_question_whatever_is_searched(subject: Subject, question: str) -> None:
    found = subject.retriever.retrieve(question)

    assert len(found.passages) <= 20
