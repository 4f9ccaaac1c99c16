"""From what a run is made: revision, digests, settings, package versions."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import JsonValue

import advisor
import evals
import knowledge
from advisor.wiring import Workshop
from evals.cases import Case, Part
from evals.intervals import SEED
from evals.runs import KnowledgeSeen, Stamp, SuiteStamp

Chosen = Mapping[str, Sequence[Case]]
"""Suite to the cases of it that are asked, in order."""
_SETTINGS = ("model", "precision")
"""Settings that answers depend on. Paths, addresses and secrets are never among them."""
_PACKAGES = ("can-i-share", "chromadb", "numpy", "onnxruntime", "pydantic", "tokenizers")
_SOURCES = (".py", ".yaml", ".json", ".txt")


def make_stamp(workshop: Workshop, chosen: Chosen, *, part: Part | None, documents: int, jobs: int = 1) -> Stamp:
    """The stamp of a run that begins now."""
    seen: dict[str, object] = {
        "part": part.value if part else None,
        "suites": {name: SuiteStamp(digest=_digest_of(cases), cases=len(cases)) for name, cases in chosen.items()},
        "code": code_digest(),
        "knowledge": KnowledgeSeen(digest=workshop.content, documents=documents),
        "settings": settings_of(workshop),
        "packages": {name: _version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "seed": SEED,
        "today": date.today(),
    }
    stamp = Stamp.model_validate(
        {
            **seen,
            "inputs": "",
            "revision": revision(),
            "started": datetime.now(UTC).replace(microsecond=0),
            "jobs": jobs,
        }
    )
    return stamp.model_copy(update={"inputs": _inputs(stamp)})


def _inputs(stamp: Stamp) -> str:
    beside = {"inputs", "revision", "started", "finished", "jobs", "peak_memory_mb"}
    body = {**stamp.model_dump(mode="json", exclude=beside), "knowledge": stamp.knowledge.digest}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def settings_of(workshop: Workshop) -> dict[str, JsonValue]:
    """The settings and what of the organisation's profile answers depend on."""
    given = workshop.settings.model_dump(mode="json")
    named = {name: given[name] for name in _SETTINGS if name in given}
    return {**named, "llm": workshop.llm, "profile": {**workshop.profile.facets()}}


@cache
def code_digest() -> str:
    """SHA-256 of every source file that an answer or a score depends on, as this process met them."""
    total = hashlib.sha256()
    for package in (advisor, knowledge, evals):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*")):
            inner = path.relative_to(folder)
            if path.suffix in _SOURCES and inner.parts[0] not in ("content", "suites", "baselines"):
                total.update(f"{folder.name}/{inner.as_posix()}\0".encode() + path.read_bytes())
    return total.hexdigest()


def revision() -> str:
    """The git revision of the source, with ``+changes`` when files differ from it; ``unknown`` without git."""
    git, folder = shutil.which("git"), Path(__file__).parent
    if git is None:
        return "unknown"
    head = _said([git, "-C", str(folder), "rev-parse", "HEAD"])
    changed = _said([git, "-C", str(folder), "status", "--porcelain", "--", ".", "../advisor", "../knowledge"])
    return f"{head[:12]}{'+changes' if changed else ''}" if head else "unknown"


def _said(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - git, by its full path
    return done.stdout.strip() if done.returncode == 0 else ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _digest_of(cases: Sequence[Case]) -> str:
    return hashlib.sha256("\n".join(case.model_dump_json() for case in cases).encode()).hexdigest()
