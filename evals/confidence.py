"""How likely an answer's sources are to be right, from what the search itself tells: for judging, shown to nobody.

``python -m evals.confidence RUN`` fits it on the ``core`` cases of a run of the development part and writes
``confidence.json``. A raw cosine is no confidence; a logistic of several signs is.
"""

from __future__ import annotations

import json
import math
import sys
from functools import cache
from pathlib import Path

from evals.loading import write_lines
from evals.metrics.base import Asked
from evals.metrics.sources import FIRST, recall
from evals.runs import Record, Run
from knowledge.models import FrozenModel

WEIGHTS = Path(__file__).parent / "confidence.json"
_HALF = 0.5
"""Source recall from which an answer counts as right."""
_STRENGTH = 1.0
"""Inverse regularisation."""


class Logistic(FrozenModel):
    """Weights by sign; a sign is first taken down by its mean and divided by its spread."""

    fitted_on: str
    bias: float
    weights: dict[str, float]
    means: dict[str, float]
    spreads: dict[str, float]


def is_right(asked: Asked) -> bool:
    """Whether at least half of the needed sources are among an answer's first ten."""
    return recall(asked.documents, asked.case, at=FIRST) >= _HALF


def confidence(record: Record) -> float | None:
    """The probability that the answer is right; None when nothing was searched."""
    seen = signs(record)
    if seen is None:
        return None
    model = _model()
    sum_ = model.bias + sum(
        weight * (seen[name] - model.means[name]) / model.spreads[name] for name, weight in model.weights.items()
    )
    return 1 / (1 + math.exp(-sum_))


def signs(record: Record) -> dict[str, float] | None:
    """What tells how well a question is covered, by name."""
    if record.signals is None:
        return None
    situation = record.answer.situation
    return {
        **record.signals.model_dump(),
        "facets_known": float(len(situation.known())),
        "words": float(len(record.answer.question.split())),
        "sources": float(len({citation.document for citation in record.answer.citations})),
    }


@cache
def _model() -> Logistic:
    return Logistic.model_validate_json(WEIGHTS.read_bytes())


def fit(run: Run) -> Logistic:
    """The logistic that fits the ``core`` cases of a run best."""
    import numpy as np  # noqa: PLC0415 - only fitting needs these two
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    records = run.records()
    asked = [Asked(case, records[key]) for key, case in run.cases().items() if key[0] == "core" and case.sources]
    seen = [(sign, is_right(each)) for each in asked if (sign := signs(each.record))]
    names = sorted(seen[0][0])
    rows = np.array([[sign[name] for name in names] for sign, _ in seen])
    means, spreads = rows.mean(axis=0), np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    model = LogisticRegression(C=_STRENGTH, max_iter=1000).fit((rows - means) / spreads, [right for _, right in seen])
    return Logistic(
        fitted_on=f"{len(seen)} core cases, part {run.stamp.part}, knowledge {run.stamp.knowledge.digest[:12]}",
        bias=round(float(model.intercept_[0]), 4),
        weights={name: round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)},
        means={name: round(float(mean), 4) for name, mean in zip(names, means, strict=True)},
        spreads={name: round(float(spread), 4) for name, spread in zip(names, spreads, strict=True)},
    )


def main() -> None:
    """Fits and writes the weights."""
    run = Run(Path(sys.argv[1]))
    if run.stamp.part != "dev":
        raise SystemExit("Fit on a run of the development part alone: advisor eval run --part dev")
    write_lines(WEIGHTS, json.dumps(fit(run).model_dump(), indent=1) + "\n")
    print(f"{WEIGHTS} written")


if __name__ == "__main__":
    main()
