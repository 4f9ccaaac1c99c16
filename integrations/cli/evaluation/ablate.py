"""``advisor eval ablate``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from evals.ablations import METRICS, VARIANTS, Measured, Variant, ablate
from evals.cases import Part
from evals.loading import find_suites
from evals.looking import log_look
from evals.metrics.registry import metrics
from evals.running import choose
from evals.stamping import revision
from integrations.cli.ask import build_with_bar
from integrations.cli.evaluation.telling import echo, usable
from knowledge.errors import IndexMissing


@click.command("ablate")
@click.option("--part", type=click.Choice(["dev", "test"]), default="dev", show_default=True, help="Which cases.")
@click.option("--suite", default="core", show_default=True, metavar="SUITE", help="A suite that names sources.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="At most N cases, evenly chosen.")
@click.option("--only", "names", multiple=True, metavar="VARIANT", help="A variant, beside the advisor as it is.")
@click.option("--no-log", is_flag=True, help="Does not write a look at the test part to evals/looks.md.")
@click.option("--markdown", "as_markdown", is_flag=True, help="A Markdown table, with intervals.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.eval.ablate/1).")
def ablation(
    part: str,
    suite: str,
    sample: int | None,
    names: tuple[str, ...],
    no_log: bool,
    as_markdown: bool,
    as_json: bool,
) -> int:
    """Asks the same questions with one part of the advisor taken out or changed at a time.

    The table gives each metric's mean and its difference to the advisor as it is; * where the paired 95% interval
    of the difference leaves out 0.
    """
    variants = _variants(names)
    with usable():
        suites = find_suites([suite])
        (cases,) = choose(suites, part=Part(part), sample=sample).values()
        cases = tuple(case for case in cases if case.sources)
        if not cases:
            raise click.UsageError(f"No case of {suite} names sources. Use --suite core.")
        if part == "test" and not no_log:
            log_look([suites[0].suite], revision=revision())
    workshop = Workshop(load_settings())
    _require_index(workshop)
    measured = ablate(
        workshop, cases, variants=variants, progress=lambda each: click.echo(f"... {each.name}", err=True)
    )
    found = list(measured)
    if as_json:
        click.echo(json.dumps(_body(found, suite=suites[0].suite, part=part), indent=2))
    else:
        of = f"{suites[0].suite}, {part}, {len(cases)} cases, {date.today()}, revision {revision()}"
        echo(_markdown(found, of=of) if as_markdown else _table(found, of=of))
    return 0


def _variants(names: Sequence[str]) -> Sequence[Variant]:
    """The variants of those names after the advisor as it is; all without any."""
    known = {variant.name: variant for variant in VARIANTS}
    for name in names:
        if name not in known:
            raise click.UsageError(f"no such variant: {name}. Use one of: {', '.join(known)}.")
    return [VARIANTS[0], *(variant for variant in VARIANTS[1:] if not names or variant.name in names)]


def _require_index(workshop: Workshop) -> None:
    """Makes sure that the index in use is there, building it when there is none."""
    try:
        index, _ = workshop.open()
    except IndexMissing:
        build_with_bar(workshop)
        return
    index.close()


def _body(found: Sequence[Measured], *, suite: str, part: str) -> dict[str, object]:
    rows = [
        {**each._asdict(), "value": each.value._asdict(), "difference": each.difference._asdict()} for each in found
    ]
    return {"schema": "advisor.eval.ablate/1", "suite": suite, "part": part, "measured": rows}


_SHORT = {"source_recall": "recall@10", "search_recall": "found@10", "source_hit": "hit@5", "key_points": "points"}


def _table(found: Sequence[Measured], *, of: str) -> Iterator[str]:
    """A row of 80 columns for each variant: the mean of each metric and the difference, without intervals."""
    yield of
    yield f"{'':23}{''.join(f'{_SHORT[name]:>14}' for name in METRICS)}"
    for variant in dict.fromkeys(each.variant for each in found):
        cells = {each.metric: _short(each) for each in found if each.variant == variant}
        yield f"{variant:23}{''.join(f'{cells.get(name, str()):>14}' for name in METRICS)}"


def _short(each: Measured) -> str:
    sign = "*" if each.difference.low > 0 or each.difference.high < 0 else " "
    return f"{each.value.value:.3f} {each.difference.value:+.3f}{sign}"


def _markdown(found: Sequence[Measured], *, of: str) -> Iterator[str]:
    """A row for each variant: the mean of each metric, and what it differs by from the advisor as it is."""
    titles = " | ".join(metrics()[name].title for name in METRICS)
    yield f"| variant ({of}) | {titles} |"
    yield f"|---|{'---|' * len(METRICS)}"
    for variant in dict.fromkeys(each.variant for each in found):
        cells = {each.metric: _cell(each) for each in found if each.variant == variant}
        yield f"| {variant} | {' | '.join(cells.get(name, '') for name in METRICS)} |"


def _cell(each: Measured) -> str:
    if each.difference == (0.0, 0.0, 0.0):
        return f"{each.value.value:.3f}"
    difference = "{:+.3f} [{:+.3f}, {:+.3f}]".format(*each.difference)
    return f"{each.value.value:.3f} ({difference})"
