"""How each kind of site says what its page reads now and when it changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from knowledge.errors import ImportRefused, PageUnread
from knowledge.models import FrozenModel
from knowledge.watching.asking import Reply

_HTML = ("text/html", "application/xhtml+xml")
_METADATA = re.compile(r"<(?:ukm:)?Metadata\b.*?</(?:ukm:)?Metadata>", re.DOTALL)
_MODIFIED = re.compile(r"<dc:modified>\s*([0-9T:.Z+-]+)\s*</dc:modified>")
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")
_FRESH = timedelta(days=1)
"""A page made anew for each reader says that it changed just now."""


class Read(FrozenModel):
    """What a page says of itself."""

    digest: str
    said: datetime | None = None
    remark: str = ""


class Source(Protocol):
    """One kind of site."""

    made_for_programs: bool
    """Whether the site publishes this for programs, so that its rules for crawlers are not about it."""

    def address(self, url: str) -> str | None:
        """What to ask about a page, or None for one that is not of this kind."""
        ...

    def read(self, reply: Reply) -> Read | None:
        """What an answer with content says; None when it turns out to be about no page of this kind.

        Raises:
            PageUnread: it is not what the site promises.
        """
        ...


class GovUk:
    """GOV.UK, by its content API: the text of the page, and the day of the last change that readers are told of."""

    made_for_programs = True

    def __init__(self, base: str = "https://www.gov.uk") -> None:
        self._base = base

    def address(self, url: str) -> str | None:
        parts = urlsplit(url)
        if parts.hostname not in ("www.gov.uk", "gov.uk") or parts.path in ("", "/"):
            return None
        return f"{self._base}/api/content{parts.path.rstrip('/')}"

    def read(self, reply: Reply) -> Read | None:
        try:
            item = json.loads(reply.body)
            said, notice = item.get("public_updated_at"), item.get("withdrawn_notice") or {}
            withdrawn = notice.get("withdrawn_at")
            dates = [_moment(each) for each in (said, withdrawn) if each]
            text = " ".join((str(item.get("title")), *map(_plain, _texts(item.get("details") or {}))))
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            raise PageUnread("GOV.UK's content API does not answer as documented") from error
        if not dates:
            return None
        remark = "GOV.UK says that it is withdrawn" if withdrawn else ""
        return Read(digest=_digest(f"{said} {withdrawn} {text}"), said=max(dates), remark=remark)


class Legislation:
    """legislation.gov.uk, by its XML: the text as revised, and the day the editors last changed the item it is in."""

    made_for_programs = True

    def __init__(self, base: str = "https://www.legislation.gov.uk") -> None:
        self._base = base

    def address(self, url: str) -> str | None:
        parts = urlsplit(url)
        if parts.hostname not in ("www.legislation.gov.uk", "legislation.gov.uk") or parts.path in ("", "/"):
            return None
        return f"{self._base}{parts.path.rstrip('/')}/data.xml"

    def read(self, reply: Reply) -> Read | None:
        xml = reply.body.decode("utf-8", errors="replace")
        if "<Legislation" not in xml:
            return None
        found = _MODIFIED.search(xml)
        text = _TAG.sub(" ", _METADATA.sub(" ", xml))
        try:
            return Read(digest=_digest(text), said=_moment(found[1]) if found else None)
        except ValueError as error:
            raise PageUnread("legislation.gov.uk does not give the date as documented") from error


class WebPage:
    """Any other page: its text as a reader sees it without menus, or a file's bytes, and ``Last-Modified``."""

    made_for_programs = False

    def address(self, url: str) -> str | None:
        return url.partition("#")[0]

    def read(self, reply: Reply) -> Read | None:
        kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _HTML:
            return Read(digest=hashlib.sha256(reply.body).hexdigest(), said=_last_modified(reply))
        text = _readable(_decoded(reply))
        if not text:
            raise PageUnread("the page holds no text without a script: look at it yourself")
        return Read(digest=_digest(text), said=_last_modified(reply))


SOURCES: tuple[Source, ...] = (GovUk(), Legislation(), WebPage())
"""In the order in which they are tried."""


def _texts(value: Any) -> Iterator[str]:
    """The texts of a page: every ``body`` and, of those in several formats, every ``content``."""
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if isinstance(each, str) and name in ("body", "content", "title", "url"):
                yield each
            elif not isinstance(each, str):
                yield from _texts(each)


def _plain(html: str) -> str:
    return _TAG.sub(" ", html)


def _readable(html: str) -> str:
    from knowledge.importing.webpages import take_html  # noqa: PLC0415 - an HTML parser, which APIs do without

    try:
        return "\n".join(block.text for block in take_html(html).blocks)
    except ImportRefused as error:
        raise PageUnread(error.reason) from error


def _decoded(reply: Reply) -> str:
    found = re.search(r"charset=[\"']?([\w-]+)", reply.headers.get("content-type", ""), re.IGNORECASE)
    try:
        return reply.body.decode(found[1] if found else "utf-8", errors="replace")
    except LookupError:
        return reply.body.decode("utf-8", errors="replace")


def _last_modified(reply: Reply) -> datetime | None:
    """When the site says the page changed, unless that is about now by the site's own clock."""
    try:
        said = parsedate_to_datetime(reply.headers["last-modified"])
        now = parsedate_to_datetime(reply.headers["date"]) if "date" in reply.headers else datetime.now(UTC)
        return None if _aware(now) - _aware(said) < _FRESH else _aware(said)
    except (KeyError, ValueError, TypeError):
        return None


def _moment(text: str) -> datetime:
    return _aware(datetime.fromisoformat(text))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _digest(text: str) -> str:
    """Of the words alone: a page set in another way says the same."""
    return hashlib.sha256(" ".join(_WORD.findall(text)).encode("utf-8", errors="replace")).hexdigest()
