from __future__ import annotations

import json
import logging
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import OnnxEmbedder, file_digest
from knowledge.errors import ModelError
from knowledge.exporting import (
    PACKAGED,
    PACKAGED_DIGESTS,
    embedder_id,
    export,
    export_folder,
    load_sentence_transformer,
    model_folder,
)

TEXTS = [
    "The police have rung asking where one of our tenants lives.",
    "Can I tell the school?",
    "A duty of confidence yields to consent, a legal duty or the public interest. " * 8,
]


@pytest.fixture
def own_model(tmp_path: Path) -> Path:
    """A copy of the packaged model in a folder that may be changed."""
    return shutil.copytree(model_folder(PACKAGED), tmp_path / "own-model")


def test_an_export_is_three_files_that_vouch_for_each_other(home_with_model: Path) -> None:
    folder = export_folder(home_with_model, model=PACKAGED, precision="int8")

    assert folder in (home_with_model / "models").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "model.onnx", "tokenizer.json"]
    assert json.loads((folder / "manifest.json").read_text()) == {
        "id": embedder_id(PACKAGED, precision="int8"),
        "dimension": 384,
        "sha256": {name: file_digest(folder / name) for name in ("model.onnx", "tokenizer.json")},
    }


def test_an_exported_model_gives_the_vectors_of_the_original_and_int8_nearly_so(
    tmp_path: Path, own_model: Path, onnx_embedder: OnnxEmbedder
) -> None:
    export(tmp_path / "fp32", model=str(own_model), precision="fp32")
    original = load_sentence_transformer(str(own_model)).encode(TEXTS, normalize_embeddings=True)

    full = OnnxEmbedder(tmp_path / "fp32").embed(TEXTS)

    assert (full * original).sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.min((onnx_embedder.embed(TEXTS) * original).sum(axis=1)) > 0.97


def test_exporting_leaves_other_programs_logging_alone(home_with_model: Path) -> None:
    assert logging.getLogger().level == logging.WARNING


def test_the_name_of_the_vectors_tells_model_and_precision_apart() -> None:
    names = {embedder_id(model, precision=precision) for model in (PACKAGED, "other/model") for precision in ("a", "b")}

    assert len(names) == 4


def test_the_name_of_the_vectors_changes_when_the_model_in_a_folder_does(own_model: Path) -> None:
    before = embedder_id(str(own_model), precision="int8")
    assert embedder_id(str(own_model), precision="int8") == before

    with (own_model / "model.safetensors").open("ab") as file:
        file.write(b"trained again")

    assert embedder_id(str(own_model), precision="int8") != before


def test_exports_of_different_models_lie_in_different_folders_below_home(tmp_path: Path, own_model: Path) -> None:
    folders = {
        export_folder(tmp_path, model=model, precision=precision)
        for model in (PACKAGED, "org/model", str(own_model))
        for precision in ("int8", "fp32")
    }

    assert len(folders) == 6
    assert {folder.parent for folder in folders} == {tmp_path / "models"}


def test_a_model_that_is_not_there_says_which_setting_to_check(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        export(tmp_path / "out", model=str(tmp_path / "no" / "such" / "model"))

    assert str(tmp_path / "no" / "such" / "model") in str(caught.value)
    assert str(caught.value).endswith("Check ADVISOR_MODEL and the network.")
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_mean_pooled_is_refused(tmp_path: Path, own_model: Path) -> None:
    config = next(own_model.glob("*Pooling/config.json"))
    fields = json.loads(config.read_text())
    mean = [name for name in fields if "mean" in name]
    other = {name: value for name, value in fields.items() if name not in mean} | {"pooling_mode_cls_token": True}
    config.write_text(json.dumps(other | {"pooling_mode": "cls"} if "pooling_mode" in fields else other))

    with pytest.raises(ModelError, match="is not mean-pooled, so it cannot be exported. Choose another ADVISOR_MODEL"):
        export(tmp_path / "out", model=str(own_model))

    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_says_so_before_the_model_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ModelError, match=r"cannot be exported .* Free some space there or check who may write there"):
        export(tmp_path / "file" / "model")


def test_a_packaged_model_that_was_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / PACKAGED.replace("-", "_")
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    for name in PACKAGED_DIGESTS:
        (package / "model" / name).write_text("something else")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ModelError, match=f"model.safetensors is not the expected file. .*{PACKAGED}"):
        model_folder(PACKAGED)


def test_a_packaged_model_that_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(ModelError) as caught:
        model_folder(PACKAGED)

    assert str(caught.value) == f"The package {PACKAGED} is not installed. Run 'pip install {PACKAGED}==0.1.0'."


def test_any_other_model_is_for_sentence_transformers_to_find() -> None:
    assert model_folder("org/model") == "org/model"
