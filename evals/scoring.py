"""Scores what a run holds, and makes its figures; nothing is asked again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from evals.cases import Case
from evals.errors import RunError
from evals.metrics import memory
from evals.metrics.base import Asked, Figure, Metric, Scored
from evals.metrics.registry import metrics
from evals.runs import (
    SCORES,
    SUMMARY,
    CaseScores,
    FigureLine,
    Record,
    Run,
    ScoreLine,
    Stamp,
    Summary,
    Timing,
    write_model,
    write_models,
)

Key = tuple[str, str]
ScoredBy = Mapping[str, Sequence[Scored]]
"""Metric to the scored cases of one suite."""


def score_run(run: Run) -> Summary:
    """Writes ``scores.jsonl`` and ``summary.json`` of a run and gives the summary.

    Raises:
        RunError: when it was not finished.
    """
    stamp = run.stamp
    if stamp.finished is None:
        raise RunError(f"{run.folder} was not finished. Run it again with the same --out to continue.")
    asked = list(asked_of(run.cases(), run.records(), run.timings()))
    scored = score_suites(asked)
    summary = summarise(asked, scored, stamp=stamp)
    write_models(run.folder / SCORES, _lines_of(asked, scored))
    write_model(run.folder / SUMMARY, summary)
    return summary


def score_suites(asked: Sequence[Asked]) -> dict[str, dict[str, list[Scored]]]:
    """Suite and metric to the scored cases."""
    suites: dict[str, list[Asked]] = {}
    for each in asked:
        suites.setdefault(each.record.suite, []).append(each)
    return {suite: score_each(of, metrics().values()) for suite, of in suites.items()}


def asked_of(
    cases: Mapping[Key, Case], records: Mapping[Key, Record], timings: Mapping[Key, Timing]
) -> Iterable[Asked]:
    """Every case with what came of it and of the other wordings of its group, in the order of the cases."""
    groups: dict[Key, list[Record]] = {}
    for (suite, name), case in cases.items():
        if case.group:
            groups.setdefault((suite, case.group), []).append(records[suite, name])
    for key, case in cases.items():
        group = tuple(groups.get((key[0], case.group or ""), ()))
        yield Asked(case, records[key], timings.get(key), group)


def _lines_of(asked: Sequence[Asked], scored: Mapping[str, ScoredBy]) -> Iterable[CaseScores]:
    found: dict[Key, dict[str, ScoreLine]] = {}
    for suite, name, metric in _steady(scored):
        for each in metric:
            line = ScoreLine(**each.score.model_dump())
            found.setdefault((suite, each.case.id), {})[name] = line
    for one in asked:
        key = (one.record.suite, one.case.id)
        yield CaseScores(suite=key[0], case=key[1], scores=found.get(key, {}))


def _steady(scored: Mapping[str, ScoredBy]) -> Iterable[tuple[str, str, Sequence[Scored]]]:
    """Suite, metric and scored cases of the metrics that are the same for the same inputs."""
    for suite, of in scored.items():
        for name, each in of.items():
            if not metrics()[name].varies:
                yield suite, name, each


def summarise(asked: Sequence[Asked], scored: Mapping[str, ScoredBy], *, stamp: Stamp) -> Summary:
    """The figures and values of scored cases."""
    lines = [
        (metric.varies, _line(suite, figure, metric))
        for suite, of in scored.items()
        for name, metric in metrics().items()
        for figure in metric.figures(of.get(name, []))
        if not math.isnan(figure.value)
    ]
    memories = [
        FigureLine(suite="all", **{**each.model_dump(), "better": "lower"})
        for each in memory.figures(stamp.peak_memory_mb)
    ]
    values: dict[str, dict[str, dict[str, float]]] = {suite: {} for suite in scored}
    for suite, name, each in _steady(scored):
        for one in each:
            values[suite].setdefault(one.case.id, {})[name] = one.score.value
    groups: dict[str, dict[str, str]] = {}
    for one_asked in asked:
        if one_asked.case.group:
            groups.setdefault(one_asked.record.suite, {})[one_asked.case.id] = one_asked.case.group
    return Summary(
        stamp=stamp,
        figures=tuple(line for varies, line in lines if not varies),
        cost=(*(line for varies, line in lines if varies), *memories),
        values=values,
        clusters=groups,
    )


def lines_of_case(asked: Asked) -> dict[str, ScoreLine]:
    """Metric to its word on one case, for those that are the same for the same inputs."""
    steady = [metric for metric in metrics().values() if not metric.varies]
    return {name: ScoreLine(**each[0].score.model_dump()) for name, each in score_each([asked], steady).items() if each}


def score_each(asked: Sequence[Asked], by: Iterable[Metric]) -> dict[str, list[Scored]]:
    """Metric to every case it has a word on."""
    return {metric.name: [Scored(each.case, score) for each in asked if (score := metric.score(each))] for metric in by}


def _line(suite: str, figure: Figure, metric: Metric) -> FigureLine:
    return FigureLine(suite=suite, **{**figure.model_dump(), "better": figure.better or metric.better})
