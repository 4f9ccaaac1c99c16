"""What can go wrong around an answer, as a tree; each message says how to mend it.

AdvisorError
├── SettingsError    a setting or the organisation profile is wrong (exit code 2)
└── StoreError       the answer store cannot be used (exit code 4; nothing recorded is lost)
    └── AnswerNotKept    no kept answer, or more than one, has the id given (exit code 2)
"""

import traceback
from pathlib import Path


class AdvisorError(Exception):
    """Something around the advisor needs mending; the message says how."""


class SettingsError(AdvisorError):
    """A setting or the organisation profile is wrong."""


class StoreError(AdvisorError):
    """The answer store cannot be used."""


class AnswerNotKept(StoreError):
    """No kept answer, or more than one, has the id given."""


def place_of(error: BaseException) -> str:
    """Which error and where; its own words are left out, for they may hold a question's."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}"
