"""What can be wrong with the knowledge base, as a tree.

KnowledgeError
├── DocumentError      a file cannot be read as a document (file and line)
├── VocabularyError    vocabulary.yaml is not usable
├── ModelError         the embedding model is missing or is not the one expected
└── IndexError_
    ├── IndexMissing   no index has been built yet
    ├── IndexStale     the documents or the model changed since it was built
    └── IndexBroken    it cannot be opened, read or written
"""


class KnowledgeError(Exception):
    """Something about the knowledge base needs mending; the message says how."""


class DocumentError(KnowledgeError):
    """A file that cannot be read as a document."""

    def __init__(self, message: str, *, path: str, line: int = 1) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.message, self.path, self.line = message, path, line


class VocabularyError(KnowledgeError):
    """The vocabulary cannot be used."""


class ModelError(KnowledgeError):
    """The embedding model is missing, changed or cannot be run."""


class IndexError_(KnowledgeError):
    """The index cannot be used."""


class IndexMissing(IndexError_):
    """No index has been built yet."""


class IndexStale(IndexError_):
    """The documents or the embedding model changed since the index was built."""


class IndexBroken(IndexError_):
    """The index cannot be opened, read or written."""
