"""The gate: figures that a run must reach, read from a file, and the reasons when it does not.

A file of thresholds (``gate.yaml`` beside this module is the project's own)::

    part: dev             # which cases are asked when no run is given
    suites: []            # none named is all of the package's
    sample: 40            # at most so many cases of a suite, evenly chosen and always the same
    baseline: baselines/dev.json   # beside this file; nothing may get worse than it, for certain, by more than margin
    margin: 0.03
    rules:
      - {suite: "*", figure: verdict rate, at_most: 0}
      - {suite: core, figure: "source hit@5", at_least: 0.8, of: low}   # of: value (default), low or high
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from evals.cases import Part
from evals.comparing import compare
from evals.errors import GateError
from evals.loading import problems
from evals.runs import FigureLine, Summary
from knowledge.models import FrozenModel

GATE = Path(__file__).parent / "gate.yaml"
_EVERY = "*"


class Rule(FrozenModel):
    """One figure of one suite, or of each suite that has it, and its bound."""

    suite: str
    figure: str
    at_least: float | None = None
    at_most: float | None = None
    of: Literal["value", "low", "high"] = "value"
    """What must keep to the bound: the figure or an end of its 95% interval."""

    @model_validator(mode="after")
    def _has_a_bound(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give at_least or at_most, one of them")
        return self


class Thresholds(FrozenModel):
    """What a run must reach."""

    part: Part = Part.DEV
    suites: tuple[str, ...] = ()
    sample: int | None = Field(default=None, ge=1)
    baseline: Path | None = None
    margin: float = Field(default=0.03, ge=0)
    rules: tuple[Rule, ...] = Field(min_length=1)


def load_thresholds(path: Path = GATE) -> Thresholds:
    """The thresholds of a file; the baseline's path is made whole.

    Raises:
        GateError: when it cannot be read or is not of the shape.
    """
    try:
        thresholds = Thresholds.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise GateError(f"{path} cannot be read ({error.strerror}). Name a file of thresholds.") from error
    except UnicodeDecodeError as error:
        raise GateError(f"{path} is not UTF-8 text. Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        raise GateError(f"{path} is not valid YAML: {getattr(error, 'problem', error)}. Mend it.") from error
    except ValidationError as error:
        raise GateError(f"{path}: {problems(error)}.") from error
    if thresholds.baseline is None:
        return thresholds
    return thresholds.model_copy(update={"baseline": path.parent / thresholds.baseline})


def reasons(summary: Summary, thresholds: Thresholds, *, baseline: Summary | None = None) -> list[str]:
    """Why a run does not pass, a line each; none when it does."""
    broken = [reason for rule in thresholds.rules for reason in _of_rule(rule, summary)]
    return broken + (list(_of_baseline(summary, baseline, thresholds.margin)) if baseline else [])


def _of_rule(rule: Rule, summary: Summary) -> Iterator[str]:
    fitting = [line for line in summary.figures if line.name == rule.figure and rule.suite in (_EVERY, line.suite)]
    if not fitting:
        yield f"{rule.suite}: there is no figure {rule.figure!r}; a gate on nothing would pass always"
    for line in fitting:
        held = getattr(line, rule.of)
        if rule.at_least is not None and held < rule.at_least:
            yield f"{_said(line, rule)} must be at least {rule.at_least:g}"
        if rule.at_most is not None and held > rule.at_most:
            yield f"{_said(line, rule)} must be at most {rule.at_most:g}"


def _said(line: FigureLine, rule: Rule) -> str:
    end = "" if rule.of == "value" else f", {rule.of} end of its interval"
    return f"{line.suite}: {line.name} is {getattr(line, rule.of):.3f}{end} (n = {line.n});"


def _of_baseline(summary: Summary, baseline: Summary, margin: float) -> Iterator[str]:
    """What got worse than the baseline by more than the margin, by the whole of the paired interval."""
    for change in compare(baseline, summary).changes:
        if change.gain.high < -margin:
            worst = ", ".join(flip.case for flip in change.flips[:3])
            yield (
                f"{change.suite}: {change.title} went from {change.before:.3f} to {change.after:.3f} "
                f"[{change.difference.low:+.3f}, {change.difference.high:+.3f}] (n = {change.n}); first: {worst}"
            )
