"""The words of the field, read from vocabulary.yaml: facets, values, roles and words shown."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from knowledge.errors import VocabularyError
from knowledge.models import FrozenModel

VOCABULARY = Path(__file__).parent / "vocabulary.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Value(FrozenModel):
    """One value of a facet and how practitioners say it."""

    label: str
    words: tuple[str, ...] = ()
    like: tuple[str, ...] = ()


class Facet(FrozenModel):
    label: str
    ask: str
    why: str
    values: dict[str, Value]


class Role(FrozenModel):
    label: str
    words: tuple[str, ...] = ()


class Vocabulary(FrozenModel):
    facets: dict[str, Facet]
    cues: dict[str, tuple[str, ...]] = {}
    """Phrases before or after a noun that tell who holds, who receives and who only spoke."""
    negations: tuple[str, ...] = ()
    roles: dict[str, Role]

    def label(self, facet: str, value: str) -> str:
        """How a value is shown to people."""
        return self.facets[facet].values[value].label


@cache
def load_vocabulary(path: Path = VOCABULARY) -> Vocabulary:
    """The vocabulary.

    Raises:
        VocabularyError: when the file cannot be read or a field is unknown.
    """
    try:
        fields = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - safe in either case
        return Vocabulary.model_validate(fields)
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise VocabularyError(f"{path} cannot be used: {error}. Restore it from the package.") from error
