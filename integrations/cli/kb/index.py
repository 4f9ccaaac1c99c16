"""``advisor kb index``."""

from __future__ import annotations

import json

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from integrations.cli.ask import build_with_bar


@click.command()
@click.option("--rebuild", is_flag=True, help="From nothing, instead of only what changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.index/1).")
def index(rebuild: bool, as_json: bool) -> int:
    """Builds the search index beside the one in use and swaps it in."""
    manifest = build_with_bar(Workshop(load_settings()), rebuild=rebuild)
    if as_json:
        click.echo(json.dumps({"schema": "advisor.kb.index/1", **manifest.model_dump(mode="json")}, indent=2))
        return 0
    click.echo(f"Indexed {manifest.documents} documents in {manifest.chunks} chunks.")
    return 0
