"""``advisor eval list``, ``show``, ``check``, ``schema`` and ``export``: the suites and their cases."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from pathlib import Path

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from evals.cases import Case, Part, Suite
from evals.checking import check_suites
from evals.failing import failures
from evals.loading import as_lines, find_suites, write_lines
from evals.metrics.registry import metrics
from evals.runs import Run
from integrations.cli.evaluation.telling import echo, usable
from knowledge.models import Document
from knowledge.vocabulary import load_vocabulary


@click.command("list")
@click.option("--metrics", "of_metrics", is_flag=True, help="The metrics instead of the suites.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.eval.list/1).")
def list_(of_metrics: bool, as_json: bool) -> int:
    """Lists the suites and how many cases each part has, or the metrics."""
    with usable():
        suites = find_suites()
    rows = [_suite_row(suite) for suite in suites]
    known = [
        {"name": each.name, "title": each.title, "unit": each.unit, "better": each.better}
        for each in metrics().values()
    ]
    if as_json:
        click.echo(json.dumps({"schema": "advisor.eval.list/1", "suites": rows, "metrics": known}, indent=2))
    elif of_metrics:
        echo(f"{each['name']:20}{each['title']} ({each['better']} is better; {each['unit']})" for each in known)
    else:
        echo(f"{row['name']:18}{row['dev']:5} dev {row['test']:5} test" for row in rows)
    return 0


def _suite_row(suite: Suite) -> dict[str, object]:
    parts = Counter(case.split for case in suite.cases)
    return {"name": suite.suite, "description": suite.description, "dev": parts[Part.DEV], "test": parts[Part.TEST]}


@click.command()
@click.argument("name", metavar="CASE")
@click.option("--run", "folder", type=click.Path(path_type=Path), metavar="RUN", help="Also what came of it there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.eval.case/1).")
def show(name: str, folder: Path | None, as_json: bool) -> int:
    """Shows one case, and with --run its answer and the word of each metric with the reason."""
    with usable():
        suite, case = _find(name, Run(folder) if folder else None)
        body: dict[str, object] = {"schema": "advisor.eval.case/1", "suite": suite}
        body["case"] = case.model_dump(mode="json", exclude_defaults=True)
        if folder:
            run = Run(folder)
            body["record"] = run.records()[suite, case.id].model_dump(mode="json", by_alias=True)
            scores = run.scores()[suite, case.id].scores
            body["scores"] = {metric: line.model_dump(mode="json") for metric, line in scores.items()}
            body["failures"] = failures(scores)
    if as_json:
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return 0
    _print_case(suite, case)
    if folder:
        _print_result(run, suite, case)
    return 0


def _find(name: str, run: Run | None) -> tuple[str, Case]:
    if run:
        found = [(suite, case) for (suite, _), case in run.cases().items() if case.id == name]
    else:
        found = [(suite.suite, case) for suite in find_suites() for case in suite.cases if case.id == name]
    if not found:
        where = f"in {run.folder}" if run else "in the suites that come with the package"
        raise click.UsageError(f"No case {name} {where}. See: advisor eval list")
    return found[0]


def _print_case(suite: str, case: Case) -> None:
    click.echo(f"{case.id} ({suite}, {case.split.value})")
    echo(textwrap.wrap(case.question, 80))
    fields = case.model_dump(
        mode="json", exclude_defaults=True, exclude={"id", "split", "question", "points", "trap_any_of"}
    )
    for field, value in fields.items():
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        echo(textwrap.wrap(said, 80, initial_indent=f"{field}: ", subsequent_indent="  "))
    for point in case.points:
        echo(textwrap.wrap(point.text, 80, initial_indent="point: ", subsequent_indent="  "))


def _print_result(run: Run, suite: str, case: Case) -> None:
    answer = run.records()[suite, case.id].answer
    click.echo(f"\nAnswer: {answer.outcome.value}, {answer.urgency.value}; to {', '.join(answer.escalation.roles)}")
    for statement in answer.statements:
        cited = "".join(f"[{answer.citation(number).document}]" for number in statement.citations)
        echo(textwrap.wrap(f"{statement.text} {cited}", 80, initial_indent="- ", subsequent_indent="  "))
    click.echo("\nScores")
    for name, line in run.scores()[suite, case.id].scores.items():
        mark = "FAILED " if metrics()[name].fails(line.value) else ""
        why = f" ({line.why})" if line.why else ""
        echo(textwrap.wrap(f"{mark}{name} {line.value:.3f}{why}", 80, initial_indent="  ", subsequent_indent="    "))


@click.command()
@click.argument("names", nargs=-1, metavar="[SUITE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.eval.check/1).")
def check(names: tuple[str, ...], as_json: bool) -> int:
    """Reports what is wrong with suites: sources that are not there, questions that are nearly an example question."""
    with usable():
        suites = find_suites(names)
    loaded = Workshop(load_settings()).loaded()
    documents = [each for each in loaded if isinstance(each, Document)]
    findings = check_suites(suites, documents=documents, vocabulary=load_vocabulary())
    if as_json:
        click.echo(json.dumps({"schema": "advisor.eval.check/1", "findings": findings}, ensure_ascii=False, indent=2))
    else:
        echo(findings)
        click.echo(f"{sum(len(suite.cases) for suite in suites)} cases, {len(findings)} findings")
    return 1 if findings else 0


@click.command()
def schema() -> int:
    """Prints the JSON Schema of a suite, for editors that check YAML as it is typed."""
    click.echo(
        json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **Suite.model_json_schema()}, indent=2)
    )
    return 0


@click.command()
@click.argument("name", metavar="SUITE")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Writes there instead of printing.")
def export(name: str, out: Path | None) -> int:
    """Prints a suite as JSON lines, one case a line, which every command here reads too."""
    with usable():
        text = as_lines(find_suites([name])[0].cases)
    if out:
        write_lines(out, text)
    else:
        click.echo(text, nl=False)
    return 0
