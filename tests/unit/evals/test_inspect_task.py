"""The tasks for Inspect stay out of the way of those who lack it; they are run in an environment of their own."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys

import pytest

from evals.metrics.registry import metrics
from tests.project.sources import ROOT, imported, source_files

TASKS = ROOT / "evals" / "inspect_task.py"


def test_the_file_parses_and_names_tasks_solvers_and_only_metrics_there_are() -> None:
    tree = ast.parse(TASKS.read_text(encoding="utf-8"))
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    marked = [(ast.unparse(mark), each.name) for each in functions for mark in each.decorator_list]
    assert marked == [
        ("task", "advised"),
        ("task", "model_alone"),
        ("cache", "_asker"),
        ("solver", "ask_advisor"),
        ("solver", "give_quotes"),
    ]
    set_ = {ast.unparse(each.targets[0]): each.value for each in tree.body if isinstance(each, ast.Assign)}
    assert set(ast.literal_eval(set_["_OF_WORDS"])) <= set(metrics())


def test_nothing_else_of_the_project_imports_inspect_or_the_file() -> None:
    users = [path for path in source_files() if path != TASKS]
    names = {name for path in users for name in imported(path)}
    assert not [name for name in names if name.startswith(("inspect_ai", "evals.inspect_task"))]


def test_evaluating_does_not_load_inspect() -> None:
    code = "import evals.running, evals.metrics.registry as r, sys; r.metrics(); print('inspect_ai' in sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "False\n"


@pytest.mark.skipif(importlib.util.find_spec("inspect_ai") is not None, reason="inspect-ai is installed here")
def test_without_inspect_importing_the_file_says_what_is_missing() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, str(TASKS)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert "No module named 'inspect_ai'" in done.stderr
