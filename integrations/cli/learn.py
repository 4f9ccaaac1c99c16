"""``advisor learn``: two minutes with a case study: what happened, what was found, what it teaches."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date

import click

from advisor.learning import Point, Scenario, of_the_day, scenarios
from advisor.models import Citation
from advisor.quoting import SOURCE_TEXT, in_quotes
from advisor.settings import load_settings
from advisor.wiring import Workshop
from advisor.wording import load_wording
from integrations.cli.rendering import wrapped
from knowledge.models import Document, Verified

_ASK = "What would you want to know before sharing, or before keeping it to yourself?"
_NOTHING = "No case study can be shown. Look with: advisor kb list"


@click.command()
@click.option("--case", "name", metavar="ID", help="This case study, such as case-soham-bichard; by default one a day.")
@click.option("--list", "is_list", is_flag=True, help="Only lists the case studies.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.learn/1).")
def learn(name: str | None, is_list: bool, as_json: bool) -> int:
    """Shows a case, asks what you would want to know, then what was found. Nothing you answer is kept or marked."""
    workshop = Workshop(load_settings())
    documents = [each for each in workshop.loaded() if isinstance(each, Document)]
    today = date.today()
    found = scenarios(documents, vocabulary=workshop.vocabulary, wording=load_wording(), today=today)
    if is_list:
        return _listed(found, as_json=as_json)
    chosen = _chosen(found, name, today=today)
    if as_json:
        click.echo(_json({"scenario": chosen.model_dump(mode="json")}))
        return 0
    _say([chosen.title.upper(), "", "WHAT HAPPENED", *_points(chosen.happened), "", *wrapped(_ASK)])
    if sys.stdin.isatty() and sys.stdout.isatty():
        _ask(chosen)
    _say(["", *_after(chosen, following=_following(found, chosen))])
    return 0


def _chosen(found: Sequence[Scenario], name: str | None, *, today: date) -> Scenario:
    if not found:
        raise click.UsageError(_NOTHING)
    if name is None:
        return of_the_day(found, today=today)
    same = [each for each in found if each.id in (name, f"case-{name}")]
    if not same:
        raise click.UsageError(f'No case study has the id {name!r}. See "advisor learn --list".')
    return same[0]


def _following(found: Sequence[Scenario], chosen: Scenario) -> str:
    return found[(found.index(chosen) + 1) % len(found)].id


def _listed(found: Sequence[Scenario], *, as_json: bool) -> int:
    if as_json:
        click.echo(_json({"scenarios": [{"id": each.id, "title": each.title} for each in found]}))
    else:
        _say(line for each in found for line in wrapped(f"{each.id}: {each.title}", rest=4))
    return 0


def _ask(scenario: Scenario) -> None:
    """Waits for numbers or words; they are shown again and then forgotten."""
    for number, choice in enumerate(scenario.choices, start=1):
        _say(wrapped(choice, first=f"  {number}. "))
    said = click.prompt("Numbers, or your own words (Enter to go on)", default="", show_default=False)
    picked = [choice for number, choice in enumerate(scenario.choices, start=1) if str(number) in _words(said)]
    if picked:
        _say(["", "YOU WOULD ASK", *(line for choice in picked for line in wrapped(choice, first="- "))])
    if said.strip():
        _say(["", *wrapped("Hold that against what was found.")])


def _words(said: str) -> list[str]:
    return said.replace(",", " ").split()


def _after(scenario: Scenario, *, following: str) -> list[str]:
    groups = {
        "WHAT WAS FOUND": scenario.found,
        "WHAT IT TEACHES": scenario.teaches,
        "RISK IF YOU SHARE": scenario.risk_of_sharing,
        "RISK IF YOU DO NOT": scenario.risk_of_not_sharing,
        "WHAT GUIDANCE SAYS TO SETTLE FIRST": scenario.to_settle,
    }
    lines = [line for heading, points in groups.items() if points for line in (heading, *_points(points), "")]
    shown = [point for points in (scenario.happened, *groups.values()) for point in points]
    return [*lines, "SOURCES", *sources(shown), "", *wrapped(f"Another: advisor learn --case {following}")]


def _points(points: Iterable[Point]) -> list[str]:
    return [line for point in points for line in wrapped(_quoted(point), first="- ")]


def _quoted(point: Point) -> str:
    text = in_quotes(point.text, words=point.citation.words)
    return f"{text} [{_pinpoint(point)}]"


def _pinpoint(point: Point) -> str:
    place = point.citation.pinpoint or point.citation.source
    return f"{place}; not verified" if point.citation.verified is Verified.UNVERIFIED else place


def next_time_lines(point: Point) -> list[str]:
    """What is said after a decision: one point and where it is from."""
    return ["", "TO KNOW NEXT TIME", *_points([point]), *sources([point])]


def sources(points: Iterable[Point]) -> list[str]:
    """Each document once, with its address."""
    once = {point.citation.document: point.citation for point in points}
    return [line for each in once.values() for line in wrapped(_source(each), first="- ")]


def _source(citation: Citation) -> str:
    ours = "" if citation.words == SOURCE_TEXT else "our summary of "
    return f"{ours}{citation.source} ({citation.document}): {citation.url}"


def _json(body: dict[str, object]) -> str:
    return json.dumps({"schema": "advisor.learn/1", **body}, ensure_ascii=False, indent=2)


def _say(lines: Iterable[str]) -> None:
    click.echo("\n".join(lines))
