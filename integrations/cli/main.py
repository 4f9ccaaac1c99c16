"""The first step of the ``advisor`` command, so light that even an early Ctrl-C gets a line and no traceback."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command and leaves with its exit code."""
    try:
        from integrations.cli.commands import run  # noqa: PLC0415 - the import takes longest, and Ctrl-C may come in it

        status = _written(run())
    except KeyboardInterrupt:
        print("Stopped. Nothing already stored was lost.", file=sys.stderr)
        status = 130
    sys.exit(status)


def _written(status: int) -> int:
    """The exit code once all output is out; what a full disk refused is not tried again on the way out."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return status or 4
    return status
