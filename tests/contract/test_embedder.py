"""What every embedder does, the fake too."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.embedding import Embedder, OnnxEmbedder
from knowledge.fakes import FakeEmbedder

TEXTS = [
    "The police have rung asking where one of our tenants lives.",
    "The police are asking where a tenant lives",
    "Where one of our tenants lives, the police have rung asking.",
    "Volcanoes erupt when magma rises.",
    "x",
]
ODD = ["", " \n\t", "\x00", "\ud800", "🤷🏽", "e\u0301", "القانون", "a" * 10_000, "word " * 5_000]


@pytest.fixture(params=["fake", "onnx"])
def embedder(request: pytest.FixtureRequest) -> FakeEmbedder | OnnxEmbedder:
    if request.param == "fake":
        return FakeEmbedder()
    onnx: OnnxEmbedder = request.getfixturevalue("onnx_embedder")
    return onnx


def test_each_text_gets_a_vector_of_length_one_of_the_promised_dimension(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_no_texts_get_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_a_text_has_the_same_vector_whatever_is_embedded_beside_it(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)

    backwards = embedder.embed(TEXTS[::-1])[::-1]
    alone = np.array([embedder.embed([text])[0] for text in TEXTS])

    assert np.array_equal(together, backwards)
    assert np.array_equal(together, alone)


def test_texts_that_say_the_same_are_nearer_than_texts_that_do_not(embedder: Embedder) -> None:
    question, alike, reordered, different, _ = embedder.embed(TEXTS)

    assert question @ alike > question @ different + 0.2
    assert question @ reordered > question @ alike


@pytest.mark.parametrize("text", ODD, ids=repr)
def test_any_text_whatever_gets_a_vector(embedder: Embedder, text: str) -> None:
    [vector] = embedder.embed([text])

    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_progress_adds_up_to_the_number_of_texts(embedder: Embedder) -> None:
    heard: list[int] = []

    embedder.embed(TEXTS, progress=heard.append)

    assert sum(heard) == len(TEXTS)
    assert min(heard) > 0


def test_it_has_a_name_for_its_vectors_that_does_not_change(embedder: Embedder) -> None:
    before = embedder.id
    embedder.embed(TEXTS)

    assert before
    assert embedder.id == before


def test_reading_a_text_gives_the_vector_that_embedding_it_gives(embedder: FakeEmbedder | OnnxEmbedder) -> None:
    reading = embedder.read(TEXTS[0], [])

    assert np.array_equal(reading.whole, embedder.embed(TEXTS[:1])[0])
    assert reading.parts.shape == (0, embedder.dimension)


def test_reading_gives_a_vector_for_each_part_that_is_near_what_the_part_says(
    embedder: FakeEmbedder | OnnxEmbedder,
) -> None:
    text = "The police rang about a tenant. Volcanoes erupt when magma rises."
    spans = [(0, 31), (32, len(text))]

    parts = embedder.read(text, spans).parts

    police, volcano = embedder.embed(["police and a tenant", "volcanoes and magma"])
    assert parts.shape == (2, embedder.dimension)
    assert np.linalg.norm(parts, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert parts[0] @ police > parts[1] @ police
    assert parts[1] @ volcano > parts[0] @ volcano


@pytest.mark.parametrize("span", [(0, 0), (3, 3), (90_000, 90_010)])
def test_a_part_without_words_still_has_a_vector(embedder: FakeEmbedder | OnnxEmbedder, span: tuple[int, int]) -> None:
    parts = embedder.read("The police rang.", [span]).parts

    assert np.linalg.norm(parts, axis=1) == pytest.approx([1.0], abs=1e-5)
