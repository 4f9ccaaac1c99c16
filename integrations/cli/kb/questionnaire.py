"""Which fields of a new document a curator is asked for, and in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

import click

from integrations.cli.kb.acting import user
from integrations.cli.kb.interview import Interview
from knowledge.curating.drafting import FIRST_REVIEW, ID, suggested_id
from knowledge.models import Document, Force, Kind, Strand


def ask_for(
    given: dict[str, Any], *, interview: Interview, documents: Mapping[str, Document], taken: Collection[str]
) -> None:
    """Fills in every field that was not given, in the order of new.yaml.

    ``documents`` are those that may be named, ``taken`` the ids in use.
    """
    click.echo("Answer ? to have a question explained; Ctrl-C stops and writes nothing.\n", err=True)
    due = str(date.today() + FIRST_REVIEW)
    asks: dict[str, Callable[[], Any]] = {
        "title": lambda: interview.text("title", least=3),
        "name": lambda: _asked_id(interview, title=given["title"], taken=taken),
        "kind": lambda: interview.choice("kind", default=Kind.GUIDANCE.value),
        "summary": lambda: interview.text("summary", least=10),
        "source": lambda: interview.text("source", least=1),
        "url": lambda: interview.text("url", least=1),
        "publisher": lambda: interview.text("publisher", least=1),
        "nations": interview.nations,
        "sectors": interview.sectors,
        "facets": interview.facets,
        "force": lambda: interview.choice("force", default=Force.EXPLAINS.value),
        "strand": lambda: interview.choice("strand", default=Strand.PRACTICE.value),
        "decides": interview.decides,
        "in_force_from": lambda: interview.day("in_force_from"),
        "checked": lambda: interview.choice("checked", default="no") == "yes",
        "law": lambda: interview.ids("law", known=documents),
        "related": lambda: interview.ids("related", known=documents),
        "questions": interview.questions,
        "points": interview.points,
        "owner": lambda: interview.text("owner", least=1),
        "author": lambda: interview.text("author", least=1, default=user()),
        "review_by": lambda: interview.day("review_by", default=due),
    }
    for field, ask in asks.items():
        if given[field] in (None, ()):
            given[field] = ask()


def _asked_id(interview: Interview, *, title: str, taken: Collection[str]) -> str:
    def check(answer: str) -> str | None:
        if not re.fullmatch(ID, answer):
            return "Use small letters, numbers and single hyphens."
        return f"{answer!r} is in use: choose another." if answer in taken else None

    return interview.text("id", least=1, default=suggested_id(title, taken=taken), check=check)
