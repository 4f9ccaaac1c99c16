"""Decides which sources an answer may rest on: the guidance found, the law under it, nation, standing and order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from advisor.models import ReadFrom, Situation
from knowledge.models import Bullet, Document, FrozenModel, Kind, LawLink, Standing, Strand
from knowledge.retrieval import Found, Likely

GUIDES = 8
"""How many of the best guidance documents bring their law with them."""
SOURCES = 14
"""Most documents an answer rests on."""
_LAW_SHARE = 0.80
"""Share of its guidance's score that a piece of law is given when it applies."""
_LAW_OPEN = 0.40
"""The same when the situation does not say whether it applies and it hardly can; the likelier, the nearer the other."""
_EVEN_CHANCE = 0.5
"""How likely a condition is of which nothing is known."""
_LAW_LATER = 0.01
"""Taken off that share for each place further down the guidance's list."""
_LAW_OWN = 0.25
"""How much of its own score is added, so that law the question itself found comes first."""
_LAW_AGAIN = 0.05
"""Share added of what each further guidance document gives it."""
_LAW_MOST = 0.92
"""Share of the best guidance's score that its law never passes: practice is read first, then the law under it."""
_ENOUGH = 0.40
"""Documents below this share of the best score are left out."""


_NATIONS = {"england": "England", "wales": "Wales", "scotland": "Scotland", "northern_ireland": "Northern Ireland"}


class Widening(FrozenModel):
    """How far evidence goes beyond what the search itself found."""

    law: bool = True
    """Whether guidance brings the law under it."""
    related: float = 0.10
    """How much a document gains, at most, from being linked with the eight best."""


WIDENING = Widening()
"""How far answers go; others are there to be measured."""


class Source(FrozenModel):
    """One document an answer may rest on, and why."""

    document: Document
    score: float
    strand: Strand
    condition: Mapping[str, tuple[str, ...]] = {}
    """Facets the situation leaves open on which the law applies; empty when it plainly applies."""
    bullets: tuple[tuple[Bullet, float], ...]
    """Every bullet that may be quoted here, with how near it is to the question, in reading order."""


class Evidence(FrozenModel):
    """The sources, best first, and what was set aside."""

    sources: tuple[Source, ...]
    superseded: tuple[Document, ...] = ()
    """Found and fitting, but replaced: only ever named as such."""
    other_nations: tuple[Document, ...] = ()
    by_words_alone: bool = False
    """Whether they were found without their vectors."""


def weigh(
    found: Found,
    situation: Situation,
    *,
    document: Callable[[str], Document | None],
    likely: Likely | None = None,
    widening: Widening = WIDENING,
) -> Evidence:
    """The evidence for a situation. ``document`` looks a document up by id, ``likely`` orders what is not settled."""
    facets, nation = situation.known(), situation.nation.value
    held = {name: there for name in found.documents if (there := document(name))}
    usable = {name: score for name, score in found.documents.items() if name in held and _is_usable(held[name], nation)}
    brought = _law_under(usable, held, facets, likely or {}) if widening.law else {}
    scores = _with_law(usable, brought, held, nation, document)
    scores = _with_related(scores, held, most=widening.related)
    if situation.nation.from_ is not ReadFrom.DEFAULT:
        scores = _with_own_nation(scores, held, nation)
    ranked = _best(scores)
    near = [held[name] for name in list(found.documents)[:6] if name in held]
    return Evidence(
        sources=tuple(
            _source(held[name], score, brought.get(name), found.bullets, nation) for name, score in ranked[:SOURCES]
        ),
        superseded=tuple(old for old in near if old.status is Standing.SUPERSEDED)[:1],
        other_nations=tuple(other for other in near if nation and nation not in other.nations)[:1],
        by_words_alone=found.by_words_alone,
    )


def _is_usable(document: Document, nation: str | None) -> bool:
    return document.status is not Standing.SUPERSEDED and (nation is None or nation in document.nations)


class _Brought(NamedTuple):
    """A piece of law as its guidance brings it."""

    score: float
    link: LawLink
    condition: Mapping[str, tuple[str, ...]]


