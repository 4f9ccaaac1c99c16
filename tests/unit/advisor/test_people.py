"""One person is one identity on every face, and the profile says who may do what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from advisor.errors import SettingsError
from advisor.models import Urgency
from advisor.people import Directory, Person
from advisor.settings import DueHours, Office, Profile, Settings, load_profile
from knowledge.vocabulary import load_vocabulary

AMIRA = Person(name="Amira Khan", identities=("os:akhan", "slack:U1"), roles=("siro",))
BEN = Person(name="Ben Ode", identities=("slack:U2",), roles=("siro", "lado"))


@pytest.fixture
def directory() -> Directory:
    return Directory([AMIRA, BEN])


def test_every_identity_of_a_person_is_that_person(directory: Directory) -> None:
    assert directory.actor("os:akhan") == directory.actor("slack:U1")
    assert (directory.same("os:akhan", "slack:U1"), directory.same("os:akhan", "slack:U2")) == (True, False)
    assert directory.identities("slack:U1") == ("os:akhan", "slack:U1")


def test_an_identity_that_the_profile_does_not_know_stands_for_itself_without_a_role(directory: Directory) -> None:
    joe = directory.actor("os:joe")
    assert (joe.key, joe.name, joe.roles, directory.identities("os:joe")) == ("os:joe", "joe", (), ("os:joe",))


@pytest.mark.parametrize("words", ["Amira Khan", "amira khan", "os:akhan", "slack:U1", "akhan"])
def test_a_person_is_found_by_any_of_their_names(directory: Directory, words: str) -> None:
    found = directory.named(words)
    assert found is not None
    assert found.name == "Amira Khan"
    assert directory.named("Zed") is None


def test_everyone_with_a_role_is_found(directory: Directory) -> None:
    assert [actor.name for actor in directory.holding("siro")] == ["Amira Khan", "Ben Ode"]


def profile_of(text: str, folder: Path) -> Profile:
    (folder / "profile.toml").write_text(text, encoding="utf-8")
    return load_profile(Settings(home=folder), vocabulary=load_vocabulary())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[people]]\nname = "A"\nidentities = ["akhan"]', 'is no identity: write it as "os:akhan"'),
        ('[[people]]\nname = "A"\nidentities = ["os:a"]\nroles = ["boss"]', "role 'boss' is unknown"),
        ('[permissions]\npurge = ["boss"]', "role 'boss' is unknown"),
        ('[office]\ntimezone = "Mars/Base"', "is no time zone"),
        ("[due_hours]\nroutine = 0", "due_hours.routine"),
        (
            '[[people]]\nname = "A"\nidentities = ["os:x"]\n[[people]]\nname = "B"\nidentities = ["os:x"]',
            "'os:x' is both A and B; keep one",
        ),
        (
            '[[people]]\nname = "A"\nidentities = ["os:x"]\n[[people]]\nname = "a"\nidentities = ["os:y"]',
            "'a' is both A and a; keep one",
        ),
    ],
)
def test_a_profile_that_is_wrong_about_people_says_what_and_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as told:
        profile_of(text, tmp_path)
    assert said in str(told.value)
    assert "profile.toml" in str(told.value)


def test_due_times_follow_the_urgency() -> None:
    assert [DueHours().of(urgency) for urgency in Urgency] == [120, 8, 1]


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 6, 8, 30, tzinfo=UTC), True),
    ],
    ids=["a Monday at nine", "a Monday at five", "a Sunday", "half past nine in summer"],
)
def test_the_office_is_open_by_the_clock_on_its_wall(moment: datetime, is_open: bool) -> None:
    assert Office().is_open(moment) is is_open
