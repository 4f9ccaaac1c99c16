"""Documents for whoever deploys the advisor, to be adapted: drafts by people who are not lawyers.

What they say of the software is true of this version; what only the organisation knows is marked [TO COMPLETE].
"""

from __future__ import annotations

from pathlib import Path

from knowledge.models import FrozenModel

_FOLDER = Path(__file__).parent
TO_COMPLETE = "[TO COMPLETE"
"""Begins each place that the organisation has to fill in."""
_TITLES = {
    "dpia": "data protection impact assessment (UK GDPR Article 35)",
    "privacy-notice": "privacy notice, for staff who ask and people who are asked about",
    "retention-schedule": "what is stored where, how long, and what removes it",
}


class DeploymentDocument(FrozenModel):
    name: str
    title: str
    text: str
    """Markdown."""

    @property
    def file_name(self) -> str:
        return f"{self.name}.md"

    @property
    def to_complete(self) -> int:
        """How many places the organisation has to fill in."""
        return self.text.count(TO_COMPLETE)


def deployment_documents() -> tuple[DeploymentDocument, ...]:
    """Every document that comes with the package."""
    return tuple(
        DeploymentDocument(name=name, title=title, text=(_FOLDER / f"{name}.md").read_text(encoding="utf-8"))
        for name, title in _TITLES.items()
    )
