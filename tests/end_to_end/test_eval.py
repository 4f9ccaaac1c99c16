"""``advisor eval``: runs, scores, comparisons and gates over a small knowledge base, from the command line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from evals.loading import SUITES, load_suite
from evals.looking import LOOKS, log_look
from evals.runs import ANSWERS, SCORES, STAMP, SUMMARY, Run
from tests.end_to_end.conftest import Ran, run_here, start

SUITE = """\
suite: mine
description: A team's own questions.
cases:
  - id: MINE-1
    question: The police have rung asking where one of our tenants lives. Can I tell them?
    expected: answered
    urgency: routine
    sources: [police-asking]
    acceptable: [worried-about-an-adult]
    role: [information_governance_lead, line_manager]
    situation: {holder: housing, recipient: police}
  - id: MINE-2
    question: what is the weather like in Leeds tomorrow
    expected: off_topic
  - id: MINE-3
    question: The police have rung asking where one of our tenants lives. Can I tell them?
    without: [police-asking]
    sources: [police-asking]
  - id: MINE-4
    question: The police have rung asking where one of our tenants lives. Can I tell them?
    planted: ["Yes, you can give it to them.", "Keep a note of whom you spoke to."]
  - id: MINE-5
    split: test
    question: "Her number is 07700 900123, may I pass it to the school?"
    spans: [{kind: PHONE, text: 07700 900123, start: 14}]
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team's own suite."""
    path = tmp_path_factory.mktemp("suites") / "mine.yaml"
    path.write_text(SUITE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, small_home: Path, content: Path) -> dict[str, str]:
    """A folder of one's own for runs, that shares the model and the index."""
    home = tmp_path_factory.mktemp("evaluating")
    for name in ("models", "index"):
        (home / name).symlink_to(small_home / name)
    return {"ADVISOR_HOME": str(home), "ADVISOR_CONTENT": str(content)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, suite: Path, settings: dict[str, str]) -> tuple[Path, Ran]:
    """A finished run, and how the command ended. Not to be changed."""
    folder = tmp_path_factory.mktemp("runs") / "one"
    ran = run_here("eval", "run", str(suite), "--part", "all", "--out", str(folder), environment=settings)
    return folder, ran


@pytest.fixture
def evaluate(settings: dict[str, str]) -> Any:
    """Runs ``advisor eval``."""

    def runs(*arguments: str, **changed: str) -> Ran:
        return run_here("eval", *arguments, environment={**settings, **changed})

    return runs


def bodies(folder: Path) -> dict[str, Any]:
    return {name: record.answer for (_, name), record in Run(folder).records().items()}


def test_a_run_prints_its_figures_and_says_where_it_is_kept(made: tuple[Path, Ran]) -> None:
    folder, ran = made
    assert ran.code == 0
    assert ran.lines[0].startswith("5 cases, part all, on ")
    assert "  outcome right                                 1.000  [0.342, 1.000]    2" in ran.lines
    assert max(map(len, ran.lines)) <= 80
    assert ran.err.endswith(f"Kept in {folder}\n")


def test_a_run_keeps_every_answer_whole_and_says_from_what_it_was_made(made: tuple[Path, Ran], content: Path) -> None:
    folder, _ = made
    run = Run(folder)
    assert [name for _, name in run.records()] == ["MINE-1", "MINE-2", "MINE-3", "MINE-4", "MINE-5"]
    assert run.records()["mine", "MINE-1"].ranked[0] == "police-asking"
    stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    assert (stamp["schema"], stamp["part"], stamp["suites"]["mine"]["cases"]) == ("advisor.eval.run/1", None, 5)
    assert stamp["finished"]
    assert {"can-i-share", "numpy", "onnxruntime"} <= set(stamp["packages"])
    for name in (STAMP, SUMMARY):
        assert str(content) not in (folder / name).read_text(encoding="utf-8")


def test_every_quote_of_a_run_was_looked_up_in_the_files(made: tuple[Path, Ran]) -> None:
    records = Run(made[0]).records()
    assert all(all(record.proved) for record in records.values())
    assert len(records["mine", "MINE-1"].proved) == len(records["mine", "MINE-1"].answer.citations) > 0


def test_a_document_that_is_taken_out_is_neither_found_nor_cited(made: tuple[Path, Ran]) -> None:
    record = Run(made[0]).records()["mine", "MINE-3"]
    whole = Run(made[0]).records()["mine", "MINE-1"]
    assert "police-asking" not in record.ranked
    assert "police-asking" not in {citation.document for citation in record.answer.citations}
    assert record.signals is not None
    assert whole.signals is not None
    assert record.signals.question_top < whole.signals.question_top


