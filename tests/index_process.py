"""Builds or opens an index in a process of its own, for tests that kill it or take something away from it.

Usage: python -m tests.index_process TASK INDEX CONTENT [--hang] [--without-rights] [--largest-file BYTES]

TASK is ``build`` or ``open``. Prints ``done``, or the error as a person would see it. ``--hang`` prints ``halfway``
and waits when the first vectors are in the index.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge.embedding import Vectors
from knowledge.errors import KnowledgeError
from knowledge.fakes import FakeEmbedder
from knowledge.index import build_index, open_index
from knowledge.loading import document_paths, load_document
from tests.small_content import CONTENT_DIGEST


class HangingEmbedder(FakeEmbedder):
    """Stops for ever when the first vectors are in the index."""

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        if self.embedded:
            print("halfway", flush=True)
            time.sleep(600)
        return super().embed(texts, progress=progress)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["build", "open"])
    parser.add_argument("index", type=Path)
    parser.add_argument("content", type=Path)
    parser.add_argument("--hang", action="store_true")
    parser.add_argument("--without-rights", action="store_true")
    parser.add_argument("--largest-file", type=int)
    options = parser.parse_args()
    if options.without_rights:
        _give_up_rights()
    if options.largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.largest_file, options.largest_file))
    try:
        _run(options.task, options.index, options.content, HangingEmbedder() if options.hang else FakeEmbedder())
    except KnowledgeError as error:
        print(f"{type(error).__name__}: {error}")
    else:
        print("done")


def _run(task: str, index: Path, content: Path, embedder: FakeEmbedder) -> None:
    if task == "open":
        open_index(index, content=CONTENT_DIGEST, embedder=embedder.id).close()
        return
    documents = [load_document(path) for path in document_paths(content)]
    build_index(index, documents=documents, content=CONTENT_DIGEST, embedder=embedder, rebuild=True)


def _give_up_rights() -> None:
    """Makes the superuser obey file modes like anybody else: no capability is left to this process."""
    if os.geteuid() == 0:
        header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        if ctypes.CDLL(None, use_errno=True).capset(header, none) != 0:
            raise OSError(ctypes.get_errno(), "capset")


if __name__ == "__main__":
    main()
