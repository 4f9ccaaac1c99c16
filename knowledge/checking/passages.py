"""Passages of different documents that say nearly the same, found without a model.

A passage is the set of its runs of three words, folded; two are near when they share at least three fifths of all the
runs that either has (Jaccard). Only pairs that share one of their rarest runs are compared: a pair as near as that must
(prefix filtering: Chaudhuri, Ganti and Kaushik 2006), so the time grows with the text and not with its square.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge.checking.findings import Finding, Level
from knowledge.models import Bullet, Document
from knowledge.phrases import read_words

NEAR = 0.6
"""Share of three-word runs from which two passages are nearly the same.

One word changed in the middle of a passage of 25 words leaves 0.77. Of our 2,672 passages (2026-11-22) 11 are as near
as this to another document's, each the same statement; at 0.5 it is 21, some of them particular to their place.
"""
FEWEST_WORDS = 8
"""Shorter passages are alike by nature."""
_RUN = 3

_Runs = frozenset[tuple[str, ...]]


class _Passage(NamedTuple):
    document: Document
    bullet: Bullet
    runs: _Runs


def near_duplicates(documents: Sequence[Document]) -> list[Finding]:
    """Advice for each two documents that share passages, at the first such passage of the later one."""
    shared: dict[tuple[str, str], list[tuple[_Passage, _Passage]]] = defaultdict(list)
    for passage, earlier in _pairs(list(_passages(documents))):
        shared[passage.document.path, earlier.document.path].append((passage, earlier))
    return [_finding(pairs) for pairs in shared.values()]


def _finding(pairs: Sequence[tuple[_Passage, _Passage]]) -> Finding:
    first, other = pairs[0]
    here = ", ".join(str(passage.bullet.line) for passage, _ in pairs)
    there = ("line " if len(pairs) == 1 else "lines ") + ", ".join(str(earlier.bullet.line) for _, earlier in pairs)
    lines = "" if len(pairs) == 1 else f" (lines {here})"
    message = (
        f"nearly the same as {other.document.id!r}, {there}{lines}: "
        "keep it in one of the two, or say what is particular here"
    )
    return Finding(level=Level.ADVICE, path=first.document.path, line=first.bullet.line, message=message)


def _passages(documents: Sequence[Document]) -> Iterator[_Passage]:
    for document in documents:
        for bullet in document.bullets():
            words = [word.folded for word in read_words(bullet.text)]
            if len(words) >= FEWEST_WORDS:
                runs = frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
                yield _Passage(document, bullet, runs)


def _pairs(passages: Sequence[_Passage]) -> Iterator[tuple[_Passage, _Passage]]:
    """Each passage that is near an earlier one of another document, with the first such; a copy is not compared on."""
    frequency = Counter(run for passage in passages for run in passage.runs)
    holding: dict[tuple[str, ...], list[_Passage]] = defaultdict(list)
    for passage in passages:
        rarest = sorted(passage.runs, key=lambda run: (frequency[run], run))
        telling = rarest[: len(rarest) - math.ceil(NEAR * len(rarest)) + 1]
        earlier = next(
            (
                other
                for run in telling
                for other in holding[run]
                if other.document is not passage.document and _likeness(passage.runs, other.runs) >= NEAR
            ),
            None,
        )
        if earlier:
            yield passage, earlier
            continue
        for run in telling:
            holding[run].append(passage)


def _likeness(one: _Runs, other: _Runs) -> float:
    return len(one & other) / len(one | other)
