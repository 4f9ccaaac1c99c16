"""The hash that binds an event to the one before it, and the salted digest of what it says."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

START = ""
"""What stands before the first event."""


def as_body(content: Mapping[str, Any]) -> str:
    """The text of a content as it is kept and hashed: JSON with its keys in order."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def new_salt() -> str:
    """128 random bits in hexadecimal; without them a purged text cannot be guessed back from its digest."""
    return secrets.token_hex(16)


def digest_of(body: str, *, salt: str) -> str:
    """SHA-256 of the salt and the content as kept."""
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


def hash_of(*, workspace: str, chain: str, sequence: int, kind: str, at: str, digest: str, previous: str) -> str:
    """SHA-256 of one link; it covers the place in the chain, the kind, the moment, the content and all before it."""
    link = {
        "at": at,
        "chain": chain,
        "digest": digest,
        "kind": kind,
        "previous": previous,
        "sequence": sequence,
        "workspace": workspace,
    }
    return hashlib.sha256(as_body(link).encode()).hexdigest()
