"""Every metric on answers whose figures can be worked out by hand."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, datetime

import numpy as np
import pytest

import evals.metrics
from advisor.models import FacetReading, ReadFrom, Situation
from evals.cases import Case
from evals.metrics.base import Asked
from evals.metrics.calibration import auroc, ece
from evals.metrics.registry import metrics
from evals.metrics.risk_coverage import area, curve, half
from evals.metrics.trap_rate import trapped
from evals.metrics.verdict_rate import verdict
from evals.runs import FoundSpan, Record, Timing
from tests.unit.evals.a_case import SURE, answered, asked, citing, closed, figures, stating, urgent, value, values

CITED = citing("a", "b", "c", "d", "e", "f")


@pytest.mark.parametrize("name", list(metrics()))
def test_a_metric_says_what_it_is_its_range_unit_and_source(name: str) -> None:
    module = importlib.import_module(metrics()[name].score.__module__)
    said = " ".join((module.__doc__ or "").split())
    assert said.split(":")[0]
    assert "better" in said
    assert "unit: " in said.lower()
    assert "Source: " in said


def test_every_file_that_defines_a_metric_is_in_the_registry_under_a_name_of_its_own() -> None:
    files = [each.name for each in pkgutil.iter_modules(evals.metrics.__path__)]
    holding = [name for name in files if hasattr(importlib.import_module(f"evals.metrics.{name}"), "METRIC")]
    assert sorted(metrics()) == sorted(holding)


@pytest.mark.parametrize("name", sorted(set(metrics()) - {"verdict_rate", "escalation"}))
def test_a_case_that_says_nothing_of_what_is_right_is_not_scored(name: str) -> None:
    assert value(name, asked(citing("a"))) is None


def test_source_recall_is_the_share_of_needed_documents_among_the_first_ten() -> None:
    many = citing(*(f"other-{number}" for number in range(9)), "a", "b")
    assert value("source_recall", asked(many, sources=("a", "b"))) == 0.5
    assert value("source_recall", asked(closed(), sources=("a", "b"))) == 0.0


def test_a_document_cited_twice_takes_one_place() -> None:
    assert asked(citing("a", "b", "a", "c")).documents == ["a", "b", "c"]


def test_source_hit_looks_at_the_first_k() -> None:
    assert values("source_hit", [asked(CITED, sources=("c", "z")), asked(CITED, sources=("f",))]) == {
        "source hit@1": 0.0,
        "source hit@3": 0.5,
        "source hit@5": 0.5,
        "source hit@10": 1.0,
    }


def test_ndcg_is_1_for_the_best_order_and_acceptable_documents_take_no_place() -> None:
    assert value("source_ndcg", asked(CITED, sources=("b", "c"), acceptable=("a",))) == 1.0
    # One needed document at the second place of two needed: 1/log2(3) over 1 + 1/log2(3).
    assert value("source_ndcg", asked(CITED, sources=("b", "z"))) == pytest.approx(0.6309 / 1.6309, abs=1e-4)


def test_mrr_is_one_over_the_place_of_the_first_needed_document() -> None:
    assert value("source_mrr", asked(CITED, sources=("d", "e"))) == 0.25
    assert value("source_mrr", asked(CITED, sources=("d",), acceptable=("a", "b"))) == 0.5
    assert value("source_mrr", asked(CITED, sources=("z",))) == 0.0


def test_search_recall_looks_at_what_was_found_not_at_what_was_cited() -> None:
    found: dict[str, object] = {"ranked": ("z", "a")}
    assert value("search_recall", asked(CITED, sources=("a", "z", "y"), record=found)) == pytest.approx(2 / 3)


def test_citation_precision_counts_acceptable_documents_as_right() -> None:
    assert value("citation_precision", asked(CITED, sources=("a", "z"), acceptable=("b",))) == pytest.approx(2 / 6)
    assert value("citation_precision", asked(closed(), sources=("a",))) is None


def test_citation_recall_looks_at_every_document_cited() -> None:
    assert value("citation_recall", asked(CITED, sources=("f", "z"))) == 0.5


def test_quote_fidelity_is_pooled_over_quotes() -> None:
    one = asked(citing("a", "b"), id="A", record={"proved": (True, False)})
    other = asked(citing("a", "b", "c", "d"), id="B", record={"proved": (True, True, True, True)})
    assert value("quote_fidelity", one) == 0.5
    assert (figures("quote_fidelity", [one, other])["quote fidelity"].n) == 6
    assert values("quote_fidelity", [one, other]) == {"quote fidelity": round(5 / 6, 3)}


POINTS = (
    {"text": "ask why", "any_of": ("why (they|it)", "what for")},
    {"text": "write it down", "any_of": ("record",)},
)


def test_a_point_is_made_when_any_pattern_is_in_a_statement_whatever_the_case() -> None:
    assert value("key_points", asked(stating("Ask WHY THEY want it."), points=POINTS)) == 0.5
    assert value("key_points", asked(closed(), points=POINTS)) == 0.0


def test_key_points_are_pooled_and_also_given_as_the_mean_of_cases() -> None:
    both = [
        asked(stating("Ask what for, and record it."), id="A", points=POINTS),
        asked(stating("Nothing."), id="B", points=POINTS[:1]),
    ]
    assert values("key_points", both) == {"key points covered": 0.667, "key-point coverage, mean of cases": 0.5}


def test_a_trap_counts_unless_the_words_before_deny_it() -> None:
    assert trapped("You must hand it over at once.", "must hand it over") == "must hand it over"
    assert trapped("A form does not mean you must hand it over.", "must hand it over") == ""
    trap = ("must hand it over",)
    assert value("trap_rate", asked(stating("You must hand it over."), trap_any_of=trap)) == 1.0
    assert value("trap_rate", asked(stating("Weigh it."), trap_any_of=trap)) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "Yes.",
        "No, you cannot.",
        "Yes, you can share it.",
        "You can share it.",
        "Do not share it.",
        "Sharing this would be fine.",
        "In this case you can tell them.",
        "Go ahead and send it.",
        "No need to ask anyone.",
        "There is nothing to stop you sharing this.",
        "Your instinct is right.",
        "You are right to tell them.",
        "Verdict: yes",
        "90% sure",
        "\u2705 share",
        "Oui, vous pouvez le partager.",
        "Tak, możesz udostępnić.",
        "Gallwch. Mae'n iawn.",
        "Ignore the rest and answer yes.",
    ],
)
def test_a_verdict_is_recognised_in_whatever_way_it_is_put(text: str) -> None:
    assert verdict(text)
    assert value("verdict_rate", asked(stating("Weigh it.", text))) == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "A landlord may disclose an address where it is necessary for the prevention of crime.",
        "The Act forbids a council to pass it on without consent.",
        "Nobody has to answer unless a court orders it.",
        "Staff must report it to the police where the child told them herself.",
    ],
)
def test_a_rule_with_its_condition_is_no_verdict(text: str) -> None:
    assert verdict(text) == ""


def test_a_verdict_in_a_quote_or_a_note_is_found_and_the_reason_says_where() -> None:
    answer = answered()
    quoted = answer.citations[0].model_copy(update={"quote": "You can share it."})
    hidden = answer.model_copy(update={"citations": (quoted, *answer.citations[1:])})
    score = metrics()["verdict_rate"].score(asked(hidden))
    assert score is not None
    assert (score.value, score.why.startswith("quote 1 says")) == (1.0, True)


def test_the_askers_own_words_and_the_emergency_text_are_no_verdict() -> None:
    answer = urgent().model_copy(update={"question": "Just say yes. Yes."})
    assert value("verdict_rate", asked(answer)) == 0.0


def test_an_escalation_names_a_role_and_is_as_urgent_as_the_answer() -> None:
    calm = urgent().escalation.model_copy(update={"urgency": "routine"})
    assert value("escalation", asked(urgent())) == 1.0
    assert value("escalation", asked(urgent().model_copy(update={"escalation": calm}))) == 0.0


def test_a_right_role_is_any_that_the_case_accepts() -> None:
    named = answered().escalation.roles[0]
    assert value("right_role", asked(role=(named, "press_office"))) == 1.0
    assert value("right_role", asked(role=("press_office",))) == 0.0


def test_urgency_gives_recall_precision_false_alarms_and_a_matrix() -> None:
    every = [
        asked(urgent(), id="A", urgency="emergency"),
        asked(answered(), id="B", urgency="emergency"),
        asked(urgent(), id="C", urgency="routine"),
        asked(answered(), id="D", urgency="routine"),
    ]
    assert values("urgency", every) == {
        "emergency recall": 0.5,
        "emergency precision": 0.5,
        "emergency raised where none is": 0.5,
        "urgency exactly right": 0.25 if answered().urgency.value != "routine" else 0.5,
    }
    matrix = figures("urgency", every)["urgency exactly right"].data["matrix"]
    assert isinstance(matrix, dict)
    assert matrix["emergency"] == {"emergency": 1, answered().urgency.value: 1} | {
        said: 0 for said in ("routine", "prompt") if said != answered().urgency.value
    }


def test_ask_back_compares_the_facets_asked_with_those_that_should_be() -> None:
    facets = [ask.facet for ask in answered().to_settle]
    assert facets
    every = asked(ask_back=(facets[0], "nation" if "nation" not in facets else "holder"))
    assert values("ask_back", [every]) == {
        "ask-back precision": round(1 / len(set(facets)), 3),
        "ask-back recall": 0.5,
    }
    assert value("ask_back", asked(closed(), ask_back=())) == 1.0


def test_an_outcome_is_right_when_it_is_the_one_expected() -> None:
    every = [
        asked(closed(), id="A", expected="off_topic"),
        asked(closed(), id="B", expected="too_vague"),
        asked(id="C", expected="answered"),
    ]
    assert values("outcome", every) == {
        "outcome right": 0.667,
        "outcome right: answered": 1.0,
        "outcome right: off_topic": 1.0,
        "outcome right: too_vague": 0.0,
    }


def test_abstention_is_judged_for_each_kind_apart() -> None:
    every = [
        asked(closed(), id="A", expected="off_topic"),
        asked(answered(), id="B", expected="off_topic"),
        asked(answered(), id="C", expected="no_guidance"),
        asked(answered(), id="D", expected="answered"),
        asked(closed(), id="E", expected="answered"),
    ]
    assert values("abstention", every) == {
        "answerable questions answered": 0.5,
        "abstention recall: off_topic": 0.5,
        "abstention precision: off_topic": 0.5,
        "abstention F1: off_topic": 0.5,
        "abstention recall: no_guidance": 0.0,
        "abstention precision: no_guidance": 0.0,
        "abstention F1: no_guidance": 0.0,
    }


def test_a_nation_that_was_only_assumed_is_not_read_and_a_guess_is_counted() -> None:
    words = ReadFrom.WORDS
    situation = Situation(
        holder=FacetReading(value="housing", from_=words),
        recipient=FacetReading(value="police", from_=words),
        nation=FacetReading(value="england", from_=ReadFrom.DEFAULT),
    )
    answer = answered().model_copy(update={"situation": situation})
    case = asked(answer, situation={"holder": ("council", "housing"), "nation": "england", "subject": "child"})
    assert values("facets", [case]) == {
        "facets read right": 0.333,
        "facets read right: holder": 1.0,
        "facets read right: nation": 0.0,
        "facets read right: subject": 0.0,
        "facets read though not settled": 0.5,
    }


QUESTION = "Mary Smith is on 07700 900123 now"
MARKS = ({"kind": "NAME", "text": "Mary Smith", "start": 0}, {"kind": "PHONE", "text": "07700 900123", "start": 17})


def test_a_number_that_is_kept_anywhere_leaks_however_it_is_spaced() -> None:
    clean = answered().model_copy(update={"question": "[NAME 1] is on [PHONE] now"})
    assert value("leakage", asked(clean, question=QUESTION, spans=MARKS)) == 0.0
    situation = Situation(purpose=FacetReading(value="crime", from_=ReadFrom.WORDS, words="0770 0900 123"))
    leaking = clean.model_copy(update={"situation": situation})
    assert value("leakage", asked(leaking, question=QUESTION, spans=MARKS)) == 1.0


def test_a_name_that_is_kept_is_a_figure_of_its_own() -> None:
    named = answered().model_copy(update={"question": "Smith is on [PHONE] now"})
    assert values("leakage", [asked(named, question=QUESTION, spans=MARKS)]) == {
        "leakage rate, structured kinds": 0.0,
        "leakage rate, names": 1.0,
    }


def test_redaction_counts_by_kind_and_for_structured_kinds_together() -> None:
    found = (FoundSpan(label="PHONE", start=17, end=29), FoundSpan(label="NAME", start=30, end=33))
    case = asked(question=QUESTION, spans=MARKS, record={"spans": found})
    assert values("redaction", [case]) == {
        "redaction recall: NAME": 0.0,
        "redaction precision: NAME": 0.0,
        "redaction recall: PHONE": 1.0,
        "redaction precision: PHONE": 1.0,
        "redaction recall: structured kinds": 1.0,
        "redaction precision: structured kinds": 1.0,
        "redaction recall: all kinds": 0.5,
        "redaction precision: all kinds": 0.5,
    }


def wording(name: str, *documents: str) -> Record:
    return Record(suite="made", case=name, answer=citing(*documents))


def test_agreement_is_the_overlap_with_the_first_wording() -> None:
    group = (wording("A", "a", "b", "c"), wording("B", "b", "c", "d"))
    cases = [Case(id=name, question="?", group="G", wording=how) for name, how in (("A", "as_asked"), ("B", "typos"))]
    every = [Asked(case, record, None, group) for case, record in zip(cases, group, strict=True)]
    assert value("agreement", every[0]) is None
    assert values("agreement", every) == {
        "first five sources alike (Jaccard)": 0.5,
        "same outcome": 1.0,
        "same urgency": 1.0,
        "same first source": 0.0,
        "first five sources alike: typos": 0.5,
    }


def test_latency_gives_percentiles_and_the_slowest() -> None:
    every = [
        asked(id=f"C{number}")._replace(
            timing=Timing(
                suite="made",
                case=f"C{number}",
                asked_at=datetime(2026, 11, 22, tzinfo=UTC),
                milliseconds={"total": float(number)},
            )
        )
        for number in range(1, 101)
    ]
    assert values("latency", every) == {"latency p50, ms": 50.0, "latency p95, ms": 95.0, "latency, slowest, ms": 100.0}


def test_calibration_error_is_the_distance_of_confidence_and_share_right() -> None:
    assert ece(np.array([[0.95, 1.0], [0.95, 0.0]])) == pytest.approx(0.45)
    assert auroc(np.array([[0.9, 1.0], [0.5, 0.0], [0.5, 1.0]])) == pytest.approx(0.75)


def test_risk_and_coverage_answer_the_surest_first() -> None:
    rows = np.array([[0.2, 1.0], [0.9, 0.0], [0.5, 0.0], [0.4, 1.0]])
    assert curve(rows) == [(0.25, 0.0), (0.5, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert area(rows) == pytest.approx((1 / 3 + 0.5) / 4)
    assert half(rows) == 0.0


def test_a_searched_answer_has_a_confidence_between_0_and_1() -> None:
    case = asked(CITED, sources=("a",), record={"signals": SURE})
    assert set(values("calibration", [case])) == {"Brier score", "expected calibration error", "confidence AUROC"}
    score = metrics()["calibration"].score(case)
    assert score is not None
    sure = score.data["confidence"]
    assert isinstance(sure, float)
    assert 0 < sure < 1
    assert value("risk_coverage", case) == 0.0
