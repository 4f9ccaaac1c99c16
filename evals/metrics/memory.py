"""Memory: the largest resident memory, in megabytes, of a process that asked the cases of a run.

One value a run, lower is better; unit: megabytes; it has no spread, so the interval is the value. It differs between
machines and is never part of a baseline's values. Source: ``ru_maxrss`` of getrusage(2).
"""

from __future__ import annotations

import resource
import sys

from evals.intervals import Interval
from evals.metrics.base import Figure, figure

_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts."""


def peak_mb() -> float:
    """The most that this process has held so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e6, 1)


def figures(peak: float | None) -> list[Figure]:
    return [] if peak is None else [figure("memory", "peak memory, MB", Interval(peak, peak, peak), n=1)]
