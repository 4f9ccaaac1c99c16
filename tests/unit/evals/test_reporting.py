"""The plots and the case browser of a report: every number is there as text, and the page's ids are its own."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from evals.comparing import Change
from evals.intervals import Interval
from evals.reporting.plots import Plot, Row, bars, confusion, distribution, forest, reliability, risk_coverage

BINS = [{"confidence": 0.31, "right": 0.25, "n": 4}, {"confidence": 0.78, "right": 1.0, "n": 6}]
CHANGE = Change(
    suite="core",
    metric="trap_rate",
    title="Trap rate",
    better="lower",
    before=0.5,
    after=0.25,
    difference=Interval(-0.25, -0.5, -0.1),
    n=8,
    p=0.5,
    flips=(),
)
PLOTS = [
    distribution("a", "Key points", [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    distribution("b", "Outcome", [0.0, 1.0, 1.0]),
    reliability("c", BINS),
    risk_coverage("d", [[0.5, 0.0], [1.0, 0.5]]),
    confusion("e", "Urgency", {"routine": {"routine": 3, "prompt": 1}, "prompt": {"routine": 0, "prompt": 2}}),
    bars("f", "By sector", [Row("health", Interval(0.5, 0.4, 0.6), 7), Row("housing", Interval(0.9, 0.8, 1.0), 3)]),
    forest("g", [CHANGE]),
]


@pytest.mark.parametrize("plot", PLOTS, ids=[plot.title for plot in PLOTS])
def test_a_plot_is_an_svg_that_says_what_it_shows_and_asks_nothing_of_the_network(plot: Plot) -> None:
    svg = ElementTree.fromstring(plot.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == plot.said
    links = [value for each in svg.iter() for name, value in each.items() if name.endswith(("href", "src"))]
    assert all(link.startswith("#") for link in links)
    assert "@import" not in plot.svg
    assert "url(http" not in plot.svg


def test_no_id_is_twice_in_a_page_of_all_plots_and_every_reference_is_met() -> None:
    page = "".join(plot.svg for plot in PLOTS)
    ids = re.findall(r'\bid="([^"]+)"', page)
    used = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page)
    assert len(ids) == len(set(ids)) > 0
    assert {first or second for first, second in used} <= set(ids)


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert reliability("c", BINS).svg == PLOTS[2].svg


def test_few_values_are_counted_each_and_many_in_ten_bins() -> None:
    assert PLOTS[1].rows == (("0", "1"), ("1", "2"))
    many = PLOTS[0].rows
    assert len(many) == 10
    assert (many[0], many[-1]) == (("0.0 to 0.1", "1"), ("0.9 to 1.0", "1"))
    assert sum(int(count) for _, count in many) == 6


def test_the_numbers_of_a_curve_are_beside_it() -> None:
    assert PLOTS[2].rows == (("0.310", "0.250", "4"), ("0.780", "1.000", "6"))
    assert PLOTS[3].rows == (("0.50", "0.000"), ("1.00", "0.500"))


def test_a_confusion_matrix_counts_what_is_the_same() -> None:
    assert PLOTS[4].said == "Urgency, expected against what came: 5 of 6 the same."
    assert PLOTS[4].rows == (("routine", "3", "1"), ("prompt", "0", "2"))


def test_a_lower_value_is_a_gain_where_lower_is_better() -> None:
    assert PLOTS[6].said == "Paired differences with 95% intervals. Better for certain: 1; worse for certain: 0."
    assert PLOTS[6].rows == (("Trap rate", "+0.250", "+0.100 to +0.500", "8"),)
