"""``advisor ask``: one question, or many from a file, from one process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from pydantic import ValidationError

from advisor.errors import AdvisorError
from advisor.models import Answer, Question, Urgency
from advisor.pausing import answer_unless_paused
from advisor.settings import load_settings
from advisor.wiring import Workshop, make_screener
from advisor.wording import load_wording
from integrations.cli.keeping import Keeper
from integrations.cli.rendering import act_now, render
from knowledge.errors import KnowledgeError
from knowledge.index import Manifest
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
    names = ("--sector", "--holder", "holder")
    command = click.option(*names, type=sectors, metavar="VALUE", help="Which kind of body you ask for.")(command)
    nations = click.Choice([nation.value for nation in Nation])
    return click.option("--nation", type=nations, help="England is assumed otherwise.")(command)


@click.command()
@click.argument("words", nargs=-1, metavar="QUESTION")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.answer/1).")
@click.option("--full", is_flag=True, help="Everything found, not only what fits 60 lines.")
@click.option("--escalate", is_flag=True, help="Asks a human: opens a case in the queue of the right role.")
@click.option(
    "--from",
    "source",
    type=click.File("r", encoding="utf-8-sig", errors="replace"),
    metavar="FILE",
    help="One question a line, or JSON lines; - is standard input. Prints one JSON object a line.",
)
@facet_options
def ask(
    words: tuple[str, ...], as_json: bool, full: bool, escalate: bool, source: IO[str] | None, **facets: str | None
) -> int:
    """What the guidance says about sharing, the risks both ways, and who decides.

    Examples: advisor ask "The police have rung asking where one of our tenants lives. Can I tell them?"
    """
    options = {facet: value for facet, value in facets.items() if value}
    if source is not None:
        if words:
            raise click.UsageError("Give a QUESTION or --from FILE, not both.")
        if escalate:
            raise click.UsageError('--escalate is for one QUESTION; with --from, use "advisor cases open ANSWER".')
        return _ask_many(source, Workshop(load_settings()), options)
    text = " ".join(words)
    if not text.strip():
        raise click.UsageError('No question. Ask one: advisor ask "Can I tell the school why they moved?"')
    with danger_first(text):
        workshop = Workshop(load_settings())
        advisor = workshop.advisor(on_missing=lambda: build_with_bar(workshop))
    answer = answer_unless_paused(advisor, Question(text=text, facets=options), settings=workshop.settings)
    if as_json:
        click.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(render(answer, vocabulary=workshop.vocabulary, full=full), nl=False)
    sys.stdout.flush()
    with Keeper(workshop.settings) as keeper:
        keeper.keep(answer)
    if escalate:
        from integrations.cli.cases.arriving import hand_over  # noqa: PLC0415 - only for those who ask a human

        hand_over(answer)
    return answer.outcome.exit_code


@contextmanager
def danger_first(text: str) -> Iterator[None]:
    """When the advisor cannot be set up, danger in the words is spoken to before the error is."""
    try:
        yield
    except (AdvisorError, KnowledgeError):
        if make_screener().screen(text).urgency is Urgency.EMERGENCY:
            click.echo("\n".join(act_now(load_wording().act_now.always)))
        raise


class _Request(FrozenModel):
    """One line of ``--from``."""

    question: str
    id: str | int | None = None
    nation: Nation | None = None
    sector: str | None = None
    facets: dict[str, str] = {}

    def given(self) -> dict[str, str]:
        """Facet values the line gives."""
        beside = {"nation": self.nation.value if self.nation else None, "holder": self.sector}
        return {**self.facets, **{facet: value for facet, value in beside.items() if value}}


def _ask_many(source: IO[str], workshop: Workshop, options: dict[str, str]) -> int:
    advisor = workshop.advisor(on_missing=lambda: build_with_bar(workshop))
    failed = False
    with Keeper(workshop.settings) as keeper:
        for number, line in enumerate(source, start=1):
            if not line.strip():
                continue
            request, fault = _read_request(line)
            question = Question(text=request.question, facets={**options, **request.given()})
            answer = (
                advisor.refuse(question, fault=fault)
                if fault
                else answer_unless_paused(advisor, question, settings=workshop.settings)
            )
            click.echo(json.dumps(_body(answer, request, number), ensure_ascii=False))
            sys.stdout.flush()
            keeper.keep(answer)
            failed = failed or answer.outcome.family == "error"
    return 4 if failed else 0


def _read_request(line: str) -> tuple[_Request, str]:
    """The request on a line, and what is wrong with it or nothing."""
    if not line.lstrip().startswith("{"):
        return _Request(question=line.strip()), ""
    try:
        return _Request.model_validate_json(line), ""
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, item['loc'])) or 'JSON'}: {item['msg']}" for item in error.errors())
        return _salvaged(line), "; ".join(problems) + "."


def _salvaged(line: str) -> _Request:
    """The words and the id of a request that is wrong elsewhere, as far as they can be read."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return _Request(question=line.strip())
    words, name = fields.get("question"), fields.get("id")
    known = isinstance(name, str | int) and not isinstance(name, bool)
    return _Request(question=words if isinstance(words, str) else line.strip(), id=name if known else None)


def _body(answer: Answer, request: _Request, number: int) -> dict[str, Any]:
    body = answer.as_json()
    if request.id is not None:
        body["request_id"] = request.id
    if answer.outcome.family == "error":
        body |= {"line": number, "message": f"Line {number}: {body['message']}"}
    return body


def build_with_bar(workshop: Workshop, *, rebuild: bool = False) -> Manifest:
    """Builds the index with a progress bar on standard error."""
    click.echo("Preparing the search index (once; about a minute) ...", err=True)
    bar: Any = None

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
