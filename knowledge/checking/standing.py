"""Contradictions between what a document says of its standing, its dates, and what took its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from knowledge.models import Document, Standing, State

Contradiction = tuple[str, str]
"""The field where it stands, and what is wrong in words."""


def contradictions(document: Document, *, by_id: Mapping[str, Document], today: date) -> Iterator[Contradiction]:
    """Everything that cannot be true at once."""
    yield from _dates(document, today)
    if document.status is Standing.SUPERSEDED and not document.superseded_by:
        yield "status", "superseded, but superseded_by does not say by what"
    if document.superseded_by and document.status is not Standing.SUPERSEDED:
        yield "superseded_by", "superseded_by is set, so status must be superseded"
    replacement = by_id.get(document.superseded_by or "")
    if replacement and replacement is not document:
        yield from _replacement(replacement)


def _dates(document: Document, today: date) -> Iterator[Contradiction]:
    since = document.in_force_from
    if document.status is Standing.NOT_YET_IN_FORCE and since and since <= today:
        yield "status", f"not_yet_in_force, yet in_force_from {since} has come"
    if document.status is Standing.IN_FORCE and since and since > today:
        yield "status", f"in_force, yet in_force_from {since} is still to come"


def _replacement(new: Document) -> Iterator[Contradiction]:
    """Why the document that should be used instead cannot be, or nothing."""
    if new.state is not State.APPROVED:
        is_what = "a draft" if new.state is State.DRAFT else "withdrawn"
        yield "superseded_by", f"{new.id!r} is {is_what}, so no answer can name it as what to use instead"
    elif new.status is Standing.SUPERSEDED:
        later = f": name {new.superseded_by!r}, which replaced it" if new.superseded_by else ""
        yield "superseded_by", f"{new.id!r} is itself superseded{later}"
    elif new.status is Standing.NOT_YET_IN_FORCE:
        yield "superseded_by", f"{new.id!r} is not yet in force, so it has replaced nothing"
