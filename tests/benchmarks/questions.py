"""The development questions of the core suite, as measurements need them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

from tests.benchmarks.children import ROOT

CORE = ROOT / "evals" / "suites" / "core.yaml"


class Case(NamedTuple):
    question: str
    nation: str | None
    sources: frozenset[str]


def core_cases(path: Path = CORE) -> list[Case]:
    """The development questions of the core suite that name sources."""
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
    return [
        Case(case["question"], case.get("nation"), frozenset(case["sources"]))
        for case in cases
        if case["split"] == "dev" and case.get("sources")
    ]
