"""Advisor.answer: the life of a question, step by step."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import UTC, date, datetime
from time import perf_counter

from advisor.composed_by import composed_by
from advisor.composers.base import Composer, Draft, Heard, Interpreter
from advisor.errors import place_of
from advisor.escalation import escalate
from advisor.evidence import WIDENING, Evidence, Widening, weigh
from advisor.grounding import Ledger, gives_verdict, ground
from advisor.library import Library, also_heard, as_facets, likeness
from advisor.models import (
    Answer,
    Contact,
    FacetReading,
    KnowledgeStamp,
    Question,
    ReadFrom,
    Situation,
    StatementRole,
    Urgency,
    fold,
)
from advisor.notes import notes_on
from advisor.outcomes import Outcome
from advisor.scope import Scope
from advisor.screening import LONGEST, Screener, Screening, visible
from advisor.settling import to_settle
from advisor.situation import SituationReader, clauses
from advisor.wording import Wording
from knowledge.embedding import Reading
from knowledge.errors import KnowledgeError
from knowledge.vocabulary import Vocabulary

_NAME = re.compile(r"\[NAME \d+\]")
_LABEL = re.compile(r"\[([A-Z ]+)\]")
_UNREADABLE = Screening(text="", redactions=(), urgency=Urgency.EMERGENCY)
"""A question that could not be screened: it is not shown, and as danger may be in it, danger is spoken to."""


class Advisor:
    """Answers questions with quotes and a named human; one object serves question after question."""

    def __init__(
        self,
        *,
        library: Callable[[], Library],
        screener: Screener,
        reader: SituationReader,
        scope: Scope,
        composer: Composer,
        interpreter: Interpreter | None = None,
        vocabulary: Vocabulary,
        wording: Wording,
        profile: Mapping[str, str] | None = None,
        contacts: Iterable[Contact] = (),
        widening: Widening = WIDENING,
        today: Callable[[], date] = date.today,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``library`` opens the knowledge base or raises KnowledgeError: the answer then says whom to ask."""
        self._library, self._screener, self._reader, self._scope = library, screener, reader, scope
        self._composer, self._interpreter, self._vocabulary, self._wording = composer, interpreter, vocabulary, wording
        self._profile, self._contacts, self._today, self._now = dict(profile or {}), tuple(contacts), today, now
        self._widening = widening

    def with_composer(self, composer: Composer) -> Advisor:
        """The same advisor with another composer, as an evaluation compares them."""
        other = copy(self)
        other._composer = composer
        return other

    def answer(self, question: Question) -> Answer:
        """Guidance and who to take it to, whatever is asked; what cannot be answered says so and why."""
        clock, screening = _Clock(), _UNREADABLE
        try:
            with clock.step("screen"):
                screening, question = self._screened(question)
            unknown = self._unknown_facet(question)
            if unknown:
                return self.refuse(question, fault=unknown)
            closed = self._closed_before_search(question, screening)
            if closed:
                return self._finish(clock, screening, self._read(question, screening, {}), outcome=closed)
            library = self._library()
            text = as_searched(" ".join((*question.earlier, screening.text)))
            with clock.step("situation"):
                reading = library.read(text, clauses(text))
                screening = self._screener.with_meaning(screening, text, reading.whole)
            return self._searched(question, screening, text, reading, library=library, clock=clock)
        except KnowledgeError as error:
            situation = self._read(question, screening, {})
            return self._finish(clock, screening, situation, outcome=Outcome.INDEX, fault=str(error))
        except Exception as error:  # Whatever fails, the person is told whom to ask.
            return self._finish(clock, screening, Situation(), outcome=Outcome.INTERNAL, fault=f"{place_of(error)}.")

    def refuse(self, question: Question, *, fault: str) -> Answer:
        """The answer to a request that cannot be read as it stands; danger in its words is heard all the same."""
        heard, _ = self._screened(question)
        unshown = heard.model_copy(update={"text": "", "redactions": ()})
        return self._finish(_Clock(), unshown, self._reader.read(""), outcome=Outcome.BAD_REQUEST, fault=fault)

    def pause(self, question: Question, *, why: str) -> Answer:
        """The answer while the advisor is paused: no guidance, but danger is heard and people are named."""
        heard, question = self._screened(question)
        known = question if self._unknown_facet(question) is None else question.model_copy(update={"facets": {}})
        return self._finish(_Clock(), heard, self._read(known, heard, {}), outcome=Outcome.PAUSED, fault=why)

    def _screened(self, question: Question) -> tuple[Screening, Question]:
        """The latest turn made safe to keep, and the question with all earlier ones so; danger is not forgotten."""
        latest = self._screener.screen(question.text)
        if not question.earlier:
            return latest, question
        whole = self._screener.screen("\n".join((question.text, *question.earlier)))
        if whole.urgency is Urgency.EMERGENCY:
            latest = latest.model_copy(update={"urgency": Urgency.EMERGENCY})
        earlier = tuple(self._screener.screen(turn).text for turn in question.earlier)
        return latest, question.model_copy(update={"earlier": earlier})

    def _unknown_facet(self, question: Question) -> str | None:
        known = self._vocabulary.facets
        for facet, value in question.facets.items():
            if facet not in known:
                return f"Unknown facet {facet!r}; known: {', '.join(known)}."
            if value not in known[facet].values:
                return f"Unknown {facet} {value!r}; known: {', '.join(known[facet].values)}."
        return None

    def _closed_before_search(self, question: Question, screening: Screening) -> Outcome | None:
        # By the words as they came: a sentence in another script is redacted whole, as a name.
        return Outcome.TOO_LONG if screening.is_too_long else self._scope.before_search(visible(question.text))

    def _searched(
        self,
        question: Question,
        screening: Screening,
        text: str,
        reading: Reading,
        *,
        library: Library,
        clock: _Clock,
    ) -> Answer:
        with clock.step("situation"):
            meanings = library.meanings(reading.parts, [text[slice(*span)].strip() for span in clauses(text)])
            situation = self._read(question, screening, self._showable(meanings))
        with clock.step("retrieve"):
            likely = library.likely(text, vector=reading.whole, situation=situation)
            found = library.retrieve(text, facets=as_facets(situation.known()), vector=reading.whole, likely=likely)
            heard = self._heard(question, screening)
            found = also_heard(found, heard, situation, text=text, library=library) if heard else found
            evidence = weigh(found, situation, document=library.document, likely=likely, widening=self._widening)
        signals = None if found.by_words_alone else found.signals
        closed = self._scope.after_search(text, reading.whole, situation, signals)
        if closed:
            return self._finish(clock, screening, situation, outcome=closed, stamp=library.stamp)
        return self._composed(text, screening, situation, evidence, heard=heard, clock=clock, library=library)

    def _heard(self, question: Question, screening: Screening) -> Heard | None:
        """What a language model hears, where one is to read; never in an emergency, for nobody waits then."""
        if self._interpreter is None or screening.urgency is Urgency.EMERGENCY:
            return None
        return self._interpreter.read(screening.text, earlier=question.earlier)

    def _showable(self, meanings: Mapping[str, tuple[str, float, str]]) -> dict[str, tuple[str, float, str]]:
        """Meanings without those whose clause, which is shown as what was understood, would read as a verdict."""
        # The dash keeps "no consent yet" apart from an answer that begins with "no".
        return {
            facet: meant
            for facet, meant in meanings.items()
            if not gives_verdict(f"- {meant[2]}", wording=self._wording)
        }

    def _read(
        self, question: Question, screening: Screening, meanings: Mapping[str, tuple[str, float, str]]
    ) -> Situation:
        """The situation as of the latest turn: what it says overrides what was said before."""
        latest = self._reader.read(
            screening.text,
            options=question.facets,
            profile=self._profile,
            meanings={} if question.earlier else meanings,
        )
        if not question.earlier:
            return latest
        before = self._reader.read(" ".join(question.earlier), profile=self._profile, meanings=meanings)
        said = (ReadFrom.WORDS, ReadFrom.OPTION)
        merged: dict[str, FacetReading] = {
            facet: latest.reading(facet) if latest.reading(facet).from_ in said else before.reading(facet)
            for facet in Situation.model_fields
        }
        return Situation(**merged)

    def _composed(
        self,
        text: str,
        screening: Screening,
        situation: Situation,
        evidence: Evidence,
        *,
        heard: Heard | None,
        clock: _Clock,
        library: Library,
    ) -> Answer:
        with clock.step("compose"):
            draft = self._composer.compose(text, situation, evidence, urgency=screening.urgency)
            if screening.urgency is Urgency.EMERGENCY:
                draft = _urgent_first(draft)
        with clock.step("ground"):
            ledger = Ledger()
            grounded = ground(
                draft, evidence=evidence, wording=self._wording, ledger=ledger, likeness=likeness(library)
            )
            if not grounded.statements:
                return self._finish(clock, screening, situation, outcome=Outcome.NO_GUIDANCE, stamp=library.stamp)
            notes = notes_on(
                grounded.statements,
                evidence,
                situation,
                ledger=ledger,
                wording=self._wording,
                today=self._today(),
                document=library.document,
            )
            numbers = {citation.document: citation.number for citation in reversed(ledger.citations)}
            asks = to_settle(situation, evidence, vocabulary=self._vocabulary, numbers=numbers)
        reading = heard.use if heard else None
        made = composed_by(draft, grounded, reading=reading, words=self._wording.language_model)
        return self._finish(
            clock,
            screening,
            situation,
            outcome=Outcome.ANSWERED,
            stamp=library.stamp,
            evidence=evidence,
            composer=made.composer if made else draft.composer,
            parts={
                "composed_by": made,
                "statements": grounded.statements,
                "citations": tuple(ledger.citations),
                "notes": notes,
                "to_settle": asks,
            },
        )

    def _finish(
        self,
        clock: _Clock,
        screening: Screening,
        situation: Situation,
        *,
        outcome: Outcome,
        stamp: KnowledgeStamp | None = None,
        evidence: Evidence | None = None,
        composer: str | None = None,
        fault: str = "",
        parts: Mapping[str, object] | None = None,
    ) -> Answer:
        with clock.step("escalate"):
            escalation = escalate(
                situation,
                evidence or Evidence(sources=()),
                urgency=screening.urgency,
                words=self._wording.escalation,
                contacts=self._contacts,
                vocabulary=self._vocabulary,
            )
        return Answer.model_validate(
            {
                "id": uuid.uuid4().hex[:12],
                "asked_at": self._now(),
                "question": screening.text,
                "redactions": screening.redactions,
                "outcome": outcome,
                "message": self.message(outcome, fault),
                "urgency": screening.urgency,
                "act_now": self._act_now(screening, situation),
                "situation": situation,
                "escalation": escalation,
                "record": self._wording.record,
                "disclaimer": self._wording.disclaimer,
                "knowledge": stamp or KnowledgeStamp(),
                "composer": composer or self._composer.name,
                "timings_ms": clock.timings(),
                **(parts or {}),
            }
        )

    def message(self, outcome: Outcome, fault: str = "") -> str | None:
        """What people are told of an outcome, and a useful next step; None for an answer."""
        words = self._wording.outcomes.get(outcome.value)
        return fold(f"{words.message} {words.next.format(limit=LONGEST)} {fault}") if words else None

    def _act_now(self, screening: Screening, situation: Situation) -> tuple[str, ...]:
        if screening.urgency is not Urgency.EMERGENCY:
            return ()
        words = self._wording.act_now
        more = [words.suicide] if screening.is_about_suicide else []
        more += [words.location_leaked] if screening.is_location_leak else []
        more += [words.child] if "child" in situation.subject.values else []
        return (*words.always[:1], *more, *words.always[1:])


def _urgent_first(draft: Draft) -> Draft:
    """The draft with what to do if it is urgent at its head, whoever composed it."""
    parts = {
        part: tuple(sorted(said, key=lambda statement: statement.role is not StatementRole.IF_URGENT))
        for part, said in (("statements", draft.statements), ("plain", draft.plain))
    }
    return draft.model_copy(update=parts)


class _Clock:
    """Milliseconds by step."""

    def __init__(self) -> None:
        self._start = perf_counter()
        self._steps: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self._steps[name] = self._steps.get(name, 0.0) + (perf_counter() - start) * 1000

    def timings(self) -> dict[str, float]:
        total = (perf_counter() - self._start) * 1000
        return {name: round(value, 2) for name, value in {**self._steps, "total": total}.items()}


def as_searched(text: str) -> str:
    """A redacted text in plain words, so that labels do not look like content to the search."""
    return _LABEL.sub(lambda match: match[1].lower(), _NAME.sub("someone", text))
