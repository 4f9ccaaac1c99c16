"""Opens forms and offers examples: what Slack lets an app do only within three seconds, and so cannot wait its turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError

from advisor.models import Situation
from integrations.slack.arriving import Place
from integrations.slack.blocks import referred
from integrations.slack.forms import Forms
from integrations.slack.intake import Intake
from integrations.slack.limits import view_faults
from integrations.slack.logs import log
from integrations.slack.outgoing import Later, Outgoing, Unreachable, brief
from integrations.slack.parts import Block
from integrations.slack.words import SlackWords

Body = dict[str, Any]
_TEXT_BUTTONS = {"case_note": "note", "case_ask": "question", "case_close": "close", "case_reply": "reply"}


class FormOpener:
    """Every form by the button that opens it; nothing here is kept, and a form that fails to open says so."""

    actions = ("correct", "record", "not_helpful", "home_ask", "case_decide", "case_assign", *_TEXT_BUTTONS)

    def __init__(
        self,
        *,
        outgoing: Outgoing,
        forms: Forms,
        intake: Intake,
        words: SlackWords,
        situation: Callable[[str], Situation | None],
        roles: Callable[[str], Sequence[str]],
    ) -> None:
        """``situation`` is what was understood for an answer; ``roles`` are those that a Slack user holds."""
        self._outgoing, self._forms, self._intake, self._words = outgoing, forms, intake, words
        self._situation, self._roles = situation, roles

    def for_command(self, command: Body) -> None:
        """The form for a question, unless the command already asked one."""
        if command.get("text", "").strip():
            return
        place = Place(
            user=command["user_id"],
            channel=command["channel_id"],
            root=f"cmd-{command['trigger_id']}"[:80],
            private=True,
            response_url=command.get("response_url"),
        )
        self._open(place, command["trigger_id"], self._forms.ask(metadata={"place": _as_json(place)}))

    def for_shortcut(self, shortcut: Body) -> None:
        """The form with the words of somebody's message, redacted."""
        message = shortcut["message"]
        place = Place(
            user=shortcut["user"]["id"],
            channel=shortcut["channel"]["id"],
            root=message.get("thread_ts") or message["ts"],
            in_thread=bool(message.get("thread_ts")),
            private=not shortcut["channel"]["id"].startswith("D"),
            response_url=shortcut.get("response_url"),
        )
        text = self._intake.hear(message.get("text", "")).text
        self._open(place, shortcut["trigger_id"], self._forms.ask(metadata={"place": _as_json(place)}, text=text))

    def for_action(self, body: Body, action: Body) -> None:
        """The form that a button opens."""
        place = home_place(body) if action["action_id"] == "home_ask" else button_place(body)
        self._open(place, body["trigger_id"], self._form(place, action["action_id"], action.get("value", "")))

    def suggest(self, channel: str) -> None:
        """Example questions in the agent pane; nobody misses them when Slack does not take them."""
        prompts = [prompt.model_dump() for prompt in self._words.prompts.examples]
        try:
            self._outgoing.call(
                "assistant.threads.setSuggestedPrompts",
                channel_id=channel,
                title=self._words.prompts.title,
                prompts=prompts,
            )
        except (Later, SlackApiError) as error:
            log("prompts_not_shown", error=type(error).__name__)

    def _form(self, place: Place, name: str, value: str) -> Block:
        about_answer = {"place": _as_json(place), "reference": value}
        about_case = {"place": _as_json(place.model_copy(update={"message": None})), "case": value}
        if name == "home_ask":
            return self._forms.ask(metadata={"place": _as_json(place)})
        if name == "correct":
            return self._forms.correct(metadata=about_answer, situation=self._situation(referred(value)[0]))
        if name == "record":
            return self._forms.decision("record", metadata=about_answer)
        if name == "not_helpful":
            return self._forms.text("why", metadata=about_answer, optional=True)
        if name == "case_decide":
            return self._forms.decision("decide", metadata=about_case, roles=self._roles(place.user))
        if name == "case_assign":
            return self._forms.assign(metadata=about_case)
        return self._forms.text(_TEXT_BUTTONS[name], metadata=about_case)

    def _open(self, place: Place, trigger: str, view: Block) -> None:
        faults = view_faults(view)
        if faults:
            log("form_faulty", faults=len(faults), form=str(view["callback_id"]))
        try:
            self._outgoing.call("views.open", trigger_id=trigger, view=view)
        except (Later, SlackApiError) as error:
            code = error.code if isinstance(error, Later) else str(error.response.get("error", "unknown"))
            log("form_not_opened", code=code, user=place.user)
            self._say(place, self._words.says["form_failed"].format(code=code))

    def _say(self, place: Place, text: str) -> None:
        alone = place.model_copy(update={"message": None, "private": not place.is_direct})
        try:
            self._outgoing.deliver(alone, brief(text))
        except (Later, Unreachable) as error:
            log("nobody_told", error=type(error).__name__, user=place.user)


def button_place(body: Body) -> Place:
    """Where a button was pressed, and which message it belongs to."""
    container, message = body.get("container", {}), body.get("message", {})
    channel = body.get("channel", {}).get("id") or container.get("channel_id", body["user"]["id"])
    ts = container.get("message_ts") or message.get("ts")
    root = message.get("thread_ts") or container.get("thread_ts") or ts or "-"
    is_private = bool(container.get("is_ephemeral"))
    return Place(
        user=body["user"]["id"],
        channel=channel,
        root=root,
        in_thread=root != ts,
        private=is_private,
        response_url=body.get("response_url") or None,
        message=ts,
    )


def home_place(body: Body) -> Place:
    """App Home has no channel: what is asked there is answered in a direct message."""
    user = body["user"]["id"]
    return Place(user=user, channel=user, root=f"home-{body['trigger_id']}"[:80])


def _as_json(place: Place) -> Body:
    return place.model_dump(mode="json")
