"""Puts the advisor together from settings: the one place that chooses the parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from advisor.composers.base import Composer, Interpreter
from advisor.composers.extractive import ExtractiveComposer
from advisor.engine import Advisor
from advisor.errors import SettingsError
from advisor.evidence import WIDENING, Widening
from advisor.facets import load_classifier
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
from knowledge.index import Index, Manifest, Progress, build_index, indexed_documents, open_index
from knowledge.loading import CONTENT, content_digest, document_paths, in_use, load_documents
from knowledge.models import Document
from knowledge.vocabulary import VOCABULARY, Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from advisor.shared_library import SharedLibrary
    from knowledge.server import ChromaServer


class Workshop:
    """Everything made from one set of settings, each part when it is first needed."""

    def __init__(self, settings: Settings, *, index_folder: Path | None = None) -> None:
        """``index_folder`` is another place for the index than the home, as for comparing two."""
        self.settings, self.index_folder = settings, index_folder or settings.home / "index"

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return load_vocabulary()

    @cached_property
    def profile(self) -> Profile:
        return load_profile(self.settings, vocabulary=self.vocabulary)

    @cached_property
    def paths(self) -> list[Path]:
        """The files of the knowledge base, the organisation's own last."""
        bundled = document_paths(self.settings.content or CONTENT)
        if not self.local_paths:
            return bundled
        local = {path.resolve() for path in self.local_paths}
        return [*(path for path in bundled if path.resolve() not in local), *self.local_paths]

    @cached_property
    def local_paths(self) -> list[Path]:
        """Those of the files that are the organisation's own."""
        return document_paths(self.settings.local) if self.settings.local else []

    @cached_property
    def content(self) -> str:
        """Digest of the documents and the vocabulary."""
        return content_digest([*self.paths, VOCABULARY], local=frozenset(self.local_paths))

    def loaded(self, *, known: Mapping[str, Document] | None = None) -> list[Document | DocumentError]:
        """The documents in use, and the error of each file that is none; overridden ones are left out.

        ``known`` is as of ``load_documents``.
        """
        return in_use(load_documents(self.paths, local=frozenset(self.local_paths), known=known))

    @property
    def model_folder(self) -> Path:
        return export_folder(self.settings.home, model=self.settings.model, precision=self.settings.precision)

    def advisor(
        self,
        *,
        on_missing: Callable[[], object] | None = None,
        library: Callable[[], Library] | None = None,
        today: Callable[[], date] = date.today,
        given: Mapping[str, str] | None = None,
        widening: Widening = WIDENING,
    ) -> Advisor:
        """The advisor; ``on_missing`` may build an index when there is none, ``library`` takes the place of the index.

        ``given`` are facets that hold where it is asked, such as in a Slack channel, beside those of the profile.

        Raises:
            SettingsError: when the profile is wrong, or the folder of documents that was named holds none.
        """
        wording, heads = load_wording(), load_heads()
        self._require_documents()
        composer, interpreter = self._writers()
        return Advisor(
            library=library or self._shared_library() or _Once(lambda: self._library(on_missing)),
            screener=make_screener(),
            reader=SituationReader(self.vocabulary),
            scope=Scope(wording.scope, head=heads.scope),
            composer=composer,
            interpreter=interpreter,
            vocabulary=self.vocabulary,
            wording=wording,
            profile={**self.profile.facets(), **(given or {})},
            contacts=self.profile.reach(),
            widening=widening,
            today=today,
        )

    @property
    def llm(self) -> str | None:
        """The language model that is switched on as ``provider:model``; None when none is, or the profile forbids it.

        Raises:
            SettingsError: when the profile is wrong.
        """
        return self.settings.llm if self.settings.llm and self.profile.llm else None

    def _writers(self) -> tuple[Composer, Interpreter | None]:
        plain = ExtractiveComposer(self.vocabulary)
        if self.llm is None:
            return plain, None
        from advisor.composers import setting_up  # noqa: PLC0415 - only those who switch a model on pay for it

        return setting_up.writers(self.llm, plain, settings=self.settings, vocabulary=self.vocabulary)

    def open(self) -> tuple[Index, OnnxEmbedder]:
        """The index and the embedder it was built with.

        Raises:
            KnowledgeError: when either is missing or does not fit.
        """
        if self.server is not None:
            return self._open_shared(self.server), self._embedder
        wanted = embedder_id(self.settings.model, precision=self.settings.precision)
        loading = _Background(lambda: OnnxEmbedder(self.model_folder, threads=self.settings.threads))
        index = open_index(self.index_folder, content=self.content, embedder=wanted)
        return index, loading.result()

    @cached_property
    def server(self) -> ChromaServer | None:
        """The server that holds the vectors, where one is set."""
        if self.settings.chroma_url is None:
            return None
        from knowledge.server import ChromaServer  # noqa: PLC0415 - milliseconds that few need pay

        return ChromaServer(self.settings.chroma_url)

    @cached_property
    def _embedder(self) -> OnnxEmbedder:
        self._export_model()
        return OnnxEmbedder(self.model_folder, threads=self.settings.threads)

    def _open_shared(self, server: ChromaServer) -> Index:
        """The index whose vectors are on the server; the words of the documents are indexed here."""
        from knowledge.sharing import open_shared  # noqa: PLC0415 - as of server

        return open_shared(
            self.index_folder / "words",
            server=server,
            content=self.content,
            embedder=embedder_id(self.settings.model, precision=self.settings.precision),
            documents=self._usable_documents,
        )

    def _shared_library(self) -> SharedLibrary | None:
        """The library that follows the server, where one is set; the documents are looked at anew for each version."""
        server = self.server
        if server is None:
            return None
        from advisor.shared_library import SharedLibrary  # noqa: PLC0415 - as of server

        return SharedLibrary(
            server,
            open_index=lambda: Workshop(self.settings)._open_shared(server),
            library=lambda index: IndexedLibrary(
                index, embedder=self._embedder, as_of=self._as_of(index), classifier=load_classifier()
            ),
        )

    def build(self, *, progress: Progress | None = None, rebuild: bool = False, base: Path | None = None) -> Manifest:
        """Builds the index, exporting the model first where that was not done; ``base`` is as of ``build_index``.

        Raises:
            KnowledgeError: the first document that cannot be read, or what stops the build.
        """
        self._require_documents()
        documents = self._usable_documents(known={} if rebuild else indexed_documents(self.index_folder))
        self._export_model()
        manifest = build_index(
            self.index_folder,
            documents=documents,
            content=self.content,
            embedder=OnnxEmbedder(self.model_folder, threads=self.settings.threads),
            phrases=meaning_phrases(self.vocabulary),
            progress=progress,
            rebuild=rebuild,
            base=base,
        )
        if self.server is not None:
            from knowledge.sharing import publish  # noqa: PLC0415 - as of server

            publish(self.index_folder, url=self.server.url, manifest=manifest)
        return manifest

    def _usable_documents(self, *, known: Mapping[str, Document] | None = None) -> list[Document]:
        documents = []
        for loaded in self.loaded(known=known):
            if isinstance(loaded, DocumentError):
                raise loaded
            documents.append(loaded)
        _refuse_unusable(documents, vocabulary=self.vocabulary)
        return documents

    def _export_model(self) -> None:
        if not (self.model_folder / "manifest.json").exists():
            export(self.model_folder, model=self.settings.model, precision=self.settings.precision)

    def open_or_build(self, build: Callable[[], object] | None) -> tuple[Index, OnnxEmbedder]:
        """The index and its embedder, built first when there is none and ``build`` is given."""
        try:
            return self.open()
        except IndexMissing:
            if build is None or self.server is not None:  # That of a server is built in one place, not by who asks.
                raise
            build()
            return self.open()

    def _library(self, on_missing: Callable[[], object] | None) -> Library:
        index, embedder = self.open_or_build(on_missing)
        return IndexedLibrary(index, embedder=embedder, as_of=self._as_of(index), classifier=load_classifier())

    def _require_documents(self) -> None:
        if not self.paths:
            mend = "Name a folder of documents, or unset it."
            raise SettingsError(f"ADVISOR_CONTENT names {self.settings.content}, which holds no document. {mend}")

    def _as_of(self, index: Index) -> date:
        return index.manifest.as_of or date.today()


def make_screener() -> Screener:
    """The first look at a question, which needs neither index nor profile."""
    return Screener(redactor=Redactor(), words=load_wording().urgency, heads=load_heads())


def _refuse_unusable(documents: Sequence[Document], *, vocabulary: Vocabulary) -> None:
    """Raises DocumentError for what an answer would trip over: an id used twice, a word the vocabulary lacks."""
    seen: dict[tuple[str, bool], str] = {}
    for document in documents:
        first = seen.setdefault((document.id, document.local), document.path)
        if first != document.path:
            raise DocumentError(f"id {document.id!r} is already used by {first}", path=document.path)
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
