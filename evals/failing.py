"""Which single cases of a run failed, and why, for those who want a pass or fail a case: JUnit XML and pytest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from evals.metrics.registry import metrics
from evals.runs import CaseScores, Run, ScoreLine


def failures(scores: Mapping[str, ScoreLine]) -> list[str]:
    """One line for each metric whose value a single case must not have."""
    return [
        f"{metrics()[name].title}: {line.value:g}{'; ' + line.why if line.why else ''}"
        for name, line in scores.items()
        if name in metrics() and metrics()[name].fails(line.value)
    ]


def as_junit(run: Run) -> str:
    """A run as JUnit XML: a test suite for each suite, a test case for each case, with its seconds."""
    scores, timings = run.scores(), run.timings()
    root = ElementTree.Element("testsuites", name="advisor eval", tests=str(len(scores)))
    for suite in dict.fromkeys(name for name, _ in scores):
        every = [each for (name, _), each in scores.items() if name == suite]
        failed = sum(bool(failures(each.scores)) for each in every)
        parent = ElementTree.SubElement(
            root, "testsuite", name=suite, tests=str(len(every)), failures=str(failed), errors="0", skipped="0"
        )
        for each in every:
            timing = timings.get((suite, each.case))
            seconds = timing.milliseconds.get("total", 0.0) / 1000 if timing else 0.0
            parent.append(_case_of(each, seconds))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case_of(scores: CaseScores, seconds: float) -> ElementTree.Element:
    element = ElementTree.Element(
        "testcase", classname=f"advisor.eval.{scores.suite}", name=scores.case, time=f"{seconds:.3f}"
    )
    reasons = failures(scores.scores)
    if reasons:
        failure = ElementTree.SubElement(element, "failure", message=_printable(reasons[0]))
        failure.text = "\n".join(map(_printable, reasons))
    return element


def _printable(text: str) -> str:
    """A text without the control characters that XML cannot hold."""
    return "".join(_kept(text))


def _kept(text: str) -> Iterator[str]:
    for letter in text:
        yield letter if letter in "\n\t" or letter.isprintable() else "?"
