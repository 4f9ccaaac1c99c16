"""Builds the index beside the one in use, swaps it in at once, and opens it only when it fits and is whole.

On disk, under one folder: ``current`` names the version in use; ``versions/NAME`` holds the Chroma client's
files, ``catalogue.sqlite3`` and ``manifest.json``. A build that is killed leaves ``current`` as it was.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Collection, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.building import CATALOGUE, VECTORS, Sources, fill
from knowledge.building import Progress as Progress
from knowledge.chunking import CUTTING, Cutting
from knowledge.embedding import Embedder, file_digest
from knowledge.errors import DocumentError, IndexBroken, IndexError_, IndexMissing, IndexStale
from knowledge.lexical import Catalogue
from knowledge.mending import BUILDING
from knowledge.models import Document, FrozenModel, State
from knowledge.vectors import Space, VectorReader, VectorStore, copy_vectors, segment_files

FORMAT = "6"
"""Changes when what is stored or how a file is parsed changes: an older index is rebuilt, never misread."""

_MANIFEST = "manifest.json"
_NAME = re.compile(r"[0-9a-f]{12}")


class Manifest(FrozenModel):
    """What an index was built from, and what it must hold."""

    format: str
    content: str
    """Digest of the documents' files and the vocabulary."""
    embedder: str
    documents: int
    chunks: int
    as_of: date | None = None
    """The day on which a document was last reviewed; none where there is no document."""
    vectors: dict[Space, int]
    """How many there are in each space."""
    files: dict[str, str]
    """SHA-256 by path of every file that searching leaves as it is: Chroma crashes on vectors that are damaged."""


class Index:
    """Documents, chunks and their vectors, open for reading."""

    def __init__(self, *, catalogue: Catalogue, vectors: VectorReader, manifest: Manifest) -> None:
        self.catalogue, self.vectors, self.manifest = catalogue, vectors, manifest

    def close(self) -> None:
        self.catalogue.close()
        self.vectors.close()


def open_index(folder: Path, *, content: str, embedder: str) -> Index:
    """The index in use, if it was built from this content by this embedder.

    Raises:
        IndexMissing: none has been built.
        IndexStale: the documents, the vocabulary, the model or the format changed since.
        IndexBroken: it cannot be read, or is not what was built.
    """
    version = current_version(folder)
    manifest = read_manifest(version)
    changed = [
        what
        for what, was, now in (
            ("the documents or the vocabulary", manifest.content, content),
            ("the embedding model", manifest.embedder, embedder),
        )
        if was != now
    ]
    if changed:
        raise _stale(changed)
    check_files(version, manifest)
    vectors = VectorStore(version / VECTORS)
    try:
        vectors.check(manifest.vectors)
        return Index(catalogue=Catalogue(version / CATALOGUE), vectors=vectors, manifest=manifest)
    except IndexBroken:
        vectors.close()
        raise


def current_version(folder: Path) -> Path:
    """The folder of the version in use.

    Raises:
        IndexMissing: none has been built.
        IndexBroken: which one it is cannot be read.
    """
    try:
        name = (folder / "current").read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError as error:
        raise IndexMissing(f'No index at {folder}. Run "advisor kb index".') from error
    except OSError as error:
        raise IndexBroken(f"The index at {folder} cannot be read: {error}. Check who may read that folder.") from error
    if not _NAME.fullmatch(name):
        raise _damaged(folder / "current")
    return folder / "versions" / name


def read_manifest(version: Path) -> Manifest:
    """What a version was built from.

    Raises:
        IndexStale: it is of another format.
        IndexBroken: it is not there or not readable.
    """
    try:
        fields = json.loads((version / _MANIFEST).read_bytes())
        if isinstance(fields, dict) and fields.get("format", FORMAT) != FORMAT:
            raise _stale(["the index format"])
        return Manifest.model_validate(fields)
    except (OSError, ValueError) as error:
        raise _damaged(version / _MANIFEST) from error


def check_files(version: Path, manifest: Manifest) -> None:
    """Makes sure that the files are those that were built.

    Raises:
        IndexBroken: naming the first that is not.
    """
    for name, digest in manifest.files.items():
        try:
            is_whole = file_digest(version / name) == digest
        except OSError as error:
            raise _damaged(version / name) from error
        if not is_whole:
            raise _damaged(version / name)


def _stale(changed: Sequence[str]) -> IndexStale:
    return IndexStale(f'The index does not match: {" and ".join(changed)} changed. Run "advisor kb index".')


def _damaged(path: Path) -> IndexBroken:
    return IndexBroken(f'The index is damaged: {path} is not what was built. Run "advisor kb index".')


