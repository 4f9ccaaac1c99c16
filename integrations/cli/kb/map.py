"""``advisor kb map``: the whole knowledge base on one page, with where it is thin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from advisor.settings import load_settings
from advisor.wiring import Workshop
from knowledge.coverage import Cell, coverage
from knowledge.errors import DocumentError
from knowledge.models import Document, FrozenModel, Kind, Nation, State
from knowledge.vocabulary import Vocabulary

_PAGE = "kb/map.html"
_ROWS, _COLUMNS = "purpose", "recipient"
_SOON = timedelta(days=90)
_STANDING = {
    "in_force": "in force",
    "under_review": "under review",
    "not_yet_in_force": "not yet in force",
    "superseded": "superseded",
    "draft": "draft",
    "withdrawn": "withdrawn",
    "overdue": "review overdue",
}
"""What may be said of where a document stands, in the words of the filter."""
_KIND = {Kind.GUIDANCE: "guidance", Kind.LEGISLATION: "law", Kind.CASE_STUDY: "case study"}
_KINDS = {Kind.GUIDANCE: "guidance", Kind.LEGISLATION: "law", Kind.CASE_STUDY: "case studies"}
_STRAND = {
    "bar": "what forbids it",
    "power": "the power to share",
    "confidence": "the duty of confidence",
    "data_protection": "data protection",
    "practice": "practice",
}


class Link(FrozenModel):
    """A way from one document to another."""

    id: str
    anchor: str = ""
    """Empty when there is no such document."""
    note: str = ""


class Entry(FrozenModel):
    """A document as the page shows it."""

    document: Document
    anchor: str
    standing: tuple[str, ...]
    """Keys of the words above, the first the most telling."""
    web: str
    """Its source's address where that is one on the web, or empty."""
    law: tuple[Link, ...]
    related: tuple[Link, ...]
    law_under: tuple[Link, ...]
    """The documents that bring this one in as law."""
    related_from: tuple[Link, ...]
    replaced_by: Link | None


@click.command("map")
@click.argument("file", default="kb-map.html", type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE.html]")
def map_(file: Path) -> int:
    """Writes one page of all documents, their links, where none is written, and the reviews due.

    The page stands alone: it needs no network, reads on a phone and prints. By default kb-map.html.
    """
    from integrations.cli.pages import write_page  # noqa: PLC0415 - jinja2, which only a page needs

    workshop = Workshop(load_settings())
    documents = []
    for loaded in workshop.loaded():
        if isinstance(loaded, DocumentError):
            click.echo(f"Left out: {loaded}", err=True)
        else:
            documents.append(loaded)
    write_page(file, _PAGE, **page_values(documents, vocabulary=workshop.vocabulary, today=date.today()))
    click.echo(f"Wrote {file}: {len(documents)} documents.")
    return 0


def page_values(documents: Sequence[Document], *, vocabulary: Vocabulary, today: date) -> dict[str, Any]:
    """All that the template shows."""
    entries = _entries(documents, vocabulary=vocabulary, today=today)
    rows, columns = (vocabulary.facets[facet].values for facet in (_ROWS, _COLUMNS))
    grid = coverage(documents, rows=(_ROWS, rows), columns=(_COLUMNS, columns))
    due = [each for each in entries if each.document.state is State.APPROVED]
    due.sort(key=lambda each: (each.document.review_by, each.document.id))
    return {
        "today": today,
        "entries": entries,
        "rows": {value: rows[value].label for value in rows},
        "columns": {value: columns[value].label for value in columns},
        "grid": grid,
        "counts": _counts(grid),
        "due": [each for each in due if each.document.review_by <= today + _SOON],
        "next_due": due[0].document.review_by if due else None,
        "of_kind": _numbers(_KINDS, [each.document.kind for each in entries]),
        "of_standing": _numbers(_STANDING, [key for each in entries for key in each.standing]),
        "of_nation": [(vocabulary.label("nation", nation), _in_nation(entries, nation)) for nation in Nation],
        "nations": {nation.value: vocabulary.label("nation", nation.value) for nation in Nation},
        "kinds": _KIND,
        "plural": _KINDS,
        "words": _STANDING,
        "facets": list(_by_facet(entries, vocabulary=vocabulary)),
    }


