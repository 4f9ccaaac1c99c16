"""Puts our embedder and retriever into LangChain chains; nothing else of ours imports LangChain for it."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import SkipValidation

from knowledge.embedding import Embedder
from knowledge.retrieval import Facets, Passage, Retriever


class LangChainEmbeddings(Embeddings):
    """Any embedder of ours as LangChain's ``Embeddings``."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class LangChainRetriever(BaseRetriever):
    """Any retriever of ours as LangChain's ``BaseRetriever``: one document a passage, best first."""

    retriever: SkipValidation[Retriever]
    limit: int = 10
    facets: SkipValidation[Facets | None] = None
    """What is known of the situation, for every question asked of this retriever."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        found = self.retriever.retrieve(query, facets=self.facets, limit=self.limit)
        return [_as_langchain(passage) for passage in found.passages]


def _as_langchain(passage: Passage) -> LangChainDocument:
    document, chunk = passage.document, passage.chunk
    return LangChainDocument(
        id=chunk.id,
        page_content=chunk.text,
        metadata={
            "document": document.id,
            "chunk": chunk.id,
            "title": document.title,
            "heading": chunk.heading,
            "source": document.source,
            "url": document.url,
            "digest": document.digest,
            "score": passage.score,
            "scores": passage.scores.model_dump(),
        },
    )
