"""What came in from Slack, made safe to keep: where it was said, by whom, and its words without personal data."""

from __future__ import annotations

import html
import re
from enum import StrEnum

from advisor.models import Urgency
from advisor.personal_data import Redaction
from knowledge.models import FrozenModel

_USER = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")
_SPECIAL = re.compile(r"<!(?:subteam\^\w+\|?|date\^[^|>]*\|?)?([^>]*)>")
_NAMED = re.compile(r"<[^>|]*\|([^>]*)>")
_BARE = re.compile(r"<([^>]*)>")


class Work(StrEnum):
    """Kinds of job that this face puts in the outbox."""

    ACT_NOW = "slack.act_now"
    ASK = "slack.ask"
    REFINE = "slack.refine"
    MORE = "slack.more"
    SHOW = "slack.show"
    ESCALATE = "slack.escalate"
    RECORD = "slack.record"
    FEEDBACK = "slack.feedback"
    SAY = "slack.say"
    CASE = "slack.case"
    HOME = "slack.home"
    TELL = "slack.tell"
    CASE_EVENT = "case.event"


class Place(FrozenModel):
    """Where something was said, and where what answers it goes."""

    user: str
    channel: str
    root: str
    """The thread that belongs to it: its ``ts``, or a name of our own where Slack has none."""
    in_thread: bool = False
    """Whether it was said in a thread that others see already."""
    private: bool = False
    """Only the asker sees the answer, in a place that others share."""
    response_url: str | None = None
    message: str | None = None
    """``ts`` of the message that the answer takes the place of."""

    @property
    def is_direct(self) -> bool:
        """Whether it is between the person and the app; a person's id stands for their direct messages."""
        return self.channel[:1] in ("D", "U", "W")

    @property
    def thread(self) -> str | None:
        """The ``ts`` of the thread, when Slack knows it by one."""
        return self.root if re.fullmatch(r"\d+\.\d+", self.root) else None

    @property
    def conversation(self) -> str:
        """The name of the asker's conversation there."""
        return f"{self.channel}/{self.root}/{self.user}"


class Heard(FrozenModel):
    """Somebody's words, without personal data."""

    text: str
    redactions: tuple[Redaction, ...] = ()
    urgency: Urgency = Urgency.ROUTINE


def words_of(text: str) -> str:
    """What a person reads in a message: no ids of people or channels, links as their words, entities undone."""
    text = _USER.sub("", text)
    text = _SPECIAL.sub(r"\1", text)
    text = _NAMED.sub(r"\1", text)
    text = _BARE.sub(r"\1", text)
    return html.unescape(text).strip()
