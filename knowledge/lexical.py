"""The lexical half of the index: documents, chunks and stemmed BM25 in one SQLite file."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from knowledge.chunking import Chunk
from knowledge.errors import IndexBroken
from knowledge.mending import BUILDING, mend_of
from knowledge.models import Document

_SCHEMA = """
CREATE TABLE documents (id TEXT PRIMARY KEY, digest TEXT NOT NULL, stamp TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE chunks (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, document TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX chunks_by_document ON chunks (document);
CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TABLE phrases (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
"""
_WORD = re.compile(r"[^\W_]+")

STOP_WORDS = frozenset(
    """a about after again all also am an and any are as asked asking at be because been before being but by can could
    did do does doing don down else few for from further get gets give given go going got had has have having he
    her here hers him his how i if in into is it its itself just know let like m me might more most my myself
    need no nor not now of off ok okay on once only or other our out over own please re s same say said see she
    should so some such t tell than that the their them then there these they this those through to told too
    under until up us ve very want wants was we were what when where which while who whom why will with would
    you your""".split()
)
"""English function words and the words of asking, which every question holds; dropped on both sides of BM25."""


class LexicalHit(NamedTuple):
    """One chunk found by its words."""

    chunk: str
    score: float
    """BM25, larger is better; comparable within one question only."""


class Catalogue:
    """Documents and chunks by id, and BM25 over the chunks (SQLite FTS5, Porter stems)."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        """Opens a file for reading, or with ``write`` for building; then it is made where there is none.

        Raises:
            IndexBroken: when it is not there or cannot be used.
        """
        self._path, self._write = path, write
        self._documents: dict[str, Document] = {}
        self._chunks: dict[str, Chunk] = {}
        with self._translated():
            is_new = not path.exists()
            if is_new and not write:
                raise IndexBroken(f"{path} is missing. {mend_of('')}")
            where = path.resolve().as_uri() + ("" if write else "?mode=ro")
            self._base = sqlite3.connect(where, uri=True, check_same_thread=False)
            if is_new:
                self._base.executescript(_SCHEMA)

    def add(self, document: Document, *, chunks: Sequence[Chunk]) -> None:
        """Adds a document and its chunks; call ``commit`` when all are added."""
        with self._translated():
            row_of = (document.id, document.digest, stamp_of(document), document.model_dump_json())
            self._base.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", row_of)
            for chunk in chunks:
                row = self._base.execute(
                    "INSERT INTO chunks (id, document, body) VALUES (?, ?, ?)",
                    (chunk.id, document.id, chunk.model_dump_json()),
                )
                text = " ".join(words(chunk.embedded))
                self._base.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (row.lastrowid, text))

    def remove(self, document: str) -> None:
        with self._translated():
            of_document = "SELECT number FROM chunks WHERE document = ?"
            self._base.execute(f"DELETE FROM words WHERE rowid IN ({of_document})", (document,))
            self._base.execute("DELETE FROM chunks WHERE document = ?", (document,))
            self._base.execute("DELETE FROM documents WHERE id = ?", (document,))
        self._documents.pop(document, None)
        self._chunks = {name: chunk for name, chunk in self._chunks.items() if chunk.document != document}

    def phrases(self) -> dict[str, str]:
        """Name to text of the vocabulary's phrases that are embedded."""
        with self._translated():
            return dict(self._base.execute("SELECT name, text FROM phrases"))

    def keep_phrases(self, phrases: Mapping[str, str]) -> None:
        """Notes the phrases that are embedded, in place of those noted before."""
        with self._translated():
            self._base.execute("DELETE FROM phrases")
            self._base.executemany("INSERT INTO phrases VALUES (?, ?)", phrases.items())

    def commit(self) -> None:
        with self._translated():
            self._base.commit()

    def digests(self) -> dict[str, str]:
        """Document id to the SHA-256 of its file."""
        with self._translated():
            return dict(self._base.execute("SELECT id, digest FROM documents ORDER BY id"))

    def stamps(self) -> dict[str, str]:
        """Document id to ``stamp_of`` it."""
        with self._translated():
            return dict(self._base.execute("SELECT id, stamp FROM documents ORDER BY id"))

    def document(self, name: str) -> Document | None:
        """The document of that id, if there is one."""
        if name not in self._documents:
            with self._translated():
                row = self._base.execute("SELECT body FROM documents WHERE id = ?", (name,)).fetchone()
            if row is None:
                return None
            self._documents[name] = Document.model_validate_json(row[0])
        return self._documents[name]

    def documents(self) -> Iterator[Document]:
        """All documents, by id."""
        with self._translated():
            rows = self._base.execute("SELECT id, body FROM documents ORDER BY id").fetchall()
        for name, body in rows:
            if name not in self._documents:
                self._documents[name] = Document.model_validate_json(body)
            yield self._documents[name]

    def chunks(self, names: Iterable[str]) -> dict[str, Chunk]:
        """Chunks by id; ids that are not there are left out."""
        wanted = set(names)
        missing = [name for name in wanted if name not in self._chunks]
        marks = ",".join("?" * len(missing))
        with self._translated():
            rows = self._base.execute(f"SELECT body FROM chunks WHERE id IN ({marks})", missing).fetchall()
        for (body,) in rows:
            chunk = Chunk.model_validate_json(body)
            self._chunks[chunk.id] = chunk
        return {name: self._chunks[name] for name in wanted if name in self._chunks}

    def chunk_ids(self, document: str) -> list[str]:
        with self._translated():
            return [row[0] for row in self._base.execute("SELECT id FROM chunks WHERE document = ?", (document,))]

    def search(self, question: str, *, limit: int) -> tuple[LexicalHit, ...]:
        """The chunks whose words fit the question best."""
        terms = " OR ".join(f'"{word}"' for word in dict.fromkeys(words(question)))
        if not terms:
            return ()
        with self._translated():
            rows = self._base.execute(
                "SELECT chunks.id, -bm25(words) FROM words JOIN chunks ON chunks.number = words.rowid"
                " WHERE words MATCH ? ORDER BY bm25(words), chunks.id LIMIT ?",
                (terms, limit),
            )
            return tuple(LexicalHit(chunk=name, score=score) for name, score in rows)

    def count(self) -> tuple[int, int]:
        """How many documents and chunks there are."""
        with self._translated():
            tables = ("documents", "chunks")
            counts = [self._base.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables]
        return int(counts[0]), int(counts[1])

    def close(self) -> None:
        self._base.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            mend = BUILDING if self._write else mend_of(error)
            raise IndexBroken(f"The index file {self._path} cannot be used ({error}). {mend}") from error


def stamp_of(document: Document) -> str:
    """SHA-256 of all that a document says; where its file lies is no part of that."""
    return hashlib.sha256(document.model_dump_json(exclude={"path"}).encode()).hexdigest()


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in _WORD.findall(text.lower()) if word not in STOP_WORDS)


def words(text: str) -> tuple[str, ...]:
    """The words of a text that carry meaning, lower case, in order."""
    return _words(text) if len(text) < 300 else _words.__wrapped__(text)
