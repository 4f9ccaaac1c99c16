"""Imports one source at a time: it becomes a whole draft or is refused with its reason."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from knowledge.errors import CurationRefused, DocumentError, FileChanged, ImportRefused
from knowledge.importing.drafts import Choices, Imported, draft, name_of
from knowledge.importing.fetching import Bounds, fetch, is_url
from knowledge.importing.finding import files_of
from knowledge.importing.reading import take

Progress = Callable[[int, int], None]
"""Called with pages done and pages in all, for a source that has pages."""
Source = str | Path
"""An address on the web, or a file."""


def found(sources: Sequence[str]) -> list[Source | ImportRefused]:
    """Every address and file that the names given stand for, those in folders one by one."""
    each: list[Source | ImportRefused] = []
    for source in sources:
        each += [source] if is_url(source) else files_of(Path(source))
    return each


class Importer:
    """Imports with one set of choices; ids made up on the way differ from each other and from the bundled ones."""

    def __init__(
        self, choices: Choices, *, bundled: Iterable[str] = (), agent: str, bounds: Bounds | None = None
    ) -> None:
        self._choices, self._agent, self._bounds = choices, agent, bounds or Bounds()
        self._used = set(bundled)

    def run(self, source: Source, *, progress: Progress | None = None) -> Imported:
        """Writes the draft of one source.

        Raises:
            ImportRefused: with the source's name and the reason; nothing of it was written.
        """
        try:
            if isinstance(source, Path):
                return self._drafted(source, source=str(source), url=source.name, progress=progress)
            return self._page(source, progress)
        except ImportRefused as refused:
            raise ImportRefused(refused.reason, source=str(source)) from refused
        except (CurationRefused, DocumentError, FileChanged) as error:
            raise ImportRefused(str(error), source=str(source)) from error

    def _page(self, url: str, progress: Progress | None) -> Imported:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            fetched = fetch(url, folder=Path(folder), agent=self._agent, bounds=self._bounds)
            return self._drafted(fetched.path, source=url, url=fetched.url, progress=progress)

    def _drafted(self, path: Path, *, source: str, url: str, progress: Progress | None) -> Imported:
        # The id is taken even when the source is refused, so that importing a folder again gives each the same.
        name = name_of(source, choices=self._choices, used=self._used)
        self._used.add(name)
        return draft(take(path, progress=progress), name=name, source=source, url=url, choices=self._choices)
