"""Slack's limits on what an app may send, as a strict check of our own; what it passes, Slack should take.

Sources: docs.slack.dev/reference/block-kit (blocks, elements, objects), docs.slack.dev/reference/views, and, for what
is not written there, measured refusals: github.com/slackapi/bolt-js issue 2509 and github.com/metabase/metabase pull
request 79908 (a whole message of 13,202 characters was refused as ``msg_blocks_too_long``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

MOST_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
MOST_OF_A_MESSAGE = 13_000
"""Characters of all texts, links and values in one message; not documented, see above."""
MOST_OF_ITS_TEXT = 40_000
SECTION = 3000
MARKDOWN = 12_000
HEADER = 150
FIELD = 2000
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
MOST_OPTIONS = 100
ID = 255
LABEL = 2000
PLACEHOLDER = 150
VIEW_TITLE = 24
METADATA = 3000
INPUT_TEXT = 3000
CONTEXT_ELEMENTS = 10
ACTION_ELEMENTS = 25
SECTION_FIELDS = 10
URL = 3000


def faults(blocks: Sequence[Json]) -> list[str]:
    """What Slack would refuse in the blocks of one message, each with where it is; empty when all is well."""
    found = list(_blocks(blocks, most=MOST_BLOCKS, kinds=_MESSAGE_BLOCKS))
    whole = sum(len(text) for text in texts(blocks))
    if whole > MOST_OF_A_MESSAGE:
        found.append(f"whole message: {whole} characters, {MOST_OF_A_MESSAGE} at most")
    return found


def view_faults(view: Json) -> list[str]:
    """What Slack would refuse in a modal or an App Home."""
    found = list(_keys(view, "view", {"type", "blocks"}, _VIEW_KEYS))
    if view.get("type") not in ("modal", "home"):
        found.append(f"view: type {view.get('type')!r}")
    if view.get("type") == "modal":
        found += _text(view.get("title"), "title", most=VIEW_TITLE, kinds=("plain_text",))
    for name in ("submit", "close"):
        if name in view:
            found += _text(view[name], name, most=VIEW_TITLE, kinds=("plain_text",))
    for name, most in (("private_metadata", METADATA), ("callback_id", ID), ("external_id", ID)):
        if len(view.get(name, "")) > most:
            found.append(f"{name}: {len(view[name])} characters, {most} at most")
    blocks = view.get("blocks", ())
    if any(block.get("type") == "input" for block in blocks) and view.get("type") == "modal" and "submit" not in view:
        found.append("view: inputs without a submit button")
    return [*found, *_blocks(blocks, most=MOST_VIEW_BLOCKS, kinds=_VIEW_BLOCKS)]


def texts(part: object) -> Iterator[str]:
    """Every text, value and address in blocks, as counted against the whole message."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if isinstance(value, str):
                if key in ("text", "value", "url", "alt_text", "image_url"):
                    yield value
            else:
                yield from texts(value)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for item in part:
            yield from texts(item)


def _blocks(blocks: Sequence[Json], *, most: int, kinds: frozenset[str]) -> Iterator[str]:
    if not blocks:
        yield "blocks: none"
    if len(blocks) > most:
        yield f"blocks: {len(blocks)}, {most} at most"
    for place, block in enumerate(blocks):
        where, kind = f"block {place} ({block.get('type')})", block.get("type", "")
        if kind not in kinds:
            yield f"{where}: unknown or not allowed here"
            continue
        yield from _identifier(block, "block_id", where)
        yield from _CHECKS[kind](block, where)
    yield from _repeated((block.get("block_id") for block in blocks), "block_id")
    for place, block in enumerate(blocks):
        yield from _repeated((element.get("action_id") for element in _elements(block)), f"block {place}: action_id")
    markdown = sum(len(block.get("text", "")) for block in blocks if block.get("type") == "markdown")
    if markdown > MARKDOWN:
        yield f"markdown blocks: {markdown} characters together, {MARKDOWN} at most"


def _repeated(ids: Iterator[str | None], what: str) -> Iterator[str]:
    for name, times in Counter(name for name in ids if name is not None).items():
        if times > 1:
            yield f"{what} {name!r} stands {times} times"


