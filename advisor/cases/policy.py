"""Who may do what to a case, by the organisation profile: pure, and each "no" says why and what would mend it."""

from __future__ import annotations

from datetime import datetime, timedelta

from advisor.cases.models import Case
from advisor.errors import Refused
from advisor.models import Answer, Urgency
from advisor.people import Action, Actor, Directory
from advisor.settings import Profile

_ELSEWHERE = ("emergency_services", "childrens_front_door", "adults_front_door", "police_liaison", "lado")
"""Roles of other bodies, which have no queue here unless the profile names someone."""


class Policy:
    """The rules of one organisation."""

    def __init__(self, profile: Profile) -> None:
        self._profile, self._directory = profile, Directory(profile.people)

    def roles_for(self, action: Action, *, queue: str) -> tuple[str, ...]:
        """The roles that may do something with a case in a queue."""
        roles: tuple[str, ...] = getattr(self._profile.permissions, action.value)
        return roles or (queue,)

    def may(self, actor: Actor, action: Action, *, queue: str = "") -> bool:
        return bool(set(actor.roles) & set(self.roles_for(action, queue=queue)))

    def require(self, actor: Actor, action: Action, *, queue: str = "") -> None:
        """Raises Refused when none of the actor's roles may do it."""
        if not self.may(actor, action, queue=queue):
            roles = " or ".join(self.roles_for(action, queue=queue)) or "no role"
            mend = "Name the person with that role under [[people]] in the organisation profile."
            raise Refused(f"{actor.name} may not {action.value} this: it takes {roles}. {mend}")

    def require_decider(self, actor: Actor, case: Case) -> None:
        """Raises Refused when the actor may not decide this case."""
        self.require(actor, Action.DECIDE, queue=case.role)
        if self.is_asker(actor, case) and not self._profile.asker_may_decide:
            raise Refused(f"{actor.name} asked, and whoever asks does not decide. Let a colleague claim it.")

    def require_asker(self, actor: Actor, case: Case) -> None:
        if not self.is_asker(actor, case):
            raise Refused(
                f"Only {self._directory.name_of(case.asker)}, who asked, may answer that. Add a note instead."
            )

    def require_view(self, actor: Actor, case: Case) -> None:
        if not self.may_view(actor, case):
            raise Refused(f"{actor.name} may not see this case: only who asked, who holds it and its role may.")

    def may_view(self, actor: Actor, case: Case) -> bool:
        mine = any(self._directory.same(actor.key, key) for key in (case.asker, case.holder) if key)
        return mine or self.sees_all(actor) or case.role in actor.roles

    def sees_all(self, actor: Actor) -> bool:
        """Whether the actor's work is with every case: who may export or purge, or claim from every queue."""
        permissions = self._profile.permissions
        return bool(set(actor.roles) & {*permissions.export, *permissions.purge, *permissions.claim})

    def is_asker(self, actor: Actor, case: Case) -> bool:
        return self._directory.same(actor.key, case.asker)

    def is_holder(self, actor: Actor, case: Case) -> bool:
        return case.holder is not None and self._directory.same(actor.key, case.holder)

    def queue_for(self, answer: Answer) -> str:
        """The role whose queue a case goes to: the first one named that somebody here holds, else can be reached."""
        named = answer.escalation.roles
        held = (role for role in named if self._directory.holding(role))
        reached = (role for role in named if role in {contact.role for contact in self._profile.contacts})
        own = (role for role in named if role not in _ELSEWHERE)
        return next((role for found in (held, reached, own) for role in found), named[0])

    def due(self, urgency: Urgency, *, at: datetime) -> datetime:
        return at + timedelta(hours=self._profile.due_hours.of(urgency))

    def is_to_chase(self, case: Case, *, at: datetime) -> bool:
        """Whether a case is overdue and was not chased for a while."""
        last = max(moment for moment in (case.due_at, case.chased_at, case.opened_at) if moment)
        waited = timedelta(hours=self._profile.due_hours.chase_every)
        return case.is_overdue(at) and (case.chased_at is None or at - last >= waited)
