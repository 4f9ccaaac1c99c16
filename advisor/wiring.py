"""Puts the advisor together from settings: the one place that chooses the parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Thread

from advisor.composers.extractive import ExtractiveComposer
from advisor.engine import Advisor
from advisor.errors import SettingsError
from advisor.heads import load_heads
from advisor.library import IndexedLibrary, Library, meaning_phrases
from advisor.personal_data import Redactor
from advisor.scope import Scope
from advisor.screening import Screener
from advisor.settings import Profile, Settings, load_profile
from advisor.situation import SituationReader
from advisor.wording import load_wording
from knowledge.embedding import OnnxEmbedder
from knowledge.errors import DocumentError, IndexMissing
from knowledge.exporting import embedder_id, export, export_folder
from knowledge.index import Index, Manifest, Progress, build_index, open_index
from knowledge.loading import CONTENT, content_digest, document_paths, load_documents
from knowledge.models import Document
from knowledge.vocabulary import VOCABULARY, Vocabulary, load_vocabulary


class Workshop:
    """Everything made from one set of settings, each part when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return load_vocabulary()

    @cached_property
    def profile(self) -> Profile:
        return load_profile(self.settings, vocabulary=self.vocabulary)

    @cached_property
    def paths(self) -> list[Path]:
        """The files of the knowledge base."""
        return document_paths(self.settings.content or CONTENT)

    @cached_property
    def content(self) -> str:
        """Digest of the documents and the vocabulary."""
        return content_digest([*self.paths, VOCABULARY])

    @property
    def index_folder(self) -> Path:
        return self.settings.home / "index"

    @property
    def model_folder(self) -> Path:
        return export_folder(self.settings.home, model=self.settings.model, precision=self.settings.precision)

    def advisor(self, *, on_missing: Callable[[], object] | None = None) -> Advisor:
        """The advisor; ``on_missing`` may build an index when there is none.

        Raises:
            SettingsError: when the profile is wrong, or the folder of documents that was named holds none.
        """
        wording, heads = load_wording(), load_heads()
        self._require_documents()
        return Advisor(
            library=_Once(lambda: self._library(on_missing)),
            screener=make_screener(),
            reader=SituationReader(self.vocabulary),
            scope=Scope(wording.scope, head=heads.scope),
            composer=ExtractiveComposer(self.vocabulary),
            vocabulary=self.vocabulary,
            wording=wording,
            profile=self.profile.facets(),
            contacts=self.profile.reach(),
        )

    def open(self) -> tuple[Index, OnnxEmbedder]:
        """The index and the embedder it was built with.

        Raises:
            KnowledgeError: when either is missing or does not fit.
        """
        wanted = embedder_id(self.settings.model, precision=self.settings.precision)
        loading = _Background(lambda: OnnxEmbedder(self.model_folder, threads=self.settings.threads))
        index = open_index(self.index_folder, content=self.content, embedder=wanted)
        return index, loading.result()

    def build(self, *, progress: Progress | None = None, rebuild: bool = False) -> Manifest:
        """Builds the index, exporting the model first where that was not done.

        Raises:
            KnowledgeError: the first document that cannot be read, or what stops the build.
        """
        self._require_documents()
        documents = []
        for loaded in load_documents(self.paths):
            if isinstance(loaded, DocumentError):
                raise loaded
            documents.append(loaded)
        _refuse_unusable(documents, vocabulary=self.vocabulary)
        if not (self.model_folder / "manifest.json").exists():
            export(self.model_folder, model=self.settings.model, precision=self.settings.precision)
        return build_index(
            self.index_folder,
            documents=documents,
            content=self.content,
            embedder=OnnxEmbedder(self.model_folder, threads=self.settings.threads),
            phrases=meaning_phrases(self.vocabulary),
            progress=progress,
            rebuild=rebuild,
        )

    def open_or_build(self, build: Callable[[], object] | None) -> tuple[Index, OnnxEmbedder]:
        """The index and its embedder, built first when there is none and ``build`` is given."""
        try:
            return self.open()
        except IndexMissing:
            if build is None:
                raise
            build()
            return self.open()

    def _library(self, on_missing: Callable[[], object] | None) -> Library:
        index, embedder = self.open_or_build(on_missing)
        return IndexedLibrary(index, embedder=embedder, as_of=self._as_of(index))

    def _require_documents(self) -> None:
        if not self.paths:
            mend = "Name a folder of documents, or unset it."
            raise SettingsError(f"ADVISOR_CONTENT names {self.settings.content}, which holds no document. {mend}")

    def _as_of(self, index: Index) -> date:
        return max((document.reviewed for document in index.catalogue.documents()), default=date.today())


def make_screener() -> Screener:
    """The first look at a question, which needs neither index nor profile."""
    return Screener(redactor=Redactor(), words=load_wording().urgency, head=load_heads().urgency)


def _refuse_unusable(documents: Sequence[Document], *, vocabulary: Vocabulary) -> None:
    """Raises DocumentError for what an answer would trip over: an id used twice, a word the vocabulary lacks."""
    seen: dict[str, str] = {}
    for document in documents:
        if document.id in seen:
            raise DocumentError(f"id {document.id!r} is already used by {seen[document.id]}", path=document.path)
        seen[document.id] = document.path
        for facets in (document.facets, {"holder": document.sectors}, *(link.when for link in document.law)):
            for facet, values in facets.items():
                known = vocabulary.facets[facet].values if facet in vocabulary.facets else {}
                strange = [value for value in values if value not in known]
                if strange:
                    raise DocumentError(f'unknown {facet} {strange[0]!r}: see "advisor kb check"', path=document.path)


class _Once:
    """Calls a function once and keeps what it gave; an error is raised anew each time."""

    def __init__(self, make: Callable[[], Library]) -> None:
        self._make = make
        self._made: Library | None = None

    def __call__(self) -> Library:
        if self._made is None:
            self._made = self._make()
        return self._made


class _Background:
    """Runs a function in a thread at once: loading the model and importing Chroma overlap."""

    def __init__(self, make: Callable[[], OnnxEmbedder]) -> None:
        self._made: OnnxEmbedder | Exception | None = None
        self._thread = Thread(target=self._run, args=(make,))
        self._thread.start()

    def _run(self, make: Callable[[], OnnxEmbedder]) -> None:
        try:
            self._made = make()
        except Exception as error:  # Raised anew by result(), in the thread that asks.
            self._made = error

    def result(self) -> OnnxEmbedder:
        self._thread.join()
        if isinstance(self._made, Exception):
            raise self._made
        assert self._made is not None
        return self._made
