"""The chain that most people would write first: LangChain over a Chroma collection, and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

import numpy as np

from evals.benchmarks.sets import PublicSet
from knowledge.embedding import Embedder, Vectors
from knowledge.langchain import LangChainEmbeddings

MISSING = "langchain-chroma is not installed"
_PASSAGES = 100
"""Passages asked for a question: enough for ten documents in every set."""


def chain_rankings(of: PublicSet, *, embedder: Embedder) -> list[list[str]] | None:
    """The documents that the chain finds for each question, best first; None where it is not installed.

    It searches the same pieces, title in front, as the other simple systems.
    """
    try:
        from langchain_chroma import Chroma  # noqa: PLC0415 - for development alone
    except ImportError:
        return None
    store = Chroma.from_texts(
        [unit.text for unit in of.units],
        LangChainEmbeddings(embedder),
        metadatas=[{"document": unit.document} for unit in of.units],
        collection_name=f"bench-{uuid.uuid4().hex}",
        collection_metadata={"hnsw:space": "cosine"},
    )
    try:
        retriever = store.as_retriever(search_kwargs={"k": min(_PASSAGES, len(of.units))})
        found = (retriever.invoke(asked.question) for asked in of.questions)
        return [list(dict.fromkeys(str(each.metadata["document"]) for each in passages)) for passages in found]
    finally:
        store.delete_collection()


class Remembering:
    """An embedder that embeds a text once: simple systems that share a model need not pay for it twice."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    @property
    def id(self) -> str:
        return self._embedder.id

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.embed(new, progress=progress), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)
