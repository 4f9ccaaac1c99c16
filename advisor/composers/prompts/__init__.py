"""The instructions a language model is given: files with a version, named in an answer by their digest."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from knowledge.models import FrozenModel

_FOLDER = Path(__file__).parent


class Prompt(FrozenModel):
    """One file of instructions."""

    name: str
    version: int
    text: str
    digest: str
    """SHA-256 of the file."""


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt of that name; the first line of its file is its version."""
    raw = (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
    first, _, text = raw.partition("\n")
    version = int(first.removeprefix("<!-- version ").removesuffix(" -->"))
    return Prompt(name=name, version=version, text=text.strip(), digest=hashlib.sha256(raw.encode()).hexdigest())
