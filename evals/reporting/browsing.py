"""The cases of a run as the page's browser shows them: expected beside answered, and the word of every metric.

An answer quotes the same bullets as many others, so texts are kept once and named by number: a run of 800 cases
would otherwise make a page of 20 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from advisor.models import Answer
from evals.cases import Case
from evals.comparing import Comparison
from evals.errors import RunError
from evals.failing import failures
from evals.metrics.base import cited
from evals.metrics.registry import metrics
from evals.metrics.shown import stated
from evals.runs import CaseScores, Record, Run, Summary

Reasons = Mapping[tuple[str, str, str], str]
"""Suite, case and metric to why it had its value."""


class Row(NamedTuple):
    """One case in the list."""

    number: int
    """Its place in the data."""
    suite: str
    name: str
    question: str
    failed: bool
    worse: bool
    better: bool


class Said(NamedTuple):
    """One thing that was expected, and what came of it."""

    label: str
    text: str
    came: str
    """``yes``, ``no`` or nothing where that cannot be said."""


def reasons_of(path: Path) -> Reasons:
    """Why each case of a run had its values; a kept summary does not say."""
    if not path.is_dir():
        return {}
    scores = Run(path).scores()
    return {(*key, metric): line.why for key, each in scores.items() for metric, line in each.scores.items()}


def browse(
    run: Run, summary: Summary, *, comparison: Comparison | None, before: Summary | None, was: Reasons
) -> tuple[list[Row], dict[str, Any]]:
    """The rows of the list, and what each opens into as JSON.

    Raises:
        RunError: when the folder lacks an answer or a score that its summary speaks of.
    """
    gains = _gains(comparison)
    texts, rows, bodies = _Texts(), [], []
    records, scores = run.records(), run.scores()
    for number, ((suite, name), case) in enumerate(run.cases().items()):
        if (suite, name) not in records or (suite, name) not in scores:
            raise RunError(f'{run.folder} has no answer or score of {name}. Run "advisor eval run" with its folder.')
        record, of = records[suite, name], scores[suite, name]
        changed = gains.get((suite, name), set())
        rows.append(Row(number, suite, name, case.question, bool(failures(of.scores)), -1 in changed, 1 in changed))
        old = before.values.get(suite, {}).get(name, {}) if before else {}
        bodies.append(
            {
                "question": texts.number(case.question),
                "given": list(_given(case)),
                "expected": [[said.label, texts.number(said.text), said.came] for said in _expected(case, record)],
                "answer": _answer(record, texts),
                "scores": list(_scores(of, old, was, texts)),
            }
        )
    return rows, {"texts": texts.every, "cases": bodies}


class _Texts:
    """Texts by number, each once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    @property
    def every(self) -> list[str]:
        return list(self._numbers)


def _gains(comparison: Comparison | None) -> dict[tuple[str, str], set[int]]:
    """Suite and case to 1 where some value got better and -1 where one got worse."""
    found: dict[tuple[str, str], set[int]] = {}
    for change in comparison.changes if comparison else ():
        for flip in change.flips:
            found.setdefault((flip.suite, flip.case), set()).add(1 if flip.gain > 0 else -1)
    return found


def _given(case: Case) -> Iterator[str]:
    """How it was asked beside its words."""
    if case.nation:
        yield f"nation given: {case.nation.value}"
    if case.sector:
        yield f"sector given: {case.sector}"
    yield from (f"said before: {turn}" for turn in case.earlier)
    if case.without:
        yield f"taken out of the knowledge base: {', '.join(case.without)}"
    yield from (f"slipped into the knowledge base: {text}" for text in case.planted)
    if case.kind:
        yield f"kind: {case.kind}"
    if case.provenance:
        yield f"written from: {case.provenance}"


def _expected(case: Case, record: Record) -> Iterator[Said]:
    answer = record.answer
    if case.expected:
        yield Said("ends", f"{case.expected.value}; ended {answer.outcome.value}", "")
    if case.urgency:
        came = _came(case.urgency is answer.urgency)
        yield Said("urgency", f"{case.urgency.value}; heard {answer.urgency.value}", came)
    yield from _sources(case, record)
    said = stated(answer)
    for point in case.points:
        is_made = any(re.search(pattern, said, re.IGNORECASE) for pattern in point.any_of)
        yield Said("key point", point.text, _came(is_made))
    if case.trap:
        yield Said("trap", case.trap, "")
    if case.role:
        yield Said("role, any of", ", ".join(case.role), _came(bool({*case.role} & {*answer.escalation.roles})))
    for facet in case.ask_back or ():
        yield Said("asks back", facet, _came(facet in {each.facet for each in answer.to_settle}))
    for facet, wanted in (case.situation or {}).items():
        value = answer.situation.reading(facet).value
        wanted = (wanted,) if isinstance(wanted, str) else wanted
        yield Said(f"situation: {facet}", f"{' or '.join(wanted)}; read {value or 'nothing'}", _came(value in wanted))
    for mark in case.spans or ():
        yield Said("personal data", f"{mark.kind}: {mark.text}", "")


def _sources(case: Case, record: Record) -> Iterator[Said]:
    """For each source: its place among those cited, else its place in the search."""
    sources, ranked = cited(record), record.ranked
    for label, names in (("source", case.sources), ("also fine", case.acceptable)):
        for name in names:
            if name in sources:
                yield Said(label, f"{name}: cited, source {sources.index(name) + 1} of {len(sources)}", "yes")
            elif label == "source":
                where = f"found in place {ranked.index(name) + 1}" if name in ranked else "not found"
                yield Said(label, f"{name}: not cited; {where}", "no")


def _came(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _answer(record: Record, texts: _Texts) -> dict[str, Any]:
    answer, proved = record.answer, record.proved
    stood = dict(zip((each.number for each in answer.citations), proved, strict=False))
    return {
        "outcome": answer.outcome.value,
        "urgency": answer.urgency.value,
        "message": [texts.number(text) for text in (*answer.act_now, *([answer.message] if answer.message else []))],
        "statements": [[each.role.value, texts.number(each.text), list(each.citations)] for each in answer.statements],
        "citations": [
            [
                each.number,
                texts.number(f"{each.document}, {each.pinpoint or 'as a whole'}"),
                texts.number(each.quote),
                texts.number(each.url),
                bool(stood.get(each.number, False)),
            ]
            for each in answer.citations
        ],
        "asks": [[each.facet, texts.number(each.ask)] for each in answer.to_settle],
        "notes": [texts.number(each.text) for each in answer.notes],
        "takes": texts.number(_takes(answer)),
    }


def _takes(answer: Answer) -> str:
    return f"{', '.join(answer.escalation.roles)} ({answer.escalation.urgency.value}): {answer.escalation.reason}"


def _scores(of: CaseScores, old: Mapping[str, float], was: Reasons, texts: _Texts) -> Iterator[list[object]]:
    """Metric, value, why, whether the case fails by it, and value and reason before (null without)."""
    for name, line in of.scores.items():
        metric = metrics().get(name)
        failed = bool(metric and metric.fails(line.value))
        before = old.get(name)
        changed = before is not None and abs(before - line.value) > 1e-9
        why = texts.number(was.get((of.suite, of.case, name), "")) if changed else None
        title = metric.title if metric else name
        yield [texts.number(title), line.value, texts.number(line.why), failed, before if changed else None, why]
