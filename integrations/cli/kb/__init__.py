"""``advisor kb``: what curators do to the knowledge base and ask of it, a file for each command or few."""

from __future__ import annotations

import click

from integrations.cli.lazy import LazyGroup

COMMANDS = {
    "check": "integrations.cli.kb.check:check",
    "index": "integrations.cli.kb.index:index",
    "list": "integrations.cli.kb.documents:list_",
    "show": "integrations.cli.kb.documents:show",
    "search": "integrations.cli.kb.search:search",
}


@click.group(cls=LazyGroup, modules=COMMANDS)
def kb() -> None:
    """The knowledge base: its documents and its index."""
