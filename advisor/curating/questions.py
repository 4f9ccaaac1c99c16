"""Whether each example question finds its own document when it is left out: what a stranger's words would find.

An example question always finds itself in the index, which says nothing of the person who puts it another way. So each
is asked of the whole advisor as if neither it nor any near-copy of it had been written, and its document must be among
the first ten that the answer cites: as guidance found, or as law that guidance brought. An answer shows one case study
and one superseded document at most, both at its end, so for these it is enough to be cited at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from advisor.engine import Advisor
from advisor.errors import AdvisorError
from advisor.library import IndexedLibrary
from advisor.models import Question, ReadFrom
from advisor.outcomes import Outcome
from advisor.situation import SituationReader
from knowledge.checking import Finding, Level
from knowledge.checking.places import Places
from knowledge.embedding import OnnxEmbedder
from knowledge.index import Index
from knowledge.models import Document, FrozenModel, Kind, Standing, State
from knowledge.retrieval import Facets, Found, Likely
from knowledge.vectors import Space

FIRST = 10
"""Documents of an answer among which a question's own must be."""
NEAR_COPY = 0.95
"""Cosine from which another example question is a near-copy of the one asked."""
_MOST_COPIES = 50
_Key = TypeVar("_Key")


class Asked(FrozenModel):
    """What came of one example question without itself."""

    document: str
    kind: Kind
    number: int
    """Its place among the document's questions, from 0."""
    question: str
    place: int | None
    """Place of its document among those the answer cites, from 1; None when it was not found."""
    outcome: Outcome
    instead: tuple[str, ...]
    """The first documents that the answer cites."""


class Tally(FrozenModel):
    """How many of the questions asked found their document."""

    found: int
    asked: int

    @property
    def share(self) -> float:
        return self.found / self.asked if self.asked else 0.0


class QuestionsFound(FrozenModel):
    """How many questions find their document without themselves."""

    total: Tally
    kinds: dict[Kind, Tally]
    documents: dict[str, Tally]
    """By document, the least found first."""


class LeavingOut(IndexedLibrary):
    """A knowledge base as it would be without one example question and its near-copies."""

    def __init__(self, index: Index, *, embedder: OnnxEmbedder) -> None:
        super().__init__(index, embedder=embedder, as_of=date.min)
        self.left_out = ""
        """Name of the question's vector."""

    def retrieve(self, text: str, *, facets: Facets, vector: Any, likely: Likely | None = None) -> Found:
        near = self._index.vectors.nearest(Space.QUESTIONS, vector=vector, limit=_MOST_COPIES)
        copies = {name for name, cosine in near.items() if cosine >= NEAR_COPY}
        without = {self.left_out, *copies}
        return self._retriever.retrieve(text, facets=facets, limit=1, vector=vector, without=without, likely=likely)


def ask_each(
    documents: Iterable[Document],
    *,
    advisor: Advisor,
    library: LeavingOut,
    reader: SituationReader,
    profile: Mapping[str, str],
) -> Iterator[Asked]:
    """What comes of each example question of the approved documents; ``advisor`` must answer from ``library``.

    Raises:
        AdvisorError: when the advisor itself fails, which says nothing of the documents.
    """
    for document in documents:
        for number, text in enumerate(document.questions if document.state is State.APPROVED else ()):
            library.left_out = f"{document.id}?{number}"
            nation = _nation_for(document, text, reader=reader, profile=profile)
            answer = advisor.answer(Question(text=text, facets=nation))
            if answer.outcome in (Outcome.INDEX, Outcome.INTERNAL):
                raise AdvisorError(f"Question {number + 1} of {document.id} could not be asked. {answer.message}")
            cited = list(dict.fromkeys(citation.document for citation in answer.citations))
            yield Asked(
                document=document.id,
                number=number,
                question=text,
                kind=document.kind,
                place=_place(document, cited),
                outcome=answer.outcome,
                instead=tuple(cited[:3]),
            )


def _place(document: Document, cited: Sequence[str]) -> int | None:
    comes_last = document.kind is Kind.CASE_STUDY or document.status is Standing.SUPERSEDED
    seen = cited if comes_last else cited[:FIRST]
    return seen.index(document.id) + 1 if document.id in seen else None


def _nation_for(
    document: Document, text: str, *, reader: SituationReader, profile: Mapping[str, str]
) -> dict[str, str]:
    """The nation to ask from: the document's own where the words name none and it does not apply in the assumed one."""
    nation = reader.read(text, profile=profile).nation
    if nation.from_ is ReadFrom.WORDS or nation.value in document.nations:
        return {}
    return {"nation": document.nations[0].value}


def summary_of(asked: Sequence[Asked]) -> QuestionsFound:
    """The figures, as a whole, by kind and by document."""
    documents = _tallies(asked, key=lambda each: each.document)
    worst_first = sorted(documents.items(), key=lambda item: (item[1].share, -item[1].asked, item[0]))
    kinds = _tallies(asked, key=lambda each: each.kind)
    return QuestionsFound(
        total=_tally(asked),
        kinds={kind: kinds[kind] for kind in Kind if kind in kinds},
        documents=dict(worst_first),
    )


def _tallies(asked: Iterable[Asked], *, key: Callable[[Asked], _Key]) -> dict[_Key, Tally]:
    groups: dict[_Key, list[Asked]] = {}
    for each in asked:
        groups.setdefault(key(each), []).append(each)
    return {name: _tally(group) for name, group in groups.items()}


def _tally(asked: Sequence[Asked]) -> Tally:
    return Tally(found=sum(each.place is not None for each in asked), asked=len(asked))


def not_found(asked: Iterable[Asked], documents: Iterable[Document]) -> list[Finding]:
    """Advice for each question that does not find its own document, at its line."""
    places = {document.id: (document.path, Places(document)) for document in documents}
    findings = []
    for each in asked:
        if each.place is None:
            path, of = places[each.document]
            line = of.item("questions", each.number)
            findings.append(Finding(level=Level.ADVICE, path=path, line=line, message=_message(each)))
    return findings


def _message(each: Asked) -> str:
    came = f"finds {', '.join(each.instead)}" if each.instead else f"ends as {each.outcome.value}"
    return f"without itself, this question does not find its document but {came}: {each.question!r}"
