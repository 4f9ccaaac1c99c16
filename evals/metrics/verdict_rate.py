"""Verdict rate: how often anything shown rules on the asker's own case, plainly or by the way.

Each value is 0 or 1, lower is better, 0 is required; unit: answers; mean over cases. Everything shown is read, quotes
included; only the asker's own words and the fixed emergency text are left out. A verdict is what the advisor's own
guard calls one, or a match of ``verdicts.yaml`` beside this file, which is written apart from that guard and also
holds indirect verdicts ("go ahead"), marks and scores, and other languages. Source: the answer contract.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import yaml

from advisor.grounding import gives_verdict
from advisor.models import fold
from advisor.wording import load_wording
from evals.metrics.base import Asked, Figure, Metric, Score, Scored, mean
from evals.metrics.shown import shown

PATTERNS = Path(__file__).parent / "verdicts.yaml"


def score(asked: Asked) -> Score:
    found = next(((where, said) for where, text in shown(asked.answer) if (said := verdict(text))), None)
    return Score(value=float(bool(found)), why=f"{found[0]} says {found[1]!r}" if found else "")


@lru_cache(maxsize=50_000)
def verdict(text: str) -> str:
    """The words of a text that are a verdict; empty when there are none."""
    plain = fold(text).replace("\u2019", "'")
    for pattern in _patterns():
        match = pattern.search(plain)
        if match:
            return match[0]
    return plain if gives_verdict(text, wording=load_wording()) else ""


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    kinds = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))
    return tuple(re.compile(pattern, re.IGNORECASE) for patterns in kinds.values() for pattern in patterns)


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return mean("verdict_rate", scored, name="verdict rate", by_kind=True)


METRIC = Metric("verdict_rate", "Verdict rate", "answers", "lower", score, figures, passes=0.0, is_binary=True)
