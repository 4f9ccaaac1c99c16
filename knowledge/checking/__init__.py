"""Checks a set of documents and reports every finding at once, errors and advice apart."""

from knowledge.checking.document import LONGEST_BULLET
from knowledge.checking.files import check_documents, check_files
from knowledge.checking.findings import Finding, Level

__all__ = ["LONGEST_BULLET", "Finding", "Level", "check_documents", "check_files"]
