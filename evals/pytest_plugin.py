"""A pytest plug-in: a team's own cases run as tests in their own CI.

Every file named ``*.cases.yaml`` or ``*.cases.jsonl`` that pytest meets is a suite, and each of its cases a test,
which fails with the reasons that ``advisor eval run`` would give. The advisor is set up once a session from the
environment, as for every other command: build the index first (``advisor kb index``). The fixture ``ask_advisor``
gives tests in Python the same advisor: ``ask_advisor("Can I tell the police?").escalation.roles``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from advisor.models import Answer
    from evals.asking import Asker
    from evals.cases import Case, Suite

_ENDINGS = (".cases.yaml", ".cases.jsonl")
_ASKER = pytest.StashKey["Asker"]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A suite for each file of cases."""
    if file_path.name.endswith(_ENDINGS):
        return CaseFile.from_parent(parent, path=file_path)
    return None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Closes the index, when it was opened."""
    if _ASKER in config.stash:
        config.stash[_ASKER].close()


@pytest.fixture(scope="session")
def ask_advisor(request: pytest.FixtureRequest) -> Callable[..., Answer]:
    """Asks the advisor that the environment sets up: ``ask_advisor(question, nation=None, sector=None)``."""
    from evals.cases import Case  # noqa: PLC0415 - only tests that ask pay for the advisor

    asker = _asker(request.config)

    def ask(question: str, **given: Any) -> Answer:
        record, _ = asker.ask(Case(id="asked", question=question, **given), suite="pytest")
        return record.answer

    return ask


class CaseFile(pytest.File):
    """One file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        from evals.errors import SuiteError  # noqa: PLC0415 - as above
        from evals.loading import load_suite  # noqa: PLC0415

        try:
            suite = load_suite(self.path)
        except SuiteError as error:
            raise self.CollectError(str(error)) from error
        for case in suite.cases:
            yield CaseItem.from_parent(self, name=case.id, case=case, suite=suite)


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, suite: Suite, **rest: Any) -> None:
        super().__init__(**rest)
        self._case, self._suite = case, suite

    def runtest(self) -> None:
        from evals.failing import failures  # noqa: PLC0415 - as above
        from evals.metrics.base import Asked  # noqa: PLC0415
        from evals.scoring import lines_of_case  # noqa: PLC0415

        record, timing = _asker(self.config).ask(self._case, suite=self._suite.suite)
        reasons = failures(lines_of_case(Asked(self._case, record, timing)))
        if reasons:
            raise CaseFailed("\n".join(reasons))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseFailed):
            return f"{self._suite.suite} {self._case.id}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self._suite.suite}: {self._case.id}"


class CaseFailed(Exception):
    """An answer is not what the case asks for."""


def _asker(config: pytest.Config) -> Asker:
    from advisor.settings import load_settings  # noqa: PLC0415 - as above
    from advisor.wiring import Workshop  # noqa: PLC0415
    from evals.asking import Asker  # noqa: PLC0415

    if _ASKER not in config.stash:
        config.stash[_ASKER] = Asker(Workshop(load_settings()))
    return config.stash[_ASKER]
