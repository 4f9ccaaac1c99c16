"""A folder of documents as it was at a git revision, put beside the working tree for comparing."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

import click

_LONGEST = 60
"""Seconds any call of git may take."""
_INSTEAD = "Give the folder as it was instead: --before FOLDER."


class Revision(NamedTuple):
    """A commit, as it was named and by its number."""

    name: str
    number: str

    def __str__(self) -> str:
        return f"{self.name} ({self.number[:9]})"


def find_revision(name: str, *, folder: Path) -> Revision:
    """The commit of that name in the repository that holds a folder.

    Raises:
        click.UsageError: when there is no git, no repository around the folder, or no such revision in it.
    """
    inside = _git(folder, "rev-parse", "--is-inside-work-tree")
    if inside.returncode or inside.stdout.strip() != b"true":
        raise click.UsageError(f"{folder} is in no git work tree{_reason(inside)}. {_INSTEAD}")
    # The trailing part makes git look for a commit; what starts with a dash is no option.
    found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found.returncode:
        raise click.UsageError(f"git knows no revision {name!r} in {folder}. See: git log --oneline")
    return Revision(name, found.stdout.decode().strip())


def put_out(revision: Revision, *, folder: Path, into: Path) -> None:
    """Writes the files that a folder held at a revision.

    Raises:
        click.UsageError: when it held none then, or git cannot give them.
    """
    root = Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel").stdout.rstrip(b"\n")))
    within = folder.resolve().relative_to(root.resolve()).as_posix()
    tree = f"{revision.number}:{'' if within == '.' else within}"
    archive = _git(root, "archive", "--format=tar", tree)
    if archive.returncode:
        raise click.UsageError(f"{revision} has no folder {within}{_reason(archive)}. {_INSTEAD}")
    into.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(into, filter="data")


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    git = shutil.which("git")
    if git is None:
        raise click.UsageError(f"git is not installed. {_INSTEAD}")
    try:
        return subprocess.run(  # noqa: S603 - a program of the machine, its arguments checked
            [git, "-C", str(folder), *arguments], capture_output=True, timeout=_LONGEST, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise click.UsageError(f"git took longer than {_LONGEST} seconds in {folder}. {_INSTEAD}") from error


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return f" ({lines[0]})" if lines else ""