def _entries(documents: Sequence[Document], *, vocabulary: Vocabulary, today: date) -> list[Entry]:
    documents = sorted(documents, key=lambda each: (list(Kind).index(each.kind), each.id, each.state.value))
    cited: dict[str, Document] = {}  # "approved" sorts first: links are those of what is cited, not of a draft beside
    for document in sorted(documents, key=lambda each: each.state.value):
        cited.setdefault(document.id, document)
    anchors = {name: f"document-{name}" for name in cited}
    law = {name: [link.id for link in each.law] for name, each in cited.items()}
    related = {name: each.related for name, each in cited.items()}
    entries = []
    for number, document in enumerate(documents):
        anchor = anchors[document.id] + ("" if cited[document.id] is document else f"-{number}")
        entries.append(
            Entry(
                document=document,
                anchor=anchor,
                standing=tuple(_standing(document, today=today)),
                web=document.url if document.url.lower().startswith(("https://", "http://")) else "",
                law=tuple(_law(document, anchors, vocabulary=vocabulary)),
                related=tuple(_link(name, anchors) for name in document.related),
                law_under=tuple(_naming(document.id, law, anchors)),
                related_from=tuple(_naming(document.id, related, anchors)),
                replaced_by=_link(document.superseded_by, anchors) if document.superseded_by else None,
            )
        )
    return entries


def _law(document: Document, anchors: Mapping[str, str], *, vocabulary: Vocabulary) -> Iterator[Link]:
    for link in document.law:
        when = "; ".join(_labels(vocabulary, facet, values) for facet, values in link.when.items())
        note = _STRAND[link.strand] + (f", when {when}" if when else "")
        yield _link(link.id, anchors, note=note)


def _link(name: str, anchors: Mapping[str, str], *, note: str = "") -> Link:
    return Link(id=name, anchor=anchors.get(name, ""), note=note)


def _labels(vocabulary: Vocabulary, facet: str, values: Sequence[str]) -> str:
    """Values as people are shown them; a word that the vocabulary lacks as it is written."""
    if facet not in vocabulary.facets:
        return f"{facet}: {', '.join(values)}"
    known = vocabulary.facets[facet]
    labels = (known.values[value].label if value in known.values else value for value in values)
    return f"{known.label}: {' or '.join(labels)}"


def _naming(name: str, by: Mapping[str, Sequence[str]], anchors: Mapping[str, str]) -> Iterator[Link]:
    """The documents that name this one, of all documents with what each names."""
    for other, names in by.items():
        if name in names:
            yield _link(other, anchors)


def _standing(document: Document, *, today: date) -> Iterator[str]:
    yield document.status.value if document.state is State.APPROVED else document.state.value
    if document.state is State.APPROVED and document.review_by < today:
        yield "overdue"


def _counts(grid: Mapping[tuple[str, str], Cell]) -> dict[str, int]:
    both = sum(bool(cell.both) for cell in grid.values())
    none = sum(not cell.both and not cell.one for cell in grid.values())
    return {"all": len(grid), "both": both, "one": len(grid) - both - none, "none": none}


def _numbers(words: Mapping[Any, str], found: Sequence[Any]) -> list[str]:
    """Number and word of each thing that is there."""
    return [f"{found.count(key)} {word}" for key, word in words.items() if key in found]


def _in_nation(entries: Sequence[Entry], nation: Nation) -> list[int]:
    """How many documents of each kind apply in a nation, and how many of all apply nowhere else."""
    here = [each.document for each in entries if nation in each.document.nations]
    return [*(sum(each.kind is kind for each in here) for kind in _KIND), sum(len(each.nations) == 1 for each in here)]


def _by_facet(
    entries: Sequence[Entry], *, vocabulary: Vocabulary
) -> Iterator[tuple[str, list[tuple[str, list[Entry]]]]]:
    """The label of each facet, and under each of its values the documents that name it."""
    for facet, known in vocabulary.facets.items():
        if facet == "nation":
            continue
        named = {value: [each for each in entries if value in _named(each.document, facet)] for value in known.values}
        yield known.label, [(known.values[value].label, found) for value, found in named.items()]


def _named(document: Document, facet: str) -> tuple[str, ...]:
    return (*document.facets.get(facet, ()), *(document.sectors if facet == "holder" else ()))
