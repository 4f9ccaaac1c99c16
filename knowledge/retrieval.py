"""Finds passages: dense, lexical and example-question scores fused, adjusted by situation and authority."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol

from pydantic import Field

from knowledge.chunking import Chunk
from knowledge.embedding import Embedder
from knowledge.index import Index
from knowledge.models import Document, FrozenModel, Kind
from knowledge.vectors import Space

Facets = Mapping[str, Collection[str]]
"""Facet name to the values the situation holds; a facet that is not there is unknown."""
Likely = Mapping[str, Mapping[str, float]]
"""Facet name to value to how likely the situation holds it, 0 to 1; it turns the order where nothing was said."""


class Weights(FrozenModel):
    """How much each sign counts; tuned on the development part of evals/suites/core.yaml."""

    dense: float = 0.375
    """Cosine of the chunk and of the document's best bullet, mixed."""
    bullet: float = 0.26
    """Share of the best bullet in that mix."""
    lexical: float = 0.21
    question: float = 0.415
    facet: float = 0.083
    """Added for each facet of a document that the situation matches."""
    misfit: float = 0.6
    """Share of that taken away for one it contradicts."""
    sector: float = 0.028
    guidance: float = 0.07
    case_study: float = -0.21
    pool: int = 150
    """How many of each leg are fused."""


class Scores(FrozenModel):
    """Why a passage has the score it has: every part as it was added up."""

    dense: float = 0.0
    lexical: float = 0.0
    question: float = 0.0
    facet: float = 0.0
    authority: float = 0.0

    @property
    def total(self) -> float:
        return self.dense + self.lexical + self.question + self.facet + self.authority


class Passage(FrozenModel):
    """A chunk as found for one question."""

    chunk: Chunk
    document: Document
    scores: Scores

    @property
    def score(self) -> float:
        return self.scores.total


class Signals(FrozenModel):
    """What the search as a whole says of how well the question is covered, before fusing."""

    dense_top: float = 0.0
    """Highest cosine between the question and a chunk."""
    question_top: float = 0.0
    """Highest cosine between the question and an example question."""
    margin: float = 0.0
    """Fused score of the best document above the fifth."""
    agreement: float = 0.0
    """Share of the five best documents of the dense leg that the other legs also have in their five."""


class Found(FrozenModel):
    """What a search found."""

    passages: tuple[Passage, ...]
    """Best first."""
    documents: dict[str, float] = Field(default_factory=dict)
    """Every document found, by id, to its score, best first: each leg speaks through its own best passage."""
    bullets: dict[str, float] = Field(default_factory=dict)
    """Bullet vector name (``DOCUMENT*NUMBER``) to cosine, for the nearest bullets only."""
    signals: Signals = Signals()
    by_words_alone: bool = False
    """Whether the vectors could not be searched: then the signals say nothing."""


class Retriever(Protocol):
    """Anything that finds passages for a question."""

    def retrieve(
        self,
        question: str,
        *,
        facets: Facets | None = None,
        limit: int = 20,
        vector: Any = None,
        without: Collection[str] = (),
        likely: Likely | None = None,
    ) -> Found:
        """At most ``limit`` passages, best first; ``vector`` spares encoding the question again.

        ``without`` names example questions (``DOCUMENT?NUMBER``) to search as if they had not been written.
        """


