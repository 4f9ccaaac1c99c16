"""A question pays for nothing heavy: what only building, exporting or a chain needs is not even imported."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.end_to_end.conftest import COMMAND, QUESTION

HEAVY = {"torch", "transformers", "sentence_transformers", "onnx", "langchain_core", "langchain", "langsmith"}


def _imported(*arguments: str, environment: dict[str, str]) -> set[str]:
    """The top-level modules that a command imported, and that it went well."""
    python, *command = COMMAND
    done = subprocess.run(  # noqa: S603 - our own command
        [python, "-X", "importtime", *command, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(re.findall(r"^import time:.*\| +([a-zA-Z0-9_]+)", done.stderr, flags=re.MULTILINE))


def test_asking_imports_neither_torch_nor_langchain_nor_sentence_transformers(environment: dict[str, str]) -> None:
    imported = _imported("ask", QUESTION, environment=environment)

    assert {"advisor", "knowledge", "chromadb", "onnxruntime"} <= imported
    assert imported & HEAVY == set()
    assert not [name for name in imported if name.startswith("langchain")]


@pytest.mark.parametrize("module", ["advisor", "advisor.wiring", "knowledge.index", "knowledge.fakes"])
def test_importing_the_package_imports_nothing_heavy_and_no_vector_store(module: str) -> None:
    script = f"import {module}, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)  # noqa: S603
    loaded = {name.partition(".")[0] for name in done.stdout.split()}

    assert module.partition(".")[0] in loaded
    assert loaded & {*HEAVY, "chromadb", "onnxruntime"} == set()
