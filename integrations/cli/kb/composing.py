"""Makes a draft's fields and points of what a curator gave as answers or options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import click
from pydantic import ValidationError

from knowledge.curating.drafting import DraftFields
from knowledge.loading import parse_bullet
from knowledge.models import Bullet, Document, LawLink, SourceCheck, Verified
from knowledge.vocabulary import Vocabulary

_AS_GIVEN = (
    "title", "kind", "summary", "source", "url", "publisher", "nations", "sectors", "force", "strand", "decides",
    "related", "questions", "owner", "author",
)  # fmt: skip
_HOLDER = "holder"


def draft_of(
    given: Mapping[str, Any], *, vocabulary: Vocabulary, documents: Mapping[str, Document], today: date
) -> DraftFields:
    """The fields of a draft; what was not given keeps its default.

    Raises:
        click.UsageError: naming what is unknown or cannot be.
    """
    fields = {name: given[name] for name in _AS_GIVEN} | {
        "id": given["name"],
        "facets": _facets(given["facets"], vocabulary=vocabulary),
        "law": [_law(name, documents) for name in given["law"]],
        "in_force_from": _day(given["in_force_from"]),
        "review_by": _day(given["review_by"]),
        "drafted": today,
    }
    for facet, values in ((_HOLDER, given["sectors"]), *fields["facets"].items()):
        _refuse_strange(facet, values, vocabulary=vocabulary)
    for role in given["decides"]:
        if role not in vocabulary.roles:
            raise click.UsageError(f"--decides {role!r} is unknown; known: {', '.join(vocabulary.roles)}.")
    for name in given["related"]:
        _document(name, documents)
    if given["checked"]:
        fields |= {"verified": Verified.OFFICIAL, "checked": [SourceCheck(url=given["url"], copy_of=today)]}
    try:
        return DraftFields.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg'].lower()}" for item in error.errors())
        raise click.UsageError(f"{problems}.") from error


def sections_of(points: Sequence[tuple[str, str]]) -> list[tuple[str, list[Bullet]]]:
    """Headings in the order of their first points, each with its points."""
    sections: dict[str, list[Bullet]] = {}
    for heading, text in points:
        sections.setdefault(heading, []).append(parse_bullet(text))
    return list(sections.items())


def _facets(given: Mapping[str, list[str]] | Sequence[str], *, vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Facet to values, of answers as they are or of options ``recipient=police``."""
    if isinstance(given, Mapping):
        return dict(given)
    facets: dict[str, list[str]] = {}
    for option in given:
        facet, _, values = option.partition("=")
        if facet not in vocabulary.facets:
            raise click.UsageError(f"--facet {facet!r} is unknown; known: {', '.join(vocabulary.facets)}.")
        facets.setdefault(facet, []).extend(value.strip() for value in values.split(","))
    return facets


def _refuse_strange(facet: str, values: Sequence[str], *, vocabulary: Vocabulary) -> None:
    known = vocabulary.facets[facet].values
    for value in values:
        if value not in known:
            raise click.UsageError(f"{facet} {value!r} is unknown; known: {', '.join(known)}.")


def _law(name: str, documents: Mapping[str, Document]) -> LawLink:
    """A link to a piece of law, under the legal question that the law itself speaks to."""
    return LawLink(id=name, strand=_document(name, documents).strand)


def _document(name: str, documents: Mapping[str, Document]) -> Document:
    if name not in documents:
        raise click.UsageError(f'No document has the id {name!r}. See "advisor kb list".')
    return documents[name]


def _day(given: date | None) -> date | None:
    return given.date() if isinstance(given, datetime) else given
