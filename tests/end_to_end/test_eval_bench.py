"""``advisor eval bench`` and ``advisor eval ablate`` over a small knowledge base and a small public set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Run

SNIPPETS = {
    "1": "# Blue Badge\nYou can apply for a Blue Badge if you cannot walk far.",
    "2": "# Winter fuel\nPensioners get a payment for heating in winter.",
    "3": "# Boat licence\nA boat on a canal needs a licence from the trust.",
}
TURNS = [
    {"question": "Can I get a Blue Badge?", "gold_snippet_id": "1"},
    {"question": "Is there help with heating for pensioners?", "gold_snippet_id": "2"},
    {"question": "Does my canal boat need a licence?", "gold_snippet_id": "3"},
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A public set of three snippets, each with its question."""
    folder = tmp_path_factory.mktemp("public")
    (folder / "orsharc").mkdir()
    (folder / "orsharc" / "id2snippet.json").write_text(json.dumps(SNIPPETS), encoding="utf-8")
    (folder / "orsharc" / "open_retrieval_sharc_dev.json").write_text(json.dumps(TURNS), encoding="utf-8")
    return folder


def body(ran: Any) -> Any:
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_every_system_meets_the_same_questions_and_ours_is_paired_with_the_best_simple_one(
    advisor: Run, data: Path
) -> None:
    found = body(advisor("eval", "bench", "--only", "or-sharc", "--json", ADVISOR_BENCHMARKS=str(data)))
    assert found["schema"] == "advisor.eval.bench/1"
    (of,) = found["sets"]
    assert (of["name"], of["questions"], of["documents"]) == ("OR-ShARC dev", 3, 3)
    rows = {row["system"]: row for row in of["rows"]}
    assert list(rows) == ["BM25", "dense", "RRF k=60", "weighted sum", "LangChain + Chroma", "ours"]
    assert rows["ours"]["values"]["hit@1"]["value"] == 1.0
    assert rows["ours"]["values"]["hit@1"]["low"] < 1.0
    assert [name for name, row in rows.items() if row["less_simple"]] == ["ours"]
    best = rows[of["best_simple"]]["values"]["nDCG@10"]["value"]
    assert rows["ours"]["less_simple"]["nDCG@10"]["value"] == pytest.approx(1.0 - best)


def test_the_core_suite_is_measured_with_the_whole_advisor_beside_the_search(advisor: Run) -> None:
    ran = advisor("eval", "bench", "--sample", "2")
    assert ran.code == 0, ran.err
    assert ran.lines[1] == "core dev: 2 questions, 6 documents"
    assert [line[:24].strip() for line in ran.lines if line.startswith(("ours", "BM25"))] == [
        "BM25",
        "ours",
        "ours, whole advisor",
    ]
    assert max(map(len, ran.lines)) <= 80


def test_a_set_that_is_not_there_is_told_plainly(advisor: Run, data: Path) -> None:
    ran = advisor("eval", "bench", "--only", "nothing", "--data", str(data))
    assert ran.code == 2
    assert "No set whose name starts with 'nothing'" in ran.err


SUITE = """\
suite: mine
cases:
  - id: MINE-1
    question: The police have rung asking where one of our tenants lives. Can I tell them?
    sources: [police-asking, crime-exemption]
    points: [{text: A request is only a request, any_of: [only a request]}]
"""


def test_each_part_taken_out_is_measured_against_the_advisor_as_it_is(advisor: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SUITE, encoding="utf-8")
    arguments = ("eval", "ablate", "--suite", str(tmp_path / "mine.yaml"))
    found = body(advisor(*arguments, "--only", "no law links", "--only", "chunks of 300", "--json"))
    assert (found["schema"], found["suite"], found["part"]) == ("advisor.eval.ablate/1", "mine", "dev")
    by = {(row["variant"], row["metric"]): row for row in found["measured"]}
    assert list(dict.fromkeys(variant for variant, _ in by)) == ["as it is", "chunks of 300", "no law links"]
    assert by["as it is", "source_recall"]["value"]["value"] == 1.0
    assert by["as it is", "source_recall"]["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert by["chunks of 300", "key_points"]["value"]["value"] == 1.0


def test_a_variant_that_is_not_there_and_a_suite_without_sources_are_told_plainly(advisor: Run, tmp_path: Path) -> None:
    ran = advisor("eval", "ablate", "--only", "no magic")
    assert ran.code == 2
    assert "no such variant: no magic" in ran.err
    ran = advisor("eval", "ablate", "--suite", "emergency")
    assert ran.code == 2
    assert "No case of emergency names sources" in ran.err
