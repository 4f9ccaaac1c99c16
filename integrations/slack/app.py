"""The whole bot, put together from settings: listeners on one side, workers on the other, the outbox between them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from time import monotonic, perf_counter
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from advisor.cases.opening import open_desk
from advisor.conversations import Conversations
from advisor.database import Database, open_database, sqlite_url
from advisor.engine import Advisor
from advisor.errors import SettingsError, StoreError, place_of
from advisor.models import Question, Situation, Urgency
from advisor.outbox import Job, Outbox
from advisor.outcomes import Outcome
from advisor.pauses import Pauses
from advisor.people import Actor
from advisor.settings import Settings
from advisor.store import AnswerStore
from advisor.wiring import Workshop, make_screener
from advisor.wording import load_wording
from integrations.slack.answering import Answering, aside
from integrations.slack.answering import place_of as place_in
from integrations.slack.arriving import Place, Work
from integrations.slack.blocks import act_now_message
from integrations.slack.case_blocks import CaseBlocks
from integrations.slack.deciding import Deciding
from integrations.slack.forms import Forms
from integrations.slack.identity import Identity
from integrations.slack.intake import PATIENCE, Intake
from integrations.slack.listeners import Listeners
from integrations.slack.logs import log
from integrations.slack.metrics import Metrics
from integrations.slack.opening import FormOpener
from integrations.slack.outgoing import NO_TOKEN, SECONDS, Later, Outgoing, Unreachable, brief
from integrations.slack.words import load_words
from integrations.slack.working import Quiet, Workers
from knowledge.models import Document

JOBS_KEPT = timedelta(days=7)
CONVERSATIONS_KEPT = timedelta(days=90)
_REVIEWED = timedelta(days=30)
"""How long before its day a review is shown to its owner."""


class Bot:
    """One process of the bot; ``start`` and ``stop`` its workers, and give Slack's requests to ``bolt``."""

    def __init__(self, workshop: Workshop, *, advisors: Callable[[Mapping[str, str]], Advisor] | None = None) -> None:
        """``advisors`` takes the place of those over the index.

        Raises:
            SettingsError: when a token is missing or Slack does not take it.
            StoreError: when the store cannot be opened.
        """
        settings = workshop.settings
        self.settings, self._workshop = settings, workshop
        self.client = _client(settings)
        me = _who_am_i(self.client)
        self.team, self.user = str(me["team_id"]), str(me["user_id"])
        self.workspace = workshop.profile.slack.workspace_of(self.team)
        self._words, self._database = load_words(), open_database(settings)
        self._quick = Database(settings.database or sqlite_url(settings.home), patience=PATIENCE, migrate=False)
        self._outbox = Outbox(self._database)
        self.is_socket_connected: Callable[[], bool] = lambda: True
        self.metrics = Metrics(waiting=self._waiting, connected=lambda: float(self.is_socket_connected()))
        self._outgoing = Outgoing(self.client, words=self._words, metrics=self.metrics)
        self._advisors = advisors or _Advisors(workshop)
        self._intake = Intake(
            Outbox(self._quick),
            workspace=self.workspace,
            screener=make_screener(),
            settings=settings,
            wake=lambda: self._workers.wake(),
        )
        self._quiet = Quiet()
        self._urgent = ThreadPoolExecutor(max_workers=4, thread_name_prefix="away")
        self._answering = self._make_answering(str(me.get("enterprise_id") or "") or None)
        self._deciding = self._make_deciding()
        self._workers = Workers(
            self._outbox,
            self._does(),
            workspace=self.workspace,
            count=settings.slack_workers,
            metrics=self.metrics,
            lost=self._say_lost,
            every_minute=self._housekeep,
            quiet=self._quiet,
        )
        self._listeners_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="forms")
        self.bolt = self._make_bolt()

    def start(self) -> None:
        """Opens the index, so that nobody waits for that, and starts the workers.

        Raises:
            SettingsError: when the index is missing or does not fit, so that every question would meet that fault.
        """
        self._desk.follow()
        tried = self._advisors({}).answer(Question(text="The police ask where a tenant lives. Can I tell them?"))
        if tried.outcome is Outcome.INDEX:
            raise SettingsError(f"The bot cannot answer. {tried.message}")
        self._workers.start()
        log("started", team=self.team, workspace=self.workspace)

    def stop(self) -> bool:
        """Lets what is in hand be finished, and closes what is open; whether all was."""
        whole = self._workers.stop()
        for pool in (self._urgent, self._listeners_pool):
            pool.shutdown(wait=True)
        self._quick.close()
        self._database.close()
        log("stopped", whole=int(whole))
        return whole

    def dispatch(self, request: BoltRequest) -> BoltResponse:
        """Hands a request to its listener, and measures how long Slack waited."""
        started = perf_counter()
        with self._quiet.first():
            response: BoltResponse = self.bolt.dispatch(request)
        self.metrics.acknowledged.observe(perf_counter() - started)
        kind = str(request.body.get("type") or ("command" if "command" in request.body else "unknown"))
        known = ("event_callback", "block_actions", "view_submission", "message_action", "command", "url_verification")
        self.metrics.received.labels(kind if kind in known else "other").inc()
        return response

    def health(self) -> dict[str, str]:
        """Each part and ``ok``, or what is amiss."""
        checks = {"store": "ok", "workers": "ok", "events": "ok"}
        if self._waiting() < 0:
            checks["store"] = "does not answer"
        if not self._workers.is_working():
            checks["workers"] = "stopped"
        if not self.is_socket_connected():
            checks["events"] = "not connected"
        return checks

    def health_status(self) -> tuple[HTTPStatus, dict[str, str]]:
        """``health`` as a server says it: 200 when all is well, else 503."""
        checks = self.health()
        is_well = all(found == "ok" for found in checks.values())
        return (HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE), checks

    def _make_bolt(self) -> App:
        secret = self.settings.slack_signing_secret
        app = App(
            name="can-i-share",
            logger=logging.getLogger("slack_bolt.app"),
            client=self.client,
            authorize=_only_for(self.team, token=str(self.client.token), bot=self.user),
            user_facing_authorize_error_message=self._words.says["outsider"],
            signing_secret=secret.get_secret_value() if secret else "unused-in-socket-mode",
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            listener_executor=self._listeners_pool,
        )
        opener = FormOpener(
            outgoing=self._outgoing,
            forms=Forms(self._words, self._workshop.vocabulary),
            intake=self._intake,
            words=self._words,
            situation=self._situation,
            roles=lambda user: self._desk.directory.actor(f"slack:{user}").roles,
        )
        Listeners(
            intake=self._intake,
            opener=opener,
            words=self._words,
            vocabulary=self._workshop.vocabulary,
            bot=self.user,
            away=self._say_away,
            actor_name=lambda user: self._desk.directory.actor(f"slack:{user}").name,
        ).register(app)
        app.error(_on_error)
        return app

    def _make_answering(self, enterprise: str | None) -> Answering:
        profile = self._workshop.profile.slack
        store = AnswerStore(self._database, keep_days=self.settings.keep_days) if self.settings.keep else None
        return Answering(
            advisors=self._advisors,
            store=store,
            conversations=Conversations(self._database, workspace=self.workspace),
            pauses=Pauses(self._database),
            identity=Identity(self._outgoing, team=self.team, enterprise=enterprise, profile=profile),
            outgoing=self._outgoing,
            profile=profile,
            metrics=self.metrics,
            vocabulary=self._workshop.vocabulary,
            wording=load_wording(),
            words=self._words,
        )

    def _make_deciding(self) -> Deciding:
        self._desk = open_desk(self._workshop, self._database, workspace=self.workspace)
        vocabulary = self._workshop.vocabulary
        return Deciding(
            desk=self._desk,
            answering=self._answering,
            conversations=Conversations(self._database, workspace=self.workspace),
            pauses=Pauses(self._database),
            outgoing=self._outgoing,
            profile=self._workshop.profile.slack,
            blocks=CaseBlocks(words=self._words, vocabulary=vocabulary, directory=self._desk.directory),
            words=self._words,
            machine=Actor(key="app:slack", name="the advisor in Slack", roles=tuple(vocabulary.roles)),
            reviews=_Reviews(self._workshop),
            put=self._put,
        )

    def _does(self) -> dict[Work, Callable[[Job], None]]:
        answering, deciding = self._answering, self._deciding
        return {
            Work.ACT_NOW: answering.act_now,
            Work.ASK: answering.ask,
            Work.REFINE: answering.refine,
            Work.MORE: answering.more,
            Work.SHOW: answering.show,
            Work.FEEDBACK: answering.feedback,
            Work.SAY: answering.say,
            Work.ESCALATE: deciding.escalate,
            Work.RECORD: deciding.record,
            Work.CASE: deciding.act,
            Work.HOME: deciding.home,
            Work.CASE_EVENT: deciding.happened,
            Work.TELL: deciding.tell,
        }

    def _put(self, work: Work, key: str, payload: Mapping[str, Any]) -> None:
        if self._outbox.put(work.value, key=key, payload=payload, workspace=self.workspace):
            self._workers.wake()

    def _situation(self, answer: str) -> Situation | None:
        if not self.settings.keep:
            return None
        with suppress(StoreError):
            return AnswerStore(self._quick, keep_days=self.settings.keep_days).find(answer).situation
        return None

    def _say_away(self, place: Place, urgency: Urgency) -> None:
        """The store is away: whoever asked is told at once, and what to do in an emergency comes first."""
        self._urgent.submit(self._tell_away, place, urgency)

    def _tell_away(self, place: Place, urgency: Urgency) -> None:
        text = self._words.says["store_away"]
        place = aside(place)
        with suppress(Later, Unreachable):
            if urgency is Urgency.EMERGENCY:
                self._outgoing.deliver(place, act_now_message(load_wording().act_now.always, words=self._words))
            self._outgoing.deliver(place, brief(text), plain=(text,))

    def _say_lost(self, job: Job) -> None:
        """A job failed for good: the person is told."""
        if "place" in job.payload:
            self._outgoing.deliver(aside(place_in(job)), brief(self._words.says["could_not"]))

    def _waiting(self) -> float:
        try:
            return float(Outbox(self._quick).waiting(workspace=self.workspace))
        except StoreError:
            return -1.0

    def _housekeep(self) -> None:
        self._deciding.chase()
        self._outbox.forget(before=datetime.now(UTC) - JOBS_KEPT)
        Conversations(self._database, workspace=self.workspace).forget(before=datetime.now(UTC) - CONVERSATIONS_KEPT)


