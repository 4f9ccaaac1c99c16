"""Does the jobs of cases: opens them, carries out what deciders press, and tells each person what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from advisor.cases.desk import Desk
from advisor.cases.models import LIVE, CaseFile, Decision, Event, EventKind, Filter
from advisor.cases.wording import load_case_words
from advisor.conversations import Conversations
from advisor.errors import CaseError, CaseNotFound
from advisor.learning import next_time
from advisor.models import Answer
from advisor.outbox import Job
from advisor.pauses import Pauses
from advisor.people import Actor
from advisor.slack_profile import SlackProfile
from advisor.wording import load_wording
from integrations.slack import limits
from integrations.slack.answering import Answering, aside, place_of
from integrations.slack.arriving import Place, Work
from integrations.slack.blocks import referred
from integrations.slack.case_blocks import CaseBlocks
from integrations.slack.escaping import plain
from integrations.slack.logs import log
from integrations.slack.outgoing import IN_ORDER, Later, Outgoing, Unreachable, brief
from integrations.slack.parts import Block, Message, section
from integrations.slack.words import SlackWords

Reviews = Callable[[Sequence[str]], Sequence[tuple[str, str]]]
"""The documents of some owners that are due for review, each with its day."""
Put = Callable[[Work, str, Mapping[str, Any]], None]
"""Puts a job by its kind, key and payload, once."""
TOLD = frozenset({EventKind.CLAIMED, EventKind.ASSIGNED, EventKind.ASKED, EventKind.DECIDED, EventKind.CLOSED})
"""What the asker is told of."""
_PATIENCE = 8
"""How often an event waits for the card of its case, which another worker may be posting, before it posts one."""
_ALSO_IN_THE_CHANNEL = frozenset({EventKind.CHASED, EventKind.REPLIED})
"""What calls the group again."""


class Deciding:
    """Everything that is done with cases."""

    def __init__(
        self,
        *,
        desk: Desk,
        answering: Answering,
        conversations: Conversations,
        pauses: Pauses,
        outgoing: Outgoing,
        profile: SlackProfile,
        blocks: CaseBlocks,
        words: SlackWords,
        machine: Actor,
        reviews: Reviews,
        put: Put,
    ) -> None:
        """``machine`` is who looks at cases to show them; ``put`` leaves a job for later."""
        self._desk, self._answering, self._conversations, self._pauses = desk, answering, conversations, pauses
        self._outgoing, self._profile, self._blocks, self._words = outgoing, profile, blocks, words
        self._machine, self._reviews, self._put = machine, reviews, put

    def escalate(self, job: Job) -> None:
        """Opens a case for an answer; however often it is pressed, it is one case."""
        place, (name, conversation) = place_of(job), referred(job.payload["reference"])
        answer = self._answering.answer_of(place, name, conversation)
        if answer is None:
            return self._tell(place, self._words.says["no_answer_kept"])
        found = self._conversations.find(conversation)
        earlier = found.earlier()[:-1] if found else ()
        case = self._desk.open(answer, by=self._actor(place), earlier=earlier)
        log("case_opened", case=case.id, answer=answer.id, role=case.role, user=place.user)
        if found:
            self._conversations.bind(conversation, asker=found.asker, case=case.id)
        due = self._words.says["due"].format(due=self._blocks.day(case.due_at)) if case.due_at else ""
        opened = self._words.says["opened"].format(case=case.id, role=self._blocks.role(case.role), due=due)
        return self._tell(place, opened.strip())

    def record(self, job: Job) -> None:
        """Records the asker's own decision."""
        place, (name, conversation) = place_of(job), referred(job.payload["reference"])
        answer = self._answering.answer_of(place, name, conversation)
        decision = Decision.model_validate(job.payload["decision"])
        case = self._desk.record(decision, by=self._actor(place), answer=answer, key=f"slack:{job.key}"[:200])
        recorded = self._words.says["recorded"].format(case=case.id)
        self._tell(place, self._with_advice(recorded, decision), more=self._learnt(answer, case.id))

    def act(self, job: Job) -> None:
        """What somebody pressed or entered for a case; a "no" is told to them alone."""
        place = place_of(job)
        try:
            self._do(job, by=self._actor(place))
        except CaseError as error:
            log("case_refused", case=job.payload["case"], code=type(error).__name__, user=place.user)
            self._tell(place, str(error))

    def happened(self, job: Job) -> None:
        """An event of a case, from whichever face: the card follows it, and those concerned are told."""
        file, event = self._event_of(job)
        if file is None or event is None or not file.case.role:
            return
        if event.kind in TOLD and not self._desk.directory.same(str((event.content or {}).get("by")), file.case.asker):
            # A job of its own: when one of the two messages has to be tried again, the other is not sent twice.
            self._put(Work.TELL, f"tell:{event.case}:{event.sequence}", job.payload)
        self._show_in_queue(file, event, attempts=job.attempts)

    def tell(self, job: Job) -> None:
        """Tells the asker of an event of their case."""
        file, event = self._event_of(job)
        if file and event:
            self._message_asker(file, self._blocks.event(event, for_asker=True))

    def home(self, job: Job) -> None:
        """What concerns one person, on their App Home."""
        user = str(job.payload["user"])
        actor = self._desk.directory.actor(f"slack:{user}")
        live = Filter(states=LIVE, roles=actor.roles, limit=20)
        queue = self._desk.list(live, by=actor) if actor.roles else ()
        now = datetime.now(UTC)
        pause = self._pauses.current()
        owners = [owner for owner, users in self._profile.owners.items() if user in users]
        view = self._blocks.home(
            mine=self._desk.list(Filter(asker=actor.key, limit=20), by=actor),
            queue=[case for case in queue if not case.is_overdue(now)],
            overdue=[case for case in queue if case.is_overdue(now)],
            reviews=self._reviews(owners) if owners else (),
            paused=pause.why if pause else None,
        )
        faults = limits.view_faults(view)
        if faults:
            log("home_faulty", faults=len(faults), user=user)
        try:
            self._outgoing.call("views.publish", user_id=user, view=view)
        except SlackApiError as error:
            log("home_refused", user=user, error=type(error).__name__)

    def chase(self) -> int:
        """Reminds of what is overdue; how many."""
        return len(self._desk.chase(by=self._machine))

    def _do(self, job: Job, *, by: Actor) -> None:
        given: dict[str, Any] = job.payload
        case, text, key = given["case"], given.get("text", ""), f"slack:{job.key}"[:200]
        match given["act"]:
            case "claim":
                self._desk.claim(case, by=by, key=key)
            case "note":
                self._desk.note(case, text, by=by, key=key)
            case "question":
                self._desk.ask(case, text, by=by, key=key)
            case "reply":
                self._desk.reply(case, text, by=by, key=key)
            case "close":
                self._desk.close(case, by=by, why=text, key=key)
            case "assign":
                person = given.get("person")
                to = self._desk.directory.actor(f"slack:{person}") if person else None
                role = None if to else given.get("role")
                self._desk.assign(case, by=by, to=to, role=role, why=text, key=key)
            case "decide":
                decision = Decision.model_validate(given["decision"])
                self._desk.decide(case, decision, by=by, key=key)
                learnt = self._learnt(self._desk.find(case, by=by).answer, case)
                self._tell(place_of(job), self._with_advice("", decision), more=learnt)

    def _with_advice(self, text: str, decision: Decision) -> str:
        """A text, and what to do about each entry that says "not sure"."""
        advice = load_case_words().advice_on(decision)
        if not advice:
            return text
        return f"{text} {self._words.says['advice'].format(advice=' '.join(advice.values()))}".strip()

    def _learnt(self, answer: Answer | None, case: str) -> Sequence[Block]:
        """One thing to know next time, for whoever decided; none where the answer has none."""
        point = next_time(answer, turn=case, wording=load_wording())
        return self._blocks.learnt(point) if point else ()

    def _event_of(self, job: Job) -> tuple[CaseFile | None, Event | None]:
        """The case and the event that a job is about, as far as they are there."""
        try:
            file = self._desk.find(job.payload["case"], by=self._machine)
        except CaseNotFound:
            return None, None
        return file, next((event for event in file.events if event.sequence == job.payload["sequence"]), None)

    def _show_in_queue(self, file: CaseFile, event: Event, *, attempts: int) -> None:
        case = file.case
        queue = self._profile.queue(case.role)
        if queue is None:
            return log("no_queue_channel", case=case.id, role=case.role)
        group = queue.group if event.kind in (EventKind.OPENED, EventKind.ASSIGNED) else None
        card = self._blocks.card(file, group=group, reach=self._desk.reach(case))
        thread = self._card_of(case.id, queue.channel)
        if thread is None and event.sequence > 1 and event.kind is not EventKind.ASSIGNED and attempts < _PATIENCE:
            raise Later(IN_ORDER, after=timedelta(milliseconds=300))
        try:
            if thread is None:
                self._post_card(file, queue.channel, card)
                return None
            here = Place(user="", channel=queue.channel, root=thread)
            self._outgoing.deliver(here.model_copy(update={"message": thread, "root": "-"}), card)
            self._outgoing.deliver(here, self._called(self._blocks.event(event), event, queue.group))
        except (SlackApiError, Unreachable) as error:
            log("queue_lost", case=case.id, channel=queue.channel, error=type(error).__name__)
            if event.kind is EventKind.OPENED:
                self._message_asker(file, brief(self._words.says["queue_lost"].format(case=case.id)))
        return None

    def _post_card(self, file: CaseFile, channel: str, card: Message) -> None:
        if limits.faults(card.blocks):
            log("card_faulty", case=file.case.id)
        posted = self._outgoing.call("chat.postMessage", channel=channel, text=card.text, blocks=list(card.blocks))
        self._conversations.bind(f"{channel}/{posted['ts']}/queue", asker=file.case.asker, case=file.case.id)

    def _card_of(self, case: str, channel: str) -> str | None:
        """``ts`` of the card of a case in a channel."""
        keys = (found.key.split("/") for found in self._conversations.about(case) if found.key.endswith("/queue"))
        return next((key[1] for key in keys if key[0] == channel), None)

    def _called(self, message: Message, event: Event, group: str | None) -> Message:
        if group is None or event.kind not in _ALSO_IN_THE_CHANNEL:
            return message
        return Message(text=message.text, blocks=(section(f"<!subteam^{group}>"), *message.blocks))

    def _message_asker(self, file: CaseFile, message: Message) -> None:
        """To the asker directly: in their own conversation where that is a direct message, else as a new one."""
        identities = self._desk.directory.identities(file.case.asker)
        user = next((name.removeprefix("slack:") for name in identities if name.startswith("slack:")), None)
        if user is None:
            return
        mine = [found.key.split("/") for found in self._conversations.about(file.case.id)]
        direct = next((key for key in mine if key[0].startswith("D") and key[2] == user), None)
        channel, root = (direct[0], direct[1]) if direct else (user, "-")
        place = Place(user=user, channel=channel, root=root)
        try:
            self._outgoing.deliver(place, message)
        except Unreachable as lost:
            log("asker_lost", case=file.case.id, code=lost.code)

    def _actor(self, place: Place) -> Actor:
        return self._desk.directory.actor(f"slack:{place.user}")

    def _tell(self, place: Place, text: str, *, more: Sequence[Block] = ()) -> None:
        """To whoever did it, alone; nothing where there is nothing to say."""
        said = plain(text, most=limits.SECTION)
        blocks = (*([section(said)] if said else []), *more)
        if blocks:
            shown = said or self._words.case.texts["next_time"]
            self._outgoing.deliver(aside(place), Message(text=shown, blocks=blocks))
