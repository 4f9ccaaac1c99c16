from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from knowledge.embedding import Vectors
from knowledge.errors import DocumentError, IndexBroken, IndexMissing, IndexStale, ModelError
from knowledge.fakes import FakeEmbedder
from knowledge.index import Index, Manifest, build_index, current_version, indexed_documents, open_index
from knowledge.models import Bullet, Document
from knowledge.vectors import Space
from tests.small_content import CONTENT_DIGEST

PHRASES = [("purpose/find/0", "to find out where someone is")]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path, index_folder: Path) -> Path:
    """A copy of the shared index, which may be changed and damaged."""
    return shutil.copytree(index_folder, tmp_path / "home" / "index")


def _build(
    folder: Path,
    documents: Sequence[Document],
    *,
    embedder: FakeEmbedder | None = None,
    phrases: Sequence[tuple[str, str]] = PHRASES,
    content: str = CONTENT_DIGEST,
    rebuild: bool = False,
) -> Manifest:
    return build_index(
        folder,
        documents=documents,
        content=content,
        embedder=embedder or FakeEmbedder(),
        phrases=phrases,
        rebuild=rebuild,
    )


@contextmanager
def _opened(folder: Path) -> Iterator[Index]:
    with closing(open_index(folder, content=CONTENT_DIGEST, embedder=FakeEmbedder().id)) as index:
        yield index


def _everything(folder: Path) -> object:
    """All that an index answers with, for comparing two."""
    questions = [FakeEmbedder().embed([text])[0] for text in ("the police ask about a tenant", "a pupil moves school")]
    with _opened(folder) as index:
        near = [index.vectors.nearest_each(space, vectors=questions, limit=100) for space in Space]
        hits = index.catalogue.search("police asking about a tenant or pupil", limit=100)
        return list(index.catalogue.documents()), near, [hit.chunk for hit in hits], index.vectors.counts()


def _assert_answers(folder: Path) -> None:
    with _opened(folder) as index:
        assert index.catalogue.search("police", limit=1)
        assert index.vectors.nearest(Space.CHUNKS, vector=FakeEmbedder().embed(["police"])[0], limit=1)


# Building


def test_an_index_holds_every_approved_document_and_no_draft(index: Index, documents: tuple[Document, ...]) -> None:
    approved = [document for document in documents if document.state.value == "approved"]

    assert list(index.catalogue.documents()) == sorted(approved, key=lambda document: document.id)
    assert index.manifest.documents == len(approved) == 6
    assert index.vectors.counts() == {
        Space.CHUNKS: index.manifest.chunks,
        Space.QUESTIONS: sum(len(document.questions) for document in approved),
        Space.BULLETS: sum(len(document.bullets()) for document in approved),
        Space.PHRASES: 1,
    }


def test_every_vector_is_found_by_its_own_text_and_named_after_its_document(index: Index) -> None:
    document = index.catalogue.document("police-asking")
    assert document is not None
    bullet, question = document.bullets()[2], document.questions[1]

    for space, text, name in (
        (Space.BULLETS, bullet.text, "police-asking*2"),
        (Space.QUESTIONS, question, "police-asking?1"),
        (Space.PHRASES, PHRASES[0][1], PHRASES[0][0]),
    ):
        [(found, cosine)] = index.vectors.nearest(space, vector=FakeEmbedder().embed([text])[0], limit=1).items()
        assert (found, round(cosine, 5)) == (name, 1.0)


def test_progress_counts_every_text_to_the_total(tmp_path: Path, documents: tuple[Document, ...]) -> None:
    heard: list[tuple[int, int]] = []
    embedder = FakeEmbedder()

    build_index(
        tmp_path,
        documents=documents,
        content="",
        embedder=embedder,
        progress=lambda done, total: heard.append((done, total)),
    )

    total = len(embedder.embedded)
    assert heard == [(done, total) for done in range(1, total + 1)]


def test_the_same_documents_built_twice_answer_alike(
    tmp_path: Path, folder: Path, documents: tuple[Document, ...]
) -> None:
    _build(tmp_path / "other", documents)

    assert _everything(tmp_path / "other") == _everything(folder)


def test_an_index_of_no_documents_finds_nothing(tmp_path: Path) -> None:
    _build(tmp_path, [], phrases=[])

    with _opened(tmp_path) as index:
        assert list(index.catalogue.documents()) == []
        assert index.vectors.nearest(Space.CHUNKS, vector=FakeEmbedder().embed(["police"])[0], limit=5) == {}


def test_an_id_used_twice_stops_the_build_and_names_both_files(folder: Path, documents: tuple[Document, ...]) -> None:
    again = documents[0].model_copy(update={"path": "again.md"})

    with pytest.raises(DocumentError) as caught:
        _build(folder, [*documents, again])

    assert str(caught.value) == (
        f"again.md:1: id {again.id!r} is already used by {documents[0].path}: give this one its own"
    )
    _assert_answers(folder)


