"""Who asks, and where: guests, outsiders and shared channels are served only where the profile says so."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any

from slack_sdk.errors import SlackApiError

from advisor.slack_profile import SlackProfile
from integrations.slack.arriving import Place
from integrations.slack.outgoing import Outgoing

KEPT = 600.0
"""Seconds for which what Slack said of a person or a channel is believed."""
_MOST = 10_000


class Identity:
    """What Slack knows of people and channels, asked once in a while."""

    def __init__(
        self,
        outgoing: Outgoing,
        *,
        team: str,
        enterprise: str | None,
        profile: SlackProfile,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._outgoing, self._team, self._enterprise, self._profile = outgoing, team, enterprise, profile
        self._clock, self._lock = clock, Lock()
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}

    def refusal(self, place: Place) -> str | None:
        """The name of the words that say why nobody is served; None when all is well.

        Raises:
            Later: when Slack cannot say just now.
        """
        if not self._profile.serves(place.channel):
            return "not_listed"
        return self._of_person(place.user) or self._of_channel(place)

    def _of_person(self, name: str) -> str | None:
        user = self._ask("users.info", "user", name)
        if user is None or self._is_outsider(user):
            return None if self._profile.external and user is not None else "outsider"
        is_guest = user.get("is_restricted") or user.get("is_ultra_restricted")
        return "guest" if is_guest and not self._profile.guests else None

    def _is_outsider(self, user: dict[str, Any]) -> bool:
        if user.get("is_stranger"):
            return True
        same_enterprise = self._enterprise and user.get("enterprise_user", {}).get("enterprise_id") == self._enterprise
        return user.get("team_id") != self._team and not same_enterprise

    def _of_channel(self, place: Place) -> str | None:
        if place.is_direct or self._profile.external:
            return None
        channel = self._ask("conversations.info", "channel", place.channel) or {}
        is_shared = channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")
        return "external_channel" if is_shared else None

    def _ask(self, method: str, what: str, name: str) -> dict[str, Any] | None:
        """What Slack says of one; None when it knows of no such one that this app may see."""
        now = self._clock()
        with self._lock:
            known = self._known.get(name)
        if known and now - known[0] < KEPT:
            return known[1] or None
        try:
            found = self._outgoing.call(method, **{what: name}).get(what) or {}
        except SlackApiError:
            found = {}
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[name] = (now, found)
        return found or None
