"""Stand-ins that ship with the package, so that others can test what they build on it in milliseconds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from knowledge.embedding import Reading, Vectors

_WORD = re.compile(r"\w+")


class FakeEmbedder:
    """Hashed bags of words: texts that share words are near, with no model and the same on every machine."""

    def __init__(self, *, dimension: int = 64, name: str = "fake") -> None:
        self._dimension, self._name = dimension, name
        self.embedded: list[str] = []
        """Every text that was embedded, in order."""

    @property
    def id(self) -> str:
        return f"{self._name}/{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for place, text in enumerate(texts):
            vectors[place] = self._vector(text)
            self.embedded.append(text)
            if progress:
                progress(1)
        return vectors

    def read(self, text: str, spans: Sequence[tuple[int, int]]) -> Reading:
        """The vector of a text and of character spans in it."""
        parts = [self._vector(text[first:after]) for first, after in spans]
        return Reading(
            whole=self._vector(text), parts=np.array(parts, dtype=np.float32).reshape(len(parts), self._dimension)
        )

    def _vector(self, text: str) -> Any:
        vector = np.zeros(self._dimension, dtype=np.float32)
        for word in _WORD.findall(text.lower()) or [""]:
            digest = hashlib.sha256(word.encode()).digest()
            vector[int.from_bytes(digest[:4], "big") % self._dimension] += 1 if digest[4] % 2 else -1
        length = float(np.linalg.norm(vector))
        if length == 0:  # Words that cancelled each other out: some direction, always the same.
            vector[0], length = 1.0, 1.0
        return vector / np.float32(length)
