"""Settings from the environment, and the organisation profile from a TOML file."""

from __future__ import annotations

import tomllib
from datetime import datetime, time
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import DirectoryPath, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from advisor.errors import SettingsError
from advisor.models import Contact, Urgency
from advisor.people import Action, Permissions, Person
from advisor.slack_profile import SlackProfile
from knowledge.exporting import PACKAGED
from knowledge.models import FrozenModel, Nation
from knowledge.vocabulary import Vocabulary

LLM_PROVIDERS = ("openai", "azure_openai", "anthropic", "ollama")
"""Who may serve a language model; anything that speaks as OpenAI does is ``openai`` with a base URL."""


class Settings(BaseSettings):
    """Every setting, from environment variables that start with ``ADVISOR_``."""

    model_config = SettingsConfigDict(env_prefix="ADVISOR_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("can-i-share")))
    """Folder of the index, the exported model and the answer store."""
    content: DirectoryPath | None = None
    """Folder of the documents; by default those that come with the package."""
    chroma_url: str | None = Field(default=None, pattern=r"^https?://[^/@?#\s]+/?$")
    """Address of a Chroma server, such as http://chroma.internal:8000, that holds the vectors for several advisors."""
    local: DirectoryPath | None = None
    """Folder of the organisation's own documents, beside those of ``content``; one may override another by id."""
    profile: Path | None = None
    """The organisation profile; by default ``profile.toml`` in ``home`` when it is there."""
    model: str = PACKAGED
    """A sentence-transformers model: the packaged one, a folder, or a name to download."""
    precision: Literal["int8", "fp32"] = "int8"
    """How the exported model stores its weights."""
    threads: int = Field(default=0, ge=0)
    """Threads of the embedding model; 0 is one for each core."""
    benchmarks: DirectoryPath | None = None
    """Folder of public question sets for ``advisor eval bench``."""
    keep: bool = True
    """Whether answers are kept, redacted, in the store."""
    keep_days: int = Field(default=365, ge=1)
    """Days after which kept answers are removed."""
    llm: str | None = None
    """A language model as ``provider:model`` that rewords answers, held to the quotes by code; off by default."""
    llm_base_url: str | None = None
    """Where that model is served, for anything but the provider's own address; Azure OpenAI needs it."""
    llm_key: SecretStr | None = None
    """Its key; by default the provider's own variable, such as OPENAI_API_KEY."""
    llm_seconds: float = Field(default=12, gt=0, le=120)
    """Seconds that the model may take for one answer in all; after that the answer is shown without it."""
    llm_tokens_a_day: int = Field(default=200_000, ge=0)
    """Tokens, sent and received, after which it is not asked again until tomorrow (UTC)."""
    llm_price_in: float | None = Field(default=None, ge=0)
    """Price of a million tokens sent, to count the cost of an answer; in any currency."""
    llm_price_out: float | None = Field(default=None, ge=0)
    """The same for tokens received."""
    llm_reading: bool = False
    """Whether the model also reads the question for the search and rewrites a follow-up."""
    database: str | None = None
    """SQLAlchemy URL of the store; by default an SQLite file in ``home``."""
    checkpoints: Path | None = None
    """Folder of the heads of all cases, best out of reach of who may write the store; by default in ``home``."""
    workspace: str = Field(default="local", min_length=1, max_length=200)
    """Whose cases the command line works with; those of a Slack workspace go by its id unless the profile maps it."""
    cases_keep_days: int = Field(default=2190, ge=1)
    """Days after which the content of closed cases is purged by ``advisor cases purge``: six years."""
    slack_bot_token: SecretStr | None = None
    """The bot token of the Slack app, ``xoxb-...``."""
    slack_app_token: SecretStr | None = None
    """The app-level token for Socket Mode, ``xapp-...``."""
    slack_signing_secret: SecretStr | None = None
    """What Slack signs HTTP requests with; needed in http mode."""
    slack_mode: Literal["socket", "http"] = "socket"
    """How events arrive: by Socket Mode, which needs no public address, or as signed HTTP requests."""
    slack_api_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://.+/$")
    """The base URL of the Slack API, for GovSlack, a proxy or a test server."""
    slack_host: str = "127.0.0.1"
    """The address that health, metrics and, in http mode, events are served on."""
    slack_port: int = Field(default=8090, ge=0, le=65535)
    """Its port; 0 is any that is free."""
    slack_workers: int = Field(default=8, ge=1, le=64)
    """Answers and other messages that are sent at the same time by one process."""
    slack_user_limit: int = Field(default=10, ge=1)
    """Questions a minute of one person, counted over all processes."""
    slack_channel_limit: int = Field(default=30, ge=1)
    """Questions a minute in one channel, counted over all processes."""

    @field_validator("llm")
    @classmethod
    def _names_a_provider(cls, value: str | None) -> str | None:
        provider, _, model = (value or "").partition(":")
        if value and (provider not in LLM_PROVIDERS or not model.strip()):
            raise ValueError(f"write provider:model, the provider one of {', '.join(LLM_PROVIDERS)}")
        return value or None


OUT_OF_HOURS = "out_of_hours"
"""The role under which an answer gives the number for when offices are closed."""


class DueHours(FrozenModel):
    """Hours until a case is due by its urgency; in an emergency people act first and nobody waits for it."""

    routine: int = Field(default=120, ge=1)
    prompt: int = Field(default=8, ge=1)
    emergency: int = Field(default=1, ge=1)
    chase_every: int = Field(default=24, ge=1)
    """Hours between two reminders of a case that is overdue."""

    def of(self, urgency: Urgency) -> int:
        hours: int = getattr(self, urgency.value)
        return hours


class Office(FrozenModel):
    """When somebody is there; outside these hours the out-of-hours contact is shown with a case."""

    opens: time = time(9)
    closes: time = time(17)
    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    """Monday is 1."""
    timezone: str = "Europe/London"

    def is_open(self, at: datetime) -> bool:
        """Whether the office is open at that moment."""
        here = at.astimezone(ZoneInfo(self.timezone))
        return here.isoweekday() in self.days and self.opens <= here.time() < self.closes

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is no time zone; write one such as Europe/London") from error
        return name


class Profile(FrozenModel):
    """The organisation: who it is and whom to reach in each role."""

    name: str = ""
    nations: tuple[Nation, ...] = ()
    """Where it works; with exactly one, that one is taken unless the words say another."""
    sector: str | None = None
    """A value of the ``holder`` facet."""
    llm: bool = True
    """False forbids a language model, whatever the settings say."""
    contacts: tuple[Contact, ...] = ()
    out_of_hours: str | None = None
    """How to reach the duty person when offices are closed."""
    office: Office = Office()
    people: tuple[Person, ...] = ()
    """Those who work with cases, and who they are in each face."""
    permissions: Permissions = Permissions()
    asker_may_decide: bool = False
    """Whether somebody may decide a case that they opened themselves."""
    due_hours: DueHours = DueHours()
    slack: SlackProfile = SlackProfile()
    """Who is served where in Slack, and who is called for a case."""

    def reach(self) -> tuple[Contact, ...]:
        """Everyone who can be reached, the duty person out of hours last."""
        if not self.out_of_hours:
            return self.contacts
        return (*self.contacts, Contact(role=OUT_OF_HOURS, name="duty person", reach=self.out_of_hours))

    def facets(self) -> dict[str, str]:
        """What the profile says of every situation."""
        known = {"nation": self.nations[0].value if len(self.nations) == 1 else None, "holder": self.sector}
        return {facet: value for facet, value in known.items() if value}


def load_settings() -> Settings:
    """The settings.

    Raises:
        SettingsError: naming the variable and the mend.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(f"ADVISOR_{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors())
        raise SettingsError(f"{problems}. Change or unset it.") from error


def profile_path(settings: Settings) -> Path:
    """Where the organisation profile is looked for."""
    return settings.profile or settings.home / "profile.toml"


def load_profile(settings: Settings, *, vocabulary: Vocabulary) -> Profile:
    """The organisation profile; an empty one when there is no file and none was named.

    Raises:
        SettingsError: when the file is missing although named, not TOML, or says something unknown.
    """
    path = profile_path(settings)
    if not path.exists():
        if settings.profile:
            raise SettingsError(f"ADVISOR_PROFILE names {path}, which is not there. Create or unset it.")
        return Profile()
    try:
        profile = Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Mend the TOML.") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise SettingsError(f"{path}: {problems}.") from error
    _check(profile, path=path, vocabulary=vocabulary)
    return profile


def _check(profile: Profile, *, path: Path, vocabulary: Vocabulary) -> None:
    sectors = vocabulary.facets["holder"].values
    if profile.sector and profile.sector not in sectors:
        raise SettingsError(f"{path}: sector {profile.sector!r} is unknown; use one of {', '.join(sectors)}.")
    permitted = (role for action in Action for role in getattr(profile.permissions, action.value))
    held = (role for person in profile.people for role in person.roles)
    for role in (*(contact.role for contact in profile.contacts), *held, *permitted):
        if role not in vocabulary.roles:
            raise SettingsError(f"{path}: role {role!r} is unknown; use one of {', '.join(vocabulary.roles)}.")
    _refuse_shared(profile.people, path=path)
    _check_slack(profile.slack, path=path, vocabulary=vocabulary)


def _check_slack(slack: SlackProfile, *, path: Path, vocabulary: Vocabulary) -> None:
    for queue in slack.queues:
        if queue.role not in vocabulary.roles:
            known = ", ".join(vocabulary.roles)
            raise SettingsError(f"{path}: slack queue role {queue.role!r} is unknown; use one of {known}.")
    for channel in slack.channels:
        for facet, value in channel.given().items():
            values = vocabulary.facets[facet].values if facet in vocabulary.facets else {}
            if value not in values:
                mend = f"use one of {', '.join(values)}" if values else f"facets are {', '.join(vocabulary.facets)}"
                raise SettingsError(f"{path}: slack channel {channel.id}: {facet} {value!r} is unknown; {mend}.")


def _refuse_shared(people: tuple[Person, ...], *, path: Path) -> None:
    """One identity is one person, and a name tells people apart."""
    seen: dict[str, str] = {}
    for person in people:
        for identity in (*person.identities, person.name.casefold()):
            if identity in seen:
                raise SettingsError(f"{path}: {identity!r} is both {seen[identity]} and {person.name}; keep one.")
            seen[identity] = person.name
