"""A decision as it is given on the command line: by options, from a file, or asked for field by field."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from advisor.cases.models import NOT_SURE, TEXT_FIELDS, DecidedBy, Decision, DecisionOutcome
from advisor.cases.wording import load_case_words
from advisor.people import Actor
from integrations.cli.rendering import wrapped

NAMES = {"part": "share_in_part_or_with_conditions", "not_ours": "not_ours_to_decide"}
"""Short names of outcomes."""


def decision_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of a decision."""
    known = [outcome.value for outcome in DecisionOutcome]
    fields = ", ".join([*(name for name in TEXT_FIELDS if name != "review"), "review_on"])
    for option in (
        click.option("--not-sure", is_flag=True, help='Enters "not sure" in every field that nothing is said of.'),
        click.option("--role", help="In which role you decide; by default the first that the profile gives you."),
        click.option(
            "--from",
            "source",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            metavar="FILE",
            help="The fields from a TOML file.",
        ),  # fmt: skip
        click.option("--field", "fields", multiple=True, metavar="NAME=TEXT", help=f"One field: {fields}."),
        click.option("--outcome", type=click.Choice([*known, *NAMES]), help="What was decided."),
    ):
        command = option(command)
    return command


def decision_from(
    outcome: str | None,
    *,
    fields: tuple[str, ...],
    source: Path | None,
    role: str | None,
    not_sure: bool,
    by: Actor,
    acted_first: bool = False,
) -> Decision:
    """The decision that the options make; what they leave out is asked for when somebody is at the keyboard.

    Raises:
        click.UsageError: naming the field and the mend.
    """
    said = _from_file(source) if source else {}
    said |= dict(map(_field, fields))
    said |= {"outcome": NAMES.get(outcome, outcome)} if outcome else {}
    if "outcome" not in said:
        raise click.UsageError(f"Say --outcome: {', '.join(kind.value for kind in DecisionOutcome)}.")
    said |= {"acted_first": True} if acted_first else {}
    said.setdefault("decided_by", DecidedBy(name=by.name, role=role or next(iter(by.roles), "practitioner")))
    decision = _built(said)
    entered = {name: NOT_SURE for name in decision.missing()} if not_sure else _asked(decision)
    return _built({**said, **entered})


def _asked(decision: Decision) -> dict[str, str]:
    """What somebody at the keyboard says of each field that is missing; nothing when nobody is there."""
    if not sys.stdin.isatty():
        return {}
    click.echo(f'An empty line leaves a field out; "{NOT_SURE}" is a valid entry.', err=True)
    words = load_case_words().fields
    said: dict[str, str] = {}
    for name in decision.missing():
        choices = "".join(f"\n  {choice}" for choice in words[name].choices)
        text = click.prompt(
            f"{words[name].ask}{choices}\n{words[name].label}", default="", show_default=False, err=True
        )
        said |= {name: text} if text.strip() else {}
    return said


def _built(said: dict[str, Any]) -> Decision:
    fields = dict(said)
    if fields.get("review_on") and not _is_date(fields["review_on"]):
        fields["review"] = fields.pop("review_on")
    try:
        return Decision.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise click.UsageError("\n".join(wrapped(f"{where}: {first['msg']}. {_known()}"))) from error


def _field(given: str) -> tuple[str, str]:
    name, equals, text = given.partition("=")
    if not equals:
        raise click.UsageError(f"Write --field NAME=TEXT. {_known()}")
    return name.strip(), text.strip()


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise click.UsageError(f"{path} cannot be read as TOML: {error}.") from error


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or value[:4].isdigit()


def _known() -> str:
    return f"Known fields: {', '.join(Decision.model_fields)}."
