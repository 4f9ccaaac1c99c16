"""What can go wrong around an evaluation, as a tree; each message says how to mend it.

EvaluationError
├── SuiteError     a suite or a case cannot be used (file and line)
├── RunError       a run or a baseline cannot be read, continued or compared
└── GateError      a file of thresholds cannot be used
"""

from advisor.errors import AdvisorError


class EvaluationError(AdvisorError):
    """Something around an evaluation needs mending; the message says how."""


class SuiteError(EvaluationError):
    """A suite or a case cannot be used."""

    def __init__(self, message: str, *, path: str, line: int = 1) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.message, self.path, self.line = message, path, line


class RunError(EvaluationError):
    """A run or a baseline cannot be read, continued or compared."""


class GateError(EvaluationError):
    """A file of thresholds cannot be used."""
