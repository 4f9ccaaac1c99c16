"""Who somebody is and what they may do, from the organisation profile: one person, one identity, whichever face."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from knowledge.models import FrozenModel


class Action(StrEnum):
    """What the profile may reserve for certain roles."""

    CLAIM = "claim"
    DECIDE = "decide"
    EXPORT = "export"
    PURGE = "purge"


class Person(FrozenModel):
    """Someone who works with cases, by every identity under which a face knows them."""

    name: str = Field(min_length=1)
    identities: tuple[str, ...] = Field(min_length=1)
    """Such as ``os:akhan`` (the operating system's user) and ``slack:U024BE7LH``; the first is the one recorded."""
    roles: tuple[str, ...] = ()
    """Roles of the vocabulary that this person holds."""

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        for identity in self.identities:
            face, _, name = identity.partition(":")
            if not face or not name:
                raise ValueError(f'{identity!r} is no identity: write it as "os:akhan" or "slack:U024BE7LH"')
        return self


class Permissions(FrozenModel):
    """Roles that may do each thing."""

    claim: tuple[str, ...] = ()
    """Empty: whoever holds the role of the case's queue."""
    decide: tuple[str, ...] = ()
    """Empty: whoever holds the role of the case's queue."""
    export: tuple[str, ...] = (
        "information_governance_lead",
        "data_protection_officer",
        "freedom_of_information_lead",
    )
    purge: tuple[str, ...] = ("information_governance_lead", "data_protection_officer")
    """Also who may put a case on legal hold, and take it off."""


class Actor(FrozenModel):
    """Whoever does something: a person of the profile, or an identity that the profile does not know."""

    key: str
    """The identity that is recorded."""
    name: str
    roles: tuple[str, ...] = ()


class Directory:
    """The people of a profile, by identity."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self._people = tuple(people)
        self._by_identity: Mapping[str, Person] = {
            identity: person for person in self._people for identity in person.identities
        }

    def actor(self, identity: str) -> Actor:
        """Who has that identity; one that the profile does not know stands for itself and holds no role."""
        person = self._by_identity.get(identity)
        if person is None:
            return Actor(key=identity, name=identity.partition(":")[2] or identity)
        return Actor(key=person.identities[0], name=person.name, roles=person.roles)

    def named(self, words: str) -> Actor | None:
        """The person of the profile with that identity or name, or with that name on this machine."""
        if words in self._by_identity or f"os:{words}" in self._by_identity:
            return self.actor(words if words in self._by_identity else f"os:{words}")
        same = [person for person in self._people if person.name.casefold() == words.casefold()]
        return self.actor(same[0].identities[0]) if len(same) == 1 else None

    def name_of(self, key: str) -> str:
        """What to call whoever was recorded under that identity."""
        return self.actor(key).name

    def same(self, one: str, other: str) -> bool:
        """Whether two identities are one person."""
        return self.actor(one).key == self.actor(other).key

    def identities(self, key: str) -> tuple[str, ...]:
        """Every identity of a person, so that each face finds its own."""
        person = self._by_identity.get(key)
        return person.identities if person else (key,)

    def holding(self, role: str) -> tuple[Actor, ...]:
        """Everyone who holds a role."""
        return tuple(self.actor(person.identities[0]) for person in self._people if role in person.roles)
