"""Sends to Slack: what it refuses goes out in a plainer way, what it cannot take now is for later; never silence."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.webhook import WebhookClient

from integrations.slack import limits
from integrations.slack.arriving import Place
from integrations.slack.logs import log
from integrations.slack.metrics import Metrics
from integrations.slack.parts import Block, Message, words
from integrations.slack.words import SlackWords

TOO_MUCH_FOR_SLACK = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "invalid_arguments", "msg_too_long", "msg_blocks_too_long", "no_text"}
)
NOT_THERE = frozenset(
    {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "user_not_in_channel",
        "restricted_action",
        "restricted_action_thread_locked",
        "restricted_action_read_only_channel",
        "cannot_reply_to_message",
        "thread_not_found",
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
    }
)
NO_TOKEN = frozenset({"token_revoked", "token_expired", "invalid_auth", "account_inactive", "not_authed"})
IN_ORDER = "in_order"
"""Why something waits for what comes before it; that is no fault, and so not for long."""
SECONDS = 10
"""How long one call may take; then it is for later."""
_BRIEF = 300


class Later(Exception):
    """Slack cannot take it now; ``after`` says when to try again, ``code`` why."""

    def __init__(self, code: str, *, after: timedelta) -> None:
        super().__init__(code)
        self.code, self.after = code, after


class Unreachable(Exception):
    """Slack will not take it there, in whatever form; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Outgoing:
    """The one way out."""

    def __init__(self, client: WebClient, *, words: SlackWords, metrics: Metrics) -> None:
        self._client, self._words, self._metrics = client, words, metrics

    def deliver(self, place: Place, message: Message, *, plain: Sequence[str] = ()) -> None:
        """Brings a message to where it belongs; failing that, to the person directly.

        ``plain`` are the texts that take its place when Slack refuses its blocks.

        Raises:
            Later: when Slack cannot take it now.
            Unreachable: when neither the place nor the person can be reached.
        """
        try:
            self._attempt(place, message, plain=plain)
        except Unreachable as lost:
            if place.is_direct or not place.user:
                raise
            log("place_lost", code=lost.code, channel=place.channel, user=place.user)
            directly = place.model_copy(
                update={"channel": place.user, "root": "-", "private": False, "response_url": None, "message": None}
            )
            notice = Message(text=self._words.says["moved_here"], blocks=())
            self._attempt(directly, notice, plain=())
            self._attempt(directly, message, plain=plain)

    def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """One call of the Web API.

        Raises:
            Later: for rate limits, time-outs, faults of the server and a token that is no good any more.
            SlackApiError: for what Slack refuses for good.
        """
        try:
            reads = method.endswith(".info")  # Slack takes no JSON for what only reads.
            if reads:
                response = self._client.api_call(method, params=arguments)
            else:
                response = self._client.api_call(method, json=arguments)
        except SlackApiError as error:
            code = _code(error)
            self._metrics.sent.labels(method, code).inc()
            if later := _later(error, code):
                raise later from error
            raise
        except (OSError, http.client.HTTPException, SlackRequestError, ValueError) as error:
            self._metrics.sent.labels(method, "no_answer").inc()
            raise Later("no_answer", after=timedelta(seconds=5)) from error
        self._metrics.sent.labels(method, "ok").inc()
        data = response.data
        return data if isinstance(data, dict) else {}

    def _attempt(self, place: Place, message: Message, *, plain: Sequence[str]) -> None:
        """One place: with blocks, then in plain text, then anew where an old message cannot be changed."""
        faults = limits.faults(message.blocks) if message.blocks else []
        if faults:
            log("blocks_faulty", faults=len(faults), channel=place.channel)
        try:
            if not faults:
                return self._post(place, text=message.text, blocks=list(message.blocks))
        except SlackApiError as error:
            code = _code(error)
            if code in NOT_THERE and place.message:
                return self._attempt(place.model_copy(update={"message": None}), message, plain=plain)
            if code not in TOO_MUCH_FOR_SLACK:
                raise Unreachable(code) from error
            log("blocks_refused", code=code, channel=place.channel)
        return self._plainly(place, message, plain=plain)

    def _plainly(self, place: Place, message: Message, *, plain: Sequence[str]) -> None:
        """Text alone, and then the buttons alone, which are tried apart so that they cannot cost the text."""
        place = place.model_copy(update={"message": None})
        try:
            for text in plain or (message.text,):
                self._post(place, text=text, blocks=[])
        except SlackApiError as error:
            raise Unreachable(_code(error)) from error
        buttons = [block for block in message.blocks if block["type"] == "actions"][-2:]
        if buttons and not limits.faults(buttons):
            try:
                self._post(place, text=message.text, blocks=buttons)
            except SlackApiError as error:
                log("buttons_refused", code=_code(error), channel=place.channel)

    def _post(self, place: Place, *, text: str, blocks: list[Block]) -> None:
        shown: dict[str, Any] = {"text": text} | ({"blocks": blocks} if blocks else {})
        if place.private and place.response_url and self._respond(place, shown):
            return
        shown |= {"channel": place.channel, "unfurl_links": False, "unfurl_media": False}
        if place.private:
            thread = {"thread_ts": place.thread} if place.in_thread and place.thread else {}
            del shown["unfurl_links"], shown["unfurl_media"]
            self.call("chat.postEphemeral", user=place.user, **thread, **shown)
        elif place.message:
            del shown["unfurl_links"], shown["unfurl_media"]
            self.call("chat.update", ts=place.message, **shown)
        else:
            self.call("chat.postMessage", **({"thread_ts": place.thread} if place.thread else {}), **shown)

    def _respond(self, place: Place, shown: dict[str, Any]) -> bool:
        """Through the response URL, which alone changes an ephemeral message; False when it is used up or too old."""
        assert place.response_url is not None
        client = WebhookClient(place.response_url, timeout=SECONDS, retry_handlers=[])
        body = shown | {"response_type": "ephemeral", "replace_original": bool(place.message)}
        try:
            response = client.send_dict(body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._metrics.sent.labels("response_url", "no_answer").inc()
            raise Later("no_answer", after=timedelta(seconds=5)) from error
        self._metrics.sent.labels("response_url", str(response.status_code)).inc()
        return response.status_code == 200


def brief(text: str) -> Message:
    """A message of one sentence of ours."""
    return Message(text=text, blocks=({"type": "section", "text": words(text, most=limits.SECTION)},))


def once_more(attempts: int) -> timedelta:
    """How long to wait before trying again what failed so often."""
    return timedelta(seconds=min(_BRIEF, 2 ** min(attempts, 9)))


def _later(error: SlackApiError, code: str) -> Later | None:
    status = error.response.status_code
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Later("ratelimited", after=timedelta(seconds=_seconds(error.response.headers)))
    if code in NO_TOKEN:
        return Later(code, after=timedelta(minutes=1))
    if status >= 500 or code in ("internal_error", "fatal_error", "service_unavailable", "request_timeout"):
        return Later(f"slack_{status}", after=timedelta(seconds=5))
    return None


def _seconds(headers: Any) -> int:
    """What Retry-After says, or half a minute; never more than five minutes, so that a wrong value cannot stop us."""
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), "30")
    text = str(found[0] if isinstance(found, list) else found)
    return min(_BRIEF, max(1, int(text))) if text.isdigit() else 30


def _code(error: SlackApiError) -> str:
    """Slack's code, without its words."""
    data = error.response.data if hasattr(error.response, "data") else error.response
    code = data.get("error", "unknown") if isinstance(data, dict) else "unknown"
    return str(code)[:60]
