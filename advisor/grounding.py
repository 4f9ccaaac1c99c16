"""Proves every quote, drops what is unproved, unsupported, a verdict or too strong, and numbers the rest."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from advisor.composers.base import Draft, DraftStatement
from advisor.evidence import Evidence
from advisor.models import Citation, Statement, fold, own_bullet
from advisor.support import Likeness, unsupported
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
    reasons: dict[str, int] = {}
    """The same by reason."""
    reworded: int = 0
    """How many statements are a rewording of quotes that the draft also has as they stand."""


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


def ground(draft: Draft, *, evidence: Evidence, wording: Wording, ledger: Ledger, likeness: Likeness) -> Grounded:
    """What of a draft may be shown: it rests on the evidence as it is held, whatever the draft says of it."""
    held = {source.document.id: source.document for source in evidence.sources}
    kept, seen = [], set[str]()
    reasons: Counter[str] = Counter()
    for statement in draft.statements:
        support = _proved(statement, held)
        reason = _fault(statement, support, seen=seen, wording=wording, likeness=likeness)
        if reason:
            reasons[reason] += 1
            continue
        seen.add(fold(statement.text))
        kept.append((statement, support))
    if draft.plain:
        return _in_their_places(kept, draft, held, wording=wording, ledger=ledger, reasons=reasons)
    statements = tuple(_numbered(*pair, ledger=ledger) for pair in kept)
    return Grounded(
        statements=statements, citations=tuple(ledger.citations), dropped=reasons.total(), reasons=dict(reasons)
    )


_Support = list[tuple[Document, Bullet]]


def _in_their_places(
    kept: list[tuple[DraftStatement, _Support]],
    draft: Draft,
    held: Mapping[str, Document],
    *,
    wording: Wording,
    ledger: Ledger,
    reasons: Counter[str],
) -> Grounded:
    """The quotes in their own order, each in its first rewording that holds and does in the answer what it does."""
    statements: list[Statement] = []
    reworded, seen = 0, set[str]()
    for quoted in draft.plain:
        support, text = _proved(quoted, held), fold(quoted.text)
        if not support or text in seen or _unshowable(quoted, support, wording=wording):
            continue
        seen.add(text)
        said = next((pair for pair in kept if _stands_for(pair[0], quoted)), None)
        if said:
            kept.remove(said)
            reworded += fold(said[0].text) != text
        statements.append(_numbered(said[0] if said else quoted, support, ledger=ledger))
    reasons["out_of_place"] += len(kept)
    return Grounded(
        statements=tuple(statements),
        citations=tuple(ledger.citations),
        dropped=reasons.total(),
        reasons=dict(+reasons),
        reworded=reworded,
    )


def _stands_for(statement: DraftStatement, quoted: DraftStatement) -> bool:
    """Whether a rewording rests on the same quote, and leaves its role, its legal question and its condition alone."""
    keys = [
        (
            each.role,
            each.strand,
            each.condition,
            [(document.id, fold(bullet.text)) for document, bullet in each.support],
        )
        for each in (statement, quoted)
    ]
    return keys[0] == keys[1]


def _numbered(statement: DraftStatement, support: _Support, *, ledger: Ledger) -> Statement:
    return Statement(
        role=statement.role,
        strand=statement.strand,
        text=fold(statement.text),
        citations=tuple(dict.fromkeys(ledger.number(document, bullet) for document, bullet in support)),
        condition=statement.condition,
    )


def _proved(statement: DraftStatement, held: Mapping[str, Document]) -> _Support:
    """The bullets a statement rests on, as the evidence has them; none when one of them is not there."""
    proved = []
    for document, bullet in statement.support:
        own = held.get(document.id)
        found = own_bullet(own, bullet) if own else None
        if own is None or found is None or own.state is not State.APPROVED or own.status is Standing.SUPERSEDED:
            return []
        proved.append((own, found))
    return proved


def _fault(
    statement: DraftStatement, support: _Support, *, seen: set[str], wording: Wording, likeness: Likeness
) -> str | None:
    """Why a statement may not be shown, or None."""
    if not support:
        return "quote"
    if fold(statement.text) in seen:
        return "said_twice"
    unshowable = _unshowable(statement, support, wording=wording)
    if unshowable:
        return unshowable
    if fold(statement.text) in [fold(bullet.text) for _, bullet in support]:
        return None
    return unsupported(statement.text, " ".join(bullet.text for _, bullet in support), likeness=likeness)


def _unshowable(statement: DraftStatement, support: _Support, *, wording: Wording) -> str | None:
    said = (statement.text, statement.condition or "", *(bullet.text for _, bullet in support))
    if any(gives_verdict(text, wording=wording) for text in said):
        return "verdict"
    if _is_smuggling(" ".join(said)):
        return "smuggled"
    return "too_strong" if _is_stronger(statement, support) else None


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
