"""Asks a curator for the fields of a new document, one after the other, and explains each when the answer is "?"."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import click
import yaml

from integrations.cli.rendering import wrapped
from knowledge.models import FrozenModel
from knowledge.vocabulary import Vocabulary

_WORDS = Path(__file__).with_name("new.yaml")
_ALL = "all"
_ALWAYS_ASKED = ("holder", "nation")
"""Facets that a document has fields of its own for."""

Check = Callable[[str], str | None]
"""What is wrong with an answer, or nothing."""


class Entry(FrozenModel):
    """What is asked for one field."""

    ask: str
    help: str
    values: dict[str, str] = {}
    """Each value to choose from and what it means."""


class Words(FrozenModel):
    """What is asked for every field, and the headings that points are asked for."""

    entries: dict[str, Entry]
    headings: tuple[str, ...]


@cache
def load_words() -> Words:
    """The questions, as they stand in new.yaml."""
    fields = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    headings = fields.pop("headings")
    return Words(entries=fields, headings=headings)


class Interview:
    """Asks on standard error and reads standard input; a question is put again until its answer can be used."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words, self._vocabulary = load_words(), vocabulary

    def text(self, field: str, *, least: int = 0, default: str = "", check: Check | None = None) -> str:
        """One line of at least so many letters."""
        return _asked(self._words.entries[field], least=least, default=default, check=check)

    def choice(self, field: str, *, default: str) -> str:
        """One of the values the field may have."""
        values = self._words.entries[field].values
        return self.text(field, default=default, check=lambda answer: _strange([answer.lower()], values)).lower()

    def nations(self) -> list[str]:
        """One or more."""
        values = self._words.entries["nations"].values
        chosen = self._several("nations", values, least=1, also=(_ALL,))
        return list(values) if _ALL in chosen else chosen

    def sectors(self) -> list[str]:
        return self._several("sectors", self._labels("holder"))

    def decides(self) -> list[str]:
        return self._several("decides", {name: role.label for name, role in self._vocabulary.roles.items()})

    def facets(self) -> dict[str, list[str]]:
        """Facet to values, for the facets that the curator limits the document to."""
        asked = [facet for facet in self._vocabulary.facets if facet not in _ALWAYS_ASKED]
        chosen = {
            facet: self._several("facet", self._labels(facet), label=self._vocabulary.facets[facet].label)
            for facet in asked
        }
        return {facet: values for facet, values in chosen.items() if values}

    def ids(self, field: str, *, known: Collection[str]) -> list[str]:
        """Ids of documents that there are."""
        return _split(self.text(field, check=lambda answer: _strange(_split(answer), known)))

    def day(self, field: str, *, default: str = "") -> date | None:
        answer = self.text(field, default=default, check=_is_day)
        return date.fromisoformat(answer) if answer else None

    def questions(self) -> list[str]:
        """Lines until an empty one."""
        return list(iter(lambda: self.text("questions"), ""))

    def points(self) -> list[tuple[str, str]]:
        """Heading and point, its pinpoint in brackets behind it; the first heading has at least one."""
        points: list[tuple[str, str]] = []
        for heading in self._words.headings:
            click.echo(f"\n{heading.upper()}", err=True)
            while point := self.text("points", least=0 if points else 1):
                pinpoint = self.text("pinpoint").strip("[]")
                points.append((heading, f"{point} [{pinpoint or 'practice point; unverified'}]"))
        return points

    def _labels(self, facet: str) -> dict[str, str]:
        return {name: value.label for name, value in self._vocabulary.facets[facet].values.items()}

    def _several(
        self, field: str, values: Mapping[str, str], *, least: int = 0, also: tuple[str, ...] = (), label: str = ""
    ) -> list[str]:
        entry = self._words.entries[field]
        shown = entry.model_copy(update={"ask": entry.ask.format(label=label), "values": dict(values)})
        known = [*values, *also]
        return _split(_asked(shown, least=least, check=lambda answer: _strange(_split(answer), known)))


def _asked(entry: Entry, *, least: int, default: str = "", check: Check | None = None) -> str:
    """The answer to one question; "?" is answered with what is meant."""
    shown = "\n".join(wrapped(f"{entry.ask} [{default}]" if default else entry.ask))
    while True:
        given = click.prompt(shown, default=default, show_default=False, prompt_suffix="\n> ", err=True)
        answer = " ".join(str(given).split())
        wrong = check(answer) if check and answer else None
        if answer == "?":
            _explain(entry)
        elif len(answer) < least:
            click.echo(f"This is needed, with at least {least} letter{'s' * (least > 1)}. ? explains.", err=True)
        elif wrong:
            click.echo("\n".join(wrapped(wrong)), err=True)
        else:
            return answer


def _explain(entry: Entry) -> None:
    click.echo("\n".join(wrapped(entry.help, first="  ")), err=True)
    for value, meaning in entry.values.items():
        click.echo("\n".join(wrapped(f"{value}: {meaning}", first="    ", rest=8)), err=True)


def _strange(names: Collection[str], known: Collection[str]) -> str | None:
    strange = [name for name in names if name not in known]
    return f"{strange[0]!r} is not known here. ? explains." if strange else None


def _is_day(answer: str) -> str | None:
    try:
        date.fromisoformat(answer)
    except ValueError:
        return "Write a day as YYYY-MM-DD, such as 2027-05-01."
    return None


def _split(answer: str) -> list[str]:
    """Names with commas between; every value and id is in small letters."""
    return [name for part in answer.lower().split(",") if (name := part.strip())]
