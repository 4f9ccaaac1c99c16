"""What people can type, set and get is written down, and what is written down is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from advisor.outcomes import Outcome
from advisor.settings import Profile, Settings
from integrations.cli.commands import cli
from knowledge.models import Document, Kind, Nation
from knowledge.vocabulary import load_vocabulary
from tests.project.sources import ROOT, source_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
CURATORS = (ROOT / "knowledge" / "README.md").read_text(encoding="utf-8")
PAGES = [path for path in (ROOT / "README.md", *(ROOT / name for name in ("knowledge/README.md", "evals/README.md")))]


def commands(group: click.Command = cli, before: str = "advisor") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups left out."""
    if not isinstance(group, click.Group):
        yield before, group
        return
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from commands(command, f"{before} {name}")


COMMANDS = dict(commands())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_and_says_what_it_does(name: str) -> None:
    assert name in README
    assert COMMANDS[name].help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    options = {
        option
        for parameter in COMMANDS[name].params
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {option for option in options if not re.search(rf"{option}\b", README)} == set()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    row = next((line for line in README.splitlines() if line.startswith(f"| `ADVISOR_{name.upper()}` |")), "")
    default = Settings.model_fields[name].default
    assert row
    if isinstance(default, str | int):
        assert f"`{str(default).lower() if isinstance(default, bool) else default}`" in row


def test_no_setting_is_documented_that_is_not_there() -> None:
    known = {f"ADVISOR_{name.upper()}" for name in Settings.model_fields}
    for page in PAGES:
        assert set(re.findall(r"ADVISOR_[A-Z_]+", page.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_documented_with_its_exit_code(outcome: Outcome) -> None:
    assert re.search(rf"^\| `{outcome.value}` \|.*\| {outcome.exit_code} \|$", README, re.MULTILINE)


def test_no_outcome_is_documented_that_is_not_there() -> None:
    named = set(re.findall(r"`((?:unanswerable|guardrail|error)_[a-z_]+[a-z])`", README))
    assert named <= {outcome.value for outcome in Outcome}


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 130])
def test_every_exit_code_is_documented(code: int) -> None:
    assert re.search(rf"^\| {code} \| .+ \|$", README, re.MULTILINE)


def test_every_schema_that_is_printed_is_documented() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in source_files("advisor", "integrations"))
    assert {schema for schema in re.findall(r"advisor\.[a-z.]+/\d", code) if schema not in README} == set()


def test_every_field_of_the_profile_is_documented() -> None:
    example = README[README.index("```toml") :]
    fields = set(Profile.model_fields) - {"contacts"} | {"[[contacts]]", "role", "name", "reach"}
    assert {field for field in fields if field not in example} == set()


def test_every_field_of_a_document_is_explained_to_curators() -> None:
    computed = {"sections", "words", "local", "path", "digest"}
    fields = set(Document.model_fields) - computed
    assert {field for field in fields if f"`{field}`" not in CURATORS} == set()


def test_every_kind_nation_and_sector_is_named() -> None:
    named = [*Kind, *Nation, *load_vocabulary().facets["holder"].values]
    assert [name for name in named if name not in README] == []


def examples() -> list[str]:
    """Every ``advisor`` command line of the README's console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    lines = [line.strip().removeprefix("| ") for block in blocks for line in block.splitlines()]
    return [line.removeprefix(".venv/bin/") for line in lines if re.match(r"(?:\.venv/bin/)?advisor ", line)]


@pytest.mark.parametrize("line", examples())
def test_every_command_line_of_the_readme_can_be_typed(line: str) -> None:
    _, *words = shlex.split(line)
    name, command = "advisor", None
    while words and f"{name} {words[0]}" in {known[: len(f"{name} {words[0]}")] for known in COMMANDS}:
        name = f"{name} {words.pop(0)}"
    command = COMMANDS.get(name, cli)
    if "--help" not in words:
        command.make_context(name, words)


def test_the_readme_shows_the_commands_it_should() -> None:
    assert len(examples()) > 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        if name.startswith(("http://", "https://")):
            continue
        linked = (page.parent / name).resolve() if name else page
        if not linked.exists() or (anchor and anchor not in anchors(linked)):
            dead.append(target)
    assert dead == []


def anchors(page: Path) -> set[str]:
    """The anchors that a reader of Markdown makes of a page's headings."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_map_of_the_code_names_files_that_are_there() -> None:
    section = README[README.index("## Map of the code") : README.index("## How to add things")]
    rows = re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE)
    missing = []
    for row in rows:
        folder = ROOT
        for name in re.findall(r"`([^`]+)`", row):
            path = ROOT / name if (ROOT / name).exists() else folder / name
            folder = path.parent
            missing += [] if path.exists() else [name]
    assert missing == []


def test_every_target_of_make_that_is_documented_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {target for page in PAGES for target in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8"))}
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert named <= targets
    assert {"ask", "test"} <= targets


def test_the_changelog_names_this_version() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    assert version[1] in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
