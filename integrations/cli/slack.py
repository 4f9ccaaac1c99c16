"""``advisor slack``: runs the Slack bot, prints its manifest, and checks that it is set up."""

from __future__ import annotations

import json
from typing import Any

import click

from advisor.errors import SettingsError
from advisor.settings import load_settings
from advisor.wiring import Workshop

_EXTRA = 'The Slack libraries are not installed. Install them: pip install "can-i-share[slack]"'


@click.group()
def slack() -> None:
    """The Slack bot: where people ask and governance teams decide."""


@slack.command()
def run() -> int:
    """Runs the bot until it is stopped with SIGTERM or Ctrl-C; what is in hand is finished first."""
    return int(_bot("serving").run(load_settings(), ready=_say_ready))


@slack.command()
@click.option("--name", default="Can I share this?", show_default=True, help="The name of the app in Slack.")
@click.option("--url", metavar="URL", help="The public address of /slack/events, for HTTP instead of Socket Mode.")
@click.option("--explain", is_flag=True, help="Each scope and what it is for, instead of the manifest.")
def manifest(name: str, url: str | None, explain: bool) -> int:
    """Prints the app manifest to paste at api.slack.com/apps, "Create New App", "From a manifest"."""
    made = _bot("manifest")
    if explain:
        for scope, what in made.SCOPES.items():
            click.echo(f"{scope}\n    {what}")
        return 0
    click.echo(json.dumps(made.manifest(_bot("words").load_words(), name=name, url=url), indent=2, ensure_ascii=False))
    return 0


@slack.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.slack.check/1).")
def check(as_json: bool) -> int:
    """Checks tokens, scopes, channels and blocks; exit code 1 when something is amiss."""
    workshop = Workshop(load_settings())
    found = list(_bot("checking").checks(workshop.settings, workshop.profile, vocabulary=workshop.vocabulary))
    if as_json:
        body = {"schema": "advisor.slack.check/1", "checks": [checked.model_dump() for checked in found]}
        click.echo(json.dumps(body, indent=2))
    else:
        for checked in found:
            click.echo(f"{'ok  ' if checked.ok else 'MEND'}  {checked.what}: {checked.says}")
            if not checked.ok:
                click.echo(f"      {checked.mend}")
    return 0 if all(checked.ok for checked in found) else 1


def _say_ready(address: str) -> None:
    click.echo(f"Ready. Health and metrics: {address}/healthz {address}/metrics", err=True)


def _bot(module: str) -> Any:
    """A module of the bot, whose libraries are an extra."""
    import importlib  # noqa: PLC0415 - the libraries of Slack are needed by these commands alone

    try:
        return importlib.import_module(f"integrations.slack.{module}")
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("slack"):
            raise SettingsError(_EXTRA) from error
        raise