def _elements(block: Json) -> list[Json]:
    found = [*block.get("elements", ())] if block.get("type") == "actions" else []
    return found + [block[key] for key in ("accessory", "element") if key in block]


def _section(block: Json, where: str) -> Iterator[str]:
    yield from _keys(block, where, {"type"}, {"block_id", "text", "fields", "accessory", "expand"})
    if "text" not in block and not block.get("fields"):
        yield f"{where}: neither text nor fields"
    if "text" in block:
        yield from _text(block["text"], where, most=SECTION)
    fields = block.get("fields", ())
    if len(fields) > SECTION_FIELDS:
        yield f"{where}: {len(fields)} fields, {SECTION_FIELDS} at most"
    for field in fields:
        yield from _text(field, f"{where} field", most=FIELD)
    if "accessory" in block:
        yield from _element(block["accessory"], where, allowed=_INTERACTIVE)


def _header(block: Json, where: str) -> Iterator[str]:
    yield from _keys(block, where, {"type", "text"}, {"block_id", "level"})
    yield from _text(block.get("text"), where, most=HEADER, kinds=("plain_text",))


def _divider(block: Json, where: str) -> Iterator[str]:
    yield from _keys(block, where, {"type"}, {"block_id"})


def _context(block: Json, where: str) -> Iterator[str]:
    yield from _keys(block, where, {"type", "elements"}, {"block_id"})
    yield from _count(block.get("elements", ()), where, most=CONTEXT_ELEMENTS)
    for element in block.get("elements", ()):
        yield from _text(element, where, most=SECTION)


def _actions(block: Json, where: str) -> Iterator[str]:
    yield from _keys(block, where, {"type", "elements"}, {"block_id"})
    yield from _count(block.get("elements", ()), where, most=ACTION_ELEMENTS)
    for element in block.get("elements", ()):
        yield from _element(element, where, allowed=_INTERACTIVE)


def _input(block: Json, where: str) -> Iterator[str]:
    yield from _keys(block, where, {"type", "label", "element"}, {"block_id", "hint", "optional", "dispatch_action"})
    yield from _text(block.get("label"), f"{where} label", most=LABEL, kinds=("plain_text",))
    if "hint" in block:
        yield from _text(block["hint"], f"{where} hint", most=LABEL, kinds=("plain_text",))
    yield from _element(block.get("element", {}), where, allowed=_INPUTS)


def _markdown(block: Json, where: str) -> Iterator[str]:
    yield from _keys(block, where, {"type", "text"}, {"block_id"})
    yield from _length(block.get("text", ""), where, most=MARKDOWN)


def _element(element: Json, where: str, *, allowed: frozenset[str]) -> Iterator[str]:
    kind = element.get("type", "")
    where = f"{where} {kind}"
    if kind not in allowed:
        yield f"{where}: unknown or not allowed here"
        return
    yield from _identifier(element, "action_id", where)
    if "action_id" not in element:
        yield f"{where}: no action_id"
    yield from _ELEMENTS[kind](element, where)


def _button(element: Json, where: str) -> Iterator[str]:
    yield from _keys(
        element, where, {"type", "text"}, {"action_id", "value", "style", "url", "confirm", "accessibility_label"}
    )
    yield from _text(element.get("text"), where, most=BUTTON_TEXT, kinds=("plain_text",))
    yield from _length(element.get("value", "-"), f"{where} value", most=BUTTON_VALUE)
    yield from _length(element.get("url", "-"), f"{where} url", most=URL)
    yield from _length(element.get("accessibility_label", "-"), f"{where} accessibility label", most=BUTTON_TEXT)
    if element.get("style", "primary") not in ("primary", "danger"):
        yield f"{where}: style {element['style']!r}"
    if "confirm" in element:
        yield from _confirm(element["confirm"], where)


def _confirm(confirm: Json, where: str) -> Iterator[str]:
    yield from _keys(confirm, f"{where} confirm", {"title", "text", "confirm", "deny"}, {"style"})
    yield from _text(confirm.get("title"), f"{where} confirm title", most=100, kinds=("plain_text",))
    yield from _text(confirm.get("text"), f"{where} confirm text", most=300, kinds=("plain_text",))
    for name in ("confirm", "deny"):
        yield from _text(confirm.get(name), f"{where} confirm {name}", most=30, kinds=("plain_text",))


