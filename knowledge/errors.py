"""What can be wrong with the knowledge base, as a tree.

KnowledgeError
├── DocumentError      a file cannot be read as a document (file and line)
├── CurationRefused    a curator's act is not allowed as things stand; nothing was changed
├── FileChanged        somebody else changed a document's file meanwhile; it is left as they made it
├── ImportRefused      a source cannot be imported (its name and the reason); nothing was written
├── WatchError         the file of what was seen of watched pages cannot be used
│   ├── PageUnread     a watched page could not be read (the reason)
│   └── NetworkAway    no site of a watched page could be reached
├── VocabularyError    vocabulary.yaml is not usable
├── ModelError         the embedding model is missing or is not the one expected
└── IndexError_
    ├── IndexMissing   no index has been built yet
    ├── IndexStale     the documents or the model changed since it was built
    ├── IndexBroken    it cannot be opened, read or written
    └── ServerAway     the Chroma server that holds its vectors does not answer
"""


class KnowledgeError(Exception):
    """Something about the knowledge base needs mending; the message says how."""


class DocumentError(KnowledgeError):
    """A file that cannot be read as a document."""

    def __init__(self, message: str, *, path: str, line: int = 1) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.message, self.path, self.line = message, path, line


class CurationRefused(KnowledgeError):
    """A curator's act is not allowed as things stand; nothing was changed."""


class FileChanged(KnowledgeError):
    """Somebody else changed a document's file meanwhile; it is left as they made it."""


class ImportRefused(KnowledgeError):
    """A source that was not imported; nothing of it was written."""

    def __init__(self, reason: str, *, source: str = "") -> None:
        super().__init__(f"{source}: {reason}" if source else reason)
        self.reason, self.source = reason, source


class WatchError(KnowledgeError):
    """The pages behind documents cannot be watched."""


class PageUnread(WatchError):
    """A watched page that could not be read."""

    def __init__(self, reason: str, *, reached: bool = True) -> None:
        super().__init__(reason)
        self.reason, self.reached = reason, reached


class NetworkAway(WatchError):
    """No site of a watched page could be reached."""


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


class ServerAway(IndexError_):
    """The Chroma server that holds the vectors does not answer."""