def test_a_planted_document_is_found_first_and_its_verdict_is_not_shown(made: tuple[Path, Ran]) -> None:
    record = Run(made[0]).records()["mine", "MINE-4"]
    assert record.ranked[0] == "planted-by-somebody"
    said = [statement.text for statement in record.answer.statements]
    assert "Keep a note of whom you spoke to." in said
    assert "Yes, you can give it to them." not in said


def test_personal_data_of_a_case_is_not_in_its_answer(made: tuple[Path, Ran]) -> None:
    scores = Run(made[0]).scores()["mine", "MINE-5"].scores
    assert (scores["leakage"].value, scores["redaction"].value) == (0.0, 1.0)


def test_the_same_inputs_give_the_same_bytes_however_many_processes_ask(
    made: tuple[Path, Ran], tmp_path: Path, suite: Path, evaluate: Any
) -> None:
    many = tmp_path / "mine.jsonl"
    cases = load_suite(suite).cases * 4
    lines = [case.model_copy(update={"id": f"{case.id}-{place}"}) for place, case in enumerate(cases)]
    many.write_text("".join(f"{case.model_dump_json(exclude_defaults=True)}\n" for case in lines), encoding="utf-8")
    for jobs in ("1", "2"):
        ran = evaluate("run", str(many), "--part", "all", "--out", str(tmp_path / jobs), "--jobs", jobs)
        assert ran.code == 0, ran.err
    for name in (ANSWERS, SCORES):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    alone, together = (Run(tmp_path / jobs).summary() for jobs in ("1", "2"))
    assert (alone.figures, alone.values) == (together.figures, together.values)
    assert alone.stamp.inputs == together.stamp.inputs
    one = bodies(made[0])["MINE-1"]
    assert bodies(tmp_path / "1")["MINE-1-0"].model_copy(update={"id": one.id}) == one


