"""How many tokens a language model may still take today, counted for all processes that share a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

_PATIENCE = 2.0
"""Seconds to wait for another process that is counting."""


class Allowance(Protocol):
    """Tokens for a day: taken before a request by an estimate, then put right by what it took."""

    def take(self, tokens: int) -> bool:
        """Whether that many are left; if so they are gone."""

    def settle(self, *, taken: int, used: int) -> None:
        """Puts an estimate right."""


class FileAllowance:
    """A count in a small file, beside a lock. A file that cannot be read counts as full: nothing is then sent."""

    def __init__(self, path: Path, *, a_day: int, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path, self._a_day, self._now = path, a_day, now

    def take(self, tokens: int) -> bool:
        try:
            return self._add(tokens, most=self._a_day)
        except (OSError, Timeout, ValueError):
            return False

    def settle(self, *, taken: int, used: int) -> None:
        with suppress(OSError, Timeout, ValueError):  # The estimate then stands, which is on the safe side.
            self._add(used - taken, most=None)

    def _add(self, tokens: int, *, most: int | None) -> bool:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self._path}.lock", timeout=_PATIENCE):
            spent = self._spent()
            if most is not None and spent + tokens > most:
                return False
            self._write(max(0, spent + tokens))
        return True

    def _spent(self) -> int:
        """Tokens of today.

        Raises:
            ValueError: when the file holds something else than a count.
        """
        try:
            counted = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return 0
        if not isinstance(counted, dict) or not isinstance(counted.get("tokens"), int):
            raise ValueError("no count")
        return counted["tokens"] if counted.get("day") == self._today() else 0

    def _write(self, spent: int) -> None:
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
        temporary.write_text(json.dumps({"day": self._today(), "tokens": spent}), encoding="utf-8")
        os.replace(temporary, self._path)

    def _today(self) -> str:
        return self._now().astimezone(UTC).date().isoformat()
