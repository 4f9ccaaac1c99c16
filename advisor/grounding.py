"""Proves every quote, drops what is unproved, a verdict or stronger than its source, and numbers the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from advisor.composers.base import Draft, DraftStatement
from advisor.evidence import Evidence
from advisor.models import Citation, Statement, fold, own_bullet
from advisor.wording import Wording
from knowledge.models import Bullet, Document, FrozenModel, Standing, State

_FORCE = re.compile(
    r"(?P<released>\b(?:not (?:required|obliged|bound)|need not|not (?:have|need) to"
    r"|no (?:duty|obligation|requirement))\b)"
    r"|(?P<barred>\b(?:(?:must|may|shall|should) not|mustn't|cannot|can't|forb[ia]d\w*|prohibit\w*|ban(?:s|ned)?"
    r"|unlawful\w*|illegal\w*|never)\b)"
    r"|(?P<bound>\b(?:must|shall|ha(?:s|ve|d) to|needs? to|requir\w*|oblige[sd]?|mandatory|compulsory)\b)"
    r"|(?P<owed>\b(?:dut(?:y|ies)|obligations?)\b)"
    r"|(?P<advised>\b(?:should|ought)\b)"
    r"|(?P<always>\b(?:always|automatically|in (?:all|every) cases?)\b)",
    re.IGNORECASE,
)
"""How strongly a text binds, by kind; each match counts once, as the first kind that fits."""


class Grounded(FrozenModel):
    """Statements that hold, with their citations numbered in order of use."""

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    dropped: int = 0
    """How many of the draft's statements did not hold."""


class Ledger:
    """Numbers citations: the same bullet of the same document always has the same number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self.citations: list[Citation] = []

    def number(self, document: Document, bullet: Bullet) -> int:
        """The number of a bullet's citation, new or known.

        Raises:
            ValueError: when the document does not hold the bullet.
        """
        key = (document.id, fold(bullet.text))
        if key not in self._numbers:
            citation = Citation.of(document, bullet, number=len(self.citations) + 1)
            self.citations.append(citation)
            self._numbers[key] = citation.number
        return self._numbers[key]


def ground(draft: Draft, *, evidence: Evidence, wording: Wording, ledger: Ledger) -> Grounded:
    """What of a draft may be shown: it rests on the evidence as it is held, whatever the draft says of it."""
    held = {source.document.id: source.document for source in evidence.sources}
    kept, seen = [], set()
    for statement in draft.statements:
        support = _proved(statement, held)
        text = fold(statement.text)
        if not support or text in seen or not _holds(statement, support, wording=wording):
            continue
        seen.add(text)
        kept.append(
            Statement(
                role=statement.role,
                strand=statement.strand,
                text=text,
                citations=tuple(dict.fromkeys(ledger.number(document, bullet) for document, bullet in support)),
                condition=statement.condition,
            )
        )
    return Grounded(
        statements=tuple(kept),
        citations=tuple(ledger.citations),
        dropped=len(draft.statements) - len(kept),
    )


def _proved(statement: DraftStatement, held: Mapping[str, Document]) -> list[tuple[Document, Bullet]]:
    """The bullets a statement rests on, as the evidence has them; none when one of them is not there."""
    proved = []
    for document, bullet in statement.support:
        own = held.get(document.id)
        found = own_bullet(own, bullet) if own else None
        if own is None or found is None or own.state is not State.APPROVED or own.status is Standing.SUPERSEDED:
            return []
        proved.append((own, found))
    return proved


def _holds(statement: DraftStatement, support: list[tuple[Document, Bullet]], *, wording: Wording) -> bool:
    said = (statement.text, statement.condition or "", *(bullet.text for _, bullet in support))
    if any(gives_verdict(text, wording=wording) for text in said):
        return False
    return not _is_smuggling(" ".join(said)) and not _is_stronger(statement, support)


def gives_verdict(text: str, *, wording: Wording) -> bool:
    """Whether a text concludes on the asker's own case, in whatever letters, apostrophes or line breaks."""
    return _concludes(text, wording.verdict_pattern)


@lru_cache(maxsize=20_000)
def _concludes(text: str, verdicts: re.Pattern[str]) -> bool:
    seen = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    plain = fold(seen).replace("\u2019", "'")
    # A later sentence that begins "No consent was given" tells a fact; "No. It is confidential" rules.
    by_sentence = re.sub(r"(?<=[.!?:;]) (?!no )", "\n", plain, flags=re.IGNORECASE)
    return any(verdicts.search(form) for form in (text, plain, by_sentence))


@lru_cache(maxsize=20_000)
def _is_smuggling(text: str) -> bool:
    """Whether a text holds characters that steer a terminal or cannot be written out."""
    return any(unicodedata.category(letter) in ("Cc", "Cs") for letter in fold(text))


def _is_stronger(statement: DraftStatement, support: list[tuple[Document, Bullet]]) -> bool:
    """Whether the text binds, bars, releases or generalises where none of its quotes does."""
    allowed = _force(" ".join(bullet.text for _, bullet in support))
    if "bound" in allowed:
        allowed |= {"owed", "advised"}
    # A condition only names facts, and one of them is that a person "cannot decide this".
    said = _force(statement.text) | (_force(statement.condition or "") - {"barred"})
    return not said <= allowed


@lru_cache(maxsize=20_000)
def _force(text: str) -> frozenset[str]:
    return frozenset(match.lastgroup or "" for match in _FORCE.finditer(fold(text).replace("\u2019", "'")))
