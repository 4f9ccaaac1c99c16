"""What the documents for those who deploy it say of the software is so."""

from __future__ import annotations

import re

import pytest

from advisor.deployment import DeploymentDocument, deployment_documents
from advisor.settings import Settings
from advisor.tables import METADATA
from integrations.cli.cases import COMMANDS as CASES
from integrations.cli.commands import COMMANDS
from integrations.cli.kb import COMMANDS as KB
from integrations.slack.app import CONVERSATIONS_KEPT, JOBS_KEPT

DOCUMENTS = {document.name: document for document in deployment_documents()}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_each_says_that_it_is_a_draft_by_people_who_are_not_lawyers(document: DeploymentDocument) -> None:
    begin = " ".join(document.text[:500].split())
    assert "A draft by" in begin
    assert "not lawyers" in begin
    assert document.to_complete > 0


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_each_names_only_settings_and_commands_that_there_are(document: DeploymentDocument) -> None:
    settings = {f"ADVISOR_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"ADVISOR_[A-Z_]+", document.text)) <= settings
    known = {"cases": CASES, "kb": KB}
    for words in re.findall(r"`advisor ([a-z-]+(?: [a-z-]+)?)", document.text):
        group, _, inner = words.partition(" ")
        assert group in COMMANDS
        assert not inner or group not in known or inner in known[group]


def test_the_retention_schedule_names_every_table_that_can_hold_something_about_people() -> None:
    without_people = {"properties", "seen_events"}
    named = set(re.findall(r"`([a-z_]+)`", DOCUMENTS["retention-schedule"].text))
    assert {table.name for table in METADATA.sorted_tables} - without_people <= named


def test_the_periods_are_those_of_the_program() -> None:
    schedule, settings = DOCUMENTS["retention-schedule"].text, Settings.model_fields
    assert f"`ADVISOR_KEEP_DAYS`, {settings['keep_days'].default} days" in schedule
    assert f"`ADVISOR_CASES_KEEP_DAYS`, {settings['cases_keep_days'].default} days" in schedule
    assert f"{CONVERSATIONS_KEPT.days} days after the last turn" in schedule
    assert f"{JOBS_KEPT.days} days after they were done" in schedule


def test_the_assessment_has_every_part_of_article_35_7() -> None:
    assert [part for part in "abcd" if f"Article 35(7)({part})" not in DOCUMENTS["dpia"].text] == []
