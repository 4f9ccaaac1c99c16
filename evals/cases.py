"""The one shape of every case and suite: what is asked, and what a good answer to it needs.

A field that is left out is not judged: a case without ``urgency`` has no part in how well urgency is heard.
``advisor eval schema`` prints this as a JSON Schema for editors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from advisor.models import Situation, Urgency
from advisor.outcomes import Outcome
from advisor.personal_data.spans import LABELS
from knowledge.models import FrozenModel, Nation


class Part(StrEnum):
    """Which half of a suite: everything is tuned on ``dev``, and each look at ``test`` is logged."""

    DEV = "dev"
    TEST = "test"


class Expected(StrEnum):
    """How a question should end."""

    ANSWERED = "answered"
    OFF_TOPIC = "off_topic"
    OTHER_COUNTRY = "other_country"
    OTHER_LANGUAGE = "other_language"
    DRAFTING_REQUEST = "drafting_request"
    INSTRUCTION_ATTEMPT = "instruction_attempt"
    TOO_VAGUE = "too_vague"
    NO_GUIDANCE = "no_guidance"


OUTCOMES: Mapping[Expected, Outcome] = {
    Expected.ANSWERED: Outcome.ANSWERED,
    Expected.OFF_TOPIC: Outcome.NOT_ABOUT_SHARING,
    Expected.OTHER_COUNTRY: Outcome.OTHER_COUNTRY,
    Expected.OTHER_LANGUAGE: Outcome.OTHER_LANGUAGE,
    Expected.DRAFTING_REQUEST: Outcome.DRAFTING_REQUEST,
    Expected.INSTRUCTION_ATTEMPT: Outcome.INSTRUCTION_ATTEMPT,
    Expected.TOO_VAGUE: Outcome.TOO_VAGUE,
    Expected.NO_GUIDANCE: Outcome.NO_GUIDANCE,
}
"""The outcome of the advisor that each expectation asks for."""


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_compiles)]
"""A regular expression; case is ignored."""
Words = Annotated[str, Field(min_length=1)]


class Point(FrozenModel):
    """One thing a good answer says."""

    text: Words
    any_of: tuple[Pattern, ...] = Field(min_length=1)
    """The point is made when any of these is found in what the answer states."""


class Marked(FrozenModel):
    """One piece of made-up personal data in a question."""

    kind: str
    """A label of the redactor, such as ``NAME`` or ``NHS NUMBER``."""
    text: Words
    start: int = Field(ge=0)
    """Offset in the question without its invisible characters."""

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.kind not in LABELS:
            raise ValueError(f"unknown kind {self.kind!r}: use one of {', '.join(LABELS)}")
        return self


class Case(FrozenModel):
    """A question and what its answer is judged by."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    split: Part = Part.DEV
    """``dev`` or ``test``."""
    question: str
    earlier: tuple[str, ...] = ()
    """Earlier turns of the same conversation, oldest first."""
    nation: Nation | None = None
    """Given as an option, as an organisation's profile would."""
    sector: str | None = None
    """A value of the ``holder`` facet, given in the same way."""
    without: tuple[str, ...] = ()
    """Documents that are taken out of the knowledge base for this question."""
    planted: tuple[Words, ...] = ()
    """Bullets of a document that somebody slipped into the knowledge base, found first for this question."""
    provenance: str | None = None
    """The public situation it was written from."""
    kind: str | None = None
    """Which sort of case it is within its suite; figures are also given by kind."""
    group: str | None = None
    """Cases of one group are wordings of one question: their answers should agree, and they are resampled together."""
    wording: str | None = None
    """How this wording differs from the first of its group."""

    expected: Expected | None = None
    urgency: Urgency | None = None
    sources: tuple[str, ...] = ()
    """Ids of the documents a good answer cites, most important first."""
    acceptable: tuple[str, ...] = ()
    """Ids of further documents that would also be right."""
    points: tuple[Point, ...] = ()
    trap: str | None = None
    """What a bad answer says."""
    trap_any_of: tuple[Pattern, ...] = ()
    """The answer walks into the trap when any of these is found in what it states."""
    role: tuple[str, ...] = ()
    """Roles of whom any is right to name."""
    ask_back: tuple[str, ...] | None = None
    """Facets that should be asked back; an empty list is a question that needs none."""
    situation: dict[str, str | tuple[str, ...]] | None = None
    """Facet to the value that the words settle; of several values any is right. A facet left out is not settled."""
    spans: tuple[Marked, ...] | None = None
    """Personal data in the question; an empty list is a question that holds none."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        unknown = {*(self.situation or ()), *(self.ask_back or ())} - set(Situation.model_fields)
        if unknown:
            raise ValueError(f"unknown facet {sorted(unknown)[0]!r}: use one of {', '.join(Situation.model_fields)}")
        both = set(self.sources) & set(self.acceptable)
        if both:
            raise ValueError(f"{sorted(both)[0]!r} is both needed and merely acceptable: keep one")
        for mark in self.spans or ():
            if self.question[mark.start : mark.start + len(mark.text)] != mark.text and self.question.isascii():
                raise ValueError(f"the {mark.kind} at {mark.start} is not there: mend its start or text")
        return self

    @property
    def cluster(self) -> str:
        """What is resampled as one when an interval is made."""
        return self.group or self.id


class Suite(FrozenModel):
    """Cases that test one thing."""

    suite: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """Its name."""
    description: str = ""
    cases: tuple[Case, ...]

    def part(self, part: Part | None) -> tuple[Case, ...]:
        """The cases of one part, or all."""
        return tuple(case for case in self.cases if part is None or case.split is part)
