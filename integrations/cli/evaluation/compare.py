"""``advisor eval compare``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evals.comparing import Comparison
from evals.comparing import compare as compare_summaries
from evals.runs import Run, read_summary
from integrations.cli.evaluation.telling import comparison, echo, usable


@click.command()
@click.argument("before", type=click.Path(path_type=Path), metavar="A")
@click.argument("after", type=click.Path(path_type=Path), metavar="B")
@click.option("--most", type=click.IntRange(min=0), default=5, show_default=True, help="Cases named for each metric.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.eval.compare/1).")
def compare(before: Path, after: Path, most: int, as_json: bool) -> int:
    """Compares two runs case by case: A is a run's folder or a summary kept from one, such as a baseline; so is B."""
    with usable():
        found = compare_summaries(read_summary(before), read_summary(after))
        whys = [_whys(before), _whys(after)]
    if as_json:
        click.echo(json.dumps(_body(found), ensure_ascii=False, indent=2))
    else:
        echo(comparison(found, most=most, whys=whys))
    return 0


def _whys(path: Path) -> dict[tuple[str, str, str], str]:
    """Suite, case and metric to the reason; a summary alone holds none."""
    if not path.is_dir():
        return {}
    scores = Run(path).scores()
    return {(*key, metric): line.why for key, each in scores.items() for metric, line in each.scores.items()}


def _body(found: Comparison) -> dict[str, object]:
    changes = [
        {
            **{name: value for name, value in change._asdict().items() if name not in ("difference", "flips")},
            "difference": change.difference._asdict(),
            "improved": change.improved,
            "worsened": change.worsened,
            "flips": [{"case": flip.case, "before": flip.before, "after": flip.after} for flip in change.flips],
        }
        for change in found.changes
    ]
    return {"schema": "advisor.eval.compare/1", **found._asdict(), "changes": changes}
