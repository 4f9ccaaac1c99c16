"""The index when its vectors are on a Chroma server: published from one place, its words indexed by each reader."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from knowledge.building import VECTORS
from knowledge.chunking import chunk
from knowledge.errors import IndexBroken, IndexMissing, IndexStale, ServerAway
from knowledge.index import FORMAT, Index, Manifest, current_version
from knowledge.lexical import Catalogue
from knowledge.models import Document, State
from knowledge.server import BUILD_WITHIN, ChromaServer, Published, SharedVectors
from knowledge.vectors import VectorStore

_KEPT = 2
"""Catalogues kept in a folder: the one in use and the one before, which a question may be reading."""


def publish(folder: Path, *, url: str, manifest: Manifest) -> None:
    """Copies the vectors of the index in a folder to the server, and makes all readers use them.

    Raises:
        IndexError_: when either side fails; the version in use stays so.
    """
    server = ChromaServer(url, answer_within=BUILD_WITHIN)
    vectors = VectorStore(current_version(folder) / VECTORS)
    try:
        told = manifest.model_copy(update={"files": {}}).model_dump_json()
        server.publish(vectors, manifest=told)
    finally:
        vectors.close()
        server.close()


def open_shared(
    folder: Path,
    *,
    server: ChromaServer,
    content: str,
    embedder: str,
    documents: Callable[[], Sequence[Document]],
) -> Index:
    """The index over the vectors on the server, or by words alone while it is away.

    ``folder`` is where the words of these documents are indexed, once for each state of them; ``documents`` reads them.

    Raises:
        IndexMissing: nothing was published there.
        IndexStale: it was built from other documents, by another model or in another format.
        IndexBroken: it holds less than was published, or the folder cannot be written.
    """
    try:
        published = server.published()
        manifest = _fitting(published, server=server, content=content, embedder=embedder)
        vectors = SharedVectors(server, published.version if published else None)
        if vectors.counts() != manifest.vectors:
            raise IndexBroken(f'{server.url} does not hold all vectors. Run "advisor kb index" where it is built.')
    except ServerAway:
        vectors, manifest = SharedVectors(server, None), None
    catalogue = _catalogue(folder, content=content, documents=documents)
    count, chunks = catalogue.count()
    manifest = manifest or Manifest(
        format=FORMAT,
        content=content,
        embedder=embedder,
        documents=count,
        chunks=chunks,
        as_of=max((document.reviewed for document in catalogue.documents()), default=None),
        vectors={},
        files={},
    )
    return Index(catalogue=catalogue, vectors=vectors, manifest=manifest)


def _fitting(published: Published | None, *, server: ChromaServer, content: str, embedder: str) -> Manifest:
    mend = 'run "advisor kb index" where the index is built'
    if published is None:
        raise IndexMissing(f"No index on the Chroma server at {server.url}: {mend}.")
    try:
        manifest = Manifest.model_validate_json(published.manifest)
    except ValidationError as error:
        raise IndexStale(f"The index at {server.url} is of another format: update this advisor, or {mend}.") from error
    for what, theirs, ours in (
        ("index format", manifest.format, FORMAT),
        ("embedding model", manifest.embedder, embedder),
        ("documents", manifest.content, content),
    ):
        if theirs != ours:
            raise IndexStale(f"The index at {server.url} is of other {what} than here: update them here, or {mend}.")
    return manifest


def _catalogue(folder: Path, *, content: str, documents: Callable[[], Sequence[Document]]) -> Catalogue:
    """The words of these documents, indexed now unless they are already."""
    path = folder / f"{content[:16]}.{FORMAT}.sqlite3"
    try:
        if path.exists():
            catalogue = Catalogue(path)
            try:
                catalogue.count()
                return catalogue
            except IndexBroken:  # Nothing is lost by making it again.
                catalogue.close()
        folder.mkdir(parents=True, exist_ok=True)
        _write_catalogue(path, documents())
        _tidy(folder, but=path)
        return Catalogue(path)
    except OSError as error:
        raise IndexBroken(f"{folder} cannot be written: {error}. Free some space, or set ADVISOR_HOME.") from error


def _write_catalogue(path: Path, documents: Sequence[Document]) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".words-") as beside:
        made = Path(beside) / path.name
        catalogue = Catalogue(made, write=True)
        try:
            for document in documents:
                if document.state is State.APPROVED:
                    catalogue.add(document, chunks=chunk(document))
            catalogue.commit()
        finally:
            catalogue.close()
        os.replace(made, path)


def _tidy(folder: Path, *, but: Path) -> None:
    others = [path for path in folder.glob("*.sqlite3") if path != but]
    others.sort(key=lambda path: path.stat().st_mtime)
    for path in others[: max(0, len(others) - _KEPT + 1)]:
        path.unlink(missing_ok=True)
