"""Runs the migrations on a connection that is in a transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def migrate(connection: Connection, *, adopted: bool, to: str) -> None:
    """Brings a database up to a version; ``adopted`` is one that the first version made without noting its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    if adopted:
        command.stamp(config, "0001")
    command.upgrade(config, to)
