"""What many tests share: a small knowledge base, its index, the real model, and an environment without settings."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.embedding import OnnxEmbedder
from knowledge.exporting import PACKAGED, export, export_folder
from knowledge.fakes import FakeEmbedder
from knowledge.index import Index, build_index, open_index
from knowledge.loading import document_paths, load_document
from knowledge.models import Document
from tests.small_content import CONTENT_DIGEST, write_small_content


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of whoever runs the tests reaches them, and nothing they write reaches that person's files."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("ADVISOR_"):
                patch.delenv(name)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_reaches_what_is_started() -> None:
    """A run in the background ignores Ctrl-C, and so would the commands that the tests start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of six approved documents and a draft. Not to be changed: copy it first."""
    return write_small_content(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="session")
def documents(content: Path) -> tuple[Document, ...]:
    return tuple(load_document(path) for path in document_paths(content))


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory, documents: tuple[Document, ...]) -> Path:
    """An index of the small content by the fake embedder. Not to be changed: copy it first."""
    folder = tmp_path_factory.mktemp("home") / "index"
    build_index(
        folder,
        documents=documents,
        content=CONTENT_DIGEST,
        embedder=FakeEmbedder(),
        phrases=[("purpose/find/0", "to find out where someone is")],
    )
    return folder


@pytest.fixture
def index(index_folder: Path) -> Iterator[Index]:
    """The shared index, open."""
    opened = open_index(index_folder, content=CONTENT_DIGEST, embedder=FakeEmbedder().id)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def home_with_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for ADVISOR_HOME in which the default model is exported already, which takes seconds."""
    home = tmp_path_factory.mktemp("home")
    export(export_folder(home, model=PACKAGED, precision="int8"))
    return home


@pytest.fixture(scope="session")
def model_folder(home_with_model: Path) -> Path:
    """The exported model. Not to be changed: copy it first."""
    return export_folder(home_with_model, model=PACKAGED, precision="int8")


@pytest.fixture(scope="session")
def onnx_embedder(model_folder: Path) -> OnnxEmbedder:
    """The embedder that the advisor uses."""
    return OnnxEmbedder(model_folder, threads=2)
