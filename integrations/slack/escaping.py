"""Text from people and documents made harmless in Slack: it cannot ping, link, format or leave its block."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ALIKE = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
"""Characters that would format; Slack has no way to escape them, so each gives way to one that looks the same."""
_EDGE_UNDERSCORE = re.compile(r"(?<!\w)_|_(?!\w)")
_EMOJI = re.compile(r":(?=[a-z0-9_+'-]{1,60}:)")
_MOST_OF_A_LINK = 400
"""Characters; a statement carries several links and must fit its block."""


def plain(text: str, *, most: int | None = None) -> str:
    """A text on one line of at most ``most`` characters as sent; what Slack would parse is not in it."""
    folded = " ".join(text.split())
    if most is None:
        return _literal(folded)
    room = most
    while len(literal := _literal(clipped(folded, room))) > most:
        room = min(room - 1, room * most // len(literal))
    return literal


def _literal(text: str) -> str:
    calm = _EMOJI.sub(":\u2060", _EDGE_UNDERSCORE.sub("\u02cd", text.translate(_ALIKE)))
    return calm.translate(_ENTITIES)


def link(label: str, *, url: str) -> str:
    """A link to a web page; a label without a link when the address is not a plain web address."""
    if not is_web_address(url):
        return plain(label)
    return f"<{url.translate(_ENTITIES).replace('|', '%7C')}|{plain(label)}>"


def is_web_address(url: str) -> bool:
    """Whether an address may stand behind a link: http or https, a host, no white space, not absurdly long."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_whole and len(url) <= _MOST_OF_A_LINK and not re.search(r"[\s<>\x00-\x1f]", url)


def clipped(text: str, most: int) -> str:
    """A text of at most ``most`` characters, cut at a word where that is possible, with an ellipsis when cut."""
    if len(text) <= most:
        return text
    cut = text[: max(0, most - 2)]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > most // 2 else cut).rstrip() + " \u2026"