def _select(element: Json, where: str) -> Iterator[str]:
    yield from _keys(
        element, where, {"type", "options"}, {"action_id", "placeholder", "initial_option", "confirm", "focus_on_load"}
    )
    if "placeholder" in element:
        yield from _text(element["placeholder"], where, most=PLACEHOLDER, kinds=("plain_text",))
    options = element.get("options", ())
    yield from _count(options, f"{where} options", most=MOST_OPTIONS)
    for option in options:
        yield from _option(option, where)
    yield from _repeated((option.get("value") for option in options), f"{where}: option value")
    if "initial_option" in element and element["initial_option"] not in options:
        yield f"{where}: initial option is none of the options"


def _option(option: Json, where: str) -> Iterator[str]:
    yield from _keys(option, f"{where} option", {"text", "value"}, {"description"})
    yield from _text(option.get("text"), f"{where} option", most=OPTION_TEXT, kinds=("plain_text",))
    yield from _length(option.get("value", ""), f"{where} option value", most=OPTION_VALUE)


def _plain_input(element: Json, where: str) -> Iterator[str]:
    known = {"action_id", "placeholder", "initial_value", "multiline", "min_length", "max_length", "focus_on_load"}
    yield from _keys(element, where, {"type"}, known)
    if "placeholder" in element:
        yield from _text(element["placeholder"], where, most=PLACEHOLDER, kinds=("plain_text",))
    most = element.get("max_length", INPUT_TEXT)
    if most > INPUT_TEXT:
        yield f"{where}: max_length {most}, {INPUT_TEXT} at most"
    if len(element.get("initial_value", "")) > most:
        yield f"{where}: initial value longer than {most}"


def _users_select(element: Json, where: str) -> Iterator[str]:
    yield from _keys(element, where, {"type"}, {"action_id", "placeholder", "initial_user", "focus_on_load"})


def _datepicker(element: Json, where: str) -> Iterator[str]:
    yield from _keys(element, where, {"type"}, {"action_id", "placeholder", "initial_date", "focus_on_load"})


def _text(text: object, where: str, *, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(text, Mapping):
        yield f"{where}: no text"
        return
    extra = {"verbatim"} if text.get("type") == "mrkdwn" else {"emoji"}
    yield from _keys(text, where, {"type", "text"}, extra)
    if text.get("type") not in kinds:
        yield f"{where}: text of type {text.get('type')!r}"
    yield from _length(text.get("text", ""), where, most=most)


def _length(text: object, where: str, *, most: int) -> Iterator[str]:
    if not isinstance(text, str) or not text:
        yield f"{where}: empty"
    elif len(text) > most:
        yield f"{where}: {len(text)} characters, {most} at most"


def _count(items: Sequence[object], where: str, *, most: int) -> Iterator[str]:
    if not 1 <= len(items) <= most:
        yield f"{where}: {len(items)} elements, 1 to {most}"


def _identifier(part: Json, name: str, where: str) -> Iterator[str]:
    if name in part:
        yield from _length(part[name], f"{where} {name}", most=ID)


def _keys(part: Json, where: str, needed: set[str], allowed: set[str]) -> Iterator[str]:
    missing, strange = needed - set(part), set(part) - needed - allowed
    if missing:
        yield f"{where}: lacks {', '.join(sorted(missing))}"
    if strange:
        yield f"{where}: unknown {', '.join(sorted(strange))}"


_Check = Callable[[Json, str], Iterator[str]]
_CHECKS: dict[str, _Check] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "markdown": _markdown,
}
_ELEMENTS: dict[str, _Check] = {
    "button": _button,
    "static_select": _select,
    "plain_text_input": _plain_input,
    "users_select": _users_select,
    "datepicker": _datepicker,
}
_INTERACTIVE = frozenset({"button", "static_select", "users_select", "datepicker"})
_INPUTS = frozenset({"plain_text_input", "static_select", "users_select", "datepicker"})
_MESSAGE_BLOCKS = frozenset({"section", "header", "divider", "context", "actions", "markdown"})
_VIEW_BLOCKS = frozenset({"section", "header", "divider", "context", "actions", "input"})
_VIEW_KEYS = {
    "title", "submit", "close", "private_metadata", "callback_id", "external_id", "clear_on_close", "notify_on_close",
}  # fmt: skip
