"""Runs the ``advisor`` command, in this process or as one of its own, over a small knowledge base or the real one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from integrations.cli.commands import run

QUESTION = "The police have rung asking where one of our tenants lives. Can I tell them?"
COMMAND = [sys.executable, "-c", "from integrations.cli.main import main; main()"]
"""The installed command, wherever it was installed."""


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Ran]


def run_here(*arguments: str, environment: Mapping[str, str], stdin: str | bytes = "") -> Ran:
    """Runs a command in this process, as if typed and piped."""
    with CliRunner().isolation(input=stdin, env=environment) as (out, err, _):
        code = run(arguments)
        return Ran(code, out.getvalue().decode(), err.getvalue().decode())


def run_apart(*arguments: str, environment: Mapping[str, str], stdin: str = "") -> Ran:
    """Runs a command in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        env={**os.environ, **environment},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def start(*arguments: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Starts a command in a process of its own, with its three streams open."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory, home_with_model: Path, content: Path) -> Path:
    """A folder with the model and an index of the small content. Not to be changed."""
    home = tmp_path_factory.mktemp("small")
    (home / "models").symlink_to(home_with_model / "models")
    built = run_here("kb", "index", environment=settings(home, content))
    assert built.code == 0, built.err
    return home


@pytest.fixture
def home(tmp_path: Path, small_home: Path) -> Path:
    """A folder of one's own that shares the model and the index, which are not to be changed."""
    own = tmp_path / "home"
    own.mkdir()
    for name in ("models", "index"):
        (own / name).symlink_to(small_home / name)
    return own


def copied(small_home: Path, to: Path) -> Path:
    """A folder whose index may be changed and broken."""
    return Path(shutil.copytree(small_home, to, symlinks=True))


@pytest.fixture
def own_content(tmp_path: Path, content: Path) -> Path:
    """A copy of the small content that may be changed."""
    return Path(shutil.copytree(content, tmp_path / "content"))


@pytest.fixture
def environment(home: Path, content: Path) -> dict[str, str]:
    """The settings of a command over the small knowledge base."""
    return settings(home, content)


@pytest.fixture
def advisor(environment: dict[str, str]) -> Run:
    """Runs ``advisor`` over the small knowledge base; ``changed`` settings may be given."""

    def runs(*arguments: str, stdin: str | bytes = "", **changed: str) -> Ran:
        return run_here(*arguments, environment={**environment, **changed}, stdin=stdin)

    return runs


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory, home_with_model: Path) -> Path:
    """A folder with the model and an index of the documents that come with the package."""
    home = tmp_path_factory.mktemp("real")
    (home / "models").symlink_to(home_with_model / "models")
    built = run_here("kb", "index", environment={"ADVISOR_HOME": str(home)})
    assert built.code == 0, built.err
    return home


def settings(home: Path, content: Path) -> dict[str, str]:
    return {"ADVISOR_HOME": str(home), "ADVISOR_CONTENT": str(content)}
