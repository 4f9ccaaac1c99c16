"""A real PostgreSQL server for the tests, from Debian's packages or wherever else its programs are."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ACCOUNT = "postgres"


def programs() -> Path | None:
    """The newest folder of PostgreSQL's programs on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    beside = shutil.which("initdb")
    return found[-1].parent if found else Path(beside).parent if beside else None


class Server:
    """A server on a socket of its own that can be stopped as if it had crashed, and started again."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self._bin, self._folder = bin_folder, folder
        self._account = ACCOUNT if os.getuid() == 0 else None
        if self._account:
            shutil.chown(folder, self._account)
        self.url = f"postgresql:///postgres?host={folder}&user=tests"
        """Of its first database."""
        self._run("initdb", "-D", self._data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        settings = f"-k {self._folder} -c listen_addresses='' -c fsync=off -c max_connections=120"
        self._run("pg_ctl", "-D", self._data, "-o", settings, "-l", str(self._folder / "log"), "-w", "start")

    def crash(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [str(self._bin / program), *arguments],
            user=self._account,
            cwd=self._folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=60,
        )


@contextmanager
def serving(bin_folder: Path) -> Iterator[Server]:
    """A running server, stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        server = Server(bin_folder, folder)
        server.start()
        try:
            yield server
        finally:
            server.crash()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(bin_folder: Path) -> Iterator[str]:
    """A server, stopped at the end; gives the URL of its first database."""
    with serving(bin_folder) as server:
        yield server.url
