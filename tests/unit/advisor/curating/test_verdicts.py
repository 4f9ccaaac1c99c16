"""Bullets that grounding would drop as verdicts are told to curators before anyone asks."""

from __future__ import annotations

import pytest

from advisor.curating.verdicts import verdicts_among
from advisor.models import StatementRole
from advisor.wording import load_wording
from knowledge.models import Bullet
from tests.advising import a_document


@pytest.mark.parametrize(
    "text", ["Yes, tell the police.", "You can share this with the school.", "Go ahead.", "No member of staff waits."]
)
def test_a_bullet_that_no_answer_would_show_is_advice_at_its_line(text: str) -> None:
    bullets = ("A landlord may answer where a crime is serious.", Bullet(text=text, line=31))

    [finding] = verdicts_among(
        [a_document(says={StatementRole.GUIDANCE: bullets}, path="police.md")], wording=load_wording()
    )

    assert (str(finding.level), finding.path, finding.line) == ("advice", "police.md", 31)
    assert finding.message.startswith("no answer shows this, for it reads as a verdict on the asker's own case")


def test_a_rule_with_its_condition_is_left_alone() -> None:
    says = {
        StatementRole.GUIDANCE: ["A landlord may answer where a crime is serious.", "The Act forbids it unless ..."]
    }

    assert verdicts_among([a_document(says=says)], wording=load_wording()) == []
