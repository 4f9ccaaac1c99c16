"""The suites that come with the package hold what they should, and no case is nearly an example question."""

from __future__ import annotations

from collections import Counter

import pytest

from evals.cases import Case, Expected, Part, Suite
from evals.checking import check_suites, likeness
from evals.loading import find_suites
from knowledge.loading import CONTENT, document_paths, load_document
from knowledge.models import Document
from knowledge.vocabulary import load_vocabulary

SUITES = {suite.suite: suite for suite in find_suites()}


@pytest.fixture(scope="module")
def real_documents() -> list[Document]:
    return [load_document(path) for path in document_paths(CONTENT)]


@pytest.mark.parametrize(
    ("suite", "least"),
    [("core", 150), ("never-a-verdict", 150), ("situation", 150), ("emergency", 200), ("robustness", 160)],
)
def test_a_suite_has_enough_cases(suite: str, least: int) -> None:
    assert len(SUITES[suite].cases) >= least


@pytest.mark.parametrize("suite", list(SUITES))
def test_both_parts_of_a_suite_have_cases(suite: str) -> None:
    parts = Counter(case.split for case in SUITES[suite].cases)
    assert min(parts[Part.DEV], parts[Part.TEST]) >= 40


def test_an_id_is_used_once_in_all_suites() -> None:
    ids = Counter(case.id for suite in SUITES.values() for case in suite.cases)
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_core_case_says_all_that_a_good_answer_needs() -> None:
    needed = ("provenance", "sources", "points", "trap", "role", "urgency", "ask_back", "situation")
    lacking = [case.id for case in SUITES["core"].cases for field in needed if getattr(case, field) in (None, ())]
    # An empty list of facts to ask back is a question that needs none.
    assert [name for name in lacking if SUITES["core"].cases and not _asks_nothing(name)] == []


def _asks_nothing(name: str) -> bool:
    case = next(case for case in SUITES["core"].cases if case.id == name)
    return case.ask_back == ()


def test_emergencies_are_a_hundred_at_least() -> None:
    assert sum(case.urgency == "emergency" for case in SUITES["emergency"].cases) >= 100


def test_a_robustness_group_has_an_original_and_at_least_two_other_wordings_in_one_part() -> None:
    groups: dict[str | None, list[Case]] = {}
    for case in SUITES["robustness"].cases:
        groups.setdefault(case.group, []).append(case)
    core = {case.id: case for case in SUITES["core"].cases}
    assert len(groups) >= 40
    for name, cases in groups.items():
        assert name is not None
        first, *others = cases
        assert (first.wording, first.question, first.split) == ("as_asked", core[name].question, core[name].split)
        assert len({case.question for case in cases}) == len(cases) >= 3
        assert {case.split for case in cases} == {first.split}
        assert all(case.wording in ("typos", "slang", "caps", "shorter", "longer", "other_side") for case in others)


def test_every_question_with_its_documents_taken_out_is_also_asked_with_them() -> None:
    kinds: dict[str | None, list[Case]] = {}
    for case in SUITES["gold-removed"].cases:
        kinds.setdefault(case.group, []).append(case)
    core = {case.id: case for case in SUITES["core"].cases}
    for name, (whole, without) in kinds.items():
        assert name is not None
        assert (whole.expected, whole.without) == (Expected.ANSWERED, ())
        assert without.expected is Expected.NO_GUIDANCE
        assert set(without.without) == {*core[name].sources, *core[name].acceptable}


def test_nothing_is_wrong_with_the_suites(real_documents: list[Document]) -> None:
    assert check_suites(list(SUITES.values()), documents=real_documents, vocabulary=load_vocabulary()) == []


def one_case(**fields: object) -> list[Suite]:
    return [Suite(suite="mine", cases=(Case.model_validate({"id": "MINE-1", "question": "?", **fields}),))]


def test_a_case_that_is_nearly_an_example_question_is_refused(real_documents: list[Document]) -> None:
    example = next(question for question in real_documents[0].questions if len(question.split()) > 8)
    near = example.replace("?", " please?")
    found = check_suites(one_case(question=near), documents=real_documents, vocabulary=load_vocabulary())
    assert [line.split(":")[0] for line in found] == ["mine MINE-1"]
    assert f"nearly an example question of {real_documents[0].id}" in found[0]


def test_a_question_of_the_development_part_that_is_nearly_one_of_the_test_part_is_refused() -> None:
    question = "The police have rung asking where one of our tenants lives"
    suite = Suite(
        suite="mine",
        cases=(
            Case(id="A", question=question, split=Part.DEV),
            Case(id="B", question=f"{question}, ok?", split=Part.TEST),
        ),
    )
    assert check_suites([suite], documents=[], vocabulary=load_vocabulary()) == [
        "mine A: nearly a question of the test part of mine"
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sources": ["no-such"]}, "no document has the id 'no-such'"),
        ({"without": ["no-such"]}, "no document has the id 'no-such'"),
        ({"role": ["king"]}, "unknown role 'king'"),
        ({"situation": {"holder": ["housing", "castle"]}}, "unknown holder 'castle'"),
        ({"sector": "castle"}, "unknown sector 'castle'"),
    ],
)
def test_a_name_that_nothing_has_is_refused(fields: dict[str, object], said: str) -> None:
    assert check_suites(one_case(**fields), documents=[], vocabulary=load_vocabulary()) == [f"mine MINE-1: {said}"]


def test_likeness_is_the_share_of_neighbouring_words_in_common() -> None:
    assert likeness("police tenant address hostel", "police tenant address school") == 0.5
    assert likeness("yes", "yes") == 0.0
