"""Which documents speak to a pair of facet values."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.coverage import Cell, coverage
from knowledge.models import Document, Standing, State
from tests.unit.knowledge.watching.sites import document

PURPOSES, RECIPIENTS = ("crime", "finance"), ("police", "parent")


def grid(*documents: Document) -> dict[tuple[str, str], Cell]:
    """The cells that are not holes."""
    found = coverage(documents, rows=("purpose", PURPOSES), columns=("recipient", RECIPIENTS))
    assert len(found) == 4
    return {pair: cell for pair, cell in found.items() if cell != Cell()}


def naming(name: str, **fields: Any) -> Document:
    return document("https://example.org/", name=name, **fields)


def test_a_document_that_names_the_two_together_counts_for_both() -> None:
    both = naming("both", facets={"purpose": ("crime",), "recipient": ("police",)})
    assert grid(both) == {("crime", "police"): Cell(both=("both",))}


def test_a_document_that_leaves_the_other_facet_open_counts_for_one() -> None:
    assert grid(naming("about-crime", facets={"purpose": ("crime",)})) == {
        ("crime", "police"): Cell(one=("about-crime",)),
        ("crime", "parent"): Cell(one=("about-crime",)),
    }
    assert grid(naming("about-police", facets={"recipient": ("police",)})) == {
        ("crime", "police"): Cell(one=("about-police",)),
        ("finance", "police"): Cell(one=("about-police",)),
    }


def test_the_condition_of_a_law_names_with_the_facets_of_its_document() -> None:
    law = ({"id": "act", "strand": "power", "when": {"recipient": ("parent",)}},)
    assert grid(naming("with-law", facets={"purpose": ("finance",)}, law=law)) == {
        ("finance", "parent"): Cell(both=("with-law",))
    }


def test_a_document_that_names_neither_fills_no_hole() -> None:
    assert grid(naming("open", facets={"consent": ("refused",)})) == {}


@pytest.mark.parametrize(
    "fields", [{"state": State.DRAFT}, {"state": State.WITHDRAWN}, {"status": Standing.SUPERSEDED}]
)
def test_what_is_never_quoted_fills_no_hole(fields: dict[str, Any]) -> None:
    assert grid(naming("old", facets={"purpose": ("crime",), "recipient": ("police",)}, **fields)) == {}
