"""Checks the files of a knowledge base, each alone and all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path

from knowledge.checking.document import DocumentChecker
from knowledge.checking.findings import Finding, Level
from knowledge.checking.passages import near_duplicates
from knowledge.checking.places import Places
from knowledge.checking.reading import hard_to_read
from knowledge.errors import DocumentError
from knowledge.loading import in_use, load_documents
from knowledge.models import Document, Kind, Standing, State
from knowledge.vocabulary import Vocabulary


def check_files(
    paths: Sequence[Path], *, vocabulary: Vocabulary, today: date, local: Collection[Path] = ()
) -> tuple[list[Document], list[Finding]]:
    """The documents that can be read, and all findings about the files, by file and line.

    ``local`` are those of the paths that are the organisation's own. What they override is not checked, and a local
    draft is checked as if it had been approved.
    """
    documents: list[Document] = []
    findings: list[Finding] = []
    for loaded in in_use(load_documents(paths, local=local), overriding=tuple(State)):
        if isinstance(loaded, DocumentError):
            findings.append(Finding(level=Level.ERROR, path=loaded.path, line=loaded.line, message=loaded.message))
        else:
            documents.append(loaded)
    findings += check_documents(documents, vocabulary=vocabulary, today=today)
    return documents, in_order(findings)


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Findings by file and line."""
    return sorted(findings, key=lambda finding: (finding.path, finding.line))


def check_documents(documents: Sequence[Document], *, vocabulary: Vocabulary, today: date) -> list[Finding]:
    """Findings about documents that could be read, each alone and all together."""
    by_id = {document.id: document for document in documents}
    findings = list(_same_ids(documents))
    for document in documents:
        findings += DocumentChecker(document, by_id=by_id, vocabulary=vocabulary, today=today).findings()
    return [*findings, *_never_brought(documents), *near_duplicates(documents), *hard_to_read(documents)]


def _never_brought(documents: Sequence[Document]) -> Iterator[Finding]:
    """Advice for law in use that no guidance names under ``law``: practitioners' words seldom find it by themselves.

    An organisation's own law is left out, as our guidance cannot name it, and so is a set of documents without links.
    """
    brought = {link.id for document in documents for link in document.law}
    for document in documents if brought else ():
        is_cited = document.state is State.APPROVED and document.status is not Standing.SUPERSEDED
        if document.kind is Kind.LEGISLATION and is_cited and not document.local and document.id not in brought:
            message = (
                "no guidance names this under law, so an answer cites it only when the question's own words find it"
            )
            yield Finding(level=Level.ADVICE, path=document.path, line=Places(document).field("id"), message=message)


def _same_ids(documents: Sequence[Document]) -> Iterator[Finding]:
    counts = Counter(document.id for document in documents)
    seen: dict[str, str] = {}
    for document in documents:
        if counts[document.id] > 1 and document.id in seen:
            message = f"id {document.id!r} is already used by {seen[document.id]}: give this one its own"
            line = Places(document).field("id")
            yield Finding(level=Level.ERROR, path=document.path, line=line, message=message)
        seen.setdefault(document.id, document.path)
