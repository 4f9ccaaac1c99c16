"""Asks for pages as a considerate reader would: one at a time, with pauses and bounds, and away from closed doors."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from threading import Event, Thread
from urllib.parse import urlsplit

import httpx

from knowledge.errors import ImportRefused, PageUnread
from knowledge.importing.fetching import MOST_REDIRECTS, Bounds
from knowledge.importing.pinning import CheckedTransport
from knowledge.models import FrozenModel

PAUSE = 1.0
"""Seconds between two requests to one host."""
_MOST_PAUSE = 10.0
_SLOW_DOWN = (429, 436, 503)
"""436 is what legislation.gov.uk answers to who asks too often."""
_TRIES = 2
"""Failures to reach a host after which it is left alone."""
_STEP = 2**16


class Reply(FrozenModel):
    """What a site answered; ``body`` is empty unless the status is 200."""

    status: int
    url: str
    """Where the last redirect led."""
    headers: dict[str, str]
    """With names in small letters."""
    body: bytes = b""


class Asker:
    """Sends requests, at most one a pause to each host."""

    def __init__(
        self,
        *,
        agent: str,
        bounds: Bounds,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``agent`` is how the advisor names itself to the sites."""
        self._agent, self._bounds, self._pause, self._clock, self._sleep = agent, bounds, pause, clock, sleep
        self._pauses: dict[str, float] = {}
        self._next: dict[str, float] = {}
        self._failures: Counter[str] = Counter()
        self._left_alone: dict[str, str] = {}
        self.reached = 0
        """Requests that were answered, however."""

    def ask(self, address: str, *, headers: Mapping[str, str] | None = None) -> Reply:
        """The answer of a site, after the pause that is due.

        Raises:
            PageUnread: with the reason.
        """
        parts = urlsplit(address)
        host = parts.hostname or ""
        if "@" in parts.netloc:
            raise PageUnread("the address holds a name or password: take them out of the document")
        if host in self._left_alone:
            raise PageUnread(self._left_alone[host])
        self._wait(host)
        try:
            reply = self._in_time(address, headers or {})
        except PageUnread as error:
            self._count(host, error)
            raise
        self.reached += 1
        self._failures.pop(host, None)
        if reply.status in _SLOW_DOWN:
            self._left_alone[host] = f"{host} asked to be left alone for now ({reply.status}): try again later"
            raise PageUnread(self._left_alone[host])
        return reply

    def slow_down(self, host: str, *, seconds: float) -> None:
        """Keeps a longer pause with a host that asks for it, up to ten seconds."""
        self._pauses[host] = max(self._pause, min(seconds, _MOST_PAUSE))

    def _wait(self, host: str) -> None:
        due = self._next.get(host, 0.0) - self._clock()
        if due > 0:
            self._sleep(due)
        self._next[host] = self._clock() + self._pauses.get(host, self._pause)

    def _count(self, host: str, error: PageUnread) -> None:
        if error.reached:
            self.reached += 1
            return
        self._failures[host] += 1
        if self._failures[host] >= _TRIES:
            self._left_alone[host] = f"not asked, as {host} could not be reached before: {error.reason}"

    def _in_time(self, address: str, headers: Mapping[str, str]) -> Reply:
        """The reply, from a thread beside: looking a name up or headers that drip in cannot be interrupted."""
        stop, outcome = Event(), list[Reply | BaseException]()

        def run() -> None:
            try:
                outcome.append(self._sent(address, headers, stop=stop))
            except BaseException as error:
                outcome.append(error)

        thread = Thread(target=run, daemon=True)
        thread.start()
        thread.join(self._bounds.seconds)
        stop.set()
        if not outcome:
            raise PageUnread(f"it was not here after {self._bounds.seconds:g} seconds", reached=False)
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]

    def _sent(self, address: str, headers: Mapping[str, str], *, stop: Event) -> Reply:
        try:
            with self._client() as client, client.stream("GET", address, headers=headers) as response:
                body = self._body(response, stop=stop) if response.status_code == 200 else b""
                kept = {name.lower(): value for name, value in response.headers.items()}
                return Reply(status=response.status_code, url=str(response.url), headers=kept, body=body)
        except ImportRefused as error:
            raise PageUnread(error.reason) from error
        except httpx.TooManyRedirects as error:
            raise PageUnread(f"it redirects more than {MOST_REDIRECTS} times") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise PageUnread("it is not an http or https address, or leads to one that is not") from error
        except httpx.TimeoutException as error:
            raise PageUnread("the site does not answer", reached=False) from error
        except (httpx.ConnectError, httpx.ProxyError) as error:
            raise PageUnread(_unconnected(error), reached=False) from error
        except httpx.HTTPError as error:
            raise PageUnread(f"the site cannot be read ({type(error).__name__})") from error

    def _client(self) -> httpx.Client:
        return httpx.Client(
            transport=CheckedTransport(allowed=self._bounds.allowed, look_up=_look_up),
            headers={"User-Agent": self._agent, "Accept-Encoding": "identity"},
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            timeout=min(10.0, self._bounds.seconds),
        )

    def _body(self, response: httpx.Response, *, stop: Event) -> bytes:
        """Counts what comes: what the site says of the size is not believed."""
        if response.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
            raise PageUnread("the site packs it although asked not to")
        body, most = bytearray(), self._bounds.most_bytes
        for step in response.iter_raw(_STEP):
            body += step
            if len(body) > most:
                raise PageUnread(f"it is larger than {most / 2**20:g} MB, the most that is read")
            if stop.is_set():
                raise PageUnread("stopped")
        return bytes(body)


def _unconnected(error: httpx.TransportError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "its certificate is not trusted here: SSL_CERT_FILE may name the certificates of your own network"
    return f"no connection to the site ({type(error).__name__})"


def _look_up(host: str, port: int) -> list[str]:
    """The addresses of a host; one without any counts as out of reach."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise PageUnread(f"no address is known for {host}", reached=False) from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))
