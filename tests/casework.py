"""People, answers and decisions for the tests of cases."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from advisor.cases.checkpoints import Checkpoints
from advisor.cases.desk import Desk
from advisor.cases.models import WHOLE_RECORD, Decision
from advisor.cases.opening import checkpoints_of
from advisor.database import Database
from advisor.models import Answer, Question
from advisor.people import Actor
from advisor.settings import Profile, Settings
from tests.advising import POLICE_QUESTION, an_advisor

PROFILE = Profile.model_validate(
    {
        "name": "Anytown Homes",
        "out_of_hours": "020 7946 0001",
        "contacts": [{"role": "information_governance_lead", "name": "IG desk", "reach": "ig@example.org"}],
        "people": [
            {
                "name": "Amira Khan",
                "identities": ["os:akhan", "slack:UAMIRA"],
                "roles": ["information_governance_lead", "data_protection_officer"],
            },
            {"name": "Ben Ode", "identities": ["os:bode"], "roles": ["information_governance_lead"]},
            {"name": "Dee Lal", "identities": ["os:dlal"], "roles": ["designated_safeguarding_lead"]},
        ],
        "permissions": {"purge": ["data_protection_officer"], "export": ["data_protection_officer"]},
    }
)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ASKER = Actor(key="os:joe", name="joe")


class Clock:
    """A moment that tests move on."""

    def __init__(self) -> None:
        self.moment = MONDAY

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


def without_names(text: str) -> str:
    """Stands in for the redactor: what is called Smith is personal data."""
    return re.sub(r"\bSmith\b", "[NAME 1]", text)


def a_desk(
    database: Database,
    *,
    checkpoints: Checkpoints | None = None,
    workspace: str = "local",
    profile: Profile = PROFILE,
    clock: Callable[[], datetime] | None = None,
) -> Desk:
    return Desk(
        database,
        profile=profile,
        redact=without_names,
        workspace=workspace,
        checkpoints=checkpoints,
        now=clock or Clock(),
    )


def some_checkpoints(database: Database, folder: Path) -> Checkpoints:
    return checkpoints_of(Settings(home=folder), database)


def an_answer(question: str = POLICE_QUESTION) -> Answer:
    return an_advisor().answer(Question(text=question))


def a_decision(outcome: str = "share", **fields: object) -> Decision:
    """A whole record."""
    whole = {name: f"said of {name}" for name in (*WHOLE_RECORD, "conditions") if name != "review_on"}
    by = {"name": "Amira Khan", "role": "information_governance_lead"}
    return Decision.model_validate({"outcome": outcome, "decided_by": by, "review": "not sure", **whole, **fields})
