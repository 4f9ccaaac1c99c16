"""Counts as bar charts: the one place that uses matplotlib. Each stands for a table that is shown beside it."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

_BARS = ("#0b4f8a", "#c25e00", "#5b5b5b", "#00703c")
"""Dark enough on white (3:1 and more) and told apart by people who see colours differently; a pattern helps."""
_PATTERNS = ("", "///", "...", "xxx")


def bars(names: Sequence[str], series: dict[str, Sequence[int]], *, unit: str) -> str:
    """Horizontal bars as an SVG in a data URI; several series are stacked. The first name is at the top."""
    with mpl.rc_context(
        {"svg.fonttype": "path", "svg.hashsalt": "can-i-share", "font.size": 11, "hatch.linewidth": 0.6}
    ):
        figure = Figure(figsize=(8, 1.2 + 0.4 * len(names)), layout="constrained")
        axes = figure.subplots()
        start = [0] * len(names)
        for number, (label, counts) in enumerate(series.items()):
            colour, pattern = _BARS[number % 4], _PATTERNS[number % 4]
            axes.barh(
                range(len(names)), counts, left=start, label=label, color=colour, hatch=pattern, edgecolor="white"
            )
            start = [before + count for before, count in zip(start, counts, strict=True)]
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        axes.set_xlabel(unit)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines[["top", "right"]].set_visible(False)
        if len(series) > 1:
            figure.legend(loc="outside lower center", ncols=2, frameon=False)
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(out.getvalue()).decode()}"
