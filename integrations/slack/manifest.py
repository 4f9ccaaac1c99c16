"""The app manifest to paste into Slack, with the least scopes, and what each scope is for."""

from __future__ import annotations

from typing import Any

from integrations.slack.listeners import COMMAND, SHORTCUT
from integrations.slack.words import SlackWords

SCOPES = {
    "app_mentions:read": "hear questions in which the app is named in a channel",
    "assistant:write": "show that it is working, and example questions, in the agent pane",
    "channels:read": "see whether a public channel is shared with another organisation, which is then not served",
    "chat:write": "answer, and tell people how their case goes",
    "commands": f"offer {COMMAND} and the message shortcut",
    "groups:read": "the same as channels:read for private channels that the app was invited to",
    "im:history": "hear questions in direct messages with the app; no other message is ever read",
    "users:read": "see whether somebody is a guest or of another organisation; e-mail addresses are not asked for",
}
"""Bot scopes and what they are for. There is none that reads channels: in a channel the app hears only its own name."""
EVENTS = ("app_home_opened", "app_mention", "message.im")


def manifest(words: SlackWords, *, name: str, url: str | None = None) -> dict[str, Any]:
    """The manifest; with ``url``, the public address of ``/slack/events``, for HTTP instead of Socket Mode."""
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    command = {"command": COMMAND, "description": "What the guidance says, and who decides", "should_escape": False}
    command["usage_hint"] = "who wants what about whom, and why; no names"
    if url:
        for part in (events, interactivity):
            part["request_url"] = url
        command["url"] = url
    prompts = [prompt.model_dump() for prompt in words.prompts.examples]
    return {
        "display_information": {
            "name": name,
            "description": "Can I share this? Guidance with its sources, the risks both ways, and who decides.",
        },
        "features": {
            "agent_view": {
                "agent_description": "Quotes guidance about sharing information about people and names who decides.",
                "suggested_prompts": prompts,
            },
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [command],
            "shortcuts": [
                {
                    "name": "Ask the advisor about this",
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": "Asks what the guidance says about sharing it",
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