# Building again


def test_building_again_embeds_nothing_when_nothing_changed(folder: Path, documents: tuple[Document, ...]) -> None:
    embedder = FakeEmbedder()

    _build(folder, documents, embedder=embedder)

    assert embedder.embedded == []


def _changed(document: Document) -> Document:
    bullet = Bullet(text="Whoever asks about volcanoes is told to ask a geologist.", pinpoint="s 1")
    section = document.sections[0].model_copy(update={"bullets": (bullet,)})
    return document.model_copy(update={"sections": (section,), "questions": ("What of volcanoes?",)})


def test_building_again_embeds_only_the_texts_of_what_changed(folder: Path, documents: tuple[Document, ...]) -> None:
    first, *rest = documents
    changed, embedder = _changed(first), FakeEmbedder()

    _build(folder, [changed, *rest], embedder=embedder)

    [bullet] = changed.bullets()
    assert embedder.embedded == [
        f"{changed.title}. {changed.sections[0].heading}.\n{bullet.text}",
        changed.questions[0],
        bullet.text,
    ]


@pytest.mark.parametrize("change", ["changed", "removed", "withdrawn", "added"])
def test_an_index_built_on_is_the_same_as_one_built_from_nothing(
    tmp_path: Path, folder: Path, documents: tuple[Document, ...], change: str
) -> None:
    first, *rest = documents
    now = {
        "changed": [_changed(first), *rest],
        "removed": rest,
        "withdrawn": [first.model_copy(update={"state": "withdrawn"}), *rest],
        "added": [*documents, _changed(first).model_copy(update={"id": "added"})],
    }[change]

    _build(folder, now)
    _build(tmp_path / "fresh", now)

    assert _everything(folder) == _everything(tmp_path / "fresh")


def test_only_phrases_that_changed_are_embedded_again_and_those_gone_are_forgotten(
    folder: Path, documents: tuple[Document, ...]
) -> None:
    embedder = FakeEmbedder()

    _build(folder, documents, phrases=[("purpose/find/0", "to trace a person")], embedder=embedder)
    assert embedder.embedded == ["to trace a person"]

    _build(folder, documents, phrases=[*PHRASES, ("purpose/help/0", "to help")])
    _build(folder, documents, phrases=[("purpose/help/0", "to help")])
    with _opened(folder) as index:
        assert list(index.vectors.nearest(Space.PHRASES, vector=embedder.embed(["help"])[0], limit=9)) == [
            "purpose/help/0"
        ]


def test_a_rebuild_embeds_everything(folder: Path, documents: tuple[Document, ...]) -> None:
    embedder = FakeEmbedder()

    manifest = _build(folder, documents, embedder=embedder, rebuild=True)

    assert len(embedder.embedded) == sum(manifest.vectors.values())


