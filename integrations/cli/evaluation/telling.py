"""Figures, comparisons and faults as plain text of 80 columns, and Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from evals.comparing import Change, Comparison
from evals.errors import EvaluationError
from evals.runs import FigureLine, Stamp, Summary

_NAME = 46


@contextmanager
def usable() -> Iterator[None]:
    """What was named and cannot be used ends the command as wrongly used (exit code 2)."""
    try:
        yield
    except EvaluationError as error:
        raise click.ClickException(str(error)) from error


def table(summary: Summary) -> Iterator[str]:
    """A run's figures, a line each, suite by suite."""
    yield from _stamp(summary.stamp)
    lines = [*summary.figures, *summary.cost]
    for suite in dict.fromkeys(line.suite for line in lines):
        yield ""
        yield f"{suite:{_NAME + 2}}value  95% interval      n"
        for line in lines:
            if line.suite == suite:
                yield f"  {textwrap.shorten(line.name, _NAME, placeholder='...'):{_NAME}}{_cells(line)}"


def _cells(line: FigureLine) -> str:
    form = "{:.3f}" if abs(line.value) < 10 else "{:.0f}"
    value, low, high = (form.format(number) for number in (line.value, line.low, line.high))
    return f"{value}  {'[' + low + ', ' + high + ']':14}{line.n:5}"


def _stamp(stamp: Stamp) -> Iterator[str]:
    cases = sum(suite.cases for suite in stamp.suites.values())
    yield f"{cases} cases, part {stamp.part or 'all'}, on {stamp.today}; revision {stamp.revision}"
    yield f"{stamp.knowledge.documents} documents ({stamp.knowledge.digest[:12]}); inputs {stamp.inputs[:12]}"


def markdown(summary: Summary) -> Iterator[str]:
    """A run's figures as a Markdown table."""
    yield f"| suite ({summary.stamp.part or 'all'}) | figure | value | 95% interval | n |"
    yield "|---|---|---|---|---|"
    for line in (*summary.figures, *summary.cost):
        yield f"| {line.suite} | {line.name} | {line.value:.3f} | {line.low:.3f} to {line.high:.3f} | {line.n} |"


def comparison(found: Comparison, *, most: int, whys: Sequence[dict[tuple[str, str, str], str]] = ()) -> Iterator[str]:
    """What changed between two runs; ``whys`` are the reasons before and after by suite, case and metric."""
    if found.differs:
        yield from textwrap.wrap("Not the same in both: " + "; ".join(found.differs) + ".", 80)
    if found.only_before or found.only_after:
        yield f"Left out: {found.only_before} cases only the first has, {found.only_after} only the second."
    changed = [change for change in found.changes if change.flips]
    yield f"{len(found.changes)} metrics compared, {len(changed)} changed."
    for suite in dict.fromkeys(change.suite for change in changed):
        yield f"\n{suite:20}before  after  after - before, paired    better worse     p"
        yield from (_change(change) for change in changed if change.suite == suite)
    for change in changed:
        yield from _flips(change, most=most, whys=whys)


def _change(change: Change) -> str:
    p = "" if change.p is None else f"{change.p:6.3f}"
    interval = "{:+.3f} [{:+.3f}, {:+.3f}]".format(*change.difference)
    title = textwrap.shorten(change.title, 18, placeholder="...")
    moved = f"{change.before:6.3f} {change.after:6.3f}  {interval:25}"
    return f"  {title:18}{moved}{change.improved:6}{change.worsened:6}{p:>6}"


def _flips(change: Change, *, most: int, whys: Sequence[dict[tuple[str, str, str], str]]) -> Iterator[str]:
    worse = [flip for flip in change.flips if flip.gain < 0][:most]
    better = [flip for flip in reversed(change.flips) if flip.gain > 0][:most]
    if worse or better:
        yield f"\n{change.suite}: {change.title}"
    for said, flips in (("worse", worse), ("better", better)):
        for flip in flips:
            yield f"  {said}: {flip.case} {flip.before:.3f} -> {flip.after:.3f}"
            for name, reasons in zip(("was", "now"), whys, strict=False):
                why = reasons.get((flip.suite, flip.case, flip.metric), "")
                if why:
                    yield from textwrap.wrap(why, 80, initial_indent=f"    {name}: ", subsequent_indent="         ")


def echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line.rstrip())
