"""A whole bot against the Slack of the tests, spoken to by signed HTTP or over Socket Mode."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from wsgiref.util import setup_testing_defaults

from pydantic import SecretStr

from advisor.conversations import Conversations
from advisor.database import Database, sqlite_url
from advisor.engine import Advisor
from advisor.outbox import Outbox
from advisor.settings import Settings
from advisor.wiring import Workshop
from integrations.slack.app import Bot
from integrations.slack.serving import Socket, Web
from tests.advising import an_advisor
from tests.slack_payloads import (
    CHANNEL,
    DECIDER,
    QUEUE,
    SECRET,
    TEAM,
    Payload,
    as_request,
    block_action,
    signed,
    submission,
)
from tests.slack_server import APP_TOKEN, BOT_TOKEN, Call, SlackServer

PROFILE = f"""
name = "Anytown Council"
out_of_hours = "01632 960999"

[[contacts]]
role = "information_governance_lead"
name = "Information governance"
reach = "01632 960123"

[[people]]
name = "Dana Decider"
identities = ["slack:{DECIDER}", "os:dana"]
roles = ["information_governance_lead"]

[[slack.queues]]
role = "information_governance_lead"
channel = "{QUEUE}"
group = "S0GROUP01"

[[slack.channels]]
id = "{CHANNEL}"
nation = "wales"
sector = "housing"
"""


class Reply(NamedTuple):
    """What Slack gets back at once."""

    status: int
    body: Any
    seconds: float


class Running:
    """A bot that runs; ``send`` is what Slack does."""

    def __init__(self, slack: SlackServer, bot: Bot, *, home: Path) -> None:
        self.slack, self.bot, self.home = slack, bot, home
        self._web = Web(bot)
        self.socket: Socket | None = None

    def connect(self) -> None:
        self.socket = Socket(self.bot, look=1.0)
        self.socket.connect()
        self.slack.wait_connected()

    def send(self, payload: Payload) -> Reply:
        """A payload over the connection there is."""
        if self.socket is None:
            return self.post(payload)
        delivered = self.slack.deliver(payload)
        assert delivered.done.wait(5), "never acknowledged"
        return Reply(200, delivered.payload, delivered.seconds)

    def post(self, payload: Payload, *, headers: Mapping[str, str] | None = None, path: str = "/slack/events") -> Reply:
        """A payload as an HTTP request, signed unless headers are given."""
        body, kind = as_request(payload)
        return self.request("POST", path, body=body, kind=kind, headers=signed(body) if headers is None else headers)

    def request(
        self,
        method: str,
        path: str,
        *,
        body: str | bytes = "",
        kind: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        raw = body.encode() if isinstance(body, str) else body
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(raw)),
            "wsgi.input": io.BytesIO(raw),
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()},
        }
        setup_testing_defaults(environ)
        environ["SERVER_PROTOCOL"] = "HTTP/1.1"
        answered: list[int] = []

        def start(status: str, *_: Any) -> None:
            answered.append(int(status.split()[0]))

        text = b"".join(self._web(environ, start)).decode()  # type: ignore[arg-type] # a test's start_response
        found = json.loads(text) if text.startswith("{") else text
        return Reply(answered[0], found, 0.0)

    # What people do

    def press(self, name: str, shown: Call, *, user: str, value: str | None = None, **more: Any) -> Reply:
        """Presses a button, or chooses in a menu, of a message that was sent."""
        return self.send(self.pressed(name, shown, user=user, value=value, **more))

    def pressed(self, name: str, shown: Call, *, user: str, value: str | None = None, **more: Any) -> Payload:
        element, block_id = element_of(shown, name)
        action = {"type": element["type"], "action_id": name, "block_id": block_id}
        if element["type"] == "static_select":
            action["selected_option"] = next(option for option in element["options"] if option["value"] == value)
        else:
            action["value"] = value or element["value"]
        ephemeral = shown.method != "chat.postMessage" and shown.method != "chat.update"
        message = {"ts": shown.body.get("ts") or "1795599999.000100"}
        if "thread_ts" in shown.body:
            message["thread_ts"] = shown.body["thread_ts"]
        channel = shown.body.get("channel", CHANNEL)
        return block_action(action, user=user, channel=channel, message=message, ephemeral=ephemeral, **more)

    def submit(self, values: Mapping[str, Any], *, user: str, count: int = 1) -> Reply:
        """Sends the form that was opened last."""
        view = self.slack.wait_for("views.open", count=count)[-1].body["view"]
        return self.send(submission(view, values, user=user))

    # What is in the store

    def outbox(self) -> Outbox:
        return Outbox(Database(sqlite_url(self.home)))

    def conversations(self) -> Conversations:
        return Conversations(Database(sqlite_url(self.home)), workspace=TEAM)

    def stored(self) -> str:
        """Everything in the store's files, as one text."""
        found = (path.read_bytes() for path in self.home.iterdir() if "sqlite3" in path.name)
        return b"".join(found).decode("utf-8", errors="replace")


@contextmanager
def running(
    home: Path, slack: SlackServer, *, profile: str = PROFILE, mode: str = "http", socket: bool = False, **settings: Any
) -> Iterator[Running]:
    """A bot over the small shelf, with a store of its own in ``home``."""
    bot = a_bot(home, slack, profile=profile, mode=mode, **settings)
    bot.start()
    runs = Running(slack, bot, home=home)
    try:
        if socket:
            runs.connect()
        yield runs
    finally:
        if runs.socket:
            runs.socket.close()
        bot.stop()


def a_bot(home: Path, slack: SlackServer, *, profile: str = PROFILE, mode: str = "http", **settings: Any) -> Bot:
    (home / "profile.toml").write_text(profile, encoding="utf-8")
    made = Settings.model_validate(
        {
            "home": home,
            "slack_bot_token": SecretStr(BOT_TOKEN),
            "slack_app_token": SecretStr(APP_TOKEN),
            "slack_signing_secret": SecretStr(SECRET),
            "slack_api_url": slack.url,
            "slack_mode": mode,
            "slack_workers": 2,
            "slack_port": 0,
            **settings,
        }
    )
    workshop = Workshop(made)
    profile_facets = workshop.profile.facets()
    contacts = workshop.profile.reach()

    def advisors(given: Mapping[str, str]) -> Advisor:
        return an_advisor(profile={**profile_facets, **given}, contacts=contacts)

    return Bot(workshop, advisors=advisors)


def element_of(shown: Call, name: str) -> tuple[dict[str, Any], str]:
    """A button or a menu of a message, and the block it stands in."""
    for block in shown.body["blocks"]:
        found = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        for element in found:
            if element.get("action_id") == name:
                return element, str(block.get("block_id", "b"))
    raise AssertionError(f"no {name} in {shown.text[:300]}")


def names_in(shown: Call) -> set[str]:
    """The action ids of a message."""
    return {
        element["action_id"]
        for block in shown.body.get("blocks", [])
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if "action_id" in element
    }
