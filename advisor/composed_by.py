"""What a language model did for an answer, and the one line that tells the reader."""

from __future__ import annotations

from advisor.composers.base import Draft
from advisor.grounding import Grounded
from advisor.models import ComposedBy, ModelUse, Writing
from advisor.wording import ModelWords

PLAIN = "extractive"
"""Who wrote an answer of which no sentence is a model's."""


def composed_by(
    draft: Draft, grounded: Grounded, *, reading: ModelUse | None = None, words: ModelWords
) -> ComposedBy | None:
    """What the model did; None when none was switched on."""
    if draft.use is None:
        return None
    dropped = {**grounded.reasons, **({"unreadable": draft.unreadable} if draft.unreadable else {})}
    writing = draft.use
    if writing.outcome is Writing.WRITTEN and not grounded.reworded:
        writing = writing.model_copy(update={"outcome": Writing.NOTHING_HELD})
    counts = {"shown": grounded.reworded, "dropped": sum(dropped.values())}
    said = words.outcomes[writing.outcome.value].format(**counts)
    return ComposedBy(
        composer=draft.composer if grounded.reworded else PLAIN,
        writing=writing,
        reading=reading,
        shown=grounded.reworded,
        dropped=dropped,
        sent=f"{_went(writing, reading, words)} {said}",
    )


def _went(writing: ModelUse, reading: ModelUse | None, words: ModelWords) -> str:
    lines = []
    if reading and reading.sent_to:
        lines.append(words.read.format(host=reading.sent_to, model=reading.model))
    if writing.sent_to:
        lines.append(words.sent.format(passages=writing.passages, host=writing.sent_to, model=writing.model))
    return " ".join(lines) or words.nothing_sent.format(model=writing.model)
