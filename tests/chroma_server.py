"""A Chroma server of one's own: the one that the package brings, on a free port of this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

_WITHIN = 30.0
"""Seconds in which it must answer after its start."""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(data: Path, *, port: int) -> Iterator[str]:
    """The address of a server over the data in a folder; killed at the end, as a machine that fails would be."""
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(data)]
    with subprocess.Popen(  # noqa: S603 - the server that the package brings
        [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, server)
            yield url
        finally:
            server.kill()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    start, opener = monotonic(), build_opener(ProxyHandler({}))
    while True:
        try:
            with opener.open(f"{url}/api/v2/heartbeat", timeout=1):
                return
        except (URLError, OSError):
            if server.poll() is not None or monotonic() - start > _WITHIN:
                raise RuntimeError(f"chroma run did not answer at {url}") from None
            sleep(0.05)
