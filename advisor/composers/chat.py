"""What is asked of a language model and what can come of it, without any provider's library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from advisor.models import Writing
from knowledge.models import FrozenModel

MOST_TOKENS_BACK = 3000
"""Tokens of a reply, at most."""


class Asked(FrozenModel):
    """One request: the fixed instructions, the data they are about, and the JSON schema of the reply."""

    system: str
    user: str
    schema_: Mapping[str, Any]

    @property
    def tokens(self) -> int:
        """About how many tokens it is: one for three characters, which is on the high side for English."""
        return (len(self.system) + len(self.user)) // 3 + 200


class Reply(FrozenModel):
    """What came back, unread."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    sent_to: str | None = None
    """The host that was asked."""


class ChatFault(Exception):
    """No reply that can be used; its words hold nothing of the question."""

    def __init__(self, outcome: Writing, *, sent_to: str | None = None) -> None:
        super().__init__(outcome.value)
        self.outcome, self.sent_to = outcome, sent_to


class Chat(Protocol):
    """A language model, wherever it is served."""

    @property
    def model(self) -> str:
        """``provider:model``."""

    def ask(self, asked: Asked, *, seconds: float) -> Reply:
        """The reply, within ``seconds`` whatever the other side does.

        Raises:
            ChatFault: when there is none.
        """
