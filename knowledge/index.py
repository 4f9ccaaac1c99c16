"""Builds the index beside the one in use, swaps it in at once, and opens it only when it fits.

On disk, under one folder: ``current`` names the version in use; ``versions/NAME`` holds the Chroma client's
files, ``catalogue.sqlite3`` and ``manifest.json``. A build that is killed leaves ``current`` as it was.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.chunking import Chunk, chunk
from knowledge.embedding import Embedder
from knowledge.errors import IndexBroken, IndexMissing, IndexStale
from knowledge.lexical import Catalogue
from knowledge.models import Document, FrozenModel, State
from knowledge.vectors import Space, VectorStore

FORMAT = "3"
"""Changes when what is stored changes, so that an index of an older version is rebuilt, never misread."""

Progress = Callable[[int, int], None]
"""Hears how many texts are embedded, and of how many."""


class Manifest(FrozenModel):
    """What an index was built from."""

    format: str
    content: str
    """Digest of the documents' files and the vocabulary."""
    embedder: str
    documents: int
    chunks: int


class Index:
    """Documents, chunks and their vectors, open for reading."""

    def __init__(self, *, catalogue: Catalogue, vectors: VectorStore, manifest: Manifest) -> None:
        self.catalogue, self.vectors, self.manifest = catalogue, vectors, manifest

    def close(self) -> None:
        self.catalogue.close()
        self.vectors.close()


def open_index(folder: Path, *, content: str, embedder: str) -> Index:
    """The index in use, if it was built from this content by this embedder.

    Raises:
        IndexMissing: none has been built.
        IndexStale: the documents, the vocabulary or the model changed since.
        IndexBroken: it cannot be read.
    """
    version = current_version(folder)
    manifest = read_manifest(version)
    changed = [
        what
        for what, was, now in (
            ("the documents", manifest.content, content),
            ("the embedding model", manifest.embedder, embedder),
            ("the index format", manifest.format, FORMAT),
        )
        if was != now
    ]
    if changed:
        raise IndexStale(f'The index does not match: {" and ".join(changed)} changed. Run "advisor kb index".')
    catalogue = Catalogue(version / "catalogue.sqlite3")
    return Index(catalogue=catalogue, vectors=VectorStore(version / "vectors"), manifest=manifest)


def current_version(folder: Path) -> Path:
    """The folder of the version in use.

    Raises:
        IndexMissing: none has been built.
    """
    try:
        name = (folder / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise IndexMissing(f'No index at {folder}. Run "advisor kb index".') from error
    except OSError as error:
        raise IndexBroken(f"The index at {folder} cannot be read: {error}. Check who may read that folder.") from error
    return folder / "versions" / name


def read_manifest(version: Path) -> Manifest:
    """What a version was built from.

    Raises:
        IndexBroken: when it is not there or not readable.
    """
    try:
        return Manifest.model_validate_json((version / "manifest.json").read_bytes())
    except (OSError, ValueError) as error:
        raise IndexBroken(f'The index at {version} is damaged. Run "advisor kb index --rebuild".') from error


def build_index(
    folder: Path,
    *,
    documents: Sequence[Document],
    content: str,
    embedder: Embedder,
    phrases: Sequence[tuple[str, str]] = (),
    progress: Progress | None = None,
    rebuild: bool = False,
) -> Manifest:
    """Builds a new version from approved documents and swaps it in; only what changed is embedded again.

    ``phrases`` are (name, text) pairs of the vocabulary, embedded so that a question can be read by meaning.

    Raises:
        IndexBroken: when the disk refuses; the version in use is untouched.
    """
    name = uuid.uuid4().hex[:12]
    version = folder / "versions" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".building", timeout=0):
            return _build_and_swap(
                folder, version, documents=documents, content=content, embedder=embedder, phrases=phrases,
                progress=progress, rebuild=rebuild,
            )
    except Timeout as error:
        raise IndexBroken(f"Another process is building the index at {folder}. Wait for it and try again.") from error
    except OSError as error:
        raise IndexBroken(f"The index at {folder} cannot be written: {error}. Free space or check rights there.") from error


def _build_and_swap(
    folder: Path, version: Path, *, documents: Sequence[Document], content: str, embedder: Embedder,
    phrases: Sequence[tuple[str, str]], progress: Progress | None, rebuild: bool,
) -> Manifest:
    try:
        approved = [document for document in documents if document.state is State.APPROVED]
        previous = None if rebuild else _reusable(folder, embedder=embedder)
        builder = _Builder(version, embedder=embedder, previous=previous, progress=progress)
        manifest = builder.build(approved, content=content, phrases=phrases)
        _swap(folder, version.name)
        return manifest
    finally:
        _tidy(folder)


