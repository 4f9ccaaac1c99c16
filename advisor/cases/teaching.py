"""Makes a draft for the knowledge base of a decided case, without who it was about, who asked and who decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date

from advisor.cases.models import NOT_SURE, CaseFile, Decision
from advisor.cases.wording import load_case_words
from advisor.errors import CaseError
from advisor.models import Situation
from knowledge.curating.drafting import DraftFields
from knowledge.curating.lifecycle import UNFINISHED
from knowledge.models import Bullet, Kind, Nation
from knowledge.vocabulary import Vocabulary

LONGEST = 240
"""Characters of one point."""
Sections = list[tuple[str, list[Bullet]]]

_LABEL = re.compile(r"\[([A-Z][A-Z /]*?)(?: \d+)?\]")
_REASONED = (
    "reasons", "purpose", "legal_power", "lawful_basis", "special_category_condition", "necessity", "consent", "told",
    "conditions",
)  # fmt: skip
"""Fields of a decision that teach; those that name recipients, officials and files are left out."""
_NATIONS = {nation.value for nation in Nation}
_NOT_FACETS = ("holder", "nation")


def draft_from(
    file: CaseFile,
    *,
    kind: Kind,
    name: str,
    title: str,
    author: str,
    organisation: str,
    redact: Callable[[str], str],
    vocabulary: Vocabulary,
    documents: Collection[str],
    today: date,
) -> tuple[DraftFields, Sections]:
    """The fields and sections of a draft; ``documents`` are the ids that may be named as related.

    Raises:
        CaseError: when the case is not decided, or its content was purged.
    """
    decision = file.decision
    if decision is None:
        why = "what it says was purged" if file.case.purged_at else "nobody has decided it yet"
        raise CaseError(f"Case {file.case.id} can teach nothing: {why}.")
    plain = _Plain(redact)
    situation = file.answer.situation if file.answer else Situation()
    known = situation.known()
    cited = dict.fromkeys(citation.document for citation in file.answer.citations) if file.answer else {}
    nations = [nation for nation in known.get("nation", ()) if nation in _NATIONS]
    fields = DraftFields(
        id=name,
        kind=kind,
        title=plain(title),
        summary=f"{UNFINISHED} one or two plain sentences on what this was about and what to take from it.",
        source=f"Own casework{f' of {organisation}' if organisation else ''}, {file.case.opened_at.year}",
        url=f"urn:case:{file.case.id}",
        publisher=organisation or "our organisation",
        nations=tuple(map(Nation, nations)) or tuple(Nation),
        sectors=known.get("holder", ()),
        facets={facet: values for facet, values in known.items() if facet not in _NOT_FACETS},
        decides=(file.case.role,) if file.case.role in vocabulary.roles else (),
        author=author,
        drafted=today,
        owner="information-governance",
        related=tuple(document for document in cited if document in documents),
    )
    about = file.case.question or ""
    sections = _study if kind is Kind.CASE_STUDY else _guidance
    return fields, sections(about, decision, plain)


class _Plain:
    """A text without personal data, and without the labels that stand for it, which have brackets of their own."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self._redact = redact

    def __call__(self, text: str) -> str:
        return _LABEL.sub(lambda found: f"({found[1].lower()} removed)", " ".join(self._redact(text).split()))

    def points(self, text: str, *, label: str = "") -> Iterator[Bullet]:
        """A text as points of a length that documents may have, whole sentences where that goes."""
        rest = f"{label}: {self(text)}" if label else self(text)
        while len(rest) > LONGEST:
            cut = max(rest.rfind(end, 0, LONGEST) + 1 for end in (". ", "? ", "; ")) or rest.rfind(" ", 0, LONGEST)
            cut = cut if cut > 0 else LONGEST
            yield Bullet(text=rest[:cut].strip(), unverified=True)
            rest = rest[cut:].strip()
        if rest:
            yield Bullet(text=rest, unverified=True)


def _study(about: str, decision: Decision, plain: _Plain) -> Sections:
    outcome = load_case_words().outcomes[decision.outcome]
    return [
        ("What happened", [*plain.points(about), _ask("what happened then, with nothing that points at a person.")]),
        ("What was found", [Bullet(text=f"Decided in this one case: {outcome}.", unverified=True),
                            *_reasoned(decision, plain)]),
        ("What it teaches", [_ask("what somebody else should take from this, as a rule with its condition.")]),
        *_risks(decision, plain),
    ]  # fmt: skip


def _guidance(about: str, decision: Decision, plain: _Plain) -> Sections:
    asked = plain.points(about, label="Asked was") if about else ()
    return [
        ("What it says", [_ask("the rule with its condition, and where it stands in the source."), *asked,
                          *_reasoned(decision, plain)]),
        ("Before you share", [_ask("what to settle first.")]),
        *_risks(decision, plain),
        ("Who decides", [_ask("whose judgement it is.")]),
    ]  # fmt: skip


def _reasoned(decision: Decision, plain: _Plain) -> Iterator[Bullet]:
    words = load_case_words().fields
    for name in _REASONED:
        text = getattr(decision, name)
        if text and text != NOT_SURE:
            yield from plain.points(text, label=words[name].label.capitalize())


def _risks(decision: Decision, plain: _Plain) -> Sections:
    said = {"Risk if you share": decision.risk_of_sharing, "Risk if you do not": decision.risk_of_not_sharing}
    return [
        (heading, list(plain.points(text)) if text and text != NOT_SURE else [_ask("what could go wrong for whom.")])
        for heading, text in said.items()
    ]


def _ask(text: str) -> Bullet:
    return Bullet(text=f"{UNFINISHED} {text}", unverified=True)
