"""Which fault an error of a provider's library is; the libraries agree on names and status codes, not on classes."""

from __future__ import annotations

from advisor.models import Writing


def outcome_of(error: BaseException) -> Writing:
    """Which fault an error of any provider's library is, by what it says of itself and of what caused it."""
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__
    statuses = (status for each in seen if isinstance(status := getattr(each, "status_code", None), int))
    status = next((status for status in statuses if status >= _WORST_ACCEPTED), None)
    if status:
        return _BY_STATUS.get(status, Writing.PROVIDER_FAULT if status >= _OWN_FAULT else Writing.REJECTED)
    names = [type(each).__name__ for each in seen]
    return next((outcome for part, outcome in _BY_NAME if any(part in name for name in names)), Writing.FAULT)


_WORST_ACCEPTED, _OWN_FAULT = 400, 500
_BY_STATUS = {408: Writing.TIMED_OUT, 429: Writing.RATE_LIMITED, 504: Writing.TIMED_OUT, 529: Writing.RATE_LIMITED}
_BY_NAME = (
    ("TooLarge", Writing.TOO_LARGE),
    ("Late", Writing.TIMED_OUT),
    ("Encoded", Writing.UNREADABLE),
    ("Elsewhere", Writing.REJECTED),
    ("LengthFinish", Writing.TRUNCATED),
    ("ContentFilter", Writing.REFUSED),
    ("Refusal", Writing.REFUSED),
    ("Timeout", Writing.TIMED_OUT),
    ("JSONDecode", Writing.UNREADABLE),
    ("Validation", Writing.UNREADABLE),
    ("Decoding", Writing.UNREADABLE),
    ("ProtocolError", Writing.UNREADABLE),
    ("ConnectError", Writing.UNREACHABLE),
    ("ConnectionRefused", Writing.UNREACHABLE),
    ("ConnectionError", Writing.UNREACHABLE),
    ("ReadError", Writing.UNREACHABLE),
    ("ImportError", Writing.NOT_SET_UP),
    ("ModuleNotFound", Writing.NOT_SET_UP),
    ("APIConnection", Writing.UNREACHABLE),
    ("TypeError", Writing.UNREADABLE),  # What a library raises where a reply has another form than it thinks.
    ("AttributeError", Writing.UNREADABLE),
    ("LookupError", Writing.UNREADABLE),
    ("KeyError", Writing.UNREADABLE),
    ("IndexError", Writing.UNREADABLE),
)
"""Which fault an error is by a part of its name or of a cause's: ours first, then by how much a name says."""
