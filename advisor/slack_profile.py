"""What the organisation profile says of Slack: who is served where, with which defaults, who is called for a case."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from knowledge.models import FrozenModel, Nation

ChannelId = Annotated[str, StringConstraints(pattern=r"^[CDG][A-Z0-9]{2,}$")]
GroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]{2,}$")]
UserId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{2,}$")]
TeamId = Annotated[str, StringConstraints(pattern=r"^[TE][A-Z0-9]{2,}$")]


class SlackChannel(FrozenModel):
    """A channel in which questions may be asked, by its id, which stays when it is renamed."""

    id: ChannelId
    nation: Nation | None = None
    sector: str | None = None
    facets: dict[str, str] = {}
    """Facet values that hold for every question asked there, such as the subject in a team for adults."""

    def given(self) -> dict[str, str]:
        """Facet values that the channel gives."""
        beside = {"nation": self.nation.value if self.nation else None, "holder": self.sector}
        return {**self.facets, **{facet: value for facet, value in beside.items() if value}}


class SlackQueue(FrozenModel):
    """Where the cases of a role appear."""

    role: str
    channel: ChannelId
    group: GroupId | None = None
    """The user group that is called; without one nobody is."""


class SlackProfile(FrozenModel):
    """The Slack part of an organisation profile."""

    only_listed: bool = False
    """Whether questions are answered only in the channels listed, and in direct messages."""
    channels: tuple[SlackChannel, ...] = ()
    queues: tuple[SlackQueue, ...] = ()
    guests: bool = False
    """Whether guests of the workspace may ask."""
    external: bool = False
    """Whether people of other organisations, and channels shared with them, are served."""
    workspaces: dict[TeamId, str] = Field(default={})
    """The cases' workspace of a Slack workspace, where it is not its id."""
    owners: dict[str, tuple[UserId, ...]] = {}
    """Who sees the knowledge reviews of an owner, by the owner's name in the documents."""

    def channel(self, name: str) -> SlackChannel | None:
        return next((channel for channel in self.channels if channel.id == name), None)

    def queue(self, role: str) -> SlackQueue | None:
        return next((queue for queue in self.queues if queue.role == role), None)

    def serves(self, channel: str) -> bool:
        """Whether questions may be asked in a channel; a direct message is always one's own."""
        return not self.only_listed or channel[:1] in ("D", "U", "W") or self.channel(channel) is not None

    def workspace_of(self, team: str) -> str:
        return self.workspaces.get(team, team)
