"""Which files a name stands for: the file itself, or all in a folder, none of them outside it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import ImportRefused

MOST_FILES = 10_000
_NOT_DOCUMENTS = ("thumbs.db", "desktop.ini")


def files_of(source: Path) -> Iterator[Path | ImportRefused]:
    """The files in a stable order, and why those were refused that are no files of the folder.

    Passed over in silence: names that begin with a full stop or ``~$``, which programs leave behind.
    """
    if not source.is_dir():
        yield _file(source)
        return
    root = source.resolve()
    for count, path in enumerate(_below(source)):
        if count >= MOST_FILES:
            yield ImportRefused(f"more than {MOST_FILES:,} files: import its folders one by one", source=str(source))
            return
        yield _within(path, root=root)


def _below(source: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(source):
        folders[:] = sorted(name for name in folders if not _is_passed_over(name))
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        names = [name for name in files if not _is_passed_over(name)]
        yield from (Path(folder) / name for name in sorted([*names, *links]))


def _is_passed_over(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _NOT_DOCUMENTS


def _within(path: Path, *, root: Path) -> Path | ImportRefused:
    try:
        outside = not path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return ImportRefused("it is a link that leads nowhere", source=str(path))
    if outside:
        return ImportRefused("it is a link that leads out of the folder: import what it means", source=str(path))
    if path.is_dir():
        return ImportRefused("it is a link to another folder, which is read there", source=str(path))
    return _file(path)


def _file(path: Path) -> Path | ImportRefused:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return ImportRefused("there is no such file or folder; a web address begins with https://", source=str(path))
    except OSError as error:
        return ImportRefused(f"it cannot be read ({error.strerror})", source=str(path))
    return path if stat.S_ISREG(mode) else ImportRefused("it is not a file", source=str(path))