class _Advisors:
    """The advisor for each set of facets that a channel gives, all over one index."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop, self._made = workshop, {}  # type: tuple[Workshop, dict[tuple[tuple[str, str], ...], Advisor]]

    def __call__(self, given: Mapping[str, str]) -> Advisor:
        key = tuple(sorted(given.items()))
        if key not in self._made:
            self._made[key] = self._workshop.advisor(given=given)
        return self._made[key]


class _Reviews:
    """Documents that are due for review soon, read anew now and then."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop, self._read_at, self._documents = workshop, -1e9, ()  # type: tuple[Workshop, float, tuple[Document, ...]]

    def __call__(self, owners: Sequence[str]) -> list[tuple[str, str]]:
        if monotonic() - self._read_at > 600:
            loaded = self._workshop.loaded()
            self._documents = tuple(found for found in loaded if isinstance(found, Document))
            self._read_at = monotonic()
        soon = date.today() + _REVIEWED
        due = sorted(
            (document.review_by, document.title)
            for document in self._documents
            if document.owner in owners and document.review_by <= soon
        )
        return [(title, f"{day:%d %b %Y}") for day, title in due]


def _only_for(team: str, *, token: str, bot: str) -> Callable[..., AuthorizeResult]:
    """Only the workspace of the token is served; whatever comes in the name of another is refused."""
    allowed = AuthorizeResult(enterprise_id=None, team_id=team, bot_token=token, bot_user_id=bot, bot_id="-")

    def authorize(team_id: str | None) -> AuthorizeResult:
        if team_id == team:
            return allowed
        log("other_workspace", team=team_id)
        return None  # type: ignore[return-value] # Bolt's way to say so

    return authorize


