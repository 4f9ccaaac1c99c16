"""What is seen of a watched page, what is remembered of it, and what came of looking."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from knowledge.models import FrozenModel


class PageState(StrEnum):
    """What became of the page behind a document since the document's last review."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FIRST_SEEN = "first_seen"
    """The page does not say when it changed, and there is no earlier look to compare with."""
    UNREAD = "unread"


class Page(FrozenModel):
    """A page as it was when it was last read or said to be as before."""

    digest: str
    """SHA-256 of the words of its readable text, or of its bytes where it is no text."""
    said: datetime | None = None
    """When it changed, in the page's own words."""
    remark: str = ""
    """What else the site says of it, such as that it was withdrawn."""
    address: str
    """What was asked, which the two fields below belong to."""
    etag: str = ""
    last_modified: str = ""
    on: date
    """The day it was looked at."""


class Baseline(FrozenModel):
    """The page that a document's review is taken to have seen."""

    url: str
    review: str
    """Which review of the document this was."""
    digest: str


class Remembered(FrozenModel):
    """All that is kept between two runs."""

    pages: dict[str, Page] = {}
    """By the address in the document."""
    documents: dict[str, Baseline] = {}
    """By document id."""


class Finding(FrozenModel):
    """What came of looking after one document."""

    id: str
    title: str
    owner: str
    url: str
    reviewed: date
    state: PageState
    said: datetime | None = None
    why: str = ""
    """How it is known, or why the page could not be read."""
