"""Redaction: how much personal data the redactor finds, and how much of what it takes out is personal data.

Each value is the share of a case's marked pieces that are found whole under their own label, 0 to 1, higher is
better; a case without any is 1 when nothing is found, else 0. Unit: pieces; recall and precision are pooled by kind,
for all structured kinds (all but names) together, and for all. Source: span recall and precision, as in Presidio's
evaluator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from advisor.personal_data import Redactor
from advisor.personal_data.spans import LABELS, NAME, Span
from advisor.personal_data.tokens import clean
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, listed, pooled
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


def score(asked: Asked) -> Score | None:
    marked, seen = asked.case.spans, asked.record.spans
    if marked is None or seen is None:
        return None
    text = clean(asked.case.question)
    marks = [LabelledSpan(label=mark.kind, start=mark.start, end=mark.start + len(mark.text)) for mark in marked]
    found = [Span(start=span.start, end=span.end, label=span.label) for span in seen]
    missed = [mark.label for mark in marks if not _is_covered(mark, found, text)]
    wrong = [span.label for span in found if not _is_marked(span, marks)]
    data: Counter[str] = Counter()
    for label, field in [
        *((mark.label, "marked") for mark in marks),
        *((mark.label, "recalled") for mark in marks if _is_covered(mark, found, text)),
        *((span.label, "found") for span in found),
        *((span.label, "right") for span in found if _is_marked(span, marks)),
    ]:
        for group in (label, _STRUCTURED if label != NAME else "", _ALL):
            data[f"{group} {field}"] += 1
    value = 1 - len(missed) / len(marks) if marks else float(not found)
    why = f"missed: {listed(missed)}; taken out wrongly: {listed(wrong)}" if missed or wrong else ""
    return Score(value=round(value, 6), why=why, data={**data})


_STRUCTURED, _ALL = "structured kinds", "all kinds"


def figures(scored: Sequence[Scored]) -> list[Figure]:
    made: list[Figure] = []
    for kind in (*LABELS, _STRUCTURED, _ALL):
        made += pooled("redaction", f"redaction recall: {kind}", scored, of=(f"{kind} recalled", f"{kind} marked"))
        made += pooled("redaction", f"redaction precision: {kind}", scored, of=(f"{kind} right", f"{kind} found"))
    return made


METRIC = Metric("redaction", "Redaction", "pieces of personal data", "higher", score, figures)
