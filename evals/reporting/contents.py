"""What a report holds: for each suite its figures, plots, what changed since a baseline, and the cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from evals.cases import OUTCOMES, Case
from evals.comparing import Change, Comparison, compare
from evals.intervals import Interval, of_mean
from evals.metrics.registry import metrics
from evals.reporting.browsing import Reasons, Row, browse, reasons_of
from evals.reporting.plots import Plot, bars, confusion, distribution, forest, name_of, reliability, risk_coverage
from evals.reporting.plots import Row as Bar
from evals.runs import FigureLine, Run, Stamp, Summary, read_summary

_BY_GROUP = ("source_hit", "source_recall", "key_points", "right_role", "urgency", "facets")
"""Metrics that are also shown by the sort of situation."""
_FACETS = "facets read right: "


class SuitePart(NamedTuple):
    """One suite in a report."""

    name: str
    figures: tuple[FigureLine, ...]
    plots: tuple[Plot, ...]
    groups: tuple[Plot, ...]
    """By sector, recipient and nation."""
    same: tuple[str, ...]
    """Metrics on which every case has the same value, said in a sentence each: there is nothing to plot."""
    changes: tuple[Change, ...]
    """What changed since the baseline; empty without one."""
    changed: Plot | None
    cases: tuple[Row, ...]


class Report(NamedTuple):
    stamp: Stamp
    suites: tuple[SuitePart, ...]
    comparison: Comparison | None
    before: Stamp | None
    cases: dict[str, Any]
    """What the case browser shows, as JSON: texts by number, and every case."""

    @property
    def changed(self) -> int:
        """Metrics of suites that changed since the baseline."""
        return sum(len(suite.changes) for suite in self.suites)


def make_report(run: Run, *, baseline: Path | None = None) -> Report:
    """The report of a finished run, compared with a run or a kept summary where one is named.

    Raises:
        RunError: when either is not there or not finished.
    """
    summary, cases = run.summary(), run.cases()
    before = read_summary(baseline) if baseline else None
    was: Reasons = reasons_of(baseline) if baseline else {}
    found = compare(before, summary) if before else None
    rows, data = browse(run, summary, comparison=found, before=before, was=was)
    return Report(
        stamp=summary.stamp,
        suites=tuple(_suite(name, summary, cases, rows, found) for name in summary.values),
        comparison=found,
        before=before.stamp if before else None,
        cases=data,
    )


def _suite(
    name: str,
    summary: Summary,
    cases: Mapping[tuple[str, str], Case],
    rows: Sequence[Row],
    found: Comparison | None,
) -> SuitePart:
    changes = tuple(change for change in (found.changes if found else ()) if change.suite == name and change.flips)
    values = _by_metric(summary.values[name])
    return SuitePart(
        name=name,
        figures=tuple(line for line in (*summary.figures, *summary.cost) if line.suite == name),
        plots=(*_of_figures(name, summary.figures), *_distributions(name, values)),
        groups=tuple(_by_group(name, values, cases)),
        same=tuple(_same(values)),
        changes=changes,
        changed=forest(name_of(name, "changed"), changes) if changes else None,
        cases=tuple(row for row in rows if row.suite == name),
    )


def _by_metric(values: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Metric to case to value, for the metrics there are."""
    found: dict[str, dict[str, float]] = {}
    for case, of in values.items():
        for metric, value in of.items():
            if metric in metrics():
                found.setdefault(metric, {})[case] = value
    return dict(sorted(found.items()))


def _of_figures(suite: str, figures: Sequence[FigureLine]) -> Iterator[Plot]:
    """The plots of what figures carry: calibration bins, risk-coverage points, a confusion matrix, facets."""
    facets = []
    for line in (line for line in figures if line.suite == suite):
        data: Any = line.data
        key = name_of(suite, line.name)
        if "bins" in data:
            yield reliability(key, data["bins"])
        if "points" in data:
            yield risk_coverage(key, data["points"])
        if "matrix" in data:
            yield confusion(key, metrics()[line.metric].title, _as_expected(data["matrix"]))
        if line.name.startswith(_FACETS):
            facets.append(Bar(line.name.removeprefix(_FACETS), Interval(line.value, line.low, line.high), line.n))
    if facets:
        yield bars(name_of(suite, "by facet"), "Facets read right, by facet", facets)


_EXPECTED = {outcome.value: expected.value for expected, outcome in OUTCOMES.items()}


def _as_expected(matrix: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """A matrix whose outcomes go by the words of what was expected, so that the same is called the same."""
    return {row: {_EXPECTED.get(name, name): count for name, count in of.items()} for row, of in matrix.items()}


def _distributions(suite: str, values: Mapping[str, Mapping[str, float]]) -> Iterator[Plot]:
    for metric, of in values.items():
        if len(set(of.values())) > 1:
            yield distribution(name_of(suite, "all", metric), metrics()[metric].title, list(of.values()))


def _same(values: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for metric, of in values.items():
        if len(set(of.values())) == 1:
            yield f"{metrics()[metric].title}: {next(iter(of.values())):g} in every case ({len(of)})."


def _by_group(
    suite: str, values: Mapping[str, Mapping[str, float]], cases: Mapping[tuple[str, str], Case]
) -> Iterator[Plot]:
    for metric in (name for name in _BY_GROUP if len(set(values.get(name, {}).values())) > 1):
        for title, facet in (("sector", "holder"), ("recipient", "recipient"), ("nation", "nation")):
            groups: dict[str, list[tuple[str, float]]] = {}
            for name, value in values[metric].items():
                case = cases[suite, name]
                for group in _said(case, facet):
                    groups.setdefault(group.replace("_", " "), []).append((case.cluster, value))
            if len(groups) > 1:
                yield bars(name_of(suite, metric, facet), f"{metrics()[metric].title} by {title}", _bars(groups))


def _said(case: Case, facet: str) -> tuple[str, ...]:
    """The first value that a case is labelled with, or given as an option."""
    given = {"holder": case.sector, "nation": case.nation.value if case.nation else None}.get(facet)
    labelled = (case.situation or {}).get(facet) or given or ()
    return (labelled,) if isinstance(labelled, str) else tuple(labelled)[:1]


def _bars(groups: Mapping[str, Sequence[tuple[str, float]]]) -> list[Bar]:
    return [
        Bar(name, of_mean([value for _, value in rows], clusters=[cluster for cluster, _ in rows]), len(rows))
        for name, rows in sorted(groups.items())
    ]
