"""What is asked back is what is unknown and would change the answer for these very sources."""

from __future__ import annotations

from advisor.evidence import Evidence
from advisor.models import FacetReading, ReadFrom, Situation, ToSettle
from advisor.settling import MOST, to_settle
from knowledge.vocabulary import load_vocabulary
from tests.advising import a_document, evidence_of

VOCABULARY = load_vocabulary()


def asked(evidence: Evidence, **known: str) -> list[ToSettle]:
    situation = Situation.model_validate(
        {facet: FacetReading(value=value, from_=ReadFrom.WORDS) for facet, value in known.items()}
    )
    numbers = {source.document.id: place for place, source in enumerate(evidence.sources, start=1)}
    return list(to_settle(situation, evidence, vocabulary=VOCABULARY, numbers=numbers))


def test_a_facet_on_which_a_source_turns_is_asked_with_that_source_behind_it() -> None:
    open_on_holder = evidence_of(a_document("one"), a_document("two"), two={"holder": ("housing",)})
    ask = next(ask for ask in asked(open_on_holder) if ask.facet == "holder")
    assert (ask.ask, ask.why, ask.citations) == (
        VOCABULARY.facets["holder"].ask,
        VOCABULARY.facets["holder"].why,
        (2,),
    )


def test_what_most_sources_turn_on_is_asked_first() -> None:
    turns = {name: {"mode": ("routine",)} for name in ("one", "two", "three", "four")}
    documents = [a_document(name) for name in turns]
    assert asked(evidence_of(*documents, **turns))[0].facet == "mode"


def test_what_is_known_is_never_asked() -> None:
    everything = {facet: next(iter(entry.values)) for facet, entry in VOCABULARY.facets.items()}
    open_on_holder = evidence_of(a_document("one"), one={"holder": ("housing",)})
    assert asked(open_on_holder, **everything) == []
    assert "holder" not in [ask.facet for ask in asked(open_on_holder, holder="health")]


def test_a_nation_that_was_assumed_is_told_not_asked() -> None:
    assumed = Situation(nation=FacetReading(value="england", from_=ReadFrom.DEFAULT))
    asks = to_settle(assumed, evidence_of(a_document()), vocabulary=VOCABULARY, numbers={})
    assert "nation" not in [ask.facet for ask in asks]


def test_no_more_is_asked_than_a_person_can_answer_and_nothing_twice() -> None:
    facets = [facet for facet in VOCABULARY.facets if facet != "nation"]
    documents = [a_document(facet) for facet in facets]
    conditions = {facet: {facet: ("x",)} for facet in facets}
    asks = [ask.facet for ask in asked(evidence_of(*documents, **conditions))]
    assert len(asks) == MOST
    assert len(set(asks)) == len(asks)


def test_only_sources_that_are_cited_stand_behind_a_question() -> None:
    evidence = evidence_of(a_document("one"), one={"holder": ("housing",)})
    asks = to_settle(Situation(), evidence, vocabulary=VOCABULARY, numbers={})
    assert all(ask.citations == () for ask in asks)
