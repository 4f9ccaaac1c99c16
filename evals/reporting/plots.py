"""The plots of a report, each with one sentence that says it and the table of its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from evals.comparing import Change
from evals.intervals import Interval
from evals.reporting.drawing import ALERT, BAR, SOFT, draw

_BINS = 10
_TILTED: Any = {"rotation": 50, "ha": "right", "rotation_mode": "anchor"}
_ROW = 0.3
"""Inches of a row of bars."""


class Plot(NamedTuple):
    """One plot, and the same for who does not see it."""

    title: str
    svg: str
    said: str
    """What it shows in a sentence."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Its numbers as text."""


class Row(NamedTuple):
    """A bar with its 95% interval."""

    name: str
    interval: Interval
    n: int


def name_of(*parts: str) -> str:
    """An id that is unique in the page for parts that are."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def distribution(key: str, title: str, values: Sequence[float]) -> Plot:
    """How many cases have which value."""
    names, counts = _counted(values)

    def fill(axes: Axes) -> None:
        bars = axes.bar(range(len(names)), counts, color=BAR, width=0.9 if len(names) > 2 else 0.5)
        axes.bar_label(bars, labels=[str(count) if count else "" for count in counts], fontsize=9)
        axes.set_xticks(range(len(names)), names, fontsize=9, **(_TILTED if len(names) > 4 else {}))
        axes.set_ylabel("cases")
        axes.margins(y=0.15)

    said = f"{title} of {len(values)} cases: mean {np.mean(values):.3f}, median {np.median(values):.3f}."
    rows = tuple((name, str(count)) for name, count in zip(names, counts, strict=True))
    return Plot(title, draw(key, fill, said=said), said, ("value", "cases"), rows)


def _counted(values: Sequence[float]) -> tuple[list[str], list[int]]:
    """Each value when they are few, else ten bins of equal width."""
    distinct = sorted(set(values))
    if len(distinct) <= 4:
        return [f"{value:g}" for value in distinct], [list(values).count(value) for value in distinct]
    low, high = min(0.0, distinct[0]), max(1.0, distinct[-1])
    counts, edges = np.histogram(values, bins=_BINS, range=(low, high))
    names = [f"{first:.1f} to {after:.1f}" for first, after in zip(edges[:-1], edges[1:], strict=True)]
    return names, [int(count) for count in counts]


def reliability(key: str, bins: Sequence[Mapping[str, float]]) -> Plot:
    """Whether a confidence of 0.7 means 7 in 10: points on the diagonal."""
    sure, right = [each["confidence"] for each in bins], [each["right"] for each in bins]

    def fill(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=SOFT, linestyle="--", linewidth=1)
        axes.plot(sure, right, color=BAR, marker="o")
        for each in bins:
            axes.annotate(f"{each['n']:g}", (each["confidence"], each["right"]), (4, -11), textcoords="offset points")
        axes.set(xlim=(0, 1), ylim=(-0.03, 1.05), xlabel="confidence (mean of the bin)", ylabel="share right")

    said = "Confidence against the share that is right; on the dashed line they agree. Figures at points count cases."
    rows = tuple((f"{each['confidence']:.3f}", f"{each['right']:.3f}", f"{each['n']:g}") for each in bins)
    plot = draw(key, fill, said=said, height=3.4)
    return Plot("Calibration", plot, said, ("mean confidence", "share right", "cases"), rows)


def risk_coverage(key: str, points: Sequence[Sequence[float]]) -> Plot:
    """How wrong answers get rarer when only the surest are given."""
    coverage, risk = [point[0] for point in points], [point[1] for point in points]

    def fill(axes: Axes) -> None:
        axes.plot(coverage, risk, color=BAR, drawstyle="steps-post")
        axes.set(xlim=(0, 1.02), ylim=(0, max(*risk, 0.1) * 1.1), xlabel="share answered, surest first", ylabel="risk")

    said = f"Risk when only the surest are answered; {risk[-1]:.3f} when all are."
    step = max(1, len(points) // 10)
    shown = [*points[step - 1 :: step]]
    rows = tuple((f"{share:.2f}", f"{value:.3f}") for share, value in shown)
    return Plot("Risk and coverage", draw(key, fill, said=said), said, ("share answered", "risk"), rows)


def confusion(key: str, title: str, matrix: Mapping[str, Mapping[str, int]]) -> Plot:
    """What was expected against what came: how many cases of each pair."""
    came = list(dict.fromkeys([*matrix, *(name for row in matrix.values() for name in row)]))
    expected = [name for name in matrix if sum(matrix[name].values())]
    counts = np.array([[matrix[row].get(column, 0) for column in came] for row in expected])
    came = [name for name, column in zip(came, counts.T, strict=True) if column.sum() or name in expected]
    counts = np.array([[matrix[row].get(column, 0) for column in came] for row in expected])

    def fill(axes: Axes) -> None:
        edges = [np.arange(size + 1) - 0.5 for size in counts.shape]
        axes.pcolormesh(edges[1], edges[0], counts, cmap="Blues", vmin=0, vmax=max(2 * counts.max(), 1))
        axes.invert_yaxis()
        for (row, column), count in np.ndenumerate(counts):
            is_right = expected[row] == came[column]
            axes.text(column, row, str(count), ha="center", va="center", weight="bold" if is_right else "normal")
        axes.set_xticks(range(len(came)), came, **(_TILTED if len(came) > 3 else {}))
        axes.set_yticks(range(len(expected)), expected)
        axes.set(xlabel="came", ylabel="expected")

    right = sum(matrix[name].get(name, 0) for name in expected)
    said = f"{title}, expected against what came: {right} of {int(counts.sum())} the same."
    rows = tuple((row, *(str(matrix[row].get(column, 0)) for column in came)) for row in expected)
    svg = draw(key, fill, said=said, height=1.6 + _ROW * len(expected) + (0.9 if len(came) > 3 else 0))
    return Plot(f"{title}: expected and what came", svg, said, ("expected", *came), rows)


def bars(key: str, title: str, rows: Sequence[Row]) -> Plot:
    """A value with its interval for each of several."""

    def fill(axes: Axes) -> None:
        values = [row.interval.value for row in rows]
        spread = [
            [max(0.0, row.interval.value - row.interval.low) for row in rows],
            [max(0.0, row.interval.high - row.interval.value) for row in rows],
        ]
        places = range(len(rows))
        axes.barh(places, values, color=BAR, alpha=0.55, height=0.6)
        axes.errorbar(values, places, xerr=spread, fmt="none", ecolor="#1b1b1b", capsize=3)
        axes.set_yticks(places, [f"{row.name} ({row.n})" for row in rows])
        axes.invert_yaxis()
        axes.set_xlim(0, max(1.0, *(row.interval.high for row in rows)))

    said = f"{title}: mean with 95% interval for each, and how many in brackets."
    told = tuple((row.name, *_numbers(row.interval), str(row.n)) for row in rows)
    svg = draw(key, fill, said=said, height=0.7 + _ROW * len(rows))
    return Plot(title, svg, said, ("", "value", "95% interval", "n"), told)


def forest(key: str, changes: Sequence[Change]) -> Plot:
    """Paired differences of every metric that changed, turned so that right of the line is better."""

    def fill(axes: Axes) -> None:
        for place, change in enumerate(changes):
            value, low, high = change.gain
            colour = BAR if low > 0 else ALERT if high < 0 else SOFT
            spread = [[max(0.0, value - low)], [max(0.0, high - value)]]
            axes.errorbar([value], [place], xerr=spread, fmt="o", color=colour, capsize=3)
        axes.axvline(0, color=SOFT, linewidth=1)
        axes.set_yticks(range(len(changes)), [change.title for change in changes])
        axes.invert_yaxis()
        axes.margins(y=0.1)
        axes.set_xlabel("worse  -  0  -  better")

    sure = sum(change.gain.low > 0 for change in changes), sum(change.gain.high < 0 for change in changes)
    said = f"Paired differences with 95% intervals. Better for certain: {sure[0]}; worse for certain: {sure[1]}."
    rows = tuple((change.title, *_numbers(change.gain, sign="+"), str(change.n)) for change in changes)
    svg = draw(key, fill, said=said, height=0.9 + _ROW * len(changes))
    return Plot("What changed", svg, said, ("metric", "gain", "95% interval", "n"), rows)


def _numbers(interval: Interval, *, sign: str = "") -> tuple[str, str]:
    value, low, high = (f"{number:{sign}.3f}" for number in interval)
    return value, f"{low} to {high}"
