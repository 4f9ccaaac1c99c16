"""The house: who may import whom, and where each third-party library lives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.sources import PACKAGES, ROOT, called, imported, source_files

MAY_IMPORT = {
    "knowledge": set(),
    "advisor": {"knowledge"},
    "evals": {"advisor", "knowledge"},
    "integrations.slack": {"advisor", "knowledge"},
    "integrations.cli": {"integrations.slack", "evals", "advisor", "knowledge"},
}
"""The table of the architecture; a package may always import itself."""

LIVES_IN = {
    "chromadb": {"knowledge/starting.py", "knowledge/vectors.py"},
    "sqlalchemy": {
        "advisor/backup.py",
        "advisor/cases/bench.py",
        "advisor/cases/ledger.py",
        "advisor/cases/purging.py",
        "advisor/cases/rows.py",
        "advisor/cases/sources.py",
        "advisor/cases/verifying.py",
        "advisor/conversations.py",
        "advisor/database.py",
        "advisor/migrations/running.py",
        "advisor/migrations/versions/v0001_answers.py",
        "advisor/migrations/versions/v0002_cases.py",
        "advisor/outbox.py",
        "advisor/pauses.py",
        "advisor/store.py",
        "advisor/tables.py",
    },
    "alembic": {
        "advisor/migrations/env.py",
        "advisor/migrations/running.py",
        "advisor/migrations/versions/v0001_answers.py",
        "advisor/migrations/versions/v0002_cases.py",
    },
    "sentence_transformers": {"knowledge/exporting.py"},
    "torch": {"knowledge/exporting.py"},
    "langchain": {"knowledge/langchain.py", "advisor/composers/providers.py"},
    "langchain_core": {"knowledge/langchain.py"},
    "tokenizers": {"knowledge/embedding.py"},
    "filelock": {"knowledge/index.py", "advisor/composers/allowance.py"},
    "markitdown": {"knowledge/importing/converting.py"},
    "bs4": {"knowledge/importing/webpages.py"},
    "pypdfium2": {"knowledge/importing/pdf_pages.py"},
    "platformdirs": {"advisor/settings.py"},
    "pydantic_settings": {"advisor/settings.py"},
    "jinja2": {"integrations/cli/pages.py"},
    "docx": {"integrations/cli/cases/word.py", "knowledge/importing/office.py"},
    "matplotlib": {"integrations/cli/cases/plotting.py"},
    "prometheus_client": {"integrations/slack/metrics.py"},
}
HEAVY = ("torch", "chromadb", "langchain", "langchain_core", "sentence_transformers", "transformers")
SLOW = (*HEAVY, "onnxruntime", "sqlalchemy")


def package_of(module: str) -> str | None:
    """Which row of the table a module belongs to, or none when it is not ours."""
    top, _, rest = module.partition(".")
    if top not in PACKAGES:
        return None
    return f"integrations.{rest.partition('.')[0]}" if top == "integrations" and rest else top


def modules_of(path: Path) -> list[str]:
    return [package for module in imported(path) if (package := package_of(module))]


@pytest.mark.parametrize("path", source_files(), ids=called)
def test_a_file_imports_only_what_its_layer_may(path: Path) -> None:
    own = package_of(called(path).removesuffix(".py").replace("/", "."))
    if own in ("integrations", "integrations.__init__"):
        assert modules_of(path) == []
        return
    assert own in MAY_IMPORT
    assert set(modules_of(path)) - {own} <= MAY_IMPORT[own]


def test_nothing_is_imported_by_a_relative_path() -> None:
    assert [called(path) for path in source_files() if any(name.startswith(".") for name in imported(path))] == []


@pytest.mark.parametrize("library", LIVES_IN)
def test_a_library_lives_in_one_module(library: str) -> None:
    users = {
        called(path)
        for path in source_files("advisor", "knowledge", "integrations")
        if any(name.partition(".")[0] == library for name in imported(path))
    }
    assert users <= LIVES_IN[library]


def test_slack_lives_only_in_its_own_folder() -> None:
    users = {called(path) for path in source_files() for name in imported(path) if name.startswith("slack")}
    assert all(user.startswith("integrations/slack/") for user in users)


def test_settings_are_read_in_the_faces_alone() -> None:
    readers = {called(path) for path in source_files() if "load_settings()" in path.read_text(encoding="utf-8")}
    readers -= {"advisor/settings.py"}
    assert all(reader.startswith(("integrations/", "evals/")) for reader in readers)


def test_the_product_does_not_import_its_tests() -> None:
    assert [called(path) for path in source_files() for name in imported(path) if name.startswith("tests")] == []


def loaded_by(code: str, names: tuple[str, ...]) -> list[str]:
    """Which of the modules some code loads, in a process of its own."""
    report = f"{code}\nimport sys\nprint(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", report], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


def test_importing_the_advisor_is_light() -> None:
    assert loaded_by("import advisor.engine, advisor.wiring, advisor.settings", SLOW) == []


def test_importing_the_command_is_light() -> None:
    assert loaded_by("import integrations.cli.main", (*SLOW, "click", "pydantic")) == []
    assert loaded_by("import integrations.cli.ask, integrations.cli.chat, integrations.cli.kb.check", SLOW) == []


def test_the_knowledge_base_can_be_read_without_what_searches_it() -> None:
    assert loaded_by("import knowledge.checking, knowledge.index, knowledge.retrieval", SLOW) == []
