"""What Slack tells the bot, each taken in at once and done later; only forms are opened here, for they cannot wait."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from advisor.errors import StoreError
from advisor.models import Urgency
from integrations.slack.arriving import Place, Work
from integrations.slack.blocks import referred
from integrations.slack.forms import decision_of, entered, facets_of, metadata_of
from integrations.slack.intake import Intake
from integrations.slack.logs import log
from integrations.slack.opening import FormOpener, button_place
from integrations.slack.words import SlackWords
from knowledge.vocabulary import Vocabulary

Body = dict[str, Any]
COMMAND = "/can-i-share"
SHORTCUT = "ask_about"
QUIET_SUBTYPES = (None, "file_share", "thread_broadcast")
"""Messages that a person wrote; all other subtypes are changes, deletions, joins and bots."""
_SETTLES = re.compile(r"^settle:")
_TEXT_FORMS = ("note", "question", "reply", "close")


class Listeners:
    """Every listener, each bound to the intake."""

    def __init__(
        self,
        *,
        intake: Intake,
        opener: FormOpener,
        words: SlackWords,
        vocabulary: Vocabulary,
        bot: str,
        away: Callable[[Place, Urgency], None],
        actor_name: Callable[[str], str],
    ) -> None:
        """``away`` tells somebody that the store is away; ``actor_name`` is what a Slack user is called in records."""
        self._intake, self._opener, self._words, self._vocabulary = intake, opener, words, vocabulary
        self._bot, self._away, self._actor_name = bot, away, actor_name

    def register(self, app: App) -> None:
        """Tells Bolt which listener hears what."""
        app.event("message")(self.message)
        app.event("app_mention")(self.mention)
        app.event("app_home_opened")(self.home_opened)
        app.command(COMMAND)(ack=self.command, lazy=[self._opener.for_command])
        app.shortcut(SHORTCUT)(ack=_acknowledge, lazy=[self._opener.for_shortcut])
        for name in ("human", "more", "show", "helpful", "case_claim"):
            app.action(name)(self.pressed)
        app.action(_SETTLES)(self.settled)
        for name in self._opener.actions:
            app.action(name)(ack=self.pressed_for_form, lazy=[self._opener.for_action])
        for name in ("ask", "correct", "why", "record", "decide", "assign", *_TEXT_FORMS):
            app.view(name)(self.submitted)

    # Questions

    def message(self, body: Body, event: Body) -> None:
        """A direct message."""
        if event.get("channel_type") != "im" or _is_not_a_person(event, self._bot):
            return
        root = event.get("thread_ts") or event["ts"]
        place = Place(user=event["user"], channel=event["channel"], root=root, in_thread=True)
        self._take_question(place, event.get("text", ""), key=body["event_id"])

    def mention(self, body: Body, event: Body) -> None:
        """The app was named in a channel: only the asker sees the answer, until they show it."""
        if _is_not_a_person(event, self._bot):
            return
        place = Place(
            user=event["user"],
            channel=event["channel"],
            root=event.get("thread_ts") or event["ts"],
            in_thread=bool(event.get("thread_ts")),
            private=True,
        )
        self._take_question(place, event.get("text", ""), key=body["event_id"])

    def command(self, ack: Ack, command: Body) -> None:
        """The command with words after it is a question; without, the form is opened after this."""
        if not command.get("text", "").strip():
            return _acknowledge(ack)
        place = Place(
            user=command["user_id"],
            channel=command["channel_id"],
            root=f"cmd-{command['trigger_id']}"[:80],
            private=True,
            response_url=command.get("response_url"),
        )
        self._take_question(place, command["text"], key=f"cmd:{command['trigger_id']}")
        ack(text=self._words.says["looking"], response_type="ephemeral")
        return None

    def home_opened(self, body: Body, event: Body) -> None:
        if event.get("tab") == "home":
            self._put(Work.HOME, None, key=body["event_id"], payload={"user": event["user"]})
        elif event.get("tab") == "messages":
            self._opener.suggest(event["channel"])

    # Buttons

    def pressed(self, ack: Ack, body: Body, action: Body) -> None:
        """A button that needs no form."""
        name, place = action["action_id"], button_place(body)
        key = f"act:{body['trigger_id']}"
        payload: Body = {"place": _as_json(place), "reference": action.get("value", "")}
        if name == "case_claim":
            self._put(Work.CASE, place, key=key, payload=payload | {"act": "claim", "case": action["value"]})
        elif name == "helpful":
            answer, _ = referred(action["value"])
            self._put(Work.FEEDBACK, place, key=f"helpful:{answer}:{place.user}", payload=payload | {"helpful": True})
        else:
            work = {"human": Work.ESCALATE, "more": Work.MORE, "show": Work.SHOW}[name]
            if work is Work.MORE:
                payload["place"] = _as_json(place.model_copy(update={"message": None}))
            self._put(work, place, key=key, payload=payload)
        _acknowledge(ack)

    def pressed_for_form(self, ack: Ack, body: Body, action: Body) -> None:
        """A button whose form is opened after this; "not helpful" counts even when no reason follows."""
        _acknowledge(ack)
        if action["action_id"] == "not_helpful":
            answer, _ = referred(action["value"])
            place = button_place(body)
            payload = {"place": _as_json(place), "reference": action["value"], "helpful": False}
            self._put(Work.FEEDBACK, place, key=f"unhelpful:{answer}:{place.user}", payload=payload)

    def settled(self, ack: Ack, body: Body, action: Body) -> None:
        """One thing that was to be found out."""
        facet = action["action_id"].split(":")[1]
        _, _, reference = action["block_id"].partition("|")
        chosen = action.get("selected_option", action)["value"]
        place = button_place(body)
        payload = {"place": _as_json(place), "reference": reference, "facets": {facet: chosen}}
        self._put(Work.REFINE, place, key=f"act:{body['trigger_id']}", payload=payload)
        _acknowledge(ack)

    # Forms

    def submitted(self, ack: Ack, body: Body, view: Body) -> None:
        """A form as sent: its texts are redacted before they are put anywhere."""
        name, values, known = view["callback_id"], entered(view), metadata_of(view)
        place = Place.model_validate(known["place"])
        key = f"form:{view['id']}"
        if place.user != body["user"]["id"]:
            return _acknowledge(ack)
        if name == "ask":
            self._ask_by_form(place, values, key=key)
        elif name == "correct":
            facets = facets_of(values, self._vocabulary)
            payload = {"place": _as_json(place), "reference": known["reference"], "facets": facets}
            self._put(Work.REFINE, place, key=key, payload=payload)
        elif name == "why":
            payload = {"place": _as_json(place), "reference": known["reference"], "helpful": False}
            if "text" in values:
                payload["why"] = self._intake.hear(values["text"]).text
                self._put(Work.FEEDBACK, place, key=key, payload=payload)
        elif errors := self._put_case_form(name, place, values, known, key=key):
            ack(response_action="errors", errors=errors)
            return None
        return _acknowledge(ack)

    def _ask_by_form(self, place: Place, values: Mapping[str, str], *, key: str) -> None:
        facets = {facet: value for facet, value in facets_of(values, self._vocabulary).items() if value}
        text = values.get("what", "")
        if values.get("urgent") == Urgency.EMERGENCY.value:
            text = f"{text}\n{self._words.forms.urgencies['emergency']}."
        self._take_question(place, text, key=key, facets=facets)

    def _put_case_form(
        self, name: str, place: Place, values: Mapping[str, str], known: Body, *, key: str
    ) -> dict[str, str]:
        """What is wrong with a form of a case, by field; when nothing is, it is taken."""
        payload: Body = {"place": _as_json(place), "act": name, "case": known.get("case", "")}
        if name in ("decide", "record"):
            decision = decision_of(values, name=self._actor_name(place.user))
            payload["decision"] = self._redacted(decision.model_dump(mode="json"))
        elif name == "assign":
            if bool(values.get("person")) == bool(values.get("role")):
                return {"role": self._words.forms.fields["one_of_both"]}
            payload |= {field: values[field] for field in ("person", "role") if field in values}
        elif not values.get("text"):
            return {"text": self._words.forms.fields["empty"]}
        if "text" in values:
            payload["text"] = self._intake.hear(values["text"]).text
        if name == "record":
            payload["reference"] = known["reference"]
        self._put(Work.RECORD if name == "record" else Work.CASE, place, key=key, payload=payload)
        return {}

    def _redacted(self, decision: Body) -> Body:
        """A decision without personal data, but for the fields in which names of officials belong."""
        kept = ("outcome", "decided_by", "to_whom", "requested_by", "reference", "review_on", "acted_at")
        return {
            field: self._intake.hear(value).text if isinstance(value, str) and field not in kept else value
            for field, value in decision.items()
        }

    # What all share

    def _take_question(self, place: Place, text: str, *, key: str, facets: Mapping[str, str] | None = None) -> None:
        word = text.strip().casefold()
        try:
            if not word or word == f"<@{self._bot}>".casefold():
                self._intake.put(Work.SAY, key=key, payload={"place": _as_json(place), "words": "help"})
            elif word == "human":
                reference = f"|{place.conversation}"
                self._intake.put(Work.ESCALATE, key=key, payload={"place": _as_json(place), "reference": reference})
            else:
                self._intake.ask(place, text, key=key, facets=facets)
        except StoreError:
            log("store_away", level=logging.ERROR, user=place.user, channel=place.channel)
            self._away(place, self._intake.hear(text).urgency)

    def _put(self, work: Work, place: Place | None, *, key: str, payload: Body) -> None:
        try:
            self._intake.put(work, key=key, payload=payload)
        except StoreError:
            log("store_away", level=logging.ERROR, kind=work.value)
            if place is not None:
                self._away(place, Urgency.ROUTINE)


def _is_not_a_person(event: Body, bot: str) -> bool:
    """Bots, the app itself, and what is no message of a person."""
    return bool(
        event.get("bot_id")
        or event.get("bot_profile")
        or event.get("app_id")
        or event.get("subtype") not in QUIET_SUBTYPES
        or event.get("user") in (None, bot, "USLACKBOT")
    )


def _acknowledge(ack: Ack) -> None:
    ack()


def _as_json(place: Place) -> Body:
    return place.model_dump(mode="json")
