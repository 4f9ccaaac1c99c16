"""Puts a knowledge file in place whole or not at all, and never over what somebody else changed meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.errors import CurationRefused, FileChanged


def create_file(path: Path, raw: bytes) -> None:
    """A new file with these bytes, its folders made where there are none.

    Raises:
        CurationRefused: there is a file of that name.
        FileChanged: another process is writing it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _written_beside(path, raw) as beside:
        if path.exists():
            raise CurationRefused(f"{path} is there already. Choose another id, or change that file.")
        beside.replace(path)


def replace_file(path: Path, raw: bytes, *, read: bytes) -> None:
    """The file with new bytes, if it still holds those that were ``read``; its access rights stay.

    Raises:
        FileChanged: it holds others by now, or another process is writing it.
    """
    path = path.resolve()
    with _written_beside(path, raw) as beside:
        if path.read_bytes() != read:
            raise FileChanged(f"{path} was changed by somebody else meanwhile and is left so. Look, then try again.")
        shutil.copymode(path, beside)
        beside.replace(path)


@contextmanager
def _written_beside(path: Path, raw: bytes) -> Iterator[Path]:
    """The bytes in a file beside, whose being there keeps other processes from changing the same document."""
    beside = path.with_name(f".{path.name}.new")
    try:
        handle = beside.open("xb")
    except FileExistsError as error:
        mend = f"Try again; if nobody is changing it, remove {beside}."
        raise FileChanged(f"{path} is being changed by another process. {mend}") from error
    try:
        with handle:
            handle.write(raw)
            handle.flush()
            os.fsync(handle.fileno())
        yield beside
    finally:
        beside.unlink(missing_ok=True)
