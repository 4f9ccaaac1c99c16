"""``advisor chat``: follow-up turns that refine one situation, and what each changed in the answer."""

from __future__ import annotations

from collections.abc import Iterator

import click

from advisor.engine import Advisor
from advisor.models import Answer, Question
from advisor.pausing import answer_unless_paused
from advisor.settings import Settings, load_settings
from advisor.wiring import Workshop
from integrations.cli.ask import build_with_bar, facet_options
from integrations.cli.keeping import Keeper
from integrations.cli.rendering import render, wrapped
from knowledge.vocabulary import Vocabulary


@click.command()
@facet_options
def chat(**facets: str | None) -> int:
    """Ask, then add what you find out; each turn shows what changed. An empty line or Ctrl-D ends it."""
    workshop = Workshop(load_settings())
    advisor = workshop.advisor(on_missing=lambda: build_with_bar(workshop))
    options = {facet: value for facet, value in facets.items() if value}
    click.echo('What is the question? ("new" starts another; an empty line ends.)', err=True)
    with Keeper(workshop.settings) as keeper:
        for answer, lines in _conversation(
            advisor, options, vocabulary=workshop.vocabulary, settings=workshop.settings
        ):
            for line in lines:
                click.echo("\n".join(wrapped(line, rest=2)))
            click.echo(render(answer, vocabulary=workshop.vocabulary), nl=False)
            keeper.keep(answer)
    return 0


def _conversation(
    advisor: Advisor, options: dict[str, str], *, vocabulary: Vocabulary, settings: Settings
) -> Iterator[tuple[Answer, list[str]]]:
    """The answer to each turn, and the lines that say what the turn changed."""
    before: Answer | None = None
    earlier: tuple[str, ...] = ()
    for text in _turns():
        if text.lower() == "new":
            before, earlier = None, ()
            click.echo("A new question:", err=True)
            continue
        question = Question(text=text, facets=options, earlier=earlier)
        answer = answer_unless_paused(advisor, question, settings=settings)
        yield answer, [*changes(before, answer, vocabulary=vocabulary), ""] if before else []
        before, earlier = answer, (*earlier, answer.question)


def _turns() -> Iterator[str]:
    while True:
        try:
            text = click.prompt(">", prompt_suffix=" ", default="", show_default=False).strip()
        except click.exceptions.Abort:
            return
        if not text:
            return
        yield text


def changes(before: Answer, after: Answer, *, vocabulary: Vocabulary) -> list[str]:
    """What a turn changed: what is understood, urgency, who decides, sources gained and lost."""
    lines = ["WHAT CHANGED"]
    for facet, entry in vocabulary.facets.items():
        was, now = before.situation.reading(facet).value, after.situation.reading(facet).value
        if was != now:
            lines.append(f"- {entry.label}: {_label(vocabulary, facet, was)} -> {_label(vocabulary, facet, now)}")
    if before.urgency is not after.urgency:
        lines.append(f"- urgency: {before.urgency.value} -> {after.urgency.value}")
    if before.escalation.roles != after.escalation.roles:
        lines.append("- take it to: " + "; ".join(vocabulary.roles[role].label for role in after.escalation.roles))
    was_cited = {citation.document: citation.title for citation in before.citations}
    now_cited = {citation.document: citation.title for citation in after.citations}
    lines += [f"- now also: {title}" for name, title in now_cited.items() if name not in was_cited][:5]
    lines += [f"- no longer: {title}" for name, title in was_cited.items() if name not in now_cited][:5]
    return lines if len(lines) > 1 else ["WHAT CHANGED: nothing; the sources are the same."]


def _label(vocabulary: Vocabulary, facet: str, value: str | None) -> str:
    return vocabulary.label(facet, value) if value else "not said"
