"""The first step of the ``advisor`` command, so light that even an early Ctrl-C gets a line and no traceback."""

from __future__ import annotations

import gc
import os
import sys

_OBJECTS_BEFORE_COLLECTING = 500_000
"""An answer makes 230,000, nearly all of them by importing, and needs them to the end."""


def main() -> None:
    """Runs the command and leaves with its exit code."""
    # Looking for what could be freed among what is imported took 0.1 s before an answer and 0.2 s after it.
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING, 20, 20)
    try:
        from integrations.cli.commands import run  # noqa: PLC0415 - the import takes longest, and Ctrl-C may come in it

        status = _written(run())
    except KeyboardInterrupt:
        print("Stopped. Nothing already stored was lost.", file=sys.stderr)
        status = 130
    gc.freeze()
    sys.exit(status)


def _written(status: int) -> int:
    """The exit code once all output is out; what a full disk refused is not tried again on the way out."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return status or 4
    return status
