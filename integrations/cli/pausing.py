"""``advisor pause`` and ``advisor resume``: the kill switch, with a recorded reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from advisor.cases.models import EventKind
from advisor.pauses import Pauses
from advisor.personal_data import Redactor
from integrations.cli.cases.desk import AtDesk, at_desk
from integrations.cli.rendering import wrapped


@click.command()
@click.option("--why", required=True, help="The reason, which everybody who asks is shown; leave out names.")
def pause(why: str) -> int:
    """Pauses the advisor everywhere: whoever asks is told whom to ask instead, and in danger to ring 999."""
    reason = Redactor().redact(why).text.strip()
    if not reason:
        raise click.UsageError('Say why: advisor pause --why "a wrong source was found"')
    with _pauses() as (pauses, at):
        lasting = pauses.pause(by=at.me.key, why=reason)
        if lasting.why != reason or lasting.paused_by != at.me.key:
            click.echo(f"It is paused already, since {lasting.since:%Y-%m-%d %H:%M} UTC: {lasting.why}")
            return 0
        at.desk.log(EventKind.PAUSED, {"why": reason}, by=at.me)
    click.echo(f'Paused: {reason}\nEnd it with "advisor resume".')
    return 0


@click.command()
def resume() -> int:
    """Ends a pause."""
    with _pauses() as (pauses, at):
        ended = pauses.resume(by=at.me.key)
        if ended is None:
            click.echo("It is not paused.")
            return 0
        at.desk.log(EventKind.RESUMED, {"why": ended.why}, by=at.me)
    said = f"At work again. Paused from {ended.since:%Y-%m-%d %H:%M} UTC until now: {ended.why}"
    click.echo("\n".join(wrapped(said)))
    return 0


@contextmanager
def _pauses() -> Iterator[tuple[Pauses, AtDesk]]:
    with at_desk() as at:
        yield Pauses(at.database), at
