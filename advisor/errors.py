"""What can go wrong around an answer, as a tree; each message says how to mend it.

AdvisorError
├── SettingsError    a setting or the organisation profile is wrong (exit code 2)
├── CaseError        what was asked of a case cannot be done as it stands (exit code 2)
│   ├── CaseNotFound     no case, or more than one, has the id given
│   ├── Refused          the organisation's rules do not allow it to this person; that is recorded
│   ├── TakenAlready     somebody else was first, or the case is past that step
│   └── DecisionUnfinished   fields of a decision that nobody spoke to
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


class CaseError(AdvisorError):
    """What was asked of a case cannot be done as it stands."""


class CaseNotFound(CaseError):
    """No case of this workspace, or more than one, has the id given."""


class Refused(CaseError):
    """The organisation's rules do not allow it to this person; the refusal is recorded."""


class TakenAlready(CaseError):
    """Somebody else was first, or the case is past that step."""


class DecisionUnfinished(CaseError):
    """Fields of a decision that nobody spoke to."""

    def __init__(self, message: str, *, fields: tuple[str, ...]) -> None:
        super().__init__(message)
        self.fields = fields


def place_of(error: BaseException) -> str:
    """Which error and where; its own words are left out, for they may hold a question's."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}"
