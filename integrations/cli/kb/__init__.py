"""``advisor kb``: what curators do to the knowledge base and ask of it, a file for each command or few."""

from __future__ import annotations

import click

from integrations.cli.lazy import LazyGroup

COMMANDS = {
    "new": "integrations.cli.kb.new:new",
    "from-case": "integrations.cli.kb.from_case:from_case",
    "approve": "integrations.cli.kb.approve:approve",
    "review": "integrations.cli.kb.review:review",
    "reviewed": "integrations.cli.kb.keeping_up:reviewed",
    "supersede": "integrations.cli.kb.keeping_up:supersede",
    "withdraw": "integrations.cli.kb.keeping_up:withdraw",
    "check": "integrations.cli.kb.check:check",
    "gaps": "integrations.cli.kb.gaps:gaps",
    "whatsnew": "integrations.cli.kb.whatsnew:whatsnew",
    "index": "integrations.cli.kb.index:index",
    "list": "integrations.cli.kb.documents:list_",
    "show": "integrations.cli.kb.documents:show",
    "search": "integrations.cli.kb.search:search",
    "import": "integrations.cli.kb.importing:import_",
    "diff": "integrations.cli.kb.diff:diff",
    "watch": "integrations.cli.kb.watch:watch",
    "map": "integrations.cli.kb.map:map_",
}


@click.group(cls=LazyGroup, modules=COMMANDS)
def kb() -> None:
    """The knowledge base: its documents and its index."""
