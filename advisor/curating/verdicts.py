"""Bullets that no answer would ever show, because they read as a verdict on the asker's own case."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.grounding import gives_verdict
from advisor.wording import Wording
from knowledge.checking import Finding, Level
from knowledge.models import Document

_MESSAGE = (
    "no answer shows this, for it reads as a verdict on the asker's own case (as does any bullet that begins "
    'with "No" or "Yes"): give the rule with its condition, as in "a landlord may ... where ..."'
)


def verdicts_among(documents: Iterable[Document], *, wording: Wording) -> list[Finding]:
    """Advice for each bullet that grounding drops as a verdict."""
    return [
        Finding(level=Level.ADVICE, path=document.path, line=bullet.line, message=_MESSAGE)
        for document in documents
        for bullet in document.bullets()
        if gives_verdict(bullet.text, wording=wording)
    ]
