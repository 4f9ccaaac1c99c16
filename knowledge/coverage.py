"""Which documents speak to each pair of facet values, and so where there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import product

from knowledge.models import Document, FrozenModel, Standing, State


class Cell(FrozenModel):
    """The documents that speak to one pair of values."""

    both: tuple[str, ...] = ()
    """Ids of those that name the two together."""
    one: tuple[str, ...] = ()
    """Ids of those that name one of the two and leave the other facet open."""


def is_citable(document: Document) -> bool:
    """Whether answers may quote it."""
    return document.state is State.APPROVED and document.status is not Standing.SUPERSEDED


def coverage(
    documents: Iterable[Document], *, rows: tuple[str, Collection[str]], columns: tuple[str, Collection[str]]
) -> dict[tuple[str, str], Cell]:
    """What the citable documents say of every pair of values; ``rows`` and ``columns`` are a facet and its values.

    A document names what is in its facets, alone or together with the condition of a law under it.
    """
    both: dict[tuple[str, str], list[str]] = {pair: [] for pair in product(rows[1], columns[1])}
    one: dict[tuple[str, str], list[str]] = {pair: [] for pair in both}
    for document in filter(is_citable, documents):
        for pair in _together(document, rows[0], columns[0]) & both.keys():
            both[pair].append(document.id)
        down, across = _values(document, rows[0]), _values(document, columns[0])
        if not (down and across):
            for pair in both:
                if pair[0] in down or pair[1] in across:
                    one[pair].append(document.id)
    return {pair: Cell(both=tuple(both[pair]), one=tuple(one[pair])) for pair in both}


def _together(document: Document, down: str, across: str) -> set[tuple[str, str]]:
    named = [document.facets, *({**document.facets, **link.when} for link in document.law)]
    return {pair for facets in named for pair in product(facets.get(down, ()), facets.get(across, ()))}


def _values(document: Document, facet: str) -> set[str]:
    """The values of a facet that a document names anywhere."""
    named: Sequence[dict[str, tuple[str, ...]]] = (document.facets, *(link.when for link in document.law))
    return {value for facets in named for value in facets.get(facet, ())}
