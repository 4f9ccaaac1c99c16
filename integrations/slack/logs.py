"""Structured logs: one JSON object a line on standard error, with ids and codes, never a text or a token."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

LOGGER = logging.getLogger("advisor.slack")
_LIBRARIES = ("slack_bolt", "slack_sdk")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        line = {"at": at, "level": record.levelname.lower(), "event": record.getMessage()}
        if record.name != LOGGER.name:
            # A library writes what it was sent into its messages: where it spoke is all that is kept.
            line["event"] = f"library:{record.name}:{record.funcName}:{record.lineno}"
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line | getattr(record, "ids", {}))


def log(event: str, *, level: int = logging.INFO, **ids: str | int | float | None) -> None:
    """Notes that something happened; ``ids`` are ids, codes and numbers."""
    LOGGER.log(level, event, extra={"ids": {name: value for name, value in ids.items() if value is not None}})


def start_logging() -> None:
    """Sends our lines, and the libraries' stripped ones, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    for name in (LOGGER.name, *_LIBRARIES):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO if name == LOGGER.name else logging.WARNING)