def test_another_embedder_or_format_builds_from_nothing(
    folder: Path, documents: tuple[Document, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FakeEmbedder(dimension=16)
    manifest = _build(folder, documents, embedder=other)
    assert len(other.embedded) == sum(manifest.vectors.values())

    version = current_version(folder)
    older = manifest.model_copy(update={"format": "0"})
    (version / "manifest.json").write_text(older.model_dump_json())
    again = FakeEmbedder(dimension=16)
    _build(folder, documents, embedder=again)
    assert len(again.embedded) == len(other.embedded)


# Opening only what fits


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        open_index(tmp_path / "index", content="", embedder="")

    assert str(caught.value) == f'No index at {tmp_path / "index"}. Run "advisor kb index".'
    assert not (tmp_path / "index").exists()


def test_an_index_of_another_model_is_refused_as_stale(folder: Path) -> None:
    with pytest.raises(IndexStale) as caught:
        open_index(folder, content=CONTENT_DIGEST, embedder=FakeEmbedder(dimension=16).id)

    assert str(caught.value) == 'The index does not match: the embedding model changed. Run "advisor kb index".'


def test_an_index_of_other_documents_is_refused_as_stale(folder: Path) -> None:
    with pytest.raises(IndexStale) as caught:
        open_index(folder, content="changed since", embedder="another")

    assert str(caught.value) == (
        "The index does not match: the documents or the vocabulary and the embedding model changed. "
        'Run "advisor kb index".'
    )


def test_an_index_of_an_older_format_is_refused_as_stale(folder: Path) -> None:
    (current_version(folder) / "manifest.json").write_text('{"format": "0", "content": "content", "colour": "red"}')

    with pytest.raises(IndexStale) as caught, _opened(folder):
        pass

    assert str(caught.value) == 'The index does not match: the index format changed. Run "advisor kb index".'


# Damage


def _overwrite(path: Path) -> None:
    path.write_bytes(random.Random(0).randbytes(path.stat().st_size))  # noqa: S311 - noise, not a secret


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _one(folder: Path, pattern: str) -> Path:
    """The largest file or the folder of that name in the version in use."""
    return max(current_version(folder).glob(pattern), key=lambda path: path.stat().st_size)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "current is noise": lambda folder: (folder / "current").write_bytes(b"\xff\xfe\x00"),
    "current is empty": lambda folder: (folder / "current").write_bytes(b""),
    "current names what is gone": lambda folder: (folder / "current").write_text("0123456789ab"),
    "current points elsewhere": lambda folder: (folder / "current").write_text("../../../elsewhere"),
    "version is gone": lambda folder: shutil.rmtree(current_version(folder)),
    "manifest is gone": lambda folder: _one(folder, "manifest.json").unlink(),
    "manifest is noise": lambda folder: _overwrite(_one(folder, "manifest.json")),
    "manifest is cut short": lambda folder: _truncate(_one(folder, "manifest.json")),
    "manifest is other JSON": lambda folder: _one(folder, "manifest.json").write_text("[]"),
    "catalogue is gone": lambda folder: _one(folder, "catalogue.sqlite3").unlink(),
    "catalogue is empty": lambda folder: _one(folder, "catalogue.sqlite3").write_bytes(b""),
    "catalogue is noise": lambda folder: _overwrite(_one(folder, "catalogue.sqlite3")),
    "catalogue is cut short": lambda folder: _truncate(_one(folder, "catalogue.sqlite3")),
    "vectors are gone": lambda folder: shutil.rmtree(_one(folder, "vectors")),
    "vectors' database is gone": lambda folder: _one(folder, "vectors/chroma.sqlite3").unlink(),
    "vectors' database is empty": lambda folder: _one(folder, "vectors/chroma.sqlite3").write_bytes(b""),
    "vectors' database is noise": lambda folder: _overwrite(_one(folder, "vectors/chroma.sqlite3")),
    "vectors' database is cut short": lambda folder: _truncate(_one(folder, "vectors/chroma.sqlite3")),
    "one space of vectors is gone": lambda folder: shutil.rmtree(_one(folder, "vectors/*/data_level0.bin").parent),
    "vectors are noise": lambda folder: _overwrite(_one(folder, "vectors/*/data_level0.bin")),
    "vectors are cut short": lambda folder: _truncate(_one(folder, "vectors/*/data_level0.bin")),
    "vectors' links are noise": lambda folder: _overwrite(_one(folder, "vectors/*/length.bin")),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_index_is_refused_with_the_mend_and_the_next_build_mends_it(
    folder: Path, documents: tuple[Document, ...], damage: Callable[[Path], object]
) -> None:
    damage(folder)

    with pytest.raises(IndexBroken, match=r'Run "advisor kb index( --rebuild)?"\.$'), _opened(folder):
        pass

    _build(folder, documents)
    _assert_answers(folder)


# What goes wrong while building


class FailingEmbedder(FakeEmbedder):
    """Raises something after the first texts."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        if self.embedded:
            raise self._error
        return super().embed(texts, progress=progress)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ModelError("the model is gone")])
def test_a_build_that_is_stopped_leaves_the_index_as_it_was_and_nothing_behind(
    folder: Path, documents: tuple[Document, ...], error: BaseException
) -> None:
    before = sorted(path.name for path in (folder / "versions").iterdir())

    with pytest.raises(type(error)):
        _build(folder, documents, embedder=FailingEmbedder(error), rebuild=True)

    _assert_answers(folder)
    assert sorted(path.name for path in (folder / "versions").iterdir()) == before


@contextmanager
def _hanging_build(folder: Path, content: Path) -> Iterator[subprocess.Popen[str]]:
    """A build in another process that has got half way and stays there."""
    command = [sys.executable, "-m", "tests.index_process", "build", str(folder), str(content), "--hang"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "halfway\n"
            yield process
        finally:
            process.kill()


def test_answering_goes_on_while_an_index_is_built_and_a_second_build_is_refused(
    folder: Path, content: Path, documents: tuple[Document, ...]
) -> None:
    with _hanging_build(folder, content):
        _assert_answers(folder)

        with pytest.raises(IndexBroken) as caught:
            _build(folder, documents)

        assert str(caught.value) == (f"Another process is building the index at {folder}. Wait for it and try again.")
        _assert_answers(folder)


def test_a_build_killed_half_way_changes_nothing_and_the_next_one_clears_up(
    folder: Path, content: Path, documents: tuple[Document, ...]
) -> None:
    before = current_version(folder)
    with _hanging_build(folder, content) as process:
        process.send_signal(signal.SIGKILL)
    assert len(list((folder / "versions").iterdir())) == 2
    _assert_answers(folder)
    assert current_version(folder) == before

    _build(folder, documents)

    _assert_answers(folder)
    assert sorted((folder / "versions").iterdir()) == sorted([before, current_version(folder)])


def test_the_version_before_is_kept_for_whoever_has_it_open_and_no_older_one(
    folder: Path, documents: tuple[Document, ...]
) -> None:
    first = current_version(folder)
    with _opened(folder) as index:
        _build(folder, documents[:3])
        second = current_version(folder)

        assert {path.name for path in (folder / "versions").iterdir()} == {first.name, second.name}
        assert index.vectors.nearest(Space.BULLETS, vector=FakeEmbedder().embed(["police"])[0], limit=1)
        assert index.catalogue.count()[0] == 6

    _build(folder, documents)
    assert {path.name for path in (folder / "versions").iterdir()} == {second.name, current_version(folder).name}


def _in_a_process(task: str, folder: Path, content: Path, *options: str) -> str:
    command = [sys.executable, "-m", "tests.index_process", task, str(folder), str(content), *options]
    # A compiled module cut off by a limit on files would be left behind for later runs to fall over.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(  # noqa: S603 - our own
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.strip()


@contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    paths = [folder, *folder.rglob("*")]
    modes = [path.stat().st_mode for path in paths]
    for path in paths:
        path.chmod(path.stat().st_mode & 0o555)
    try:
        yield
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


def test_a_read_only_index_says_what_to_change(folder: Path, content: Path) -> None:
    with _read_only(folder):
        building = _in_a_process("build", folder, content, "--without-rights")
        opening = _in_a_process("open", folder, content, "--without-rights")

    assert building.startswith(f"IndexBroken: The index at {folder} cannot be written: [Errno 13] Permission denied")
    assert building.endswith('Free some space there or check who may write there, then run "advisor kb index".')
    assert opening.startswith("IndexBroken: The vectors in ")
    assert opening.endswith("make the folder writable, or set ADVISOR_HOME to one that is.")


def test_an_index_that_may_not_be_read_says_so(folder: Path, content: Path) -> None:
    (folder / "current").chmod(0)

    opening = _in_a_process("open", folder, content, "--without-rights")

    assert opening.startswith(f"IndexBroken: The index at {folder} cannot be read: [Errno 13] Permission denied")
    assert opening.endswith("Check who may read that folder.")


@pytest.mark.parametrize("share", [0.01, 0.5, 0.97])
def test_a_full_disk_stops_the_build_with_the_mend_and_leaves_the_index_as_it_was(
    folder: Path, content: Path, share: float
) -> None:
    before = current_version(folder)
    room = int(share * (before / "vectors" / "chroma.sqlite3").stat().st_size)

    says = _in_a_process("build", folder, content, "--largest-file", str(room))

    assert says.startswith("IndexBroken: ")
    assert says.endswith('Free some space there or check who may write there, then run "advisor kb index".')
    assert list((folder / "versions").iterdir()) == [before]
    _assert_answers(folder)


# Building on another index


def test_a_first_index_takes_over_from_another_what_it_shares_with_it(
    tmp_path: Path, folder: Path, documents: tuple[Document, ...]
) -> None:
    first, *rest = documents
    embedder, now = FakeEmbedder(), [_changed(first), *rest]

    build_index(
        tmp_path / "beside",
        documents=now,
        content=CONTENT_DIGEST,
        embedder=embedder,
        phrases=PHRASES,
        base=folder,
    )

    _build(tmp_path / "fresh", now)
    assert len(embedder.embedded) == 3
    assert _everything(tmp_path / "beside") == _everything(tmp_path / "fresh")
    _assert_answers(folder)


def test_a_document_whose_file_only_moved_is_not_embedded_again(folder: Path, documents: tuple[Document, ...]) -> None:
    embedder = FakeEmbedder()

    _build(folder, [document.model_copy(update={"path": "elsewhere.md"}) for document in documents], embedder=embedder)

    assert embedder.embedded == []


# Reading documents back


def test_documents_in_use_are_known_by_their_files(folder: Path, documents: tuple[Document, ...]) -> None:
    approved = [document for document in documents if document.state.value == "approved"]

    assert indexed_documents(folder) == {document.digest: document for document in approved}


@pytest.mark.parametrize("damage", ["current is empty", "manifest is noise", "catalogue is noise", "catalogue is gone"])
def test_documents_of_a_damaged_index_are_not_known(folder: Path, damage: str) -> None:
    DAMAGES[damage](folder)

    assert indexed_documents(folder) == {}
