"""``advisor kb whatsnew``: what changed in the bundled documents since a release or a day."""

from __future__ import annotations

import json
from datetime import date

import pytest

from integrations.cli.kb.whatsnew import lines_of, release_before
from knowledge.releases import Change, News, Release, load_releases
from tests.end_to_end.conftest import Run

FIRST = next(iter(load_releases().items()))
RELEASES = {
    name: Release.model_validate({"date": day, "documents": {}})
    for name, day in (("0.1.0", "2026-11-22"), ("0.2.0", "2027-02-01"), ("0.3.0", "2027-06-01"))
}


def test_the_documents_are_compared_with_a_recorded_release(advisor: Run) -> None:
    ran = advisor("kb", "whatsnew", "--since", FIRST[0])
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[0].endswith(f"against those of {FIRST[0]} ({FIRST[1].date})")
    assert max(map(len, ran.lines)) <= 80


def test_whatsnew_prints_its_object(advisor: Run) -> None:
    told = json.loads(advisor("kb", "whatsnew", "--json").out)
    assert told["schema"] == "advisor.kb.whatsnew/1"
    assert set(told) == {"schema", "installed", "since", "news"}
    for each in told["news"]:
        assert set(each) == {"change", "id", "title", "superseded_by", "in_force_from", "history", "own"}


def test_a_day_before_the_first_record_is_said_to_be(advisor: Run) -> None:
    ran = advisor("kb", "whatsnew", "--since", "2020-01-01")
    assert ran.code == 0
    assert f"Nothing is recorded of 2020-01-01: {FIRST[0]} is the first" in " ".join(ran.out.split())


@pytest.mark.parametrize("since", ["9.9", "yesterday", "2026-13-01", ""])
def test_what_is_no_recorded_release_and_no_day_is_used_wrongly(advisor: Run, since: str) -> None:
    ran = advisor("kb", "whatsnew", "--since", since)
    assert ran.code == 2
    assert f"--since {since!r} is no recorded release (0.1.0" in ran.err


@pytest.mark.parametrize(
    ("since", "installed", "chosen"),
    [
        (None, "0.3.0", "0.2.0"),
        (None, "0.1.0", "0.1.0"),
        (None, "0.4.0", "0.3.0"),
        ("0.1.0", "0.3.0", "0.1.0"),
        ("2027-03-15", "0.3.0", "0.2.0"),
        ("2027-02-01", "0.3.0", "0.2.0"),
        ("2027-01-31", "0.3.0", "0.1.0"),
    ],
)
def test_the_release_compared_with_is_the_one_before_or_the_last_on_that_day(
    since: str | None, installed: str, chosen: str
) -> None:
    assert release_before(since, RELEASES, installed) == (chosen, "")


def test_news_are_told_by_what_became_of_the_documents_and_whether_ones_own_takes_their_place() -> None:
    found = [
        News(change=Change.SUPERSEDED, id="old", title="The old code", superseded_by="new"),
        News(change=Change.IN_FORCE, id="act", title="The Act", in_force_from=date(2027, 1, 1)),
        News(change=Change.CHANGED, id="policy", title="A policy", history=("2027-01-05 shortened by Jo",)),
    ]
    assert lines_of(found, {"policy"}) == [
        "Superseded: only named, with what replaced it (1)",
        "- old: The old code",
        "    replaced by new",
        "",
        "Came into force (1)",
        "- act: The Act",
        "    in force from 2027-01-01",
        "",
        "Changed in what it says (1)",
        "- policy: A policy",
        "    2027-01-05 shortened by Jo",
        "    your own document of this id takes its place: see whether it must change too",
    ]
    assert lines_of([], set()) == ["Nothing changed."]
