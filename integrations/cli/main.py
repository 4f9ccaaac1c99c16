"""The first step of the ``advisor`` command, so light that even an early Ctrl-C gets a line and no traceback."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command and leaves with its exit code."""
    try:
        from integrations.cli.commands import run  # noqa: PLC0415 - the import takes longest, and Ctrl-C may come in it

        status = run()
    except KeyboardInterrupt:
        print("Stopped. Nothing already stored was lost.", file=sys.stderr)
        status = 130
    sys.exit(status)
