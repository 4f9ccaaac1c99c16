from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import LONGEST, OnnxEmbedder
from knowledge.errors import ModelError
from knowledge.exporting import PACKAGED, embedder_id


@pytest.fixture
def copied(tmp_path: Path, model_folder: Path) -> Path:
    return shutil.copytree(model_folder, tmp_path / "model")


def test_it_is_named_after_the_model_that_was_exported(onnx_embedder: OnnxEmbedder) -> None:
    assert onnx_embedder.id == embedder_id(PACKAGED, precision="int8")
    assert onnx_embedder.dimension == 384


def test_the_number_of_threads_changes_no_vector(model_folder: Path, onnx_embedder: OnnxEmbedder) -> None:
    texts = [f"The police ask about tenant {number} " + "and the family " * number for number in range(12)]

    alone = OnnxEmbedder(model_folder, threads=1).embed(texts)

    assert np.array_equal(alone, onnx_embedder.embed(texts))


def test_a_text_is_read_to_its_longest_and_no_further(onnx_embedder: OnnxEmbedder) -> None:
    within, at_the_end = "police " * (LONGEST - 3), "police " * (LONGEST - 2)
    vectors = onnx_embedder.embed([at_the_end, at_the_end + "volcano", within + "volcano"])

    assert np.array_equal(vectors[0], vectors[1])
    assert not np.array_equal(vectors[0], vectors[2])


def test_a_part_is_read_in_the_light_of_the_whole(onnx_embedder: OnnxEmbedder) -> None:
    money, river = "He paid the money into the bank", "He swam over to the river bank"
    of_money = onnx_embedder.read(money, [(27, 31)]).parts[0]
    of_river = onnx_embedder.read(river, [(26, 30)]).parts[0]

    assert money[27:31] == river[26:30] == "bank"
    assert of_money @ of_river < 0.95


def test_the_part_that_is_the_whole_text_is_near_the_whole(onnx_embedder: OnnxEmbedder) -> None:
    text = "The police have rung asking where one of our tenants lives."

    reading = onnx_embedder.read(text, [(0, len(text))])

    assert reading.parts[0] @ reading.whole > 0.95


def test_a_folder_without_an_export_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        OnnxEmbedder(tmp_path)

    assert str(caught.value) == f'No exported model in {tmp_path}. Run "advisor kb index" to make it again.'


def _change_manifest(**changes: object) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return change


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "model.onnx").write_bytes(b"noise"),
        lambda folder: (folder / "tokenizer.json").write_text("{}"),
        lambda folder: (folder / "model.onnx").unlink(),
        lambda folder: (folder / "manifest.json").write_text("[]"),
        lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe"),
        lambda folder: (folder / "manifest.json").write_text(""),
        _change_manifest(sha256=None),
        _change_manifest(sha256={}),
        _change_manifest(id=None),
        _change_manifest(dimension="many"),
    ],
)
def test_a_damaged_export_is_refused_with_the_mend(copied: Path, damage: Callable[[Path], object]) -> None:
    damage(copied)

    with pytest.raises(ModelError, match=r'Run "advisor kb index" to make it again\.$') as caught:
        OnnxEmbedder(copied)

    assert str(copied) in str(caught.value)
