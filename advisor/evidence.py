"""Decides which sources an answer may rest on: the guidance found, the law under it, nation, standing and order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from advisor.models import Situation
from knowledge.models import Bullet, Document, FrozenModel, Kind, LawLink, Standing, Strand
from knowledge.retrieval import Found

GUIDES = 5
"""How many of the best guidance documents bring their law with them."""
SOURCES = 12
"""Most documents an answer rests on."""
_LAW_SHARE = 0.80
"""Share of its guidance's score that a piece of law is given when it applies."""
_LAW_UNSETTLED = 0.66
"""The same when the situation does not say whether it applies."""
_LAW_OWN = 0.25
"""How much of its own score is added, so that law the question itself found comes first."""
_ENOUGH = 0.45
"""Documents below this share of the best score are left out."""


class Source(FrozenModel):
    """One document an answer may rest on, and why."""

    document: Document
    score: float
    strand: Strand
    condition: Mapping[str, tuple[str, ...]] = {}
    """Facets the situation leaves open on which the law applies; empty when it plainly applies."""
    bullets: tuple[tuple[Bullet, float], ...]
    """Every bullet with how near it is to the question, in reading order."""


class Evidence(FrozenModel):
    """The sources, best first, and what was set aside."""

    sources: tuple[Source, ...]
    superseded: tuple[Document, ...] = ()
    """Found and fitting, but replaced: only ever named as such."""
    other_nations: tuple[Document, ...] = ()


def weigh(
    found: Found, situation: Situation, *, document: Callable[[str], Document | None]
) -> Evidence:
    """The evidence for a situation. ``document`` looks a document up by id."""
    scores = found.documents()
    held = {name: passage.document for passage in reversed(found.passages) for name in [passage.document.id]}
    facets = situation.known()
    nation = situation.nation.value
    usable = {name: score for name, score in scores.items() if _is_usable(held[name], nation)}
    links = _law_under(usable, held, facets)
    for name in links:
        law = held.get(name) or document(name)
        if law and _is_usable(law, nation):
            held[name] = law
    ranked = _ranked(usable, {name: link for name, link in links.items() if name in held and _is_usable(held[name], nation)})
    sources = tuple(
        _source(held[name], score, links.get(name), found.bullets, facets) for name, score in ranked[:SOURCES]
    )
    near = [held[name] for name in list(scores)[:6]]
    return Evidence(
        sources=sources,
        superseded=tuple(near_ for near_ in near if near_.status is Standing.SUPERSEDED)[:1],
        other_nations=tuple(near_ for near_ in near if nation and nation not in near_.nations)[:1],
    )


def _is_usable(document: Document, nation: str | None) -> bool:
    return document.status is not Standing.SUPERSEDED and (nation is None or nation in document.nations)


class _Brought(FrozenModel):
    """A piece of law as its guidance brings it."""

    score: float
    link: LawLink
    condition: Mapping[str, tuple[str, ...]]


def _law_under(
    scores: Mapping[str, float], held: Mapping[str, Document], facets: Mapping[str, tuple[str, ...]]
) -> dict[str, _Brought]:
    guides = [name for name in scores if held[name].kind is Kind.GUIDANCE][:GUIDES]
    brought: dict[str, _Brought] = {}
    for name in guides:
        for place, link in enumerate(held[name].law):
            condition = unsettled(link, facets)
            if condition is None:
                continue
            share = _LAW_UNSETTLED if condition else _LAW_SHARE
            score = scores[name] * (share - 0.01 * place) + _LAW_OWN * scores.get(link.id, 0.0)
            if link.id not in brought or brought[link.id].score < score:
                brought[link.id] = _Brought(score=score, link=link, condition=condition)
    return brought


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


def _ranked(scores: Mapping[str, float], brought: Mapping[str, _Brought]) -> list[tuple[str, float]]:
    combined = dict(scores)
    for name, law in brought.items():
        combined[name] = max(combined.get(name, 0.0), law.score)
    best = max(combined.values(), default=0.0)
    kept = [(name, score) for name, score in combined.items() if score >= _ENOUGH * best]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))


def _source(
    document: Document,
    score: float,
    law: _Brought | None,
    nearness: Mapping[str, float],
    facets: Mapping[str, tuple[str, ...]],
) -> Source:
    bullets = tuple(
        (bullet, nearness.get(f"{document.id}*{number}", 0.0)) for number, bullet in enumerate(document.bullets())
    )
    return Source(
        document=document,
        score=score,
        strand=law.link.strand if law else document.strand,
        condition=law.condition if law else {},
        bullets=bullets,
    )


def is_past_review(document: Document, *, today: date) -> bool:
    return document.review_by < today
