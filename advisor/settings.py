"""Settings from the environment, and the organisation profile from a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import DirectoryPath, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from advisor.errors import SettingsError
from advisor.models import Contact
from knowledge.exporting import PACKAGED
from knowledge.models import FrozenModel, Nation
from knowledge.vocabulary import Vocabulary


class Settings(BaseSettings):
    """Every setting, from environment variables that start with ``ADVISOR_``."""

    model_config = SettingsConfigDict(env_prefix="ADVISOR_", frozen=True, extra="ignore")

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("can-i-share")))
    """Folder of the index, the exported model and the answer store."""
    content: DirectoryPath | None = None
    """Folder of the documents; by default those that come with the package."""
    profile: Path | None = None
    """The organisation profile; by default ``profile.toml`` in ``home`` when it is there."""
    model: str = PACKAGED
    """A sentence-transformers model: the packaged one, a folder, or a name to download."""
    precision: Literal["int8", "fp32"] = "int8"
    """How the exported model stores its weights."""
    threads: int = Field(default=0, ge=0)
    """Threads of the embedding model; 0 is one for each core."""
    keep: bool = True
    """Whether answers are kept, redacted, in the store."""
    keep_days: int = Field(default=365, ge=1)
    """Days after which kept answers are removed."""
    database: str | None = None
    """SQLAlchemy URL of the store; by default an SQLite file in ``home``."""


OUT_OF_HOURS = "out_of_hours"
"""The role under which an answer gives the number for when offices are closed."""


class Profile(FrozenModel):
    """The organisation: who it is and whom to reach in each role."""

    name: str = ""
    nations: tuple[Nation, ...] = ()
    """Where it works; with exactly one, that one is taken unless the words say another."""
    sector: str | None = None
    """A value of the ``holder`` facet."""
    contacts: tuple[Contact, ...] = ()
    out_of_hours: str | None = None
    """How to reach the duty person when offices are closed."""

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
    for contact in profile.contacts:
        if contact.role not in vocabulary.roles:
            raise SettingsError(f"{path}: role {contact.role!r} is unknown; use one of {', '.join(vocabulary.roles)}.")