def _law_under(
    scores: Mapping[str, float], held: Mapping[str, Document], facets: Mapping[str, tuple[str, ...]], likely: Likely
) -> dict[str, _Brought]:
    """The law that the best guidance brings in this situation, with what each guidance document gives it."""
    guides = [name for name in scores if held[name].kind is Kind.GUIDANCE][:GUIDES]
    given: dict[str, list[_Brought]] = {}
    for name in guides:
        for place, link in enumerate(held[name].law):
            condition = unsettled(link, facets)
            if condition is None:
                continue
            share = _LAW_OPEN + (_LAW_SHARE - _LAW_OPEN) * _chance(condition, likely) - _LAW_LATER * place
            score = scores[name] * share + _LAW_OWN * scores.get(link.id, 0.0)
            given.setdefault(link.id, []).append(_Brought(score=score, link=link, condition=condition))
    most = _LAW_MOST * max((scores[name] for name in guides), default=0.0)
    return {name: _together(each, most=most) for name, each in given.items()}


def _chance(condition: Mapping[str, tuple[str, ...]], likely: Likely) -> float:
    """How likely it is, 0 to 1, that what is left open holds; 1 when nothing is."""
    chance = 1.0
    for facet, values in condition.items():
        of = likely.get(facet)
        chance *= max((of.get(value, 0.0) for value in values), default=0.0) if of else _EVEN_CHANCE
    return chance


def _together(each: list[_Brought], *, most: float) -> _Brought:
    first, *rest = sorted(each, key=lambda law: -law.score)
    more = _LAW_AGAIN * sum(law.score for law in rest)
    plain = any(not law.condition for law in each)
    return first._replace(score=min(first.score + more, most), condition={} if plain else first.condition)


def _with_law(
    scores: Mapping[str, float],
    brought: Mapping[str, _Brought],
    held: dict[str, Document],
    nation: str | None,
    document: Callable[[str], Document | None],
) -> dict[str, float]:
    combined = dict(scores)
    for name, law in brought.items():
        found = held.get(name) or document(name)
        if found and _is_usable(found, nation):
            held[name] = found
            combined[name] = max(combined.get(name, 0.0), law.score)
    return combined


def _with_related(scores: Mapping[str, float], held: Mapping[str, Document], *, most: float) -> dict[str, float]:
    """Scores with a little more for each document linked with the best, as a lawyer follows cross-references."""
    best = sorted(scores, key=lambda name: -scores[name])[:GUIDES]
    raised = dict(scores)
    for name in best:
        linked = {*held[name].related, *(link.id for link in held[name].law)} & raised.keys()
        for other in linked:
            raised[other] += most * scores[name] / GUIDES
    return raised


def _with_own_nation(scores: Mapping[str, float], held: Mapping[str, Document], nation: str | None) -> dict[str, float]:
    """A document about what differs in the asker's own nation stands with the best."""
    best = max(scores.values(), default=0.0)
    return {
        name: max(score, best) if nation in held[name].facets.get("nation", ()) else score
        for name, score in scores.items()
    }


def unsettled(link: LawLink, facets: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]] | None:
    """The part of a link's condition that the situation leaves open; None when the situation rules it out."""
    left: dict[str, tuple[str, ...]] = {}
    for facet, values in link.when.items():
        known = facets.get(facet)
        if not known:
            left[facet] = values
        elif not set(known) & set(values):
            return None
    return left


def _best(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    least = _ENOUGH * max(scores.values(), default=0.0)
    kept = [(name, score) for name, score in scores.items() if score >= least]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))


def _source(
    document: Document, score: float, law: _Brought | None, nearness: Mapping[str, float], nation: str | None
) -> Source:
    bullets = tuple(
        (bullet, nearness.get(f"{document.id}*{number}", 0.0))
        for number, bullet in enumerate(document.bullets())
        if not _is_of_other_nation(bullet, nation)
    )
    return Source(
        document=document,
        score=score,
        strand=law.link.strand if law else document.strand,
        condition=law.condition if law else {},
        bullets=bullets,
    )


def _is_of_other_nation(bullet: Bullet, nation: str | None) -> bool:
    """Whether a bullet names nations of the UK, and the asker's is not among them."""
    text = bullet.text.replace("NHS England", "NHS")
    named = {name for name, said in _NATIONS.items() if said in text}
    return bool(named) and nation is not None and nation not in named
