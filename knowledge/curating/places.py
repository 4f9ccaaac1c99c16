"""Which files of documents may be changed: those of the package only by the project, in its own git checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from knowledge.errors import CurationRefused
from knowledge.models import Document

_INSTALLED = {"site-packages", "dist-packages"}


def refuse_bundled(document: Document, *, keeps_own: bool = False) -> None:
    """Makes sure that a change to a bundled document would last: its file is kept in git, and may be written.

    Args:
        keeps_own: whoever changes it has a folder of their own documents, so is not the project even in a git checkout.

    Raises:
        CurationRefused: an upgrade of the package would undo the change, or it belongs in a copy.
    """
    path = Path(document.path).resolve()
    if keeps_own or not os.access(path, os.W_OK) or not _is_kept_in_git(path):
        raise CurationRefused(
            f"{document.id} comes with the package, and an upgrade would undo a change to it. Copy it among your own"
            f' documents with "advisor kb new --from {document.id}" and change the copy.'
        )


def _is_kept_in_git(path: Path) -> bool:
    git = shutil.which("git")
    if not git or _INSTALLED & set(path.parts):
        return False
    listed = subprocess.run(  # noqa: S603 - fixed words and the path of one of our own documents
        [git, "-C", path.parent, "ls-files", "--cached", "--others", "--exclude-standard", "--", path.name],
        capture_output=True,
        check=False,
    )
    return listed.returncode == 0 and bool(listed.stdout.strip())
