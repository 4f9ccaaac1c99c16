"""What sites ask of programs that read their pages (robots.txt)."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from knowledge.errors import PageUnread
from knowledge.watching.asking import Asker


class Rules:
    """The rules of each site, asked for once."""

    def __init__(self, asker: Asker, *, agent: str) -> None:
        self._asker, self._agent = asker, agent
        self._of: dict[str, RobotFileParser] = {}

    def refuse_unwelcome(self, address: str) -> None:
        """Keeps away from a page that the site does not want read by programs.

        Raises:
            PageUnread: it is such a page, or the site cannot be reached.
        """
        parts = urlsplit(address)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._of:
            self._of[site] = self._rules(site, host=parts.hostname or "")
        if not self._of[site].can_fetch(self._agent, address):
            raise PageUnread("the site asks programs not to read it (robots.txt): look at it yourself")

    def _rules(self, site: str, *, host: str) -> RobotFileParser:
        reply = self._asker.ask(f"{site}/robots.txt")
        rules = RobotFileParser()
        rules.parse(reply.body.decode("utf-8", errors="replace").splitlines())  # nothing, where there is no such file
        delay = rules.crawl_delay(self._agent)
        if delay is not None:
            self._asker.slow_down(host, seconds=float(delay))
        return rules
