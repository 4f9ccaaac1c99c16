"""Says how to mend an index that SQLite, Chroma or the disk refuses to use."""

from __future__ import annotations

BUILDING = 'Free some space there or check who may write there, then run "advisor kb index".'
"""The mend of whatever stops a build."""

_REBUILD = 'Run "advisor kb index --rebuild".'
_OF_SIGN = {
    "readonly": "Searching writes there too: make the folder writable, or set ADVISOR_HOME to one that is.",
    "unable to open": "Check who may read and write there.",
    "disk is full": "Free some space there.",
    "disk i/o error": "Free some space there, or check the disk.",
    "is locked": "Close the program that holds it and try again.",
}
"""What SQLite says, here or inside Chroma, to the mend."""


def mend_of(problem: object) -> str:
    """The mend of what stopped a search; by default to build the index from nothing."""
    says = str(problem).lower()
    return next((mend for sign, mend in _OF_SIGN.items() if sign in says), _REBUILD)
