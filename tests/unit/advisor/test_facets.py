from __future__ import annotations

import numpy as np
import pytest

from advisor.facets import FACETS, FacetClassifier, load_classifier, said
from advisor.models import FacetReading, ReadFrom, Situation
from knowledge.embedding import OnnxEmbedder
from knowledge.vocabulary import load_vocabulary

HEARD = Situation(recipient=FacetReading(value="police", from_=ReadFrom.WORDS, words="the police", also=("press",)))


def a_classifier(**changed: object) -> FacetClassifier:
    """One that goes by the word "officer" and by what was said, and by nothing else."""
    weights = {
        "embedder": np.array("fake"),
        "values": np.array(["recipient/police", "recipient/press"]),
        "grams": np.array(["officer"]),
        "rarity": np.array([2.0], dtype=np.float32),
        "words": np.array([[3.0, -3.0]], dtype=np.float16),
        "vector": np.zeros((4, 2), dtype=np.float32),
        "read": np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 0.0], [0.0, 1.0]], dtype=np.float32),
        "bias": np.array([-1.0, -1.0], dtype=np.float32),
    }
    return FacetClassifier(weights | changed)


def test_a_word_makes_one_value_likelier_and_another_less_likely() -> None:
    vector = np.zeros(4, dtype=np.float32)
    heard = a_classifier().read("An officer rang", vector, Situation())["recipient"]
    silent = a_classifier().read("Somebody rang", vector, Situation())["recipient"]

    assert heard["police"] > silent["police"] == silent["press"] > heard["press"]


def test_what_the_words_say_first_and_also_counts() -> None:
    vector = np.zeros(4, dtype=np.float32)
    likely = a_classifier().read("Somebody rang", vector, HEARD)["recipient"]

    assert likely == pytest.approx({"police": 1 / (1 + np.exp(-1)), "press": 0.5})


def test_only_what_the_words_say_is_a_sign_and_not_what_the_profile_or_an_option_says() -> None:
    given = Situation(recipient=FacetReading(value="police", from_=ReadFrom.OPTION))

    assert said(given, [("recipient", "police")]).tolist() == [0.0, 0.0]


def test_the_classifier_that_ships_knows_the_vocabulary_and_was_fitted_on_the_model_that_ships(
    onnx_embedder: OnnxEmbedder,
) -> None:
    facets = load_vocabulary().facets
    question = "Two officers at reception want to know which room a lad is in"
    likely = load_classifier().read(question, onnx_embedder.embed([question])[0], Situation())

    assert load_classifier().embedder == onnx_embedder.id
    assert set(likely) == set(FACETS)
    assert all(set(values) <= set(facets[facet].values) for facet, values in likely.items())
    assert max(likely["recipient"], key=lambda value: likely["recipient"][value]) == "police"
