"""Turns text into vectors: the Embedder protocol and the light default, ONNX without torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.errors import ModelError
from knowledge.models import FrozenModel

Vectors = npt.NDArray[np.float32]
"""Shape (texts, dimension), rows of length 1."""

LONGEST = 256
"""Tokens read of a text; the model was trained on no more."""
_BATCH = 16


class Embedder(Protocol):
    """Anything that turns texts into unit vectors, the same way every time."""

    @property
    def id(self) -> str:
        """Changes whenever the vectors would: an index is only read with the embedder that built it."""

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """One unit vector a text, shape (texts, dimension); ``progress`` hears how many more are done."""


class Reading(FrozenModel):
    """Vectors of a whole question and of parts of it, from one pass of the model."""

    model_config = {"arbitrary_types_allowed": True, "frozen": True}

    whole: Any
    """Unit vector, shape (dimension,)."""
    parts: Any
    """Unit vectors of the spans asked for, shape (spans, dimension)."""


class OnnxEmbedder:
    """A sentence-transformers model exported to ONNX, run by onnxruntime and tokenizers.

    The folder holds ``model.onnx``, ``tokenizer.json`` and ``manifest.json`` (written by
    ``knowledge.exporting.export``), and the digests in the manifest are checked when it is opened.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self._manifest = _checked_manifest(folder)
        import onnxruntime  # noqa: PLC0415 - costs 0.1 s, which a caller that never embeds need not pay
        from tokenizers import Tokenizer  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()

    @property
    def id(self) -> str:
        return str(self._manifest["id"])

    @property
    def dimension(self) -> int:
        return int(self._manifest["dimension"])

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            vectors[places] = self._run([texts[place] for place in places])[0]
            if progress:
                progress(len(places))
        return vectors

    def read(self, text: str, spans: Sequence[tuple[int, int]]) -> Reading:
        """The vector of a text and of character spans in it, from a single pass."""
        sentence, tokens, offsets = self._run([text])
        parts = [_pooled(tokens[0], offsets, span) for span in spans]
        return Reading(whole=sentence[0], parts=np.array(parts).reshape(len(parts), self.dimension))

    def _run(self, texts: Sequence[str]) -> tuple[Vectors, Any, list[tuple[int, int]]]:
        encoded = self._tokenizer.encode_batch(list(texts))
        sentence, tokens = self._session.run(
            None,
            {
                "input_ids": np.array([item.ids for item in encoded], dtype=np.int64),
                "attention_mask": np.array([item.attention_mask for item in encoded], dtype=np.int64),
            },
        )
        return sentence, tokens, encoded[0].offsets


def _pooled(tokens: Any, offsets: Sequence[tuple[int, int]], span: tuple[int, int]) -> Any:
    inside = [place for place, (start, end) in enumerate(offsets) if end > start and start >= span[0] and end <= span[1]]
    mean = tokens[inside].mean(axis=0) if inside else tokens.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def _checked_manifest(folder: Path) -> dict[str, Any]:
    mend = 'Run "advisor kb index" to make it again.'
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name in ("model.onnx", "tokenizer.json"):
            if file_digest(folder / name) != manifest["sha256"][name]:
                raise ModelError(f"{folder / name} is not the file that was exported. Delete {folder}. {mend}")
    except FileNotFoundError as error:
        raise ModelError(f"No exported model in {folder}. {mend}") from error
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"The exported model in {folder} cannot be read: {error}. Delete that folder. {mend}") from error
    return manifest


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
