"""Trap rate: how often an answer says what a bad answer to the case says.

Each value is 0 or 1, lower is better; unit: cases that give patterns for their trap; mean over cases. A pattern
counts anywhere in what the answer states, unless one of the four words before it denies it ("does not mean you must
..."). Source: forbidden-statement rate, as in promptfoo's ``not-contains`` checks; the denial guard is ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, mean
from evals.metrics.shown import stated

_DENIED = re.compile(r"\b(?:not|no|never|nor|cannot|without|unless|only|\w+n't)\b", re.IGNORECASE)


def score(asked: Asked) -> Score | None:
    if not asked.case.trap_any_of:
        return None
    said = stated(asked.answer)
    found = next((hit for pattern in asked.case.trap_any_of if (hit := trapped(said, pattern))), "")
    return Score(value=float(bool(found)), why=f"says {found!r}; the trap: {asked.case.trap}" if found else "")


def trapped(said: str, pattern: str) -> str:
    """The first words that match and are not denied just before; empty when there are none."""
    for match in re.finditer(pattern, said, re.IGNORECASE):
        before = " ".join(said[: match.start()].split()[-4:])
        if not _DENIED.search(before):
            return match[0]
    return ""


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return mean("trap_rate", scored, name="trap rate")


METRIC = Metric("trap_rate", "Trap rate", "cases with a trap", "lower", score, figures, passes=0.0, is_binary=True)
