"""Imports Chroma without a check that costs an answer a sixth of its start.

Decision (2026-11-22). Context: chromadb marks 160 of its methods with the library ``overrides``, whose marks compare
signatures while the package is imported: a check for those who write chromadb, which tells those who use it nothing.
Consequence: while chromadb is imported the marks only mark, and afterwards they are as before; ``advisor ask`` was 1.18
times faster from a cold start (median of ten pairs taken in turn). Not taken: the Rust core of chromadb alone, which
has no public interface.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_MARKS = ("override", "overrides")


def import_chromadb() -> Any:
    """The module ``chromadb``."""
    if "chromadb" not in sys.modules:
        with _marks_that_only_mark():
            import chromadb  # noqa: PLC0415 - half a second that listing documents need not pay
    import chromadb  # noqa: PLC0415

    return chromadb


@contextmanager
def _marks_that_only_mark() -> Iterator[None]:
    import overrides  # noqa: PLC0415 - only chromadb needs it

    checking = {name: getattr(overrides, name) for name in _MARKS}
    for name in _MARKS:
        setattr(overrides, name, _mark)
    try:
        yield
    finally:
        for name, mark in checking.items():
            setattr(overrides, name, mark)


def _mark(method: Callable[..., Any] | None = None, **_settings: object) -> Any:
    """Marks a method as one that takes the place of another, as ``overrides`` does, and checks nothing."""
    if method is None:
        return _mark
    method.__override__ = True  # type: ignore[attr-defined]
    return method
