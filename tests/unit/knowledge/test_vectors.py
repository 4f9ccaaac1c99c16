from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.errors import IndexBroken
from knowledge.vectors import Space, VectorStore, copy_vectors, segment_files

EAST, NORTH, NORTH_EAST = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.6, 0.8, 0.0]


def _unit(count: int, *, seed: int = 0, dimension: int = 32) -> Any:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _digests(folder: Path) -> dict[Path, str]:
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in segment_files(folder)}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 chunks and two questions. Not to be changed: copy it first."""
    folder = tmp_path_factory.mktemp("vectors")
    with closing(VectorStore(folder, write=True)) as store:
        store.add(Space.CHUNKS, names=[f"chunk{number}" for number in range(300)], vectors=_unit(300))
        store.add(Space.QUESTIONS, names=["east", "north"], vectors=np.array([EAST, NORTH], dtype=np.float32))
    return folder


@pytest.fixture
def store(folder: Path) -> Iterator[VectorStore]:
    with closing(VectorStore(folder)) as opened:
        yield opened


def test_the_nearest_come_first_with_their_cosine(store: VectorStore) -> None:
    found = store.nearest(Space.QUESTIONS, vector=np.array(NORTH_EAST, dtype=np.float32), limit=5)

    assert list(found) == ["north", "east"]
    assert found == pytest.approx({"north": 0.8, "east": 0.6}, abs=1e-6)
    assert list(store.nearest(Space.QUESTIONS, vector=NORTH_EAST, limit=1)) == ["north"]


def test_the_nearest_found_are_the_true_nearest(store: VectorStore) -> None:
    vectors, asked = _unit(300), _unit(20, seed=1)
    exact = [[f"chunk{place}" for place in row[:50]] for row in np.argsort(-(asked @ vectors.T), axis=1)]

    found = store.nearest_each(Space.CHUNKS, vectors=asked, limit=50)

    assert [list(near) for near in found] == exact


def test_an_empty_space_and_no_vectors_find_nothing(store: VectorStore) -> None:
    assert store.nearest(Space.PHRASES, vector=EAST, limit=5) == {}
    assert store.nearest_each(Space.CHUNKS, vectors=[], limit=5) == []


def test_spaces_are_apart(store: VectorStore) -> None:
    assert store.counts() == {Space.CHUNKS: 300, Space.QUESTIONS: 2, Space.BULLETS: 0, Space.PHRASES: 0}


def test_searching_leaves_every_file_but_the_database_as_it_was(folder: Path) -> None:
    before = _digests(folder)

    for _ in range(2):
        with closing(VectorStore(folder)) as store:
            store.nearest(Space.CHUNKS, vector=_unit(1)[0], limit=10)
            store.nearest(Space.QUESTIONS, vector=EAST, limit=10)

    assert _digests(folder) == before
    assert len(before) >= 10


def test_names_can_be_replaced_and_removed(tmp_path: Path) -> None:
    with closing(VectorStore(tmp_path, write=True)) as store:
        store.add(Space.BULLETS, names=["a", "b", "c"], vectors=np.array([EAST, NORTH, NORTH_EAST], dtype=np.float32))
        store.add(Space.BULLETS, names=["a"], vectors=np.array([NORTH], dtype=np.float32))
        store.remove(Space.BULLETS, names=["b", "never there"])
        store.remove(Space.BULLETS, names=[])

    with closing(VectorStore(tmp_path)) as store:
        assert store.count(Space.BULLETS) == 2
        found = store.nearest(Space.BULLETS, vector=NORTH, limit=5)
    assert found == pytest.approx({"a": 1.0, "c": 0.8}, abs=1e-6)


def test_two_readers_of_one_folder_do_not_close_each_other(folder: Path, store: VectorStore) -> None:
    with closing(VectorStore(folder)) as other:
        assert other.count(Space.CHUNKS) == 300

    assert store.count(Space.CHUNKS) == 300


def test_a_copy_holds_what_the_store_holds_while_others_read_it(
    tmp_path: Path, folder: Path, store: VectorStore
) -> None:
    copy_vectors(folder, tmp_path / "copy")

    with closing(VectorStore(tmp_path / "copy")) as copied:
        assert copied.counts() == store.counts()
        assert copied.nearest(Space.QUESTIONS, vector=EAST, limit=2) == store.nearest(
            Space.QUESTIONS, vector=EAST, limit=2
        )


def test_a_missing_store_is_never_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(IndexBroken) as caught:
        VectorStore(tmp_path / "nowhere")

    assert str(caught.value) == (
        f'{tmp_path / "nowhere" / "chroma.sqlite3"} is missing. Run "advisor kb index --rebuild".'
    )
    assert not (tmp_path / "nowhere").exists()


def test_a_store_with_too_few_vectors_is_broken(store: VectorStore, folder: Path) -> None:
    store.check({Space.CHUNKS: 300, Space.QUESTIONS: 2})

    with pytest.raises(IndexBroken) as caught:
        store.check({Space.CHUNKS: 301})

    assert str(caught.value) == f'{folder} holds 300 chunks, not 301. Run "advisor kb index --rebuild".'


@pytest.mark.parametrize("damage", [b"", b"this is no database" * 1000])
def test_a_damaged_database_says_how_to_make_it_again_and_can_be_opened_once_mended(
    tmp_path: Path, folder: Path, damage: bytes
) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    database = copy / "chroma.sqlite3"
    whole = database.read_bytes()
    database.write_bytes(damage)

    with pytest.raises(IndexBroken, match=r'Run "advisor kb index --rebuild"\.$'), closing(VectorStore(copy)) as broken:
        broken.check({Space.CHUNKS: 300})

    database.write_bytes(whole)
    with closing(VectorStore(copy)) as mended:
        assert mended.count(Space.CHUNKS) == 300


def test_settings_of_other_programs_are_not_taken_for_chromas(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("CHROMA_SERVER_NOFILE=not a number\nIS_PERSISTENT=perhaps\n")
    monkeypatch.chdir(tmp_path)

    with closing(VectorStore(folder)) as store:
        assert store.count(Space.CHUNKS) == 300
