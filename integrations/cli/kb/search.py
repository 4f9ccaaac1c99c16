"""``advisor kb search``."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import click

from advisor.library import as_facets
from advisor.settings import load_settings
from advisor.situation import SituationReader
from advisor.wiring import Workshop
from integrations.cli.ask import build_with_bar
from knowledge.retrieval import HybridRetriever, Passage


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="QUESTION")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100), help="How many passages.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.search/1).")
def search(words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """Shows which passages a question finds, and what each score is made of."""
    workshop = Workshop(load_settings())
    opened, embedder = workshop.open_or_build(lambda: build_with_bar(workshop))
    text = " ".join(words)
    situation = SituationReader(workshop.vocabulary).read(text)
    retriever = HybridRetriever(opened, embedder=embedder)
    found = retriever.retrieve(text, facets=as_facets(situation.known()), limit=limit)
    if as_json:
        body = {"schema": "advisor.kb.search/1", "passages": [_scores(passage) for passage in found.passages]}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return 0
    click.echo("score = lexical + dense + question + facet + authority")
    for passage in found.passages:
        scores = passage.scores
        parts = (scores.lexical, scores.dense, scores.question, scores.facet, scores.authority)
        click.echo(f"{passage.score:6.3f} = " + " + ".join(f"{part:.3f}" for part in parts) + f"  {passage.chunk.id}")
        click.echo("    " + textwrap.shorten(passage.chunk.text, 74, placeholder="..."))
    return 0


def _scores(passage: Passage) -> dict[str, Any]:
    return {
        "chunk": passage.chunk.id,
        "document": passage.document.id,
        "heading": passage.chunk.heading,
        "score": round(passage.score, 4),
        **{name: round(value, 4) for name, value in passage.scores.model_dump().items()},
        "text": passage.chunk.text,
    }
