"""``advisor show`` and ``advisor feedback``: answers that were kept, and what people said of them."""

from __future__ import annotations

import json
from contextlib import closing

import click

from advisor.personal_data import Redactor
from advisor.settings import load_settings
from integrations.cli.keeping import open_store
from integrations.cli.rendering import render, wrapped
from knowledge.vocabulary import load_vocabulary


@click.command()
@click.argument("answer")
@click.option("--json", "as_json", is_flag=True, help="The JSON object as it was.")
@click.option("--full", is_flag=True, help="Everything found.")
def show(answer: str, as_json: bool, full: bool) -> int:
    """Shows a kept ANSWER again, by its id or the start of it."""
    with closing(open_store(load_settings())) as store:
        kept = store.find(answer)
        feedback = store.feedback(kept.id)
    if as_json:
        click.echo(json.dumps(kept.as_json(), ensure_ascii=False, indent=2))
        return 0
    asked = f"Asked {kept.asked_at:%Y-%m-%d %H:%M} UTC: {' '.join(kept.question.split())}"
    click.echo("\n".join(wrapped(asked)))
    click.echo(render(kept, vocabulary=load_vocabulary(), full=full), nl=False)
    for said in feedback:
        helped = "helpful" if said.helpful else "not helpful"
        click.echo("\n".join(wrapped(f"{said.given_at:%Y-%m-%d}: {helped}. {said.why}".strip())))
    return 0


@click.command()
@click.argument("answer")
@click.option("--helpful/--not-helpful", default=None, help="Whether it helped.")
@click.option("--why", default="", help="In a sentence; personal data is taken out before it is kept.")
def feedback(answer: str, helpful: bool | None, why: str) -> int:
    """Says whether an ANSWER helped, for those who curate the knowledge base."""
    if helpful is None:
        raise click.UsageError("Say --helpful or --not-helpful.")
    with closing(open_store(load_settings())) as store:
        store.add_feedback(answer, helpful=helpful, why=Redactor().redact(why).text)
    click.echo("Thank you. It is kept with the answer.")
    return 0
