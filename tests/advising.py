"""A shelf of small documents and a whole advisor over it, for tests of answering that need no index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import numpy as np

from advisor.composers.base import Composer, Draft, DraftStatement, Interpreter
from advisor.composers.extractive import ExtractiveComposer
from advisor.engine import Advisor
from advisor.evidence import Evidence, Source
from advisor.heads import Head, load_heads
from advisor.library import Library
from advisor.models import Contact, KnowledgeStamp, Situation, StatementRole, Urgency
from advisor.scope import Scope
from advisor.screening import Screener
from advisor.situation import SituationReader
from advisor.wiring import make_screener
from advisor.wording import load_wording
from knowledge.chunking import chunk
from knowledge.embedding import Reading
from knowledge.errors import IndexBroken
from knowledge.models import Bullet, Document, Force, Kind, LawLink, Nation, Section, Standing, State, Strand, Verified
from knowledge.retrieval import Facets, Found, Likely, Passage, Scores, Signals
from knowledge.vocabulary import load_vocabulary

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ALL_NATIONS = tuple(Nation)
WELL_COVERED = Signals.model_validate(dict.fromkeys(Signals.model_fields, 0.9))
POLICE_QUESTION = "The police have rung asking where one of our tenants lives. Can I tell them?"
EMERGENCY_QUESTION = "He has a knife and he is attacking her right now. Can I tell the police where she lives?"

Says = Mapping[StatementRole, Sequence[str | Bullet]]


def a_document(name: str = "police-asking", *, says: Says | None = None, **changes: Any) -> Document:
    """An approved guidance document; ``says`` is its bullets by role, and any field can be changed."""
    sections = [
        Section(heading=role.value.replace("_", " "), role=role, bullets=tuple(map(_bullet, texts)))
        for role, texts in (says or {StatementRole.GUIDANCE: [f"A body may answer the police under {name}."]}).items()
    ]
    fields: dict[str, Any] = {
        "id": name,
        "kind": Kind.GUIDANCE,
        "title": f"About {name}",
        "summary": "A summary of it.",
        "source": f"Source of {name}",
        "url": f"https://example.org/{name}",
        "publisher": "example.org",
        "nations": ALL_NATIONS,
        "force": Force.EXPLAINS,
        "state": State.APPROVED,
        "status": Standing.IN_FORCE,
        "in_force_from": date(2018, 5, 25),
        "verified": Verified.OFFICIAL,
        "reviewed": date(2026, 11, 1),
        "reviewed_by": "the project (not a lawyer)",
        "review_by": date(2027, 5, 1),
        "owner": "information-governance",
        "sections": tuple(sections),
        "digest": "0" * 64,
    }
    return Document.model_validate(fields | changes)


def _bullet(text: str | Bullet) -> Bullet:
    return text if isinstance(text, Bullet) else Bullet(text=text, pinpoint="para 1", line=10)


def a_whole_shelf() -> tuple[Document, ...]:
    """Documents of every kind, standing and state, that between them fill every part of an answer."""
    role = StatementRole
    return (
        a_document(
            "police-asking",
            says={
                role.GUIDANCE: ["A police request is only a request unless a court order or a law requires an answer."],
                role.BEFORE_YOU_SHARE: ["Ask the officer what crime or risk it is about."],
                role.WHAT_WOULD_CHANGE_THIS: ["A court order changes a request into a duty."],
                role.RISK_OF_SHARING: ["An address given to the wrong caller can put a person in danger."],
                role.RISK_OF_NOT_SHARING: ["Police may be unable to find someone who is missing."],
                role.IF_URGENT: ["Where life is at risk, guidance says to give what responders need."],
            },
            facets={"recipient": ("police",)},
            decides=("information_governance_lead", "line_manager"),
            law=(
                LawLink(id="crime-exemption", strand=Strand.DATA_PROTECTION),
                LawLink(id="disorder-power", strand=Strand.POWER, when={"holder": ("housing", "council")}),
                LawLink(id="told-in-confidence", strand=Strand.CONFIDENCE, when={"purpose": ("crime",)}),
            ),
        ),
        a_document(
            "crime-exemption",
            kind=Kind.LEGISLATION,
            says={role.GUIDANCE: ["Schedule 2 may lift some duties where telling people would harm an inquiry."]},
            strand=Strand.DATA_PROTECTION,
            force=Force.MAY,
        ),
        a_document(
            "disorder-power",
            kind=Kind.LEGISLATION,
            says={role.GUIDANCE: ["Section 115 lets a listed body disclose where it is necessary for the Act."]},
            strand=Strand.POWER,
            force=Force.MUST,
            nations=(Nation.ENGLAND, Nation.WALES),
        ),
        a_document(
            "told-in-confidence",
            kind=Kind.LEGISLATION,
            says={
                role.GUIDANCE: [Bullet(text="A duty of confidence can yield to a public interest.", unverified=True)],
            },
            strand=Strand.CONFIDENCE,
            force=Force.MUST_NOT,
            status=Standing.UNDER_REVIEW,
            review_by=date(2026, 1, 1),
        ),
        a_document(
            "case-of-silence", kind=Kind.CASE_STUDY, says={role.CASE_STUDY: ["What agencies knew was not shared."]}
        ),
        a_document("old-advice", status=Standing.SUPERSEDED, superseded_by="police-asking"),
        a_document("scottish-way", nations=(Nation.SCOTLAND,)),
        a_document("half-written", state=State.DRAFT),
        a_document("taken-back", state=State.WITHDRAWN),
    )


@cache
def a_calm_vector() -> Any:
    """A unit vector that the classifiers take for a sharing question without danger, so that the words decide."""
    heads = load_heads()
    whole = sum(_towards(head, wanted) for head, wanted in ((heads.danger, "routine"), (heads.scope, "sharing")))
    return (whole / np.linalg.norm(whole)).astype(np.float32)


def _towards(head: Head, wanted: str) -> Any:
    rows = np.array(head.vector)
    way = rows[head.classes.index(wanted)] - rows.mean(axis=0)
    return way / np.linalg.norm(way)


class Shelf:
    """A library without an index: every approved document fits every question, in the order given."""

    def __init__(
        self,
        *documents: Document,
        signals: Signals = WELL_COVERED,
        meanings: Mapping[str, tuple[str, float, str]] | None = None,
        fails_at: str | None = None,
    ) -> None:
        """``fails_at`` names the method that raises a KnowledgeError."""
        self.documents = {document.id: document for document in documents}
        self._signals, self._meanings, self._fails_at = signals, dict(meanings or {}), fails_at

    @property
    def stamp(self) -> KnowledgeStamp:
        return KnowledgeStamp(digest="d" * 64, documents=len(self.documents), as_of=TODAY, reviewed_by="the project")

    def read(self, text: str, spans: Sequence[tuple[int, int]]) -> Reading:
        self._fail("read")
        whole = a_calm_vector()
        return Reading(whole=whole, parts=np.tile(whole, (len(spans), 1)))

    def meanings(self, parts: Any, clauses: Sequence[str]) -> dict[str, tuple[str, float, str]]:
        self._fail("meanings")
        return self._meanings

    def likely(self, text: str, *, vector: Any, situation: Situation) -> Likely:
        return {}

    def retrieve(self, text: str, *, facets: Facets, vector: Any, likely: Likely | None = None) -> Found:
        self._fail("retrieve")
        passages = [
            Passage(chunk=chunk(document)[0], document=document, scores=Scores(dense=1.0 - 0.01 * place))
            for place, document in enumerate(self.documents.values())
            if document.state is State.APPROVED
        ]
        documents = {passage.document.id: passage.score for passage in passages}
        return Found(passages=tuple(passages), documents=documents, signals=self._signals)

    def document(self, name: str) -> Document | None:
        self._fail("document")
        return self.documents.get(name)

    def _fail(self, method: str) -> None:
        if self._fails_at == method:
            raise IndexBroken('The index is damaged. Run "advisor kb index --rebuild".')


@cache
def the_screener() -> Screener:
    return make_screener()


@cache
def the_reader() -> SituationReader:
    return SituationReader(load_vocabulary())


@cache
def the_scope() -> Scope:
    return Scope(load_wording().scope, head=load_heads().scope)


def extractive() -> ExtractiveComposer:
    return ExtractiveComposer(load_vocabulary())


def an_advisor(
    library: Library | Callable[[], Library] | None = None,
    *,
    composer: Composer | None = None,
    interpreter: Interpreter | None = None,
    profile: Mapping[str, str] | None = None,
    contacts: Iterable[Contact] = (),
) -> Advisor:
    """A whole advisor over a shelf, with the real parts and a stopped clock."""
    shelf = Shelf(*a_whole_shelf()) if library is None else library
    return Advisor(
        library=shelf if callable(shelf) else lambda: shelf,
        screener=the_screener(),
        reader=the_reader(),
        scope=the_scope(),
        composer=composer or extractive(),
        interpreter=interpreter,
        vocabulary=load_vocabulary(),
        wording=load_wording(),
        profile=profile,
        contacts=contacts,
        today=lambda: TODAY,
        now=lambda: NOW,
    )


def evidence_of(*documents: Document, **conditions: Mapping[str, tuple[str, ...]]) -> Evidence:
    """Evidence of documents, best first; ``conditions`` are by document id with underscores for hyphens."""
    sources = tuple(
        Source(
            document=document,
            score=1.0 - 0.01 * place,
            strand=document.strand,
            condition=conditions.get(document.id.replace("-", "_"), {}),
            bullets=tuple((bullet, 0.5) for bullet in document.bullets()),
        )
        for place, document in enumerate(documents)
    )
    return Evidence(sources=sources)


def quoting(
    document: Document,
    *,
    text: str | None = None,
    role: StatementRole = StatementRole.GUIDANCE,
    bullet: Bullet | None = None,
    condition: str | None = None,
) -> DraftStatement:
    """A draft statement that rests on a document's first bullet, or on the one given."""
    rests_on = bullet or document.bullets()[0]
    return DraftStatement(
        role=role,
        text=text or rests_on.text,
        support=((document, rests_on),),
        strand=document.strand,
        condition=condition,
    )


class Scripted:
    """A composer that writes what it is told to, whatever the evidence."""

    def __init__(self, *statements: DraftStatement, name: str = "scripted") -> None:
        self._statements, self._name = statements, name

    @property
    def name(self) -> str:
        return self._name

    def compose(self, question: str, situation: Situation, evidence: Evidence, *, urgency: Urgency) -> Draft:
        return Draft(statements=self._statements, composer=self._name)