def _client(settings: Settings) -> WebClient:
    token = settings.slack_bot_token
    if token is None:
        raise SettingsError(
            "ADVISOR_SLACK_BOT_TOKEN is not set. Set it to the app's bot token, which begins with xoxb-."
        )
    return WebClient(
        token=token.get_secret_value(), base_url=settings.slack_api_url, timeout=SECONDS, retry_handlers=[]
    )


def _who_am_i(client: WebClient) -> Mapping[str, object]:
    """What Slack says of the token.

    Raises:
        SettingsError: when Slack does not take the token, or does not answer.
    """
    try:
        found = client.auth_test().data
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        mend = "Install the app again and set the new token." if code in NO_TOKEN else "Try again later."
        raise SettingsError(f"Slack does not take ADVISOR_SLACK_BOT_TOKEN ({code}). {mend}") from error
    except OSError as error:
        raise SettingsError(f"Slack does not answer at ADVISOR_SLACK_API_URL ({type(error).__name__}).") from error
    return found if isinstance(found, dict) else {}


def _on_error(error: Exception, body: Mapping[str, object]) -> BoltResponse:
    """What no listener takes is acknowledged, so that it is not sent again; a fault of ours is not, so that it is."""
    if type(error).__name__ == "BoltUnhandledRequestError":
        return BoltResponse(status=200, body="")
    level = logging.ERROR
    log("listener_failed", level=level, place=place_of(error), kind=str(body.get("type", "unknown"))[:40])
    return BoltResponse(status=500, body="")
