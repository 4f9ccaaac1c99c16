"""True quotes made false by one small change, as a careless or hostile model would: how many are caught."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from advisor.composers.base import Draft, DraftStatement
from advisor.evidence import Evidence, Source
from advisor.grounding import Ledger, ground
from advisor.models import StatementRole, fold
from advisor.support import Likeness
from advisor.wording import load_wording
from knowledge.models import Bullet, Document, FrozenModel

_STRANGE = "lantern"
"""A word that no bullet has."""
_WORD = re.compile(r"[A-Za-z]{4,}")
_SECTION = re.compile(
    r"\b(?:section|article|schedule|s\.|paragraph|para|Art|Sch|part|chapter)s?\.? ?(\d+)", re.IGNORECASE
)
Mutation = Callable[[str], str | None]
"""A text changed, or None where that change cannot be made."""


def one_word_changed(text: str) -> str | None:
    """The middle long word made another."""
    words = list(_WORD.finditer(text))
    if not words:
        return None
    middle = words[len(words) // 2]
    return text[: middle.start()] + _STRANGE + text[middle.end() :]


def one_word_left_out(text: str) -> str | None:
    """The middle long word left out."""
    changed = one_word_changed(text)
    return changed and fold(changed.replace(_STRANGE, " ", 1))


def may_to_must(text: str) -> str | None:
    changed = re.sub(r"\b(?:may|can|might|could)\b(?! not)", "must", text, count=1)
    return changed if changed != text else None


def must_to_may(text: str) -> str | None:
    changed = re.sub(r"\bmust\b(?! not)", "may", text, count=1)
    return changed if changed != text else None


def not_removed(text: str) -> str | None:
    changed = re.sub(r"\s+not\b|n't\b|(?<=can)not\b", "", text, count=1)
    return changed if changed != text else None


def not_added(text: str) -> str | None:
    changed = re.sub(r"\b(may|must|can|should|is|are|was|were|does|do|will)\b(?! not)", r"\1 not", text, count=1)
    return changed if changed != text else None


def section_off_by_one(text: str) -> str | None:
    found = _SECTION.search(text)
    if not found:
        return None
    return text[: found.start(1)] + str(int(found[1]) + 1) + text[found.end(1) :]


def number_off_by_one(text: str) -> str | None:
    found = re.search(r"\d+", text)
    return text[: found.start()] + str(int(found[0]) + 1) + text[found.end() :] if found else None


def condition_dropped(text: str) -> str | None:
    """The words from "if", "where", "unless" or "only" to the next comma or the end left out."""
    changed = re.sub(r",? \b(?:if|where|unless|only|when)\b[^,.;]*", "", text, count=1)
    return changed if changed != text else None


MUTATIONS: Mapping[str, Mutation] = {
    "one word changed": one_word_changed,
    "one word left out": one_word_left_out,
    "may to must": may_to_must,
    "must to may": must_to_may,
    "not removed": not_removed,
    "not added": not_added,
    "section off by one": section_off_by_one,
    "number off by one": number_off_by_one,
    "condition dropped": condition_dropped,
}
REQUIRED = ("one word changed", "may to must", "not removed", "section off by one", "source swapped")
"""Those of which at least 99 in a hundred have to be caught."""


class Caught(FrozenModel):
    """How many of one mutation were made, and how many were not shown."""

    mutation: str
    of: str
    """``quote``: the quote itself was changed; ``statement``: a rewording of a true quote was."""
    made: int
    caught: int

    @property
    def share(self) -> float:
        return self.caught / self.made if self.made else 1.0


def measure(documents: Sequence[Document], *, likeness: Likeness) -> list[Caught]:
    """Every mutation of every bullet, in the quote and in the statement, through the real grounding."""
    rows = []
    for of in ("quote", "statement"):
        for name, mutation in MUTATIONS.items():
            drafts = [draft for document in documents for draft in _mutated(document, mutation, of=of)]
            rows.append(_counted(name, of, drafts, likeness=likeness))
        rows.append(_counted("source swapped", of, list(_swapped(documents, of=of)), likeness=likeness))
    return rows


_Draft = tuple[Document, DraftStatement]


def _counted(name: str, of: str, drafts: Sequence[_Draft], *, likeness: Likeness) -> Caught:
    shown = sum(_is_shown(document, statement, likeness=likeness) for document, statement in drafts)
    return Caught(mutation=name, of=of, made=len(drafts), caught=len(drafts) - shown)


def _mutated(document: Document, mutation: Mutation, *, of: str) -> Iterator[_Draft]:
    for bullet in document.bullets():
        changed = mutation(bullet.text)
        if changed and fold(changed) not in {fold(own.text) for own in document.bullets()}:
            quote = changed if of == "quote" else bullet.text
            yield document, _statement(document, quote, text=changed)


def _swapped(documents: Sequence[Document], *, of: str) -> Iterator[_Draft]:
    """Each bullet credited to the next document, and each bullet's words resting on the next bullet's quote."""
    for document, other in zip(documents, (*documents[1:], *documents[:1]), strict=True):
        bullets, theirs = document.bullets(), other.bullets()
        held = {fold(bullet.text) for bullet in theirs}
        for at, bullet in enumerate(bullets):
            if fold(bullet.text) in held:
                continue
            if of == "quote":
                yield other, _statement(other, bullet.text, text=bullet.text)
            elif len(bullets) > 1 and fold(bullets[at - 1].text) != fold(bullet.text):
                yield document, _statement(document, bullets[at - 1].text, text=bullet.text)


def _statement(document: Document, quote: str, *, text: str) -> DraftStatement:
    support = ((document, Bullet(text=quote)),)
    return DraftStatement(role=StatementRole.GUIDANCE, text=text, support=support)


def _is_shown(document: Document, statement: DraftStatement, *, likeness: Likeness) -> bool:
    source = Source(
        document=document,
        score=1.0,
        strand=document.strand,
        bullets=tuple((bullet, 1.0) for bullet in document.bullets()),
    )
    draft = Draft(statements=(statement,), composer="mutant")
    evidence = Evidence(sources=(source,))
    grounded = ground(draft, evidence=evidence, wording=load_wording(), ledger=Ledger(), likeness=likeness)
    return bool(grounded.statements)
