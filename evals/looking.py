"""The log of looks at the test parts: everything is tuned on the development parts, so every look is written down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from evals.errors import RunError

LOOKS = Path(__file__).parent / "looks.md"


def log_look(suites: Iterable[str], *, revision: str, path: Path = LOOKS) -> None:
    """Appends a line to the log.

    Raises:
        RunError: when it cannot be written; a look that is not logged is not taken.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"| {now} | {revision} | {', '.join(suites)} | |\n")
    except OSError as error:
        mend = "Make it writable; with --no-log the look is not written down."
        raise RunError(f"{path}, the log of looks at the test parts, cannot be written. {mend}") from error
