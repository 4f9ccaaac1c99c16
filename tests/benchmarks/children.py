"""Runs a command and says what it took: a measured child process, or one that answers line by line."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent


class Spent(NamedTuple):
    """What one child process took."""

    printed: float
    """Seconds from its start to the last of its output."""
    ended: float
    """Seconds from its start to its end."""
    processor: float
    """Seconds of processor time, which other work on the machine lengthens less."""
    memory: float
    """Peak resident memory in MB, from its resource usage."""
    output: str


def spent_by(command: Sequence[str], *, environment: Mapping[str, str]) -> Spent:
    """Runs a command to its end.

    Raises:
        SystemExit: when it fails, with what it said.
    """
    with tempfile.TemporaryFile() as errors:
        start = perf_counter()
        child = subprocess.Popen(  # noqa: S603 - our own scripts
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd=ROOT
        )
        assert child.stdout is not None
        output, printed = b"", 0.0
        with child.stdout:
            while part := os.read(child.stdout.fileno(), 1 << 16):
                output, printed = output + part, perf_counter() - start
        _, status, usage = os.wait4(child.pid, 0)
        ended = perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            errors.seek(0)
            said = (errors.read() + output).decode(errors="replace")[-2000:]
            raise SystemExit(f"{' '.join(command)}\nended with {child.returncode}:\n{said}")
    megabyte = 2**20 if sys.platform == "darwin" else 2**10
    return Spent(printed, ended, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / megabyte, output.decode())


class Talker:
    """A child process that prints one figure for each line it is given."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str]) -> None:
        self._command, self._environment = command, environment

    def __enter__(self) -> Talker:
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        self._child = subprocess.Popen(  # noqa: S603 - our own scripts
            self._command, stdin=pipe, stdout=pipe, stderr=nothing, env=self._environment, cwd=ROOT, text=True
        )
        return self

    def figure(self, line: str) -> float:
        """What it prints for a line.

        Raises:
            SystemExit: when it ends instead.
        """
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()
        said = self._child.stdout.readline()
        if not said:
            raise SystemExit(f"{' '.join(self._command)}\nended without an answer to: {line}")
        return float(said)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.communicate(timeout=60)