def build_index(
    folder: Path,
    *,
    documents: Sequence[Document],
    content: str,
    embedder: Embedder,
    phrases: Sequence[tuple[str, str]] = (),
    progress: Progress | None = None,
    rebuild: bool = False,
    base: Path | None = None,
    cutting: Cutting = CUTTING,
) -> Manifest:
    """Builds a new version from approved documents and swaps it in; only what changed is embedded again.

    ``phrases`` are (name, text) pairs of the vocabulary, embedded so that a question can be read by meaning. ``base``
    is the folder of another index, from which the first version here takes over what it shares with it. ``cutting``
    other than the usual is for a folder where nothing was built before.

    Raises:
        DocumentError: two documents have the same id.
        IndexBroken: the disk refuses, or another build is running; the version in use is untouched.
    """
    approved = [document for document in documents if document.state is State.APPROVED]
    _refuse_duplicates(approved)
    building = _Building(folder, content=content, embedder=embedder, progress=progress, base=base)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".building", timeout=0):
            return building.run(Sources(approved, dict(phrases), cutting), rebuild=rebuild)
    except Timeout as error:
        raise IndexBroken(f"Another process is building the index at {folder}. Wait for it and try again.") from error
    except OSError as error:
        raise IndexBroken(f"The index at {folder} cannot be written: {_cause(error)}. {BUILDING}") from error


def indexed_documents(folder: Path) -> dict[str, Document]:
    """The documents of the version in use, by the SHA-256 of their files; none when it is missing or not whole."""
    try:
        version = current_version(folder)
        manifest = read_manifest(version)
        check_files(version, manifest.model_copy(update={"files": {CATALOGUE: manifest.files[CATALOGUE]}}))
        with closing(Catalogue(version / CATALOGUE)) as catalogue:
            return {document.digest: document for document in catalogue.documents()}
    except (IndexError_, KeyError, ValueError):
        return {}


def _refuse_duplicates(documents: Sequence[Document]) -> None:
    first: dict[str, Document] = {}
    for document in documents:
        if first.setdefault(document.id, document) is not document:
            message = f"id {document.id!r} is already used by {first[document.id].path}: give this one its own"
            raise DocumentError(message, path=document.path)


def _cause(error: OSError) -> str:
    """What the disk said; copying a folder reports every file, of which one is enough."""
    return str(error.args[0][0][2]) if isinstance(error, shutil.Error) else str(error)


class _Building:
    """One build, under the lock: prepare beside, swap, tidy."""

    def __init__(
        self, folder: Path, *, content: str, embedder: Embedder, progress: Progress | None, base: Path | None
    ) -> None:
        self._folder, self._versions, self._base = folder, folder / "versions", base
        self._content, self._embedder, self._progress = content, embedder, progress

    def run(self, sources: Sources, *, rebuild: bool) -> Manifest:
        self._tidy(keep={path.parent.name for path in self._versions.glob(f"*/{_MANIFEST}")})
        previous = None if rebuild else self._reusable(self._folder)
        if previous is None and self._base is not None and not rebuild:
            previous = self._reusable(self._base)
        if previous:
            try:
                return self._finish(sources, previous)
            except IndexBroken:
                pass  # What it was copied from is damaged in a way that only using it shows: from nothing, then.
        return self._finish(sources, None)

    def _reusable(self, folder: Path) -> Path | None:
        """The version in use in a folder, when it is whole and of this format and embedder."""
        try:
            version = current_version(folder)
            manifest = read_manifest(version)
            check_files(version, manifest)
        except (IndexMissing, IndexStale, IndexBroken):
            return None
        return version if manifest.embedder == self._embedder.id else None

    def _finish(self, sources: Sources, previous: Path | None) -> Manifest:
        version = self._versions / uuid.uuid4().hex[:12]
        try:
            manifest = self._prepare(version, sources, previous)
            before = _name_in_use(self._folder)
            _swap(self._folder, version.name)
        except BaseException:  # Ctrl-C too: half a version is of no use to anyone.
            shutil.rmtree(version, ignore_errors=True)
            raise
        self._tidy(keep={before, version.name})
        return manifest

    def _prepare(self, version: Path, sources: Sources, previous: Path | None) -> Manifest:
        version.mkdir(parents=True)
        if previous:
            copy_vectors(previous / VECTORS, version / VECTORS)
            shutil.copyfile(previous / CATALOGUE, version / CATALOGUE)
        counts = fill(version, sources, embedder=self._embedder, progress=self._progress)
        files = (version / CATALOGUE, *segment_files(version / VECTORS))
        manifest = Manifest(
            format=FORMAT,
            content=self._content,
            embedder=self._embedder.id,
            **counts._asdict(),
            as_of=max((document.reviewed for document in sources.documents), default=None),
            files={path.relative_to(version).as_posix(): file_digest(path) for path in files},
        )
        (version / _MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        return manifest

    def _tidy(self, *, keep: Collection[str]) -> None:
        """Removes what builds left: the version before is kept, because a reader may hold it open."""
        for path in self._versions.glob("*"):
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)
        for path in self._folder.glob(".current-*"):
            path.unlink(missing_ok=True)


def _name_in_use(folder: Path) -> str:
    try:
        return current_version(folder).name
    except (IndexMissing, IndexBroken):
        return ""


def _swap(folder: Path, name: str) -> None:
    beside = folder / f".current-{name}"
    with beside.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, folder / "current")
