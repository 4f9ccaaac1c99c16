from __future__ import annotations

import pytest

from knowledge.mending import mend_of


@pytest.mark.parametrize(
    ("problem", "mend"),
    [
        ("attempt to write a readonly database", "make the folder writable"),
        ("unable to open database file", "Check who may read and write there"),
        ("error returned from database: (code: 13) database or disk is full", "Free some space"),
        ("(code: 778) disk I/O error", "Free some space there, or check the disk"),
        ("database is locked", "Close the program that holds it"),
        ("database disk image is malformed", 'Run "advisor kb index --rebuild"'),
        ("", 'Run "advisor kb index --rebuild"'),
    ],
)
def test_the_mend_fits_what_is_wrong(problem: str, mend: str) -> None:
    assert mend in mend_of(OSError(problem))
