"""``advisor ask``: one question, or many from a file, from one process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any

import click
from pydantic import ValidationError

from advisor.engine import Advisor
from advisor.errors import StoreError
from advisor.models import Answer, Question
from advisor.outcomes import Outcome
from advisor.settings import Settings, load_settings
from advisor.wiring import Workshop
from integrations.cli.rendering import render
from knowledge.models import FrozenModel, Nation
from knowledge.vocabulary import load_vocabulary

FACETS = ("recipient", "subject", "information", "purpose", "consent", "mode")


def facet_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--nation``, ``--sector`` and every facet as an option with the vocabulary's values."""
    vocabulary = load_vocabulary()
    for facet in reversed(FACETS):
        values = click.Choice(list(vocabulary.facets[facet].values))
        label = vocabulary.facets[facet].label
        command = click.option(f"--{facet}", type=values, metavar="VALUE", help=f"Overrides {label}.")(command)
    sectors = click.Choice(list(vocabulary.facets["holder"].values))
    command = click.option("--sector", "holder", type=sectors, metavar="VALUE", help="Which kind of body you ask for.")(command)
    nations = click.Choice([nation.value for nation in Nation])
    return click.option("--nation", type=nations, help="England is assumed otherwise.")(command)


@click.command()
@click.argument("words", nargs=-1, metavar="QUESTION")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.answer/1).")
@click.option("--full", is_flag=True, help="Everything found, not only what fits 60 lines.")
@click.option("--from", "source", type=click.File("r", encoding="utf-8", errors="replace"), metavar="FILE",
              help="One question a line, or JSON lines; - is standard input. Prints one JSON object a line.")
@facet_options
def ask(words: tuple[str, ...], as_json: bool, full: bool, source: IO[str] | None, **facets: str | None) -> int:
    """What the guidance says about sharing, the risks both ways, and who decides.

    Examples: advisor ask "The police have rung asking where one of our tenants lives. Can I tell them?"
    """
    options = {facet: value for facet, value in facets.items() if value}
    settings = load_settings()
    workshop = Workshop(settings)
    if source is not None:
        if words:
            raise click.UsageError("Give a QUESTION or --from FILE, not both.")
        return _ask_many(source, workshop, options)
    text = " ".join(words)
    if not text.strip():
        raise click.UsageError('No question. Ask one: advisor ask "Can I tell the school why they moved?"')
    advisor = workshop.advisor(on_missing=lambda: build_with_bar(workshop))
    answer = advisor.answer(Question(text=text, facets=options))
    if as_json:
        click.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(render(answer, vocabulary=workshop.vocabulary, full=full), nl=False)
    sys.stdout.flush()
    keep(answer, settings)
    return answer.outcome.exit_code


class _Request(FrozenModel):
    """One line of ``--from``."""

    question: str
    id: str | int | None = None
    nation: Nation | None = None
    sector: str | None = None
    facets: dict[str, str] = {}


def _ask_many(source: IO[str], workshop: Workshop, options: dict[str, str]) -> int:
    advisor = workshop.advisor(on_missing=lambda: build_with_bar(workshop))
    failed = False
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        request = _request(line, workshop)
        answer = _answer_line(advisor, request, options)
        body = answer.as_json()
        if isinstance(request, _Request) and request.id is not None:
            body["request_id"] = request.id
        if answer.outcome.family == "error":
            failed, body["line"] = True, number
            if isinstance(request, str):
                body["message"] = f"Line {number}: {request} {body['message']}"
        click.echo(json.dumps(body, ensure_ascii=False))
        keep(answer, workshop.settings)
    return 4 if failed else 0


def _request(line: str, workshop: Workshop) -> _Request | str:
    """The request on a line, or what is wrong with it."""
    if not line.lstrip().startswith("{"):
        return _Request(question=line.strip())
    try:
        request = _Request.model_validate_json(line)
    except ValidationError as error:
        return "; ".join(f"{'.'.join(map(str, item['loc'])) or 'JSON'}: {item['msg']}" for item in error.errors()) + "."
    known = workshop.vocabulary.facets
    for facet, value in _facets(request).items():
        if facet not in known:
            return f"unknown facet {facet!r}; known: {', '.join(known)}."
        if value not in known[facet].values:
            return f"unknown {facet} {value!r}; known: {', '.join(known[facet].values)}."
    return request


def _facets(request: _Request) -> dict[str, str]:
    given = {"nation": request.nation.value if request.nation else None, "holder": request.sector}
    return {**request.facets, **{facet: value for facet, value in given.items() if value}}


def _answer_line(advisor: Advisor, request: _Request | str, options: dict[str, str]) -> Answer:
    if isinstance(request, str):
        empty = advisor.answer(Question(text=""))
        bad = {**empty.as_json(), "outcome": Outcome.BAD_REQUEST, "message": advisor.message(Outcome.BAD_REQUEST)}
        return Answer.model_validate(bad)
    return advisor.answer(Question(text=request.question, facets={**options, **_facets(request)}))


def keep(answer: Answer, settings: Settings) -> None:
    """Keeps an answer unless that is switched off; a store that cannot be used never hides an answer."""
    if not settings.keep or answer.outcome.family == "error":
        return
    try:
        open_store(settings).keep(answer)
    except StoreError as error:
        click.echo(f"Not kept: {error}", err=True)


def open_store(settings: Settings) -> Any:
    """The answer store; imported here because it costs a fifth of a second that an answer need not wait for."""
    from advisor.store import AnswerStore, sqlite_url  # noqa: PLC0415

    settings.home.mkdir(parents=True, exist_ok=True)
    return AnswerStore(settings.database or sqlite_url(settings.home), keep_days=settings.keep_days)


def build_with_bar(workshop: Workshop, *, rebuild: bool = False) -> Any:
    """Builds the index with a progress bar on standard error."""
    click.echo("Preparing the search index (once; about a minute) ...", err=True)
    bar: Iterator[Any] | Any = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = click.progressbar(length=total, label="Indexing", file=sys.stderr)
        bar.update(done - bar.pos)

    try:
        return workshop.build(progress=show, rebuild=rebuild)
    finally:
        if bar is not None:
            bar.render_finish()