class HybridRetriever:
    """The retriever the advisor uses."""

    def __init__(self, index: Index, *, embedder: Embedder, weights: Weights | None = None) -> None:
        self._index, self._embedder, self._weights = index, embedder, weights or Weights()
        self._threads = ThreadPoolExecutor(3, thread_name_prefix="search")

    def retrieve(
        self,
        question: str,
        *,
        facets: Facets | None = None,
        limit: int = 20,
        vector: Any = None,
        without: Collection[str] = (),
        likely: Likely | None = None,
    ) -> Found:
        if vector is None:
            vector = self._embedder.embed([question])[0]
        legs = self._legs(question, vector, without)
        scored = self._fused(legs, facets or {}, likely or {})
        documents = _whole_documents(scored)
        return Found(
            passages=tuple(self._passages(scored[:limit])),
            documents=documents,
            bullets=legs.bullets,
            signals=self._signals(legs, documents),
        )

    def _legs(self, question: str, vector: Any, without: Collection[str]) -> _Legs:
        """Every leg at once: Chroma searches outside Python's lock, so three searches take hardly longer than one."""
        pool = self._weights.pool
        limits = {Space.CHUNKS: pool, Space.QUESTIONS: pool + len(without), Space.BULLETS: 2 * pool}
        searches = {
            space: self._threads.submit(self._index.vectors.nearest, space, vector=vector, limit=limit)
            for space, limit in limits.items()
        }
        lexical = {hit.chunk: hit.score for hit in self._index.catalogue.search(question, limit=pool)}
        dense, asked, bullets = (search.result() for search in searches.values())
        if without:
            asked = {name: score for name, score in asked.items() if name not in without}
        return _Legs(dense=dense, lexical=lexical, questions=_by_document(asked, mark="?"), bullets=bullets)

    def _fused(self, legs: _Legs, facets: Facets, likely: Likely) -> list[tuple[str, float, tuple[float, ...]]]:
        """Chunk id, score and the five parts of the score, best first."""
        weights = self._weights
        total = weights.dense + weights.lexical + (weights.question if legs.questions else 0.0)
        dense, lexical, questions = _scaled(legs.dense), _scaled(legs.lexical), _scaled(legs.questions)
        best_bullet = _scaled(_by_document(legs.bullets, mark="*"))
        names = {*dense, *lexical}
        names.update(self._entry_chunks(questions, names))
        of_document: dict[str, tuple[float, ...] | None] = {}
        scored = []
        for name in names:
            owner = name.partition("#")[0]
            if owner not in of_document:
                of_document[owner] = self._document_parts(owner, questions.get(owner, 0.0) / total, facets, likely)
            parts = of_document[owner]
            if parts is None:
                continue
            near = (1 - weights.bullet) * dense.get(name, 0.0) + weights.bullet * best_bullet.get(owner, 0.0)
            whole = (weights.dense * near / total, weights.lexical * lexical.get(name, 0.0) / total, *parts)
            scored.append((name, sum(whole), whole))
        scored.sort(key=lambda item: (-item[1], item[0]))
        return scored

    def _document_parts(self, name: str, question: float, facets: Facets, likely: Likely) -> tuple[float, ...] | None:
        document = self._index.catalogue.document(name)
        if document is None:
            return None
        facet = self._facet_score(document, facets, likely)
        return self._weights.question * question, facet, self._authority(document)

    def _passages(self, scored: list[tuple[str, float, tuple[float, ...]]]) -> Iterator[Passage]:
        chunks = self._index.catalogue.chunks(name for name, _, _ in scored)
        for name, _, parts in scored:
            document = self._index.catalogue.document(name.partition("#")[0])
            if document is not None and name in chunks:
                dense, lexical, question, facet, authority = parts
                scores = Scores(dense=dense, lexical=lexical, question=question, facet=facet, authority=authority)
                yield Passage(chunk=chunks[name], document=document, scores=scores)

    def _entry_chunks(self, questions: Mapping[str, float], found: Collection[str]) -> list[str]:
        """The first chunk of each document that only its example questions found."""
        present = {name.partition("#")[0] for name in found}
        return [f"{document}#0.0" for document in questions if document not in present]

    def _facet_score(self, document: Document, facets: Facets, likely: Likely) -> float:
        score = 0.0
        for facet, values in document.facets.items():
            known = 1.0 if facets.get(facet) else min(1.0, sum(likely.get(facet, {}).values()))
            if known > _HINT:
                fits = _fits(values, facets.get(facet, ()), likely.get(facet, {}))
                score += self._weights.facet * (fits - self._weights.misfit * known * (1 - fits))
        return score + self._sector_score(document, facets.get("holder", ()), likely.get("holder", {}))

    def _sector_score(self, document: Document, held: Collection[str], likely: Mapping[str, float]) -> float:
        if not document.sectors or not (held or likely):
            return 0.0
        fits = _fits(document.sectors, held, likely)
        if held and not set(held) & set(document.sectors):
            fits = min(fits, 0.5)
        return self._weights.sector * (2 * fits - 1)

    def _authority(self, document: Document) -> float:
        return {Kind.GUIDANCE: self._weights.guidance, Kind.CASE_STUDY: self._weights.case_study}.get(
            document.kind, 0.0
        )

    def _signals(self, legs: _Legs, documents: Mapping[str, float]) -> Signals:
        ranked = list(documents.values())
        five = list(_by_document(legs.dense, mark="#"))[:5]
        others = {*list(_by_document(legs.lexical, mark="#"))[:5], *list(legs.questions)[:5]}
        return Signals(
            dense_top=max(legs.dense.values(), default=0.0),
            question_top=max(legs.questions.values(), default=0.0),
            margin=ranked[0] - ranked[4] if len(ranked) > 4 else 0.0,
            agreement=len(set(five) & others) / len(five) if five else 0.0,
        )


_HINT = 0.3
"""Likelihoods of a facet's values that add up to less than this say nothing."""
_SAID = 0.9
"""How likely a value is, at least, that the words say."""


def _fits(values: Collection[str], held: Collection[str], likely: Mapping[str, float]) -> float:
    """How likely it is, 0 to 1, that the situation holds one of the values."""
    fits = max((likely.get(value, 0.0) for value in values), default=0.0)
    return max(fits, _SAID) if set(held) & set(values) else fits


class _Legs(NamedTuple):
    dense: dict[str, float]
    lexical: dict[str, float]
    questions: dict[str, float]
    bullets: dict[str, float]


def _by_document(leg: Mapping[str, float], *, mark: str) -> dict[str, float]:
    """The best score of each document in a leg that is sorted best first."""
    best: dict[str, float] = {}
    for name, score in leg.items():
        best.setdefault(name.partition(mark)[0], score)
    return best


def _whole_documents(scored: Sequence[tuple[str, float, tuple[float, ...]]]) -> dict[str, float]:
    """Document id to score, best first: the best dense and the best lexical passage may be different ones."""
    best: dict[str, list[float]] = {}
    for name, _, parts in scored:
        held = best.setdefault(name.partition("#")[0], list(parts))
        held[0], held[1] = max(held[0], parts[0]), max(held[1], parts[1])
    totals = {name: sum(parts) for name, parts in best.items()}
    return dict(sorted(totals.items(), key=lambda pair: (-pair[1], pair[0])))


def _scaled(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores as shares of the best found; a cosine or BM25 of 0 says nothing and stays 0."""
    best = max(scores.values(), default=0.0)
    return {name: max(score, 0.0) / best for name, score in scores.items()} if best > 0 else {}
