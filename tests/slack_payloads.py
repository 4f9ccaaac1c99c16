"""What Slack sends to an app, in the shape of Slack's published samples.

The shapes follow ``json-logs/samples`` of github.com/slackapi/java-slack-sdk (events/MessagePayload, AppMentionPayload,
AppHomeOpenedPayload; app-backend/slash-commands, interactive-components/BlockActionPayload and MessageShortcutPayload,
views/ViewSubmissionPayload); fields that the bot does not read are kept so that their presence is tested.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

TEAM = "T0TEAM001"
OTHER_TEAM = "T0OTHER02"
ASKER = "U0ASKER01"
DECIDER = "U0DECIDE1"
BOT = "U0BOT0001"
DM = "D0DIRECT1"
CHANNEL = "C0CHANNEL"
QUEUE = "C0QUEUE01"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - the example of Slack's documentation
_NUMBERS = itertools.count(1)

Payload = dict[str, Any]


def next_ts() -> str:
    return f"17955{next(_NUMBERS):05d}.000100"


def event(inner: Mapping[str, Any], *, team: str = TEAM, event_id: str | None = None, **changes: Any) -> Payload:
    """An Events API callback around an event."""
    body: Payload = {
        "token": "verification",
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": "A0APP0001",
        "event": dict(inner),
        "type": "event_callback",
        "event_id": event_id or f"Ev{next(_NUMBERS):08d}",
        "event_time": int(time.time()),
        "authorizations": [
            {"enterprise_id": None, "team_id": team, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-abc",
    }
    return body | changes


def direct_message(text: str, *, user: str = ASKER, thread: str | None = None, **changes: Any) -> Payload:
    """A ``message`` in a direct message with the app."""
    ts = next_ts()
    team = changes.pop("team", TEAM)
    inner = {
        "client_msg_id": "b1c1d1e1",
        "type": "message",
        "text": text,
        "user": user,
        "ts": ts,
        "team": team,
        "blocks": [{"type": "rich_text", "block_id": "x", "elements": []}],
        "channel": DM,
        "event_ts": ts,
        "channel_type": "im",
    }
    if thread:
        inner |= {"thread_ts": thread, "parent_user_id": user}
    event_id = changes.pop("event_id", None)
    return event(inner | changes, team=team, event_id=event_id)


def mention(
    text: str, *, user: str = ASKER, channel: str = CHANNEL, thread: str | None = None, **outer: Any
) -> Payload:
    """An ``app_mention`` in a channel."""
    ts = next_ts()
    inner = {
        "client_msg_id": "b2c2d2e2",
        "type": "app_mention",
        "text": f"<@{BOT}> {text}",
        "user": user,
        "ts": ts,
        "team": TEAM,
        "channel": channel,
        "event_ts": ts,
    }
    return event(inner | ({"thread_ts": thread} if thread else {}), **outer)


def home_opened(*, user: str = ASKER, tab: str = "home", team: str = TEAM) -> Payload:
    inner = {"type": "app_home_opened", "user": user, "channel": DM, "tab": tab, "event_ts": next_ts()}
    return event(inner, team=team)


def command(text: str, *, user: str = ASKER, channel: str = CHANNEL, response_url: str = "", **changes: Any) -> Payload:
    """The form fields of a slash command."""
    return {
        "token": "verification",
        "team_id": TEAM,
        "team_domain": "council",
        "channel_id": channel,
        "channel_name": "team",
        "user_id": user,
        "user_name": "asker",
        "command": "/can-i-share",
        "text": text,
        "api_app_id": "A0APP0001",
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": f"{next(_NUMBERS)}.trigger",
    } | changes


def _interaction(kind: str, *, user: str, team: str = TEAM) -> Payload:
    return {
        "type": kind,
        "user": {"id": user, "username": "asker", "name": "asker", "team_id": team},
        "api_app_id": "A0APP0001",
        "token": "verification",
        "trigger_id": f"{next(_NUMBERS)}.trigger",
        "team": {"id": team, "domain": "council"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def block_action(
    action: Mapping[str, Any],
    *,
    user: str = ASKER,
    channel: str = CHANNEL,
    message: Mapping[str, Any] | None = None,
    response_url: str = "",
    ephemeral: bool = False,
    team: str = TEAM,
) -> Payload:
    """A press on a button or a choice in a menu; ``action`` is the element with what was chosen."""
    shown = dict(message or {"ts": next_ts()})
    body = _interaction("block_actions", user=user, team=team) | {
        "container": {
            "type": "message",
            "message_ts": shown["ts"],
            "channel_id": channel,
            "is_ephemeral": ephemeral,
        },
        "channel": {"id": channel, "name": "team"},
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [{"block_id": "b", "action_ts": next_ts(), **action}],
    }
    if not ephemeral:
        body["message"] = {"type": "message", "user": BOT, "team": team, **shown}
    elif "thread_ts" in shown:
        body["container"]["thread_ts"] = shown["thread_ts"]
    return body


def shortcut(text: str, *, user: str = ASKER, channel: str = CHANNEL, response_url: str = "") -> Payload:
    """The message shortcut on somebody's message."""
    ts = next_ts()
    return _interaction("message_action", user=user) | {
        "callback_id": "ask_about",
        "message_ts": ts,
        "response_url": response_url,
        "channel": {"id": channel, "name": "team"},
        "action_ts": next_ts(),
        "message": {"type": "message", "user": "U0SOMEONE", "ts": ts, "text": text, "team": TEAM},
    }


def submission(view: Mapping[str, Any], values: Mapping[str, Any], *, user: str = ASKER, team: str = TEAM) -> Payload:
    """A form as sent; ``values`` is block id to a text, or to an option's value for a menu."""
    elements = {block["block_id"]: block["element"]["type"] for block in view["blocks"] if block["type"] == "input"}
    state = {name: {"value": _entered(elements[name], value)} for name, value in values.items()}
    for name, kind in elements.items():
        state.setdefault(name, {"value": _entered(kind, None)})
    shown = {"id": f"V{next(_NUMBERS):08d}", "team_id": team, "hash": "1.a", "app_id": "A0APP0001", "bot_id": "B0BOT"}
    return _interaction("view_submission", user=user, team=team) | {
        "view": {**view, **shown, "state": {"values": state}},
        "response_urls": [],
    }


def _entered(kind: str, value: str | None) -> Payload:
    key = {"static_select": "selected_option", "users_select": "selected_user", "datepicker": "selected_date"}
    if kind == "static_select":
        chosen = {"text": {"type": "plain_text", "text": value}, "value": value} if value else None
        return {"type": kind, "selected_option": chosen}
    return {"type": kind, key.get(kind, "value"): value}


def signed(body: str, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers with which Slack signs a request body."""
    timestamp = str(int(time.time() if at is None else at))
    base = f"v0:{timestamp}:{body}".encode()
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


def as_request(payload: Payload) -> tuple[str, str]:
    """The body of an HTTP request that carries a payload, and its content type."""
    if payload.get("type") in ("event_callback", "url_verification"):
        return json.dumps(payload), "application/json"
    form = payload if "command" in payload else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"
