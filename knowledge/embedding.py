"""Turns text into vectors: the Embedder protocol and the light default, ONNX without torch."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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


class ExportManifest(FrozenModel):
    """What an exported model is, beside its files."""

    id: str
    dimension: int
    sha256: dict[str, str]
    """Digest of each file, by name."""


class OnnxEmbedder:
    """A sentence-transformers model exported to ONNX, run by onnxruntime and tokenizers.

    The folder holds ``model.onnx``, ``tokenizer.json`` and ``manifest.json`` (written by
    ``knowledge.exporting.export``), and the digests in the manifest are checked when it is opened.

    Decision (2026-11-22): each text is run by itself, as many at once as there are threads. Context: int8 rounds to
    the range of whatever is run together, so that in batches of 16 a text's vector turned by up to 12 degrees
    (cosine 0.978) with its neighbours, and an index grown document by document was not the one built at once. Costs
    nothing: 900 texts take 1.58 s on 2 cores, in batches 1.65 s. Not taken: rounding to ranges measured beforehand,
    which needs texts to measure on.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        """``threads`` is how many texts are run at once; 0 is one for each core.

        Raises:
            ModelError: when there is no export in the folder, or it is not what was exported.
        """
        self._manifest = _checked_manifest(folder)
        self._threads = threads or os.cpu_count() or 1
        import onnxruntime  # noqa: PLC0415 - costs 0.1 s, which a caller that never embeds need not pay
        from tokenizers import Tokenizer  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()

    @property
    def id(self) -> str:
        return self._manifest.id

    @property
    def dimension(self) -> int:
        return self._manifest.dimension

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for place, vector in enumerate(self._each(texts)):
            vectors[place] = vector
            if progress:
                progress(1)
        return vectors

    def read(self, text: str, spans: Sequence[tuple[int, int]]) -> Reading:
        """The vector of a text and of character spans in it, from a single pass."""
        whole, tokens, offsets = self._run(text)
        parts = [_pooled(tokens, offsets, span) for span in spans]
        return Reading(whole=whole, parts=np.array(parts, dtype=np.float32).reshape(len(parts), self.dimension))

    def _each(self, texts: Sequence[str]) -> Iterator[Any]:
        if len(texts) < 2 or self._threads == 1:
            yield from (self._run(text)[0] for text in texts)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(lambda text: self._run(text)[0], texts)

    def _run(self, text: str) -> tuple[Any, Any, list[tuple[int, int]]]:
        """The vector of the text, the vectors of its tokens, and where in the text each token stands."""
        # Half a character, as a terminal gives for what is not UTF-8, is no text to the tokenizer.
        encoded = self._tokenizer.encode(text.encode("utf-8", "replace").decode())
        whole, tokens = self._session.run(
            None,
            {
                "input_ids": np.array([encoded.ids], dtype=np.int64),
                "attention_mask": np.array([encoded.attention_mask], dtype=np.int64),
            },
        )
        return whole[0], tokens[0], encoded.offsets


def _pooled(tokens: Any, offsets: Sequence[tuple[int, int]], span: tuple[int, int]) -> Any:
    first, after = span
    inside = [place for place, (start, end) in enumerate(offsets) if end > start >= first and end <= after]
    mean = tokens[inside].mean(axis=0) if inside else tokens.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def _checked_manifest(folder: Path) -> ExportManifest:
    mend = 'Run "advisor kb index" to make it again.'
    try:
        manifest = ExportManifest.model_validate_json((folder / "manifest.json").read_bytes())
        for name in ("model.onnx", "tokenizer.json"):
            if file_digest(folder / name) != manifest.sha256.get(name):
                raise ModelError(f"{folder / name} is not the file that was exported. Delete {folder}. {mend}")
    except FileNotFoundError as error:
        raise ModelError(f"No exported model in {folder}. {mend}") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"The exported model in {folder} cannot be read: {error}. Delete {folder}. {mend}") from error
    return manifest


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
