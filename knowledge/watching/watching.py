"""Looks after the pages behind documents, one at a time, and says which changed since the document's review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from urllib.parse import urlsplit

from knowledge.errors import NetworkAway, PageUnread
from knowledge.importing.fetching import Bounds, is_url
from knowledge.models import Document
from knowledge.watching.asking import PAUSE, Asker
from knowledge.watching.models import Baseline, Finding, Page, PageState, Remembered
from knowledge.watching.robots import Rules
from knowledge.watching.sources import SOURCES, Source

BOUNDS = Bounds(most_bytes=20 * 2**20, seconds=30)
_MOST_FAILURES = 3
"""Failures to connect, with no site ever reached, after which the network is taken to be away."""
_MEND = "Check the network; where it asks for a proxy, set HTTPS_PROXY and HTTP_PROXY. What was seen before is kept."


def watchable(documents: Sequence[Document]) -> list[Document]:
    """Those with an address on the web, so ordered that each site has a rest between two of its pages."""
    by_host: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if is_url(document.url):
            by_host[urlsplit(document.url).hostname or ""].append(document)
    longest_first = sorted(by_host.values(), key=len, reverse=True)
    return [each for together in zip_longest(*longest_first) for each in together if each is not None]


class Watcher:
    """Looks at pages and compares them with what was remembered; ``seen`` is what there is to remember now."""

    def __init__(
        self,
        before: Remembered,
        *,
        agent: str,
        today: date,
        bounds: Bounds = BOUNDS,
        pause: float = PAUSE,
        sources: Sequence[Source] = SOURCES,
    ) -> None:
        self._before, self._today, self._sources = before, today, sources
        self._asker = Asker(agent=agent, bounds=bounds, pause=pause)
        self._rules = Rules(self._asker, agent=agent)
        self._pages: dict[str, Page | PageUnread] = {}
        self._baselines: dict[str, Baseline] = {}

    @property
    def seen(self) -> Remembered:
        pages = {url: page for url, page in self._pages.items() if isinstance(page, Page)}
        return Remembered(pages=pages, documents=self._baselines)

    def look(self, documents: Sequence[Document]) -> Iterator[Finding]:
        """What came of each document, as it comes.

        Raises:
            NetworkAway: no site was ever reached.
        """
        failures: list[PageUnread] = []
        for number, document in enumerate(documents, start=1):
            page = self._page(document.url)
            if isinstance(page, PageUnread):
                failures += [] if page.reached else [page]
                if len(failures) >= _MOST_FAILURES or number == len(documents):
                    self._refuse_no_network(failures)
                yield _finding(document, PageState.UNREAD, why=page.reason)
            else:
                yield self._compared(document, page)

    def _refuse_no_network(self, failures: Sequence[PageUnread]) -> None:
        if failures and not self._asker.reached:
            raise NetworkAway(f"No site could be reached: {failures[-1].reason}. {_MEND}")

    def _page(self, url: str) -> Page | PageUnread:
        """The page behind an address, asked for once however many documents summarise it."""
        if url not in self._pages:
            try:
                self._pages[url] = self._looked_at(url)
            except PageUnread as error:
                self._pages[url] = error
        return self._pages[url]

    def _looked_at(self, url: str) -> Page:
        before = self._before.pages.get(url)
        missing = PageUnread("no way is known to read such an address")
        for source in self._sources:
            address = source.address(url)
            if address is None:
                continue
            page = self._asked(source, address, before=before)
            if isinstance(page, Page):
                return page
            missing = page
            if before is not None and before.address == address:
                break  # what another source says could not be compared with what this one said
        raise missing

    def _asked(self, source: Source, address: str, *, before: Page | None) -> Page | PageUnread:
        """The page, or why this source does not have it and the next may.

        Raises:
            PageUnread: it cannot be read now, which another source cannot mend.
        """
        if not source.made_for_programs:
            self._rules.refuse_unwelcome(address)
        known = before if before is not None and before.address == address else None
        reply = self._asker.ask(address, headers=_conditions(known))
        if reply.status == 304 and known is not None:
            return known.model_copy(update={"on": self._today})
        if reply.status in (404, 410):
            return PageUnread(f"the site answers {reply.status}: the page is gone, or moved without a trace")
        if reply.status != 200:
            raise PageUnread(f"the site answers {reply.status}")
        read = source.read(reply)
        if read is None:
            return PageUnread("the site answers with something else")
        return Page(
            **read.model_dump(),
            address=address,
            etag=reply.headers.get("etag", ""),
            last_modified=reply.headers.get("last-modified", ""),
            on=self._today,
        )

    def _compared(self, document: Document, page: Page) -> Finding:
        """What a document's page is compared with: as last seen before the review, or as first seen unchanged after."""
        review, old = _review_of(document), self._before.documents.get(document.id)
        seen = self._before.pages.get(document.url)
        if old is not None and (old.url, old.review) == (document.url, review):
            base = old.digest
        elif seen is not None and seen.on <= document.reviewed and not _dated_between(seen, page, document.reviewed):
            base = seen.digest
        else:
            base = ""
        state, why = _judged(document, page, base=base)
        if state is not PageState.CHANGED or base:
            digest = base or page.digest
            self._baselines[document.id] = Baseline(url=document.url, review=review, digest=digest)
        return _finding(document, state, said=page, why=why)


def _dated_between(seen: Page, page: Page, reviewed: date) -> bool:
    """Whether the site dates its change after the earlier look and not after the review, which then saw it."""
    return page.said is not None and page.said != seen.said and page.said.date() <= reviewed


def _judged(document: Document, page: Page, *, base: str) -> tuple[PageState, str]:
    later = page.said is not None and page.said.date() > document.reviewed
    if base == page.digest:
        return PageState.UNCHANGED, "it reads as it did at the review"
    if base:
        return PageState.CHANGED, "it does not read as it did at the review"
    if later:
        return PageState.CHANGED, "the site says so"
    if page.said is not None:
        return PageState.UNCHANGED, "the site says so"
    return PageState.FIRST_SEEN, "the site does not say when it changed; from now on it is compared"


def _finding(document: Document, state: PageState, *, said: Page | None = None, why: str) -> Finding:
    fields = document.model_dump(include={"id", "title", "owner", "url", "reviewed"})
    remark = f"; {said.remark}" if said and said.remark else ""
    return Finding(**fields, state=state, said=said.said if said else None, why=f"{why}{remark}")


def _conditions(known: Page | None) -> dict[str, str]:
    """What makes a site answer "as before" in place of the whole page."""
    if known is None:
        return {}
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in asked.items() if value}


def _review_of(document: Document) -> str:
    """Tells one review from the next, also when both are of one day."""
    return f"{document.reviewed}/{sum(' reviewed by ' in line for line in document.history)}"