def _reusable(folder: Path, *, embedder: Embedder) -> Path | None:
    try:
        version = current_version(folder)
        manifest = read_manifest(version)
        Catalogue(version / "catalogue.sqlite3").close()
    except (IndexMissing, IndexBroken):
        return None
    return version if (manifest.embedder, manifest.format) == (embedder.id, FORMAT) else None


class _Builder:
    """Fills one new version, starting from a copy of the previous one where there is one."""

    def __init__(
        self, version: Path, *, embedder: Embedder, previous: Path | None, progress: Progress | None
    ) -> None:
        self._version, self._embedder, self._progress = version, embedder, progress
        version.parent.mkdir(parents=True, exist_ok=True)
        if previous:
            shutil.copytree(previous, version)
            (version / "manifest.json").unlink(missing_ok=True)
        else:
            version.mkdir()
        self._catalogue = Catalogue(version / "catalogue.sqlite3", create=previous is None)
        self._vectors = VectorStore(version / "vectors")

    def build(self, documents: Sequence[Document], *, content: str, phrases: Sequence[tuple[str, str]]) -> Manifest:
        try:
            self._remove_old(documents)
            self._add_new(documents, phrases=phrases)
            self._catalogue.learn_words()
            self._catalogue.commit()
            counts = self._catalogue.count()
        finally:
            self._catalogue.close()
            self._vectors.close()
        manifest = Manifest(
            format=FORMAT, content=content, embedder=self._embedder.id, documents=counts[0], chunks=counts[1]
        )
        (self._version / "manifest.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        return manifest

    def _remove_old(self, documents: Sequence[Document]) -> None:
        wanted = {document.id: document for document in documents}
        for name in self._catalogue.digests():
            stored = self._catalogue.document(name)
            if stored is None or stored == wanted.get(name):
                continue
            self._vectors.remove(Space.CHUNKS, names=self._catalogue.chunk_ids(name))
            self._vectors.remove(Space.QUESTIONS, names=question_names(stored))
            self._vectors.remove(Space.BULLETS, names=bullet_names(stored))
            self._catalogue.remove(name)

    def _add_new(self, documents: Sequence[Document], *, phrases: Sequence[tuple[str, str]]) -> None:
        kept = set(self._catalogue.digests())
        texts: dict[Space, list[tuple[str, str]]] = {space: [] for space in Space}
        for document in documents:
            if document.id in kept:
                continue
            chunks = chunk(document)
            self._catalogue.add(document, chunks=chunks)
            for space, pairs in _texts(document, chunks).items():
                texts[space] += pairs
        if self._vectors.count(Space.PHRASES) != len(phrases) or not kept:
            texts[Space.PHRASES] = list(phrases)
        self._embed(texts)

    def _embed(self, texts: dict[Space, list[tuple[str, str]]]) -> None:
        total, done = sum(map(len, texts.values())), 0

        def advance(more: int) -> None:
            nonlocal done
            done += more
            if self._progress:
                self._progress(done, total)

        for space, pairs in texts.items():
            if pairs:
                vectors = self._embedder.embed([text for _, text in pairs], progress=advance)
                self._vectors.add(space, names=[name for name, _ in pairs], vectors=vectors)


def _texts(document: Document, chunks: Sequence[Chunk]) -> dict[Space, list[tuple[str, str]]]:
    return {
        Space.CHUNKS: [(chunk.id, chunk.embedded) for chunk in chunks],
        Space.QUESTIONS: list(zip(question_names(document), document.questions, strict=True)),
        Space.BULLETS: [
            (name, bullet.text) for name, bullet in zip(bullet_names(document), document.bullets(), strict=True)
        ],
    }


def question_names(document: Document) -> list[str]:
    """The vector names of a document's example questions."""
    return [f"{document.id}?{number}" for number in range(len(document.questions))]


def bullet_names(document: Document) -> list[str]:
    """The vector names of a document's bullets, in reading order."""
    return [f"{document.id}*{number}" for number in range(len(document.bullets()))]


def _swap(folder: Path, name: str) -> None:
    beside = folder / f".current-{name}"
    with beside.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, folder / "current")


def _tidy(folder: Path) -> None:
    """Removes versions that are neither in use nor the one before, which a reader may still hold open."""
    versions = folder / "versions"
    if not versions.is_dir():
        return
    current = (folder / "current").read_text(encoding="utf-8").strip() if (folder / "current").exists() else ""
    finished = sorted(
        (path for path in versions.iterdir() if path.name != current), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for number, path in enumerate(finished):
        if number > 0 or not (path / "manifest.json").exists():
            shutil.rmtree(path, ignore_errors=True)


