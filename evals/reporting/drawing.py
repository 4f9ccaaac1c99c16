"""Draws with matplotlib into SVG that can stand inside a page: no global state, no ids twice, nothing fetched."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, BAR, SOFT, ALERT = "#1b1b1b", "#0b4f8a", "#767676", "#b10e1e"
"""Each has a contrast of at least 4.5 to 1 on white."""
_STYLE: Any = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
}
_WIDTH = 4.6
"""Inches at 72 dots: about what a phone shows without shrinking the letters."""


def draw(name: str, fill: Callable[[Axes], None], *, said: str, height: float = 2.6) -> str:
    """An ``<svg>`` of what ``fill`` draws; ``said`` is read out in its place, ``name`` is unique in the page."""
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        axes = figure.subplots()
        fill(axes)
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inlined(text.getvalue(), name, said)


def _inlined(document: str, name: str, said: str) -> str:
    """The ``<svg>`` alone, with its ids made the page's own, its style taken out and its label put in."""
    svg = document[document.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: sans-serif", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    box = re.search(r'viewBox="[^"]*"', svg)
    assert box, "matplotlib gives every SVG a viewBox"
    opening = f'<svg role="img" aria-label="{escape(said)}" {box[0]} xmlns:xlink="http://www.w3.org/1999/xlink">'
    return re.sub(r"<svg[^>]*>", lambda _: opening, svg, count=1)
