"""Does the jobs of those who ask: answers, refines, shows more, shows in the thread, notes whether it helped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter

from slack_sdk.errors import SlackApiError

from advisor.conversations import Conversation, Conversations
from advisor.engine import Advisor
from advisor.errors import AnswerNotKept, StoreError
from advisor.models import Answer, Question
from advisor.outbox import Job
from advisor.pauses import Pauses
from advisor.slack_profile import SlackProfile
from advisor.store import AnswerStore
from advisor.wording import Wording
from integrations.slack.arriving import Heard, Place
from integrations.slack.blocks import (
    NOT_SURE,
    act_now_message,
    answer_message,
    full_messages,
    plain_answer,
    referred,
)
from integrations.slack.escaping import plain
from integrations.slack.identity import Identity
from integrations.slack.logs import log
from integrations.slack.metrics import Metrics
from integrations.slack.outgoing import Later, Outgoing, brief
from integrations.slack.words import SlackWords
from knowledge.vocabulary import Vocabulary

Advisors = Callable[[Mapping[str, str]], Advisor]
"""The advisor for a place that gives these facets."""


class Answering:
    """Everything that is done for an asker; each method does one kind of job and says what is to be sent."""

    def __init__(
        self,
        *,
        advisors: Advisors,
        store: AnswerStore | None,
        conversations: Conversations,
        pauses: Pauses,
        identity: Identity,
        outgoing: Outgoing,
        profile: SlackProfile,
        metrics: Metrics,
        vocabulary: Vocabulary,
        wording: Wording,
        words: SlackWords,
    ) -> None:
        """``store`` is None where answers are not kept."""
        self._advisors, self._store, self._conversations, self._pauses = advisors, store, conversations, pauses
        self._identity, self._outgoing, self._profile, self._metrics = identity, outgoing, profile, metrics
        self._vocabulary, self._wording, self._words = vocabulary, wording, words

    def act_now(self, job: Job) -> None:
        """What to do in an emergency: said to everybody, before anything else is looked at."""
        message = act_now_message(self._wording.act_now.always, words=self._words)
        self._outgoing.deliver(place_of(job), message, plain=self._wording.act_now.always)

    def ask(self, job: Job) -> None:
        place, heard = place_of(job), Heard.model_validate(job.payload["heard"])
        if self._is_refused(place):
            return
        self._show_status(place)
        before = self._conversations.find(place.conversation)
        facets = {**(before.facets if before else {}), **job.payload.get("facets", {})}
        earlier = _without_repeat(before, heard.text)
        answer = self._kept_earlier(job, before, text=heard.text)
        if answer is None:
            answer = self._answer(place, heard.text, earlier=earlier, facets=facets)
            answer = answer.model_copy(update={"redactions": heard.redactions})
            self._keep(answer)
        if before is None or len(earlier) == len(before.turns):
            self._conversations.add(place.conversation, asker=place.user, text=heard.text, answer=answer.id)
        if job.payload.get("facets"):
            self._conversations.settle(place.conversation, job.payload["facets"])
        self._send(place, answer, conversation=place.conversation, facets=facets)

    def refine(self, job: Job) -> None:
        """The answer again, with what was settled or corrected, in the place of the one before."""
        place = place_of(job)
        _, conversation = referred(job.payload["reference"])
        if not self._is_theirs(place, conversation) or self._is_refused(place):
            return
        found = self._conversations.settle(conversation, job.payload["facets"])
        if found is None or not found.turns:
            return self._say(place, "no_answer_kept")
        earlier = found.earlier()[:-1]
        answer = self._answer(place, found.turns[-1].text, earlier=earlier, facets=found.facets)
        self._keep(answer)
        return self._send(place, answer, conversation=conversation, facets=found.facets)

    def more(self, job: Job) -> None:
        place, (name, conversation) = place_of(job), referred(job.payload["reference"])
        answer = self.answer_of(place, name, conversation)
        if answer is None:
            return self._say(place, "no_answer_kept")
        if self._is_paused(place):
            return None
        here = place.model_copy(update={"message": None})
        for message in full_messages(answer, conversation=conversation, vocabulary=self._vocabulary, words=self._words):
            self._outgoing.deliver(here, message)
        return None

    def show(self, job: Job) -> None:
        """The answer for everybody in the thread, without what is the asker's alone."""
        place, (name, conversation) = place_of(job), referred(job.payload["reference"])
        if not self._is_theirs(place, conversation):
            return None
        answer = self.answer_of(place, name, conversation)
        if answer is None:
            return self._say(place, "no_answer_kept")
        if self._is_paused(place):
            return None
        root = conversation.split("/")[1]
        there = place.model_copy(update={"private": False, "message": None, "response_url": None, "root": root})
        self._send(there, answer, conversation=conversation, facets={}, shared_by=place.user)
        return None

    def feedback(self, job: Job) -> None:
        place, (name, _) = place_of(job), referred(job.payload["reference"])
        if self._store is None:
            return self._say(place, "no_answer_kept")
        try:
            self._store.add_feedback(name, helpful=job.payload["helpful"], why=job.payload.get("why", ""))
        except AnswerNotKept:
            return self._say(place, "no_answer_kept")
        return self._say(place, "thanks")

    def say(self, job: Job) -> None:
        """One of our own sentences."""
        self._say(place_of(job), job.payload["words"])

    def answer_of(self, place: Place, name: str, conversation: str) -> Answer | None:
        """An answer as it was kept; where it was not, the conversation is answered again; None when both are gone."""
        found = self._conversations.find(conversation)
        last = found.turns[-1] if found and found.turns else None
        name = name or (last.answer if last and last.answer else "")
        try:
            if self._store is not None and name:
                return self._store.find(name)
        except AnswerNotKept:
            pass
        if found is None or last is None:
            return None
        again = self._answer(place, last.text, earlier=found.earlier()[:-1], facets=found.facets)
        return again.model_copy(update={"id": name or again.id})

    def _kept_earlier(self, job: Job, before: Conversation | None, *, text: str) -> Answer | None:
        """The answer that an earlier attempt kept and could not send, so that it is not made and counted again."""
        if job.attempts == 1 or self._store is None or before is None or self._pauses.current():
            return None
        last = before.turns[-1] if before.turns else None
        if last is None or last.text != text or last.answer is None:
            return None
        try:
            return self._store.find(last.answer)
        except AnswerNotKept:
            return None

    def _answer(self, place: Place, text: str, *, earlier: tuple[str, ...], facets: Mapping[str, str]) -> Answer:
        started = perf_counter()
        channel = self._profile.channel(place.channel)
        advisor = self._advisors(channel.given() if channel else {})
        known = {facet: value for facet, value in facets.items() if value != NOT_SURE}
        question = Question(text=text, facets=known, earlier=earlier)
        pause = self._pauses.current()
        answer = advisor.pause(question, why=pause.why) if pause else advisor.answer(question)
        self._metrics.answering.observe(perf_counter() - started)
        self._metrics.answered.labels(answer.outcome.value).inc()
        log("answered", answer=answer.id, outcome=answer.outcome.value, channel=place.channel, user=place.user)
        return answer

    def _send(
        self,
        place: Place,
        answer: Answer,
        *,
        conversation: str,
        facets: Mapping[str, str],
        shared_by: str | None = None,
    ) -> None:
        message = answer_message(
            answer,
            conversation=conversation,
            vocabulary=self._vocabulary,
            words=self._words,
            private=place.private,
            shared_by=shared_by,
            unsure=tuple(facet for facet, value in facets.items() if value == NOT_SURE),
        )
        texts = plain_answer(answer, vocabulary=self._vocabulary, words=self._words)
        self._outgoing.deliver(place, message, plain=texts)

    def _keep(self, answer: Answer) -> None:
        """Keeps an answer; one that cannot be kept is given all the same."""
        if self._store is None or answer.outcome.family == "error":
            return
        try:
            self._store.keep(answer)
        except StoreError:
            log("not_kept", answer=answer.id)

    def _is_refused(self, place: Place) -> bool:
        refusal = self._identity.refusal(place)
        if refusal:
            log("refused", code=refusal, channel=place.channel, user=place.user)
            self._say(place, refusal)
        return refusal is not None

    def _is_paused(self, place: Place) -> bool:
        """Whether nothing may be shown just now, not even what was answered before; whoever asks is told."""
        pause = self._pauses.current()
        if pause:
            text = self._words.says["paused"].format(why=pause.why)
            self._outgoing.deliver(aside(place), brief(text), plain=(plain(text),))
        return pause is not None

    def _is_theirs(self, place: Place, conversation: str) -> bool:
        if conversation.endswith(f"/{place.user}"):
            return True
        self._outgoing.deliver(aside(place), brief(self._words.says["not_yours"]))
        return False

    def _say(self, place: Place, name: str) -> None:
        text = self._words.says[name]
        self._outgoing.deliver(aside(place), brief(text), plain=(text,))

    def _show_status(self, place: Place) -> None:
        """That it is being worked on, where Slack can show it; nobody waits for that or misses it."""
        if not place.is_direct or not place.thread:
            return
        try:
            self._outgoing.call(
                "assistant.threads.setStatus",
                channel_id=place.channel,
                thread_ts=place.thread,
                status=self._words.says["working"],
            )
        except (Later, SlackApiError) as error:
            log("status_not_shown", error=type(error).__name__)


def place_of(job: Job) -> Place:
    return Place.model_validate(job.payload["place"])


def aside(place: Place) -> Place:
    """The same place, for a word that takes nobody's place; in a shared one only the person sees it."""
    return place.model_copy(update={"message": None, "private": place.private or not place.is_direct})


def _without_repeat(before: Conversation | None, text: str) -> tuple[str, ...]:
    """The earlier turns; a job that is done a second time finds its own words there already."""
    earlier = before.earlier() if before else ()
    return earlier[:-1] if earlier and earlier[-1] == text else earlier
