"""Settings come from the environment and the profile from TOML; what is wrong is named with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.errors import SettingsError
from advisor.models import Contact
from advisor.settings import OUT_OF_HOURS, Profile, Settings, load_profile, load_settings, profile_path
from knowledge.models import Nation
from knowledge.vocabulary import load_vocabulary


def profile_of(text: str, folder: Path) -> Profile:
    (folder / "profile.toml").write_text(text, encoding="utf-8")
    return load_profile(Settings(home=folder), vocabulary=load_vocabulary())


def test_every_setting_can_be_set_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {
        "home": tmp_path,
        "content": tmp_path,
        "local": tmp_path,
        "profile": tmp_path / "us.toml",
        "model": "another",
        "precision": "fp32",
        "threads": 2,
        "keep": False,
        "keep_days": 7,
        "database": "sqlite://",
        "checkpoints": tmp_path,
        "workspace": "T1",
        "cases_keep_days": 30,
        "llm": "openai:some-model",
        "llm_base_url": "http://127.0.0.1:8000/v1",
        "llm_key": "a-secret",
        "llm_seconds": 5.0,
        "llm_tokens_a_day": 1000,
        "llm_price_in": 0.5,
        "llm_price_out": 1.5,
        "llm_reading": True,
        "slack_bot_token": "xoxb-1",
        "slack_app_token": "xapp-1",
        "slack_signing_secret": "a-secret",
        "slack_mode": "http",
        "slack_api_url": "https://slack-gov.com/api/",
        "slack_host": "0.0.0.0",  # noqa: S104 - any address
        "slack_port": 9000,
        "slack_workers": 3,
        "slack_user_limit": 5,
        "slack_channel_limit": 15,
        "chroma_url": "http://chroma.internal:8000",
        "benchmarks": tmp_path,
    }
    assert set(given) == set(Settings.model_fields)
    for name, value in given.items():
        monkeypatch.setenv(f"ADVISOR_{name.upper()}", str(value))
    assert load_settings() == Settings.model_validate(given)


def test_a_setting_that_is_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONTENT", "LOCAL", "KEEP_DAYS"):
        monkeypatch.setenv(f"ADVISOR_{name}", "")
    settings = load_settings()
    assert (settings.content, settings.local, settings.keep_days) == (None, None, 365)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEEP_DAYS", "0"),
        ("KEEP_DAYS", "soon"),
        ("THREADS", "-1"),
        ("PRECISION", "int4"),
        ("KEEP", "perhaps"),
        ("CONTENT", "/nowhere/at/all"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ADVISOR_{name}", value)
    with pytest.raises(SettingsError, match=rf"^ADVISOR_{name}: .*Change or unset it\.$"):
        load_settings()


def test_without_a_file_the_profile_is_empty(tmp_path: Path) -> None:
    assert load_profile(Settings(home=tmp_path), vocabulary=load_vocabulary()) == Profile()


def test_a_profile_says_who_the_organisation_is_and_whom_to_reach(tmp_path: Path) -> None:
    profile = profile_of(
        'name = "Fairholm Homes"\nnations = ["wales"]\nsector = "housing"\nout_of_hours = "ring the duty line"\n'
        '[[contacts]]\nrole = "data_protection_officer"\nname = "The DPO"\nreach = "extension 210"\n',
        tmp_path,
    )
    assert profile.contacts == (Contact(role="data_protection_officer", name="The DPO", reach="extension 210"),)
    assert (profile.nations, profile.out_of_hours) == ((Nation.WALES,), "ring the duty line")
    assert profile.facets() == {"nation": "wales", "holder": "housing"}


def test_an_organisation_of_several_nations_leaves_the_nation_to_the_words() -> None:
    assert Profile(nations=(Nation.ENGLAND, Nation.WALES)).facets() == {}


def test_whoever_is_on_duty_out_of_hours_can_be_reached_after_the_rest() -> None:
    siro = Contact(role="siro", name="The SIRO", reach="extension 1")
    profile = Profile(contacts=(siro,), out_of_hours="01632 960000")
    assert profile.reach() == (siro, Contact(role=OUT_OF_HOURS, name="duty person", reach="01632 960000"))
    assert Profile(contacts=(siro,)).reach() == (siro,)


def test_a_profile_that_says_nothing_of_a_facet_leaves_it_unknown() -> None:
    assert Profile(name="Fairholm Homes").facets() == {}


def test_a_profile_that_is_named_but_not_there_is_an_error(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, profile=tmp_path / "elsewhere.toml")
    assert profile_path(settings) == tmp_path / "elsewhere.toml"
    with pytest.raises(SettingsError, match=r"ADVISOR_PROFILE names .*elsewhere\.toml, which is not there"):
        load_profile(settings, vocabulary=load_vocabulary())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "cannot be read"),
        ('nations = ["cornwall"]', "nations"),
        ('sector = "circus"', "sector 'circus' is unknown; use one of social_care"),
        ('nickname = "us"', "nickname"),
        ('[[contacts]]\nrole = "wizard"\nname = "M"\nreach = "owl"', "role 'wizard' is unknown; use one of"),
        ('[[contacts]]\nrole = "siro"\nname = "M"', r"contacts\.0\.reach"),
    ],
)
def test_a_wrong_profile_is_named_with_what_is_wrong_in_it(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        profile_of(text, tmp_path)
    assert str(tmp_path / "profile.toml") in str(caught.value)


def test_a_profile_that_is_not_utf8_is_an_error_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_bytes(b'name = "\xff\xfe"')
    with pytest.raises(SettingsError, match="cannot be read"):
        load_profile(Settings(home=tmp_path), vocabulary=load_vocabulary())
