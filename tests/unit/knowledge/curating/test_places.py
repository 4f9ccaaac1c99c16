"""Which bundled documents may be changed where they are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from knowledge.curating.places import refuse_bundled
from knowledge.errors import CurationRefused
from knowledge.loading import load_document
from knowledge.models import Document
from tests.small_content import write_document


def in_git(folder: Path, name: str) -> Document:
    """A document in a work tree of its own that ignores the folder ``installed``."""
    subprocess.run(["git", "init", "-q", folder], check=True)  # noqa: S603, S607 - git itself is what is tried
    (folder / ".gitignore").write_text("installed\n")
    return load_document(write_document(folder / name))


@pytest.mark.parametrize("name", ["content", "other folder"])
def test_a_document_that_is_kept_in_git_may_be_changed(tmp_path: Path, name: str) -> None:
    refuse_bundled(in_git(tmp_path, name))


@pytest.mark.parametrize("name", ["installed", "site-packages"])
def test_a_document_of_an_installed_package_may_not_although_git_is_around(tmp_path: Path, name: str) -> None:
    with pytest.raises(CurationRefused, match='an upgrade would undo a change to it.*"advisor kb new --from asking"'):
        refuse_bundled(in_git(tmp_path, name))


def test_one_that_is_kept_in_git_may_not_by_whoever_keeps_documents_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(CurationRefused, match="Copy it among your own documents"):
        refuse_bundled(in_git(tmp_path, "content"), keeps_own=True)


def test_a_document_outside_git_may_not(tmp_path: Path) -> None:
    with pytest.raises(CurationRefused, match="comes with the package"):
        refuse_bundled(load_document(write_document(tmp_path)))
