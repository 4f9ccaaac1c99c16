"""The way in: words are redacted, then put in the outbox once; nothing else happens before Slack has its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from advisor.errors import StoreError
from advisor.models import Urgency
from advisor.outbox import Outbox
from advisor.screening import Screener
from advisor.settings import Settings
from integrations.slack.arriving import Heard, Place, Work, words_of

WINDOW = timedelta(minutes=1)
"""In which so many questions may be asked."""
PATIENCE = 1.0
"""Seconds that taking something in waits for the store: Slack wants its answer within three."""
_FIRST = timedelta(days=3650)
"""What is urgent was due that long ago, so that it comes before everything else."""


class Intake:
    """Takes what came in; every method may raise StoreError, and then nothing was taken."""

    def __init__(
        self, outbox: Outbox, *, workspace: str, screener: Screener, settings: Settings, wake: Callable[[], None]
    ) -> None:
        self._outbox, self._workspace, self._screener, self._settings = outbox, workspace, screener, settings
        self._wake, self._turn = wake, Lock()

    def hear(self, text: str) -> Heard:
        """Words as they came, without personal data."""
        screening = self._screener.screen(words_of(text))
        return Heard(text=screening.text, redactions=screening.redactions, urgency=screening.urgency)

    def ask(self, place: Place, text: str, *, key: str, facets: Mapping[str, str] | None = None) -> Heard:
        """Takes a question; in an emergency what to do is said apart from the answer, and first."""
        heard = self.hear(text)
        payload = {"place": _as_json(place), "heard": heard.model_dump(mode="json"), "facets": dict(facets or {})}
        if heard.urgency is Urgency.EMERGENCY:
            self.put(Work.ACT_NOW, key=f"{key}:act", payload={"place": _as_json(place)}, urgent=True)
            self.put(Work.ASK, key=key, payload=payload, urgent=True)
        elif over := self._ask_within_limits(place, payload, key=key):
            minute = int(datetime.now(UTC).timestamp() // WINDOW.total_seconds())
            say = {"place": _as_json(place), "words": over}
            self.put(Work.SAY, key=f"over:{place.user}:{place.channel}:{minute}", payload=say)
        return heard

    def put(self, work: Work, *, key: str, payload: Mapping[str, Any], urgent: bool = False) -> bool:
        """Puts a job whose texts are redacted already; False when the same came in before."""
        due = datetime.now(UTC) - (_FIRST if urgent else timedelta(0))
        with self._in_turn():
            new = self._outbox.put(work.value, key=key, payload=payload, workspace=self._workspace, due_at=due)
        if new:
            self._wake()
        return new

    def _ask_within_limits(self, place: Place, payload: Mapping[str, Any], *, key: str) -> str | None:
        """Puts a question; when one of the limits is reached, the name of the words that say so instead.

        Who asked where is part of its key, by which the questions of the last minute are counted. Danger has no limit.
        """
        person, channel = f":{place.user}:", f":{place.channel}:"
        limits = {person: self._settings.slack_user_limit}
        if not place.is_direct:
            limits[channel] = self._settings.slack_channel_limit
        with self._in_turn():
            over = self._outbox.put_within(
                Work.ASK.value,
                key=f"ask{person}{channel}{key}",
                payload=payload,
                workspace=self._workspace,
                limits=limits,
                window=WINDOW,
            )
        if over is None:
            self._wake()
            return None
        return "too_many_of_yours" if over == person else "too_many_here"

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One after the other: threads that wait for SQLite's lock sleep in steps of up to a tenth of a second."""
        if not self._turn.acquire(timeout=PATIENCE):
            raise StoreError("The store is not taking anything in. Look at what else writes to it.")
        try:
            yield
        finally:
            self._turn.release()


def _as_json(place: Place) -> dict[str, Any]:
    return place.model_dump(mode="json")
