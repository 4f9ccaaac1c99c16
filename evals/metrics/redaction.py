"""How much personal data the redactor finds, and how much of what it takes out is personal data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from advisor.personal_data import Redactor
from advisor.personal_data.spans import LABELS, Span
from advisor.personal_data.tokens import clean
from knowledge.models import FrozenModel


class LabelledSpan(FrozenModel):
    """One piece of personal data, as a person marked it."""

    label: str
    start: int
    end: int
    """Offsets in the text without its invisible characters."""


class LabelledSentence(FrozenModel):
    text: str
    spans: tuple[LabelledSpan, ...] = ()


class RedactionScore(FrozenModel):
    """Counts for one kind of personal data over a set of sentences.

    ``recall`` is the share of marked pieces of which no letter or digit is left outside what was found under the same
    label; ``precision`` the share of found pieces that touch a marked one of the same label. Both are ratios from 0 to
    1, higher is better, and 1 where there is nothing to count.
    """

    label: str
    marked: int
    recalled: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        return self.recalled / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


def read_sentences(path: Path) -> tuple[LabelledSentence, ...]:
    """The sentences of a JSONL file: ``{"text": ..., "spans": [{"label": ..., "start": ..., "end": ...}]}`` a line."""
    sentences = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            sentences.append(LabelledSentence.model_validate_json(line))
        except ValidationError as error:
            raise ValueError(f"{path}:{number}: not a labelled sentence. Write text and spans.") from error
    return tuple(sentences)


def score_redaction(redactor: Redactor, sentences: Iterable[LabelledSentence]) -> tuple[RedactionScore, ...]:
    """One score for each kind, in the order of the labels."""
    marked: Counter[str] = Counter()
    recalled: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for sentence in sentences:
        text = clean(sentence.text)
        spans = redactor.find(text)
        marked.update(mark.label for mark in sentence.spans)
        found.update(span.label for span in spans)
        recalled.update(mark.label for mark in sentence.spans if _is_covered(mark, spans, text))
        right.update(span.label for span in spans if _is_marked(span, sentence.spans))
    return tuple(
        RedactionScore(label=k, marked=marked[k], recalled=recalled[k], found=found[k], right=right[k]) for k in LABELS
    )


def in_all(scores: Iterable[RedactionScore], *, label: str) -> RedactionScore:
    """The counts of several kinds added up."""
    several = tuple(scores)
    return RedactionScore(
        label=label,
        marked=sum(score.marked for score in several),
        recalled=sum(score.recalled for score in several),
        found=sum(score.found for score in several),
        right=sum(score.right for score in several),
    )


def _is_covered(mark: LabelledSpan, spans: Iterable[Span], text: str) -> bool:
    left = set(range(mark.start, mark.end))
    for span in spans:
        if span.label == mark.label:
            left -= set(range(span.start, span.end))
    return not any(text[at].isalnum() for at in left)


def _is_marked(span: Span, marks: Iterable[LabelledSpan]) -> bool:
    return any(mark.label == span.label and mark.start < span.end and span.start < mark.end for mark in marks)
