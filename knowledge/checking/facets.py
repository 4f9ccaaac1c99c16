"""Facets of documents against the vocabulary: values it does not know, and values that no document uses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.checking.findings import Finding, Level
from knowledge.models import Document
from knowledge.vocabulary import VOCABULARY, Vocabulary

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def unknown_values(facets: Mapping[str, Collection[str]], *, vocabulary: Vocabulary) -> Iterator[str]:
    """What is wrong with facets and their values, each in words."""
    for facet, values in facets.items():
        known = vocabulary.facets.get(facet)
        if known is None:
            yield f"unknown facet {facet!r}; known: {', '.join(vocabulary.facets)}"
            continue
        for value in values:
            if value not in known.values:
                yield f"unknown {facet} {value!r}; known: {', '.join(known.values)}"


def dead_values(documents: Iterable[Document], *, vocabulary: Vocabulary, path: Path = VOCABULARY) -> list[Finding]:
    """Advice for each value of the vocabulary in ``path`` that no document and no condition of a law names."""
    used = {pair for document in documents for pair in _used(document)}
    dead = [
        (facet, value) for facet, of in vocabulary.facets.items() for value in of.values if (facet, value) not in used
    ]
    lines = _lines(path) if dead else {}
    return [
        Finding(
            level=Level.ADVICE,
            path=str(path),
            line=lines.get((facet, value), 1),
            message=f"no document and no law's condition names {facet} {value!r}, so hearing it changes no answer",
        )
        for facet, value in dead
    ]


def _used(document: Document) -> Iterator[tuple[str, str]]:
    yield from (("nation", nation.value) for nation in document.nations)
    yield from (("holder", sector) for sector in document.sectors)
    for facets in (document.facets, *(link.when for link in document.law)):
        yield from ((facet, value) for facet, values in facets.items() for value in values)


def _lines(path: Path) -> dict[tuple[str, str], int]:
    """The 1-based line of each value of each facet."""
    root: Any = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    return {
        (facet.value, value.value): value.start_mark.line + 1
        for facet, body in _entries(_entry(root, "facets"))
        for value, _ in _entries(_entry(body, "values"))
    }


def _entry(node: Any, name: str) -> Any:
    return next(body for key, body in _entries(node) if key.value == name)


def _entries(node: Any) -> Any:
    return node.value