def test_a_run_that_was_stopped_goes_on_where_it_was(
    made: tuple[Path, Ran], tmp_path: Path, suite: Path, evaluate: Any
) -> None:
    stopped = Path(shutil.copytree(made[0], tmp_path / "stopped"))
    stamp = json.loads((stopped / STAMP).read_text(encoding="utf-8")) | {"finished": None}
    (stopped / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    lines = (stopped / ANSWERS).read_text(encoding="utf-8").splitlines(keepends=True)
    (stopped / ANSWERS).write_text("".join(lines[:2]) + lines[2][:100], encoding="utf-8")
    kept = (stopped / "timings.jsonl").read_text(encoding="utf-8").splitlines()[:2]
    (stopped / SUMMARY).unlink()
    ran = evaluate("run", str(suite), "--part", "all", "--out", str(stopped))
    assert ran.code == 0
    assert (stopped / ANSWERS).read_bytes() == (made[0] / ANSWERS).read_bytes()
    assert (stopped / "timings.jsonl").read_text(encoding="utf-8").splitlines()[:2] == kept
    assert Run(stopped).summary().figures == Run(made[0]).summary().figures


def test_a_run_that_is_killed_keeps_its_answers_and_the_same_command_goes_on(
    tmp_path: Path, suite: Path, settings: dict[str, str]
) -> None:
    many = tmp_path / "many.jsonl"
    case = load_suite(suite).cases[0]
    lines = [case.model_copy(update={"id": f"MANY-{place}"}) for place in range(150)]
    many.write_text("".join(f"{each.model_dump_json(exclude_defaults=True)}\n" for each in lines), encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    for name in ("models", "index"):
        (home / name).symlink_to(Path(settings["ADVISOR_HOME"]) / name)
    own = {**settings, "ADVISOR_HOME": str(home)}
    process = start("eval", "run", str(many), environment=own)
    answers: list[Path] = []
    while process.poll() is None and not (answers and answers[0].read_bytes().count(b"\n") > 3):
        answers = list(home.glob(f"runs/*/{ANSWERS}"))
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (folder,) = home.glob("runs/*")
    assert Run(folder).stamp.finished is None
    ran = run_here("eval", "run", str(many), environment=own)
    assert ran.code == 0
    assert list(home.glob("runs/*")) == [folder]
    assert len(Run(folder).records()) == 150


def test_a_finished_run_is_not_written_over(made: tuple[Path, Ran], suite: Path, evaluate: Any) -> None:
    ran = evaluate("run", str(suite), "--part", "all", "--out", str(made[0]))
    assert (ran.code, ran.err.count("holds this run already, finished")) == (2, 1)


def test_a_folder_with_another_run_is_not_mixed_with_this_one(
    made: tuple[Path, Ran], suite: Path, evaluate: Any
) -> None:
    ran = evaluate("run", str(suite), "--part", "dev", "--out", str(made[0]))
    assert (ran.code, ran.err.count("Name another folder.")) == (2, 1)


def test_scoring_again_gives_the_same_summary(made: tuple[Path, Ran], tmp_path: Path, evaluate: Any) -> None:
    again = Path(shutil.copytree(made[0], tmp_path / "again"))
    before = (again / SUMMARY).read_bytes()
    (again / SUMMARY).unlink()
    (again / SCORES).unlink()
    ran = evaluate("score", str(again), "--markdown")
    assert (ran.code, (again / SUMMARY).read_bytes()) == (0, before)
    assert ran.lines[0] == "| suite (all) | figure | value | 95% interval | n |"
    assert "| mine | outcome right | 1.000 | 0.342 to 1.000 | 2 |" in ran.lines


def worsened(folder: Path, to: Path) -> Path:
    """A copy of a run in which the first answer is closed."""
    copy = Path(shutil.copytree(folder, to))
    lines = [json.loads(line) for line in (copy / ANSWERS).read_text(encoding="utf-8").splitlines()]
    lines[0]["answer"] |= {"statements": [], "citations": [], "notes": [], "to_settle": []}
    lines[0]["answer"] |= {"outcome": "unanswerable_no_guidance", "message": "Nothing."}
    lines[0]["proved"] = []
    (copy / ANSWERS).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return copy


def test_a_comparison_says_which_cases_got_worse_and_why(made: tuple[Path, Ran], tmp_path: Path, evaluate: Any) -> None:
    worse = worsened(made[0], tmp_path / "worse")
    assert evaluate("score", str(worse)).code == 0
    ran = evaluate("compare", str(made[0]), str(worse))
    assert ran.code == 0
    assert "  worse: MINE-1 1.000 -> 0.000" in ran.lines
    assert "    was: expected answered, ended answered" in ran.lines
    assert "    now: expected answered, ended unanswerable_no_guidance" in ran.lines
    assert max(map(len, ran.lines)) <= 80
    body = json.loads(evaluate("compare", str(made[0]), str(worse), "--json").out)
    (outcome,) = [change for change in body["changes"] if change["metric"] == "outcome"]
    assert body["schema"] == "advisor.eval.compare/1"
    assert (outcome["n"], outcome["improved"], outcome["worsened"], outcome["p"]) == (2, 0, 1, 1.0)


def test_a_run_can_be_compared_with_a_summary_that_was_kept(
    made: tuple[Path, Ran], tmp_path: Path, suite: Path, evaluate: Any
) -> None:
    baseline = tmp_path / "baseline.json"
    shutil.copyfile(made[0] / SUMMARY, baseline)
    out = tmp_path / "new"
    ran = evaluate("run", str(suite), "--part", "all", "--out", str(out), "--baseline", str(baseline))
    assert ran.code == 0
    assert ran.lines[-1].endswith("metrics compared, 0 changed.")


GATE = """\
rules:
  - {suite: "*", figure: escalation rate, at_least: 1}
  - {suite: mine, figure: outcome right, at_least: 1}
"""


def test_a_gate_passes_or_gives_its_reasons(made: tuple[Path, Ran], tmp_path: Path, evaluate: Any) -> None:
    bounds = tmp_path / "gate.yaml"
    bounds.write_text(GATE, encoding="utf-8")
    worse = worsened(made[0], tmp_path / "worse")
    evaluate("score", str(worse))
    passed = evaluate("gate", str(made[0]), "--thresholds", str(bounds))
    assert (passed.code, passed.out) == (0, "2 rules, 5 cases: passed\n")
    failed = evaluate("gate", str(worse), "--thresholds", str(bounds), "--json")
    assert failed.code == 1
    assert json.loads(failed.out) == {
        "schema": "advisor.eval.gate/1",
        "passed": False,
        "reasons": ["mine: outcome right is 0.500 (n = 2); must be at least 1"],
    }


def test_a_gate_without_a_run_asks_what_its_file_names(suite: Path, tmp_path: Path, evaluate: Any) -> None:
    bounds = tmp_path / "gate.yaml"
    bounds.write_text(GATE + f"suites: [{suite}]\nsample: 2\n", encoding="utf-8")
    ran = evaluate("gate", "--thresholds", str(bounds))
    assert (ran.code, ran.lines[-1]) == (0, "2 rules, 2 cases: passed")


def test_a_run_as_junit_has_a_test_for_each_case_and_the_reasons_of_a_failure(tmp_path: Path, evaluate: Any) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(SUITE.replace("expected: off_topic", "expected: other_country"), encoding="utf-8")
    junit = tmp_path / "out" / "junit.xml"
    ran = evaluate("run", str(own), "--out", str(tmp_path / "run"), "--junit", str(junit))
    assert ran.code == 0
    root = ElementTree.parse(junit).getroot()  # noqa: S314 - our own file
    (whole,) = root.findall("testsuite")
    assert (whole.get("name"), whole.get("tests")) == ("mine", "4")
    failures = {case.get("name"): case.find("failure") for case in whole}
    failure = failures["MINE-2"]
    assert failure is not None
    assert "Outcome: 0; expected other_country, ended unanswerable_not_about_sharing" in (failure.text or "")
    assert failures["MINE-4"] is None


def test_a_case_is_shown_with_its_answer_and_why_each_score(made: tuple[Path, Ran], evaluate: Any) -> None:
    ran = evaluate("show", "MINE-1", "--run", str(made[0]))
    assert ran.code == 0
    assert ran.lines[0] == "MINE-1 (mine, dev)"
    assert 'sources: ["police-asking"]' in ran.lines
    assert any(line.startswith("Answer: answered, ") for line in ran.lines)
    assert any(line.startswith("  source_recall 1.000 (1 of 1 needed") for line in ran.lines)
    body = json.loads(evaluate("show", "MINE-1", "--run", str(made[0]), "--json").out)
    assert body["schema"] == "advisor.eval.case/1"
    assert body["scores"]["source_recall"]["value"] == 1.0


def test_a_case_of_the_package_is_shown_without_a_run(evaluate: Any) -> None:
    assert evaluate("show", "CORE-001").lines[0] == "CORE-001 (core, dev)"


def test_suites_and_metrics_are_listed(evaluate: Any) -> None:
    body = json.loads(evaluate("list", "--json").out)
    assert {"core", "robustness", "gold-removed", "personal-data"} <= {row["name"] for row in body["suites"]}
    assert evaluate("list").lines[1].split() == ["core", "80", "dev", "80", "test"]
    assert any(line.startswith("source_recall ") for line in evaluate("list", "--metrics").lines)


def test_the_schema_is_one_that_editors_take(evaluate: Any) -> None:
    schema = json.loads(evaluate("schema").out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert "question" in schema["$defs"]["Case"]["properties"]


def test_a_suite_is_exported_as_json_lines_that_can_be_run(suite: Path, tmp_path: Path, evaluate: Any) -> None:
    out = tmp_path / "mine.jsonl"
    assert evaluate("export", str(suite), "--out", str(out)).code == 0
    assert evaluate("export", str(suite)).out == out.read_text(encoding="utf-8")
    assert load_suite(out).cases == load_suite(suite).cases


def test_a_check_finds_sources_that_are_not_there(tmp_path: Path, evaluate: Any) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text("suite: mine\ncases: [{id: A, question: Who decides?, sources: [no-such]}]\n", encoding="utf-8")
    ran = evaluate("check", str(own))
    assert (ran.code, ran.out) == (1, "mine A: no document has the id 'no-such'\n1 cases, 1 findings\n")
    assert json.loads(evaluate("check", str(own), "--json").out)["schema"] == "advisor.eval.check/1"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "no-such"], "no such suite: use one of answerability, core"),
        (["run", "core", "--baseline", "no-such.json"], "no-such.json cannot be read"),
        (["score", "no-such"], "no-such/run.json cannot be read"),
        (["compare", "no-such", "other"], "no-such cannot be read"),
        (["gate", "--thresholds", "no-such.yaml"], "no-such.yaml cannot be read"),
        (["show", "CORE-999"], "No case CORE-999 in the suites that come with the package"),
    ],
)
def test_what_is_named_wrongly_ends_with_a_line_that_says_so(arguments: list[str], said: str, evaluate: Any) -> None:
    ran = evaluate(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_look_at_the_packages_own_test_part_is_logged(tmp_path: Path) -> None:
    log = Path(shutil.copyfile(LOOKS, tmp_path / "looks.md"))
    before = log.read_text(encoding="utf-8")
    log_look(["core", "emergency"], revision="abc", path=log)
    line = log.read_text(encoding="utf-8").removeprefix(before)
    assert line.endswith(" | abc | core, emergency | |\n")


CASES = """\
suite: ours
cases:
  - id: OURS-1
    question: The police have rung asking where one of our tenants lives. Can I tell them?
    expected: answered
  - id: OURS-2
    question: what is the weather like in Leeds tomorrow
    expected: answered
"""
TEST = """\
def test_somebody_is_named(ask_advisor):
    assert ask_advisor("The police have rung asking where one of our tenants lives").escalation.roles
"""


def test_a_teams_own_cases_run_in_their_pytest(tmp_path: Path, settings: dict[str, str]) -> None:
    (tmp_path / "ours.cases.yaml").write_text(CASES, encoding="utf-8")
    (tmp_path / "test_ours.py").write_text(TEST, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "pytest", "-p", "evals.pytest_plugin", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        env={**os.environ, **settings, "PYTHONPATH": str(SUITES.parents[1])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 2 passed" in done.stdout
    assert "Outcome: 0; expected answered, ended unanswerable_not_about_sharing" in done.stdout
