"""The desk as the command line opens it, and who sits at it: the operating system's user, as the profile knows them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import click

from advisor.cases.desk import Desk
from advisor.cases.opening import open_desk
from advisor.database import Database, open_database
from advisor.models import Answer
from advisor.people import Actor
from advisor.settings import load_settings
from advisor.store import AnswerStore
from advisor.wiring import Workshop


class AtDesk(NamedTuple):
    """What a command works with."""

    desk: Desk
    me: Actor
    database: Database
    workshop: Workshop

    def answer(self, name: str) -> Answer:
        """A kept answer, by its id or the start of it."""
        return AnswerStore(self.database, keep_days=self.workshop.settings.keep_days).find(name)


@contextmanager
def at_desk() -> Iterator[AtDesk]:
    """Opens the store and finds out who is there.

    Raises:
        SettingsError: when the settings or the profile are wrong.
        StoreError: when the store cannot be used.
        Refused: when ``--as`` names somebody else; that is recorded.
    """
    context = click.get_current_context(silent=True)
    given = (context.obj if context else None) or {}
    workshop = Workshop(load_settings())
    database = open_database(workshop.settings)
    try:
        desk = open_desk(workshop, database, workspace=given.get("workspace"))
        me = desk.directory.actor(identity())
        if given.get("acting_as"):
            me = desk.acting_as(given["acting_as"], by=me)
        yield AtDesk(desk, me, database, workshop)
    finally:
        database.close()


def identity() -> str:
    """The operating system's user, as the system says it and not as the environment does."""
    try:
        import pwd  # noqa: PLC0415 - not on Windows

        return f"os:{pwd.getpwuid(os.getuid()).pw_name}"
    except ImportError:
        return f"os:{os.getlogin()}"
    except KeyError:
        return f"os:{os.getuid()}"
