"""Asks the advisor one case and notes all that is needed to judge the answer later, without asking again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from functools import cached_property

from advisor.evidence import WIDENING, Widening
from advisor.models import Answer, Citation, Question, fold
from advisor.personal_data import Redactor
from advisor.personal_data.tokens import clean
from advisor.wiring import Workshop
from evals.cases import Case
from evals.library import PLANTED, WatchedLibrary
from evals.runs import FoundSpan, Record, Timing
from knowledge.retrieval import Weights

_RANKED = 50
"""Documents found that are noted."""


class Asker:
    """Asks case after case; the index and the model are opened once."""

    def __init__(
        self,
        workshop: Workshop,
        *,
        on_missing: Callable[[], object] | None = None,
        weights: Weights | None = None,
        widening: Widening = WIDENING,
        is_classified: bool = True,
    ) -> None:
        """``on_missing`` may build an index when there is none; the rest is for measuring what a part is worth.

        Raises:
            KnowledgeError: when the index or the model cannot be used.
        """
        self._workshop = workshop
        self._index, self._embedder = workshop.open_or_build(on_missing)
        self._weights, self._is_classified = weights, is_classified
        self._library = self._watched()
        self._advisor = workshop.advisor(library=lambda: self._library, widening=widening)

    @property
    def documents(self) -> int:
        """How many documents the knowledge base holds."""
        return self._index.manifest.documents

    def ask(self, case: Case, *, suite: str) -> tuple[Record, Timing]:
        """What came of a case, and what it took."""
        self._library = self._watched(without=case.without, planted=case.planted)
        given = {"nation": case.nation.value if case.nation else None, "holder": case.sector}
        facets = {facet: value for facet, value in given.items() if value}
        answer = self._advisor.answer(Question(text=case.question, facets=facets, earlier=case.earlier))
        found = self._library.found
        record = Record(
            suite=suite,
            case=case.id,
            answer=_fixed(answer, case),
            ranked=tuple(found.documents)[:_RANKED] if found else (),
            signals=found.signals if found else None,
            proved=tuple(self._is_proved(citation, case) for citation in answer.citations),
            spans=self._spans(case),
        )
        return record, Timing(suite=suite, case=case.id, asked_at=answer.asked_at, milliseconds=answer.timings_ms)

    def close(self) -> None:
        self._index.close()

    def _watched(self, *, without: tuple[str, ...] = (), planted: tuple[str, ...] = ()) -> WatchedLibrary:
        return WatchedLibrary(
            self._index,
            embedder=self._embedder,
            without=without,
            planted=planted,
            weights=self._weights,
            is_classified=self._is_classified,
        )

    def _is_proved(self, citation: Citation, case: Case) -> bool:
        if citation.document == PLANTED:
            return fold(citation.quote) in map(fold, case.planted)
        return fold(citation.quote) in self._files.get(citation.digest, "")

    @cached_property
    def _files(self) -> Mapping[str, str]:
        """Digest of each file of the knowledge base to its text, white space folded."""
        raws = [path.read_bytes() for path in self._workshop.paths]
        return {hashlib.sha256(raw).hexdigest(): fold(raw.decode("utf-8", errors="replace")) for raw in raws}

    @cached_property
    def _redactor(self) -> Redactor:
        return Redactor()

    def _spans(self, case: Case) -> tuple[FoundSpan, ...] | None:
        if case.spans is None:
            return None
        found = self._redactor.find(clean(case.question))
        return tuple(FoundSpan(label=span.label, start=span.start, end=span.end) for span in found)


def _fixed(answer: Answer, case: Case) -> Answer:
    """The answer with what differs each time made the same; the rest is what it was made from and says."""
    day = answer.knowledge.as_of or answer.asked_at.date()
    return answer.model_copy(
        update={"id": case.id, "asked_at": datetime.combine(day, time(), tzinfo=UTC), "timings_ms": {}}
    )
