from __future__ import annotations

import subprocess
import sys

from tests.project.sources import ROOT


def test_chroma_is_imported_and_the_marks_check_again_afterwards() -> None:
    code = """
import overrides
before = overrides.override, overrides.overrides
from knowledge.starting import import_chromadb
chromadb = import_chromadb()
assert (overrides.override, overrides.overrides) == before
assert chromadb.PersistentClient and import_chromadb() is chromadb
try:
    class Wrong:
        @overrides.override
        def nothing_of_that_name(self): ...
except TypeError:
    print("checked")
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "checked\n"
