"""What people asked and was not served is grouped by meaning, what they saw themselves first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from advisor.curating.gaps import Gap, GapFinder, Reason, clustered
from advisor.outcomes import Outcome
from advisor.situation import SituationReader
from advisor.store import Feedback, Recorded
from knowledge.fakes import FakeEmbedder
from knowledge.index import Index
from knowledge.vocabulary import load_vocabulary

SERVED = "The police have rung asking where one of our tenants lives, can I tell them?"
DRONE = "May we fly a drone over allotments"
DRONE_TOO = "May we fly a drone over gardens"
SMELL = "Zebra quince xylophone"


def _asked(question: str = SERVED, *, day: int = 1, outcome: Outcome = Outcome.ANSWERED, **fields: Any) -> Recorded:
    return Recorded(
        id=f"{day}{question}",
        asked_at=datetime(2026, 11, day, tzinfo=UTC),
        outcome=outcome,
        question=question,
        **fields,
    )


def _said(*helpful: bool, why: str = "") -> tuple[Feedback, ...]:
    return tuple(Feedback(given_at=datetime(2026, 11, 5, tzinfo=UTC), helpful=each, why=why) for each in helpful)


@pytest.fixture
def finder(index: Index) -> GapFinder:
    return GapFinder(index, embedder=FakeEmbedder(), reader=SituationReader(load_vocabulary()))


def _reasons(found: Sequence[Gap]) -> dict[str, dict[Reason, int]]:
    return {gap.question: gap.reasons for gap in found}


def test_what_was_answered_and_nobody_doubted_is_no_gap(finder: GapFinder) -> None:
    assert finder.gaps([_asked(), _asked(feedback=_said(True)), _asked(feedback=_said(False, True))]) == []
    assert finder.gaps([]) == []


@pytest.mark.parametrize(
    ("recorded", "reason"),
    [
        (_asked(outcome=Outcome.NO_GUIDANCE, not_covered=1), Reason.NOTHING_FOUND),
        (_asked(feedback=_said(True, False), not_covered=2), Reason.NOT_HELPFUL),
        (_asked(SMELL, not_covered=1), Reason.FAR_FROM_GUIDANCE),
        (_asked(not_covered=1), Reason.PARTLY_COVERED),
    ],
)
def test_a_question_that_was_not_served_has_its_plainest_reason(
    finder: GapFinder, recorded: Recorded, reason: Reason
) -> None:
    assert _reasons(finder.gaps([recorded])) == {recorded.question: {reason: 1}}


@pytest.mark.parametrize(
    "outcome", [Outcome.NOT_ABOUT_SHARING, Outcome.OTHER_COUNTRY, Outcome.INSTRUCTION_ATTEMPT, Outcome.INDEX]
)
def test_what_is_not_for_the_knowledge_base_to_serve_is_no_gap(finder: GapFinder, outcome: Outcome) -> None:
    assert finder.gaps([_asked(outcome=outcome, feedback=_said(False))]) == []


def test_questions_alike_are_one_gap_with_all_that_is_known_of_it(finder: GapFinder) -> None:
    found = finder.gaps(
        [
            _asked(DRONE, day=3, feedback=_said(False, why="Nothing on drones")),
            _asked(DRONE_TOO, day=9, outcome=Outcome.NO_GUIDANCE),
            _asked(DRONE, day=1, outcome=Outcome.NO_GUIDANCE),
            _asked(SMELL, day=2),
        ]
    )

    gap, other = found
    assert gap.model_dump(exclude={"nearest"}) == {
        "question": DRONE,
        "asked": 3,
        "reasons": {Reason.NOTHING_FOUND: 2, Reason.NOT_HELPFUL: 1},
        "first": date(2026, 11, 1),
        "last": date(2026, 11, 9),
        "others": (DRONE_TOO,),
        "said": ("Nothing on drones",),
    }
    assert len(gap.nearest) == 3
    assert {near.id for near in gap.nearest} <= {
        "police-asking", "school-asking", "worried-about-an-adult", "crime-exemption", "told-in-confidence",
        "case-of-silence",
    }  # fmt: skip
    assert (other.question, other.asked) == (SMELL, 1)


def test_what_people_saw_themselves_comes_before_what_is_only_doubted(finder: GapFinder) -> None:
    doubted = [_asked(SMELL, day=day) for day in (1, 2, 3)]
    seen = _asked(DRONE, outcome=Outcome.NO_GUIDANCE)

    assert [gap.question for gap in finder.gaps([*doubted, seen])] == [DRONE, SMELL]


def test_labels_of_taken_out_personal_data_make_no_likeness(index: Index) -> None:
    embedder = FakeEmbedder()
    GapFinder(index, embedder=embedder, reader=SituationReader(load_vocabulary())).gaps(
        [_asked("[NAME 1] wants a drone", outcome=Outcome.NO_GUIDANCE)]
    )

    assert embedder.embedded[0] == "someone wants a drone"


def test_a_chain_of_likenesses_joins_no_two_that_are_not_alike() -> None:
    angles = np.radians([0, 40, 80, 120])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    assert clustered(vectors, alike=0.7) == [[1, 0, 2], [3]]


def test_every_vector_is_in_one_group_and_near_its_centre() -> None:
    chance = np.random.default_rng(7)
    vectors = chance.normal(size=(1200, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    groups = clustered(vectors, alike=0.6)

    assert sorted(place for group in groups for place in group) == list(range(1200))
    assert all(float(vectors[group[0]] @ vectors[place]) >= 0.6 - 1e-5 for group in groups for place in group)
    assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)
    assert len(groups) < 600
