"""How an import says no: the source as the person named it, and the reason with its mend."""

from __future__ import annotations

from knowledge.errors import KnowledgeError


class ImportRefused(KnowledgeError):
    """A source that was not imported; nothing of it was written."""

    def __init__(self, reason: str, *, source: str = "") -> None:
        super().__init__(f"{source}: {reason}" if source else reason)
        self.reason, self.source = reason, source
