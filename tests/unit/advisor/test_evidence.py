"""Which sources an answer may rest on: what is in force for the nation, and the law under the guidance found."""

from __future__ import annotations

from advisor.evidence import WIDENING, Evidence, Widening, unsettled, weigh
from advisor.models import FacetReading, ReadFrom, Situation
from knowledge.models import Document, Kind, LawLink, Nation, Standing, State, Strand
from tests.advising import Shelf, a_document


def a_situation(**facets: str) -> Situation:
    said = {"nation": "england", **facets}
    return Situation.model_validate(
        {facet: FacetReading(value=value, from_=ReadFrom.WORDS) for facet, value in said.items()}
    )


def weighed(
    *documents: Document, finds: int | None = None, situation: Situation | None = None, widening: Widening = WIDENING
) -> Evidence:
    """The evidence when the first ``finds`` documents are found and the rest are only on the shelf."""
    found = Shelf(*documents[:finds]).retrieve("", facets={}, vector=None)
    return weigh(found, situation or a_situation(), document=Shelf(*documents).document, widening=widening)


def names(evidence: Evidence) -> set[str]:
    return {source.document.id for source in evidence.sources}


def a_law(name: str, **changes: object) -> Document:
    return a_document(name).model_copy(update={"kind": Kind.LEGISLATION, **changes})


def a_guide(*law: LawLink) -> Document:
    return a_document("the-guide", law=law)


def test_what_is_found_in_force_and_for_the_nation_is_evidence() -> None:
    assert names(weighed(a_document("one"), a_document("two"))) == {"one", "two"}


def test_nothing_found_is_no_evidence() -> None:
    assert weighed() == Evidence(sources=())


def test_a_superseded_document_is_set_aside_and_named() -> None:
    old = a_document("old", status=Standing.SUPERSEDED, superseded_by="new")
    evidence = weighed(old, a_document("new"))
    assert (names(evidence), evidence.superseded) == ({"new"}, (old,))


def test_a_document_of_another_nation_is_set_aside_and_named() -> None:
    scottish = a_document("scottish", nations=(Nation.SCOTLAND,))
    evidence = weighed(scottish, a_document("everywhere"))
    assert (names(evidence), evidence.other_nations) == ({"everywhere"}, (scottish,))


def test_without_a_nation_no_document_is_another_nations() -> None:
    scottish = a_document("scottish", nations=(Nation.SCOTLAND,))
    assert names(weighed(scottish, situation=Situation())) == {"scottish"}


def test_guidance_brings_the_law_under_it_that_the_search_did_not_find() -> None:
    guide = a_guide(LawLink(id="the-act", strand=Strand.POWER))
    evidence = weighed(guide, a_law("the-act"), finds=1)
    assert {source.document.id: source.strand for source in evidence.sources}["the-act"] is Strand.POWER


def test_widening_can_be_switched_off_to_measure_what_it_is_worth() -> None:
    guide = a_guide(LawLink(id="the-act", strand=Strand.POWER))
    assert names(weighed(guide, a_law("the-act"), finds=1, widening=Widening(law=False))) == {"the-guide"}
    linked = a_document("one", related=("two",)), a_document("two")
    gain = {
        most: {source.document.id: source.score for source in weighed(*linked, widening=Widening(related=most)).sources}
        for most in (0.0, 0.4)
    }
    assert gain[0.4]["two"] > gain[0.0]["two"]
    assert gain[0.4]["one"] == gain[0.0]["one"]


def test_law_brought_is_held_to_the_same_rules_as_what_is_found() -> None:
    links = [LawLink(id=name, strand=Strand.POWER) for name in ("replaced", "scottish", "missing")]
    replaced = a_law("replaced", status=Standing.SUPERSEDED)
    scottish = a_law("scottish", nations=(Nation.SCOTLAND,))
    assert names(weighed(a_guide(*links), replaced, scottish, finds=1)) == {"the-guide"}


def test_law_that_the_situation_rules_out_is_not_brought() -> None:
    guide = a_guide(LawLink(id="the-act", strand=Strand.POWER, when={"holder": ("housing",)}))
    assert names(weighed(guide, a_law("the-act"), finds=1, situation=a_situation(holder="health"))) == {"the-guide"}


def test_law_whose_condition_is_met_is_brought_without_one() -> None:
    guide = a_guide(LawLink(id="the-act", strand=Strand.POWER, when={"holder": ("housing",)}))
    evidence = weighed(guide, a_law("the-act"), finds=1, situation=a_situation(holder="housing"))
    assert {source.document.id: dict(source.condition) for source in evidence.sources}["the-act"] == {}


def test_law_whose_condition_is_open_is_brought_with_it() -> None:
    guide = a_guide(LawLink(id="the-act", strand=Strand.POWER, when={"holder": ("housing",)}))
    evidence = weighed(guide, a_law("the-act"), finds=1)
    assert {source.document.id: dict(source.condition) for source in evidence.sources}["the-act"] == {
        "holder": ("housing",)
    }


def test_every_source_has_all_its_bullets_in_reading_order() -> None:
    document = a_document("one")
    assert [bullet for bullet, _ in weighed(document).sources[0].bullets] == list(document.bullets())


def test_sources_are_best_first() -> None:
    scores = [source.score for source in weighed(*(a_document(f"number-{n}") for n in range(6))).sources]
    assert scores == sorted(scores, reverse=True)


def test_a_draft_that_is_not_in_the_index_is_no_evidence() -> None:
    assert names(weighed(a_document("half-written", state=State.DRAFT))) == set()


def test_a_condition_is_open_in_the_facets_that_are_unknown_and_settled_in_those_that_match() -> None:
    link = LawLink(id="x", strand=Strand.POWER, when={"holder": ("housing",), "purpose": ("crime",)})
    assert unsettled(link, {}) == {"holder": ("housing",), "purpose": ("crime",)}
    assert unsettled(link, {"holder": ("housing",)}) == {"purpose": ("crime",)}
    assert unsettled(link, {"holder": ("health", "housing"), "purpose": ("crime",)}) == {}
    assert unsettled(link, {"holder": ("health",)}) is None
