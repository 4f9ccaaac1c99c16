"""Fetches one page or file from the web into a folder: public addresses only, a size, a time, and few redirects."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from urllib.parse import unquote, urlsplit

import httpx

from knowledge.errors import ImportRefused
from knowledge.importing.kinds import OF_SUFFIX, READ
from knowledge.importing.pinning import CheckedTransport
from knowledge.models import FrozenModel

MOST_REDIRECTS = 5
_STEP = 2**16
_OF_TYPE = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}
_UNSAID = ("", "application/octet-stream", "binary/octet-stream")
"""Types that say nothing, with which many sites serve files; then the name must say what it is."""
_NAME = re.compile(r"[^\w.-]+")


class Bounds(FrozenModel):
    """How far a fetch may go."""

    most_bytes: int = 50 * 2**20
    seconds: float = 30
    """From the first question about an address to the last byte."""
    allowed: tuple[str, ...] = ()
    """Hosts on one's own network that may be asked."""


class Fetched(FrozenModel):
    """A file as it came, and where from."""

    path: Path
    url: str
    """Where the last redirect led."""


def is_url(source: str) -> bool:
    """Whether a source is meant as an address on the web."""
    return re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]+://", source) is not None


def fetch(url: str, *, folder: Path, agent: str, bounds: Bounds | None = None) -> Fetched:
    """The file behind an address, written into a folder.

    Args:
        agent: how the advisor names itself to the site.

    Raises:
        ImportRefused: with the reason; nothing of it is left in the folder.
    """
    if "@" in urlsplit(url).netloc:
        raise ImportRefused("the address holds a name or password: leave it out, or download it yourself")
    bounds, stop = bounds or Bounds(), Event()
    download = _Download(url, folder=folder, agent=agent, bounds=bounds, stop=stop)
    thread = Thread(target=download.run, daemon=True)
    thread.start()
    thread.join(bounds.seconds)
    if thread.is_alive():  # looking up a name, shaking hands or reading headers byte by byte cannot be interrupted
        stop.set()
        raise ImportRefused(f"it was not here after {bounds.seconds:g} seconds: try later, or download it yourself")
    return download.result()


class _Download:
    """One fetch, run beside the caller so that a site that drips or hangs cannot hold the caller."""

    def __init__(self, url: str, *, folder: Path, agent: str, bounds: Bounds, stop: Event) -> None:
        self._url, self._folder, self._agent, self._bounds, self._stop = url, folder, agent, bounds, stop
        self._outcome: Fetched | BaseException = RuntimeError("not run")

    def run(self) -> None:
        """Fetches, and keeps what came of it."""
        try:
            self._outcome = _told(self._fetch)
        except BaseException as error:
            self._outcome = error

    def result(self) -> Fetched:
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        return self._outcome

    def _fetch(self) -> Fetched:
        headers = {"User-Agent": self._agent, "Accept-Encoding": "identity", "Accept": ", ".join(_OF_TYPE)}
        transport = CheckedTransport(allowed=self._bounds.allowed)
        with (
            httpx.Client(
                transport=transport,
                headers=headers,
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                timeout=min(10.0, self._bounds.seconds),
            ) as client,
            client.stream("GET", self._url) as response,
        ):
            return self._kept(response)

    def _kept(self, response: httpx.Response) -> Fetched:
        if response.status_code != 200:
            raise ImportRefused(f"the site answered {response.status_code} {response.reason_phrase}".rstrip())
        if response.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
            raise ImportRefused("the site packs it although asked not to: download it and import the file")
        url = str(response.url)
        path = self._folder / _name(url, _suffix(response, url))
        try:
            self._write(response, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Fetched(path=path, url=url)

    def _write(self, response: httpx.Response, path: Path) -> None:
        """Counts what comes: what the site says of the size is not believed, only refused when too much."""
        said = response.headers.get("content-length", "")
        if said.isdecimal():
            self._refuse_large(int(said[:20]))
        size = 0
        with path.open("wb") as file:
            for step in response.iter_raw(_STEP):
                size += len(step)
                self._refuse_large(size)
                if self._stop.is_set():
                    raise ImportRefused("stopped")
                file.write(step)

    def _refuse_large(self, size: int) -> None:
        most = self._bounds.most_bytes
        if size > most:
            raise ImportRefused(f"it is larger than {most / 2**20:g} MB, the most that is fetched")


def _told(fetch_: Callable[[], Fetched]) -> Fetched:
    """What was fetched; an error of the network as a reason."""
    try:
        return fetch_()
    except httpx.TooManyRedirects as error:
        raise ImportRefused(f"it redirects more than {MOST_REDIRECTS} times") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise ImportRefused("it is not an http or https address, or leads to one that is not") from error
    except httpx.TimeoutException as error:
        raise ImportRefused("the site does not answer: try later, or download it yourself") from error
    except httpx.HTTPError as error:
        raise ImportRefused(f"the site cannot be read ({type(error).__name__}): check the address") from error


def _suffix(response: httpx.Response, url: str) -> str:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    named = Path(unquote(urlsplit(url).path)).suffix.lower()
    if kind in _UNSAID and named in OF_SUFFIX:
        return named
    if kind == "text/plain" and named in (".md", ".markdown"):
        return named
    if kind not in _OF_TYPE:
        raise ImportRefused(f"it is {kind or 'of no type'}, and only {READ} are read")
    return _OF_TYPE[kind]


def _name(url: str, suffix: str) -> str:
    """A harmless file name made of the last part of an address."""
    parts = urlsplit(url)
    last = Path(unquote(parts.path)).name or parts.hostname or "page"
    stem = _NAME.sub("-", last.removesuffix(Path(last).suffix) or last).strip(".-")[:80]
    return f"{stem or 'page'}{suffix}"
