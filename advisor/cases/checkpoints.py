"""The heads of all chains in a file outside the database, so that even a rewrite of the whole database shows.

After every event a line with the new end of its chain is added, which costs one small write; the last line of a chain
is the one that counts. Whoever can write the database but not this folder cannot hide a change: keep it elsewhere
(``ADVISOR_CHECKPOINTS``), where the advisor may add to files but not change them.

Each line is JSON and ends with the start of its own SHA-256, so that a damaged line shows.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from advisor.tables import as_text
from knowledge.models import FrozenModel

_LOG = logging.getLogger(__name__)
Heads = dict[tuple[str, str], tuple[int, str]]
"""(workspace, chain) to its length and the hash of its last event."""


class Noted(FrozenModel):
    """What the file says."""

    heads: Heads
    damaged: tuple[int, ...]
    """Numbers of lines that are not as they were written, the first is 1."""
    exists: bool


class Checkpoints:
    """The file of one database's checkpoints."""

    def __init__(self, folder: Path, *, store: str) -> None:
        self.path = folder / f"{store}.jsonl"

    def note(self, workspace: str, chain: str, *, length: int, head: str) -> None:
        """Adds the new end of a chain; the event is kept already, so a fault here is only warned of."""
        try:
            self.note_all({(workspace, chain): (length, head)})
        except OSError as error:
            _LOG.warning("The checkpoint at %s cannot be written: %s. Mend it, then run "
                         '"advisor cases checkpoint".', self.path, error.strerror)  # fmt: skip

    def note_all(self, heads: Heads) -> None:
        """Adds the ends of many chains.

        Raises:
            OSError: when the file cannot be written.
        """
        at = as_text(datetime.now(UTC))
        lines = [
            {"at": at, "workspace": workspace, "chain": chain, "length": length, "head": head}
            for (workspace, chain), (length, head) in heads.items()
        ]
        self._add(lines)

    def accept(self, *, by: str, why: str, heads: Heads) -> None:
        """Starts anew from what the database holds now, and says who accepted that and why.

        Raises:
            OSError: when the file cannot be written.
        """
        self._add([{"at": as_text(datetime.now(UTC)), "accepted": by, "why": why}])
        self.note_all(heads)

    def read(self) -> Noted:
        """What was last noted of each chain.

        Raises:
            OSError: when the file is there and cannot be read.
        """
        heads: Heads = {}
        damaged = []
        if not self.path.exists():
            return Noted(heads={}, damaged=(), exists=False)
        with self.path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                entry = _checked(line)
                if entry is None:
                    damaged.append(number)
                elif "accepted" in entry:
                    heads, damaged = {}, []
                else:
                    _raise_head(heads, entry)
        return Noted(heads=heads, damaged=tuple(damaged), exists=True)

    def _add(self, entries: Iterable[dict[str, object]]) -> None:
        text = "".join(map(_sealed, entries)).encode()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # One write a call: lines of several processes never mix.
            if os.write(descriptor, text) != len(text):
                os.write(descriptor, b"\n")
                raise OSError(28, "No space left on device")
            if len(text) > 1000:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sealed(entry: dict[str, object]) -> str:
    return json.dumps({**entry, "seal": _seal(entry)}, sort_keys=True, separators=(",", ":")) + "\n"


def _checked(line: str) -> dict[str, object] | None:
    """The entry of a line, without its seal; None when it is not as it was written."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict):
        return None
    seal = entry.pop("seal", None)
    return entry if seal == _seal(entry) else None


def _seal(entry: dict[str, object]) -> str:
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _raise_head(heads: Heads, entry: dict[str, object]) -> None:
    place, length = (str(entry["workspace"]), str(entry["chain"])), int(str(entry["length"]))
    if length >= heads.get(place, (0, ""))[0]:
        heads[place] = (length, str(entry["head"]))
