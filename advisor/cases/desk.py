"""The desk: what people do with cases, from whichever face; each command is one transaction, and every "no" is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from advisor.cases import sources
from advisor.cases.bench import Bench, Content, Work
from advisor.cases.checkpoints import Checkpoints
from advisor.cases.cleaning import Cleaner, require_whole
from advisor.cases.ledger import DESK
from advisor.cases.models import Case, CaseFile, Decision, Event, EventKind, Filter, State
from advisor.cases.policy import Policy
from advisor.database import Database
from advisor.errors import CaseError, Refused, TakenAlready
from advisor.models import Answer, Contact, Urgency
from advisor.people import Action, Actor, Directory
from advisor.settings import OUT_OF_HOURS, Profile


class Desk:
    """The cases of one workspace."""

    def __init__(
        self,
        database: Database,
        *,
        profile: Profile,
        redact: Callable[[str], str],
        workspace: str = "local",
        checkpoints: Checkpoints | None = None,
        stock: Callable[[], sources.Stock] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``redact`` takes personal data out of a text; ``stock`` reads the knowledge base, to be kept with a case."""
        self.workspace, self.profile = workspace, profile
        self.directory, self.policy = Directory(profile.people), Policy(profile)
        self.bench = Bench(database, workspace=workspace, checkpoints=checkpoints, now=now)
        self._clean, self._stock, self._now = Cleaner(redact), stock, now

    # A matter arrives

    def open(
        self,
        answer: Answer,
        *,
        by: Actor,
        role: str | None = None,
        why: str = "",
        earlier: tuple[str, ...] = (),
        key: str | None = None,
    ) -> Case:
        """Puts a case for an answer in the queue of the right role; an answer has one case, however often it is opened.

        ``earlier`` are the redacted turns before the question, which are needed to answer it again.
        """
        stock = self._stock_for(answer)
        with self.bench.command(by=by, key=key) as work:
            name, before = self.bench.meet(work, answer=answer.id)
            if before:
                return before
            queue = role or self.policy.queue_for(answer)
            content = work.said(
                answer=answer.as_json(),
                earlier=[self._clean.optional(turn) for turn in earlier],
                why=self._clean.optional(why),
                role=queue,
                software=version("can-i-share"),
                sources_kept=self._keep_sources(work, answer, stock),
            )
            self.bench.append(work, name, EventKind.OPENED, content)
            due = self.policy.due(answer.urgency, at=work.at)
            self._add_row(work, name, question=answer.question, answer=answer, role=queue, due_at=due)
            return self.bench.rows.find(work.connection, name)

    def record(
        self, decision: Decision, *, by: Actor, answer: Answer | None = None, about: str = "", key: str | None = None
    ) -> Case:
        """Records a decision that somebody took themselves, without a case; also afterwards, having acted first.

        With an answer that has a case already, it is recorded there, and that case stays in its queue.
        """
        stock = self._stock_for(answer) if answer else None
        with self.bench.command(by=by, key=key) as work:
            clean = self._clean.decision(decision)
            content = work.said(decision=clean.model_dump(mode="json"), about=self._clean.optional(about))
            name, there = self.bench.meet(work, answer=answer.id if answer else None)
            if there:
                return there if work.is_done else self._record_there(work, there, content)
            if answer:
                content |= {"answer": answer.as_json(), "software": version("can-i-share")}
                content |= {"sources_kept": self._keep_sources(work, answer, stock)}
            self.bench.append(work, name, EventKind.RECORDED, content)
            question = answer.question if answer else content["about"]
            self._add_row(work, name, question=question, answer=answer, decision=clean)
            return self.bench.rows.find(work.connection, name)

    # Somebody takes it up

    def claim(self, case: str, *, by: Actor, key: str | None = None) -> Case:
        """Takes a case from its queue; of two who claim at once one has it and the other is told by whom."""
        with self.bench.on(case, by=by, key=key) as (work, found):
            return found if work.is_done else self._held_by(work, found)

    def assign(
        self,
        case: str,
        *,
        by: Actor,
        to: Actor | None = None,
        role: str | None = None,
        why: str = "",
        key: str | None = None,
    ) -> Case:
        """Hands a case to a colleague, or puts it in the queue of another role, who then has a new due time."""
        if (to is None) == (role is None):
            raise CaseError("Say either to whom or to which role.")
        with self.bench.on(case, by=by, key=key) as (work, found):
            if work.is_done:
                return found
            self._require_live(found)
            self._require_holder_or_queue(by, found)
            content = work.said(why=self._clean.optional(why))
            if to is None:
                content["role"] = role
                due = self.policy.due(found.urgency, at=work.at)
                changes: Content = {"role": role, "holder": None, "state": State.OPEN, "due_at": due}
            else:
                self.policy.require(to, Action.CLAIM, queue=found.role)
                self._require_other_than_asker(to, found)
                content |= {"to": to.key, "to_name": to.name}
                changes = {"holder": to.key, "state": State.CLAIMED}
            return self.bench.happen(work, found, EventKind.ASSIGNED, content=content, **changes)

    def note(self, case: str, text: str, *, by: Actor, key: str | None = None) -> Case:
        """Adds a note, also to a case that is decided or closed."""
        with self.bench.on(case, by=by, key=key) as (work, found):
            if work.is_done:
                return found
            self.policy.require_view(by, found)
            if found.purged_at is not None:
                raise TakenAlready(f"Case {found.id} was purged; nothing can be added.")
            return self.bench.happen(work, found, EventKind.NOTED, content=work.said(text=self._clean.text(text)))

    def ask(self, case: str, text: str, *, by: Actor, key: str | None = None) -> Case:
        """Asks whoever opened the case for more; whoever asks holds the case from then on."""
        with self.bench.on(case, by=by, key=key) as (work, found):
            if work.is_done:
                return found
            content = work.said(text=self._clean.text(text))
            found = self._held_by(work, found)
            return self.bench.happen(work, found, EventKind.ASKED, content=content, state=State.WAITING)

    def reply(self, case: str, text: str, *, by: Actor, key: str | None = None) -> Case:
        """The asker answers what they were asked, or adds something."""
        with self.bench.on(case, by=by, key=key) as (work, found):
            if work.is_done:
                return found
            self.policy.require_asker(by, found)
            self._require_live(found)
            state = State.CLAIMED if found.state is State.WAITING else found.state
            content = work.said(text=self._clean.text(text))
            return self.bench.happen(work, found, EventKind.REPLIED, content=content, state=state)

    # It is decided

    def decide(self, case: str, decision: Decision, *, by: Actor, key: str | None = None) -> Case:
        """Records the decision of the human who has the case; one that nobody claimed is claimed with it.

        Raises:
            DecisionUnfinished: when a field that the record needs says nothing; "not sure" is an entry.
        """
        with self.bench.on(case, by=by, key=key) as (work, found):
            if work.is_done:
                return found
            self.policy.require_view(by, found)
            self._require_live(found)
            self.policy.require_decider(by, found)
            require_whole(decision)
            found = self._held_by(work, found)
            content = work.said(decision=self._clean.decision(decision).model_dump(mode="json"))
            changes: Content = {"state": State.DECIDED, "decided_at": work.at, "outcome": decision.outcome}
            changes["acted_first"] = found.acted_first or decision.acted_first
            return self.bench.happen(work, found, EventKind.DECIDED, content=content, **changes)

    def close(self, case: str, *, by: Actor, why: str = "", key: str | None = None) -> Case:
        """Closes a case; one without a decision needs a reason, such as that the request was withdrawn."""
        with self.bench.on(case, by=by, key=key) as (work, found):
            if work.is_done:
                return found
            if found.state is State.CLOSED:
                raise TakenAlready(self._where_it_is(found))
            if not self.policy.is_asker(by, found):
                self._require_holder_or_queue(by, found)
            if found.state.is_live and not why.strip():
                raise CaseError("Nobody has decided this case yet. Say why it closes all the same.")
            content = work.said(why=self._clean.optional(why))
            changes: Content = {"state": State.CLOSED, "closed_at": work.at}
            return self.bench.happen(work, found, EventKind.CLOSED, content=content, **changes)

    def hold(self, case: str, *, by: Actor, why: str, key: str | None = None) -> Case:
        """Puts a case on legal hold: its content is never purged until it is released."""
        return self._set_hold(case, True, by=by, why=why, key=key)

    def release(self, case: str, *, by: Actor, why: str, key: str | None = None) -> Case:
        """Ends a legal hold."""
        return self._set_hold(case, False, by=by, why=why, key=key)

    def chase(self, *, by: Actor) -> tuple[Case, ...]:
        """Reminds of every case that is overdue and was not chased for a while; gives those."""
        now = self._now()
        overdue = self.all(Filter(overdue_at=now, limit=100_000))
        chased = (self._chase(case, by=by) for case in overdue if self.policy.is_to_chase(case, at=now))
        return tuple(case for case in chased if case is not None)

    # Looking

    def find(self, case: str, *, by: Actor) -> CaseFile:
        """A case with everything that happened in it, by its id or the start of it."""
        with self.bench.noting_refusal(by=by, case=case, what="show"), self.bench.database.reading() as connection:
            found = self.bench.rows.find(connection, case)
            self.policy.require_view(by, found)
            return CaseFile(case=found, events=self.bench.ledger.events(connection, found.id))

    def list(self, wanted: Filter | None = None, *, by: Actor) -> tuple[Case, ...]:
        """The cases that fit and that somebody may see, newest first."""
        only = None
        if not self.policy.sees_all(by):
            only = self.bench.rows.visible_to(self.directory.identities(by.key), roles=by.roles)
        with self.bench.database.reading() as connection:
            return self.bench.rows.list(connection, wanted or Filter(), only=only)

    def all(self, wanted: Filter | None = None) -> tuple[Case, ...]:
        """The cases that fit, whoever asks: for the machinery, never to be shown as they are."""
        with self.bench.database.reading() as connection:
            return self.bench.rows.list(connection, wanted or Filter())

    def own_events(self) -> tuple[Event, ...]:
        """What happened at the desk beside single cases, such as refusals and exports of many."""
        with self.bench.database.reading() as connection:
            return self.bench.ledger.events(connection, DESK)

    def reach(self, case: Case) -> tuple[Contact, ...]:
        """How to reach who has to decide a case: the duty person first when the office is closed."""
        roles = (case.role,) if self.profile.office.is_open(self._now()) else (OUT_OF_HOURS, case.role)
        return tuple(contact for role in roles for contact in self.profile.reach() if contact.role == role)

    # For the faces

    def acting_as(self, words: str, *, by: Actor) -> Actor:
        """The actor that somebody says they are: themselves by any of their names; anybody else is refused."""
        named = self.directory.named(words)
        if words in (by.key, by.name) or (named is not None and named.key == by.key):
            return by
        with self.bench.noting_refusal(by=by, what="act_as"):
            raise Refused(f"{by.name} may not act as {words[:100]!r}: everyone acts as themselves.")

    def require(self, action: Action, *, by: Actor, case: Case | None = None) -> None:
        """Raises Refused, and keeps that, when somebody may not do something with a case or with many."""
        with self.bench.noting_refusal(by=by, case=case.id if case else None, what=action.value):
            self.policy.require(by, action, queue=case.role if case else "")

    def log(self, kind: EventKind, content: Content, *, by: Actor, case: str | None = None) -> Event:
        """Adds what happened to a case, or at the desk, without changing where anything stands: an export, a pause."""
        return self.bench.log(kind, content, by=by, case=case)

    def follow(self) -> None:
        """From now on each event also puts a job in the outbox (``case.event``), whichever face made it."""
        self.bench.follow()

    # How a case comes to be

    def _record_there(self, work: Work, case: Case, content: Content) -> Case:
        self.bench.ledger.lock(work.connection, case.id)
        found = self.bench.rows.find(work.connection, case.id)
        first = bool(content["decision"]["acted_first"]) or found.acted_first
        return self.bench.happen(work, found, EventKind.RECORDED, content=content, acted_first=first)

    def _add_row(
        self,
        work: Work,
        name: str,
        *,
        question: str,
        answer: Answer | None,
        role: str = "",
        due_at: datetime | None = None,
        decision: Decision | None = None,
    ) -> None:
        values: dict[str, Any] = {"state": State.OPEN, "acted_first": False}
        if decision:
            values = {"state": State.CLOSED, "decided_at": work.at, "closed_at": work.at, "outcome": decision.outcome}
            values["acted_first"] = decision.acted_first
        self.bench.rows.add(
            work.connection,
            id=name,
            urgency=answer.urgency if answer else Urgency.ROUTINE,
            role=role,
            asker=work.by.key,
            opened_at=work.at,
            due_at=due_at,
            held=False,
            answer=answer.id if answer else None,
            question=question,
            **values,
        )

    # What holds

    def _held_by(self, work: Work, case: Case) -> Case:
        """The case in that person's hands: claimed with this if nobody has it; TakenAlready if somebody else has."""
        by = work.by
        if case.state.is_live and self.policy.is_holder(by, case):
            return case
        self.policy.require(by, Action.CLAIM, queue=case.role)
        if case.state is not State.OPEN:
            raise TakenAlready(self._where_it_is(case))
        self._require_other_than_asker(by, case)
        changes: Content = {"state": State.CLAIMED, "holder": by.key}
        return self.bench.happen(work, case, EventKind.CLAIMED, content=work.said(), **changes)

    def _require_holder_or_queue(self, by: Actor, case: Case) -> None:
        if not self.policy.is_holder(by, case):
            self.policy.require(by, Action.CLAIM, queue=case.role)

    def _require_other_than_asker(self, by: Actor, case: Case) -> None:
        if self.policy.is_asker(by, case) and not self.profile.asker_may_decide:
            raise Refused(f"{by.name} asked, and whoever asks does not decide. Let a colleague have it.")

    def _require_live(self, case: Case) -> None:
        if not case.state.is_live:
            raise TakenAlready(self._where_it_is(case))

    def _where_it_is(self, case: Case) -> str:
        """Why somebody came too late."""
        who = self.directory.name_of(case.holder) if case.holder else "someone"
        if case.state is State.CLOSED:
            return f"Case {case.id} was closed on {case.closed_at:%Y-%m-%d}."
        if case.state is State.DECIDED:
            return f"Case {case.id} was decided by {who} on {case.decided_at:%Y-%m-%d}. Add a note instead."
        return f"Case {case.id} is with {who}. Ask them, or have it assigned to you."

    def _set_hold(self, case: str, held: bool, *, by: Actor, why: str, key: str | None) -> Case:
        with self.bench.on(case, by=by, key=key) as (work, found):
            if work.is_done:
                return found
            self.policy.require(by, Action.PURGE, queue=found.role)
            if found.held == held:
                return found
            kind = EventKind.HELD if held else EventKind.RELEASED
            return self.bench.happen(work, found, kind, content=work.said(why=self._clean.text(why)), held=held)

    def _chase(self, case: Case, *, by: Actor) -> Case | None:
        with self.bench.on(case.id, by=by) as (work, found):
            if not self.policy.is_to_chase(found, at=work.at):
                return None
            content = work.said(due=found.due_at.isoformat() if found.due_at else None)
            return self.bench.happen(work, found, EventKind.CHASED, content=content, chased_at=work.at)

    # The sources it rests on

    def _stock_for(self, answer: Answer) -> sources.Stock | None:
        """The knowledge base on disk, unless it is kept already; read before the transaction begins."""
        digest = answer.knowledge.digest
        if self._stock is None or digest is None:
            return None
        with self.bench.database.reading() as connection:
            return None if sources.is_kept(connection, digest) else self._stock()

    def _keep_sources(self, work: Work, answer: Answer, stock: sources.Stock | None) -> bool:
        """Keeps the knowledge base that answered, if it is still there as it was; whether it is kept."""
        digest = answer.knowledge.digest
        if stock and stock.digest == digest:
            sources.keep(work.connection, stock)
        return digest is not None and sources.is_kept(work.connection, digest)
