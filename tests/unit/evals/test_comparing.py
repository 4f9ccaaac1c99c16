"""Two runs are compared case by case, and a gate gives its reasons."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from evals.comparing import Change, compare
from evals.errors import GateError
from evals.gating import GATE, Thresholds, load_thresholds, reasons
from evals.runs import FigureLine, KnowledgeSeen, Stamp, SuiteStamp, Summary

Values = dict[str, dict[str, float]]


def summary(values: Values, *, figures: tuple[FigureLine, ...] = (), **stamp: Any) -> Summary:
    return Summary(
        stamp=Stamp(
            **{
                "inputs": "i",
                "part": "dev",
                "suites": {"core": SuiteStamp(digest="s", cases=len(values))},
                "code": "c",
                "knowledge": KnowledgeSeen(digest="k", documents=6),
                "settings": {},
                "packages": {},
                "python": "3.11",
                "seed": 1,
                "today": date(2026, 11, 22),
                "revision": "r",
                "started": datetime(2026, 11, 22, tzinfo=UTC),
                **stamp,
            }
        ),
        figures=figures,
        values={"core": values},
    )


def hits(*values: float, metric: str = "source_hit") -> Values:
    return {f"C{number}": {metric: value} for number, value in enumerate(values)}


def the_change(before: Values, after: Values) -> Change:
    (change,) = compare(summary(before), summary(after)).changes
    return change


def test_a_comparison_names_what_got_better_and_worse_and_how_sure_that_is() -> None:
    change = the_change(hits(0, 0, 0, 1, 1, 1), hits(1, 1, 0, 1, 1, 0))
    assert (change.before, round(change.after, 3), change.n) == (0.5, 0.667, 6)
    assert (change.improved, change.worsened, change.p) == (2, 1, 1.0)
    assert [(flip.case, flip.gain) for flip in change.flips] == [("C5", -1.0), ("C0", 1.0), ("C1", 1.0)]
    assert change.difference.low < 0 < change.difference.high


def test_where_lower_is_better_a_rise_is_worse() -> None:
    change = the_change(hits(0, 0, metric="verdict_rate"), hits(0, 1, metric="verdict_rate"))
    assert (change.improved, change.worsened, change.gain.value) == (0, 1, -0.5)


def test_graded_values_have_no_mcnemar() -> None:
    assert the_change(hits(0.5, metric="source_recall"), hits(0.6, metric="source_recall")).p is None


def test_cases_that_only_one_run_has_are_counted_and_left_out() -> None:
    found = compare(summary(hits(1, 1, 1)), summary(hits(1, 1)))
    assert (found.only_before, found.only_after, found.changes[0].n) == (1, 0, 2)


def test_what_besides_the_results_differs_is_said() -> None:
    other = summary(
        hits(1), code="d", knowledge=KnowledgeSeen(digest="l", documents=7), settings={"model": "m"}, part="test"
    )
    assert compare(summary(hits(1)), other).differs == (
        "the part (dev and test)",
        "the knowledge base (6 and 7 documents)",
        "the code (r and r)",
        "the settings",
    )


def a_figure(name: str, value: float, low: float, *, suite: str = "core") -> FigureLine:
    return FigureLine(suite=suite, metric="m", name=name, value=value, low=low, high=1.0, n=10, better="higher")


def gated(*rules: dict[str, Any]) -> Thresholds:
    return Thresholds.model_validate({"rules": rules})


def test_a_figure_beyond_its_bound_is_a_reason() -> None:
    made = summary({}, figures=(a_figure("recall", 0.8, 0.7), a_figure("recall", 0.9, 0.85, suite="other")))
    assert reasons(made, gated({"suite": "*", "figure": "recall", "at_least": 0.85})) == [
        "core: recall is 0.800 (n = 10); must be at least 0.85"
    ]
    assert reasons(made, gated({"suite": "core", "figure": "recall", "at_most": 0.5})) == [
        "core: recall is 0.800 (n = 10); must be at most 0.5"
    ]
    assert reasons(made, gated({"suite": "other", "figure": "recall", "at_least": 0.87, "of": "low"})) == [
        "other: recall is 0.850, low end of its interval (n = 10); must be at least 0.87"
    ]
    assert reasons(made, gated({"suite": "*", "figure": "recall", "at_least": 0.8})) == []


def test_a_rule_that_fits_nothing_is_a_reason() -> None:
    made = summary({}, figures=(a_figure("recall", 1.0, 1.0),))
    assert reasons(made, gated({"suite": "core", "figure": "recal", "at_least": 0.5})) == [
        "core: there is no figure 'recal'; a gate on nothing would pass always"
    ]


def test_getting_worse_than_the_baseline_for_certain_is_a_reason() -> None:
    rules = gated({"suite": "core", "figure": "recall", "at_least": 0})
    figures = (a_figure("recall", 1.0, 1.0),)
    before, after = summary(hits(*[1.0] * 20)), summary(hits(*[0.0] * 10, *[1.0] * 10), figures=figures)
    (reason,) = reasons(after, rules, baseline=before)
    assert reason.startswith("core: Source hit@k went from 1.000 to 0.500 [-0.7")
    assert reason.endswith("(n = 20); first: C0, C1, C2")
    assert reasons(summary(hits(0.0, *[1.0] * 19), figures=figures), rules, baseline=before) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules: []\n", "rules: Tuple should have at least 1 item"),
        ("rules: [{suite: core, figure: f}]\n", "give at_least or at_most, one of them"),
        ("rules: [{suite: core, figure: f, at_least: 1, at_most: 1}]\n", "give at_least or at_most, one of them"),
        ("rules: [", "not valid YAML"),
        ("rules: [{suite: core, figur: f, at_least: 1}]\n", "rules.0.figur: Extra inputs"),
    ],
)
def test_thresholds_that_cannot_be_used_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gate.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GateError) as caught:
        load_thresholds(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_the_projects_own_gate_keeps_its_promises_without_tolerance() -> None:
    bounds = {(rule.suite, rule.figure): (rule.at_least, rule.at_most) for rule in load_thresholds(GATE).rules}
    assert bounds["*", "verdict rate"] == (None, 0)
    assert bounds["*", "escalation rate"] == (1, None)
    assert bounds["*", "quote fidelity"] == (1, None)
    assert bounds["personal-data", "leakage rate, structured kinds"] == (None, 0)
