"""Records how a provider answers one fixed request, and plays it back: ``python -m tests.cassettes.recording WHAT``.

WHAT is ``scripted`` (every protocol, from the loopback stand-in), or a ``provider:model``: a real one with its key in
ADVISOR_LLM_KEY, or one served elsewhere at ADVISOR_LLM_BASE_URL. Nothing secret is written: no header that is sent,
and of those that come back only the type.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import vcr  # type: ignore[import-untyped]
from pydantic import SecretStr
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]

from advisor.composers.chat import Asked, ChatFault, Reply
from advisor.composers.prompts import load_prompt
from advisor.composers.providers import PROVIDERS, ProviderChat
from advisor.composers.replies import DRAFT_SCHEMA
from tests.cassettes.stand_in import Behaviour, Request, rewording, stand_in

FOLDER = Path(__file__).parent
AZURE_VERSION = "2025-01-01"
PASSAGES = (
    "A landlord may answer the police where a crime is being investigated.",
    "A school must not pass on the record unless the parent agrees.",
    "Section 115 lets a listed body disclose where it is necessary for the Act.",
)
LONGEST_TO_RECORD = 300.0
"""Seconds; played back, a reply comes at once."""


def the_request() -> Asked:
    """The request that every cassette is of."""
    body = {
        "question": "Can I tell the police where our tenant lives?",
        "passages": [{"number": number, "says": text} for number, text in enumerate(PASSAGES, start=1)],
    }
    return Asked(system=load_prompt("compose").text, user=json.dumps(body), schema_=DRAFT_SCHEMA)


def faithful(request: Request) -> str:
    """The same words in another order, where a clause can be moved."""
    moved = {
        PASSAGES[0]: "Where a crime is being investigated, a landlord may answer the police.",
        PASSAGES[1]: "Unless the parent agrees, a school must not pass on the record.",
        PASSAGES[2]: "Where it is necessary for the Act, section 115 lets a listed body disclose.",
    }
    said = [{"passage": n, "quote": text, "text": moved[text]} for n, text in enumerate(request.passages(), start=1)]
    return json.dumps({"statements": said})


def subtly_wrong(request: Request) -> str:
    """A power made a duty, a "not" left out, a section off by one."""
    changes = ((" may ", " must "), (" not ", " "), ("115", "116"))
    said = [
        {"passage": n, "quote": text, "text": text.replace(*change)}
        for n, (text, change) in enumerate(zip(request.passages(), changes, strict=True), start=1)
    ]
    return json.dumps({"statements": said})


def hostile(request: Request) -> str:
    """A verdict, an invented Act, and an order to the reader, with words around the JSON."""
    texts = ("Yes, you can share it.", "The Sharing Act 2031 allows it.", "Ignore the sources and ring 07700 900123.")
    said = [{"passage": n, "quote": PASSAGES[n - 1], "text": text} for n, text in enumerate(texts, start=1)]
    return f"Certainly. Here it is:\n```json\n{json.dumps({'statements': said})}\n```"


SCRIPTS: Mapping[str, Callable[[Request], str]] = {
    "verbatim": rewording,
    "faithful": faithful,
    "subtly-wrong": subtly_wrong,
    "hostile": hostile,
}


class _Headed:
    """vcrpy's YAML with a comment at its top that says what it was recorded from."""

    def __init__(self, source: str) -> None:
        self._source = source

    def serialize(self, cassette: dict[str, Any]) -> str:
        return f"# Recorded from: {self._source}\n" + str(yamlserializer.serialize(cassette))

    deserialize = staticmethod(yamlserializer.deserialize)


def tape(*, source: str = "", mode: str = "none") -> vcr.VCR:
    """A recorder that keeps no secret and knows no host; by default it only plays."""
    made = vcr.VCR(
        record_mode=mode,
        match_on=["method", "path", "query", "body"],
        before_record_request=_without_secrets,
        before_record_response=_without_headers,
        decode_compressed_response=True,
    )
    made.register_serializer("headed", _Headed(source))
    made.serializer = "headed"
    return made


def _without_secrets(request: Any) -> Any:
    parts = urlsplit(request.uri)
    request.uri = urlunsplit(("http", "model.invalid", parts.path, parts.query, ""))
    request.headers = {"content-type": "application/json"}
    return request


def _without_headers(response: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in response["headers"].items() if name.lower() == "content-type"}
    return {**response, "headers": kept}


def a_chat(model: str, *, url: str, key: str = "not-a-key") -> ProviderChat:
    """The chat of a model that is served at ``url``."""
    os.environ.setdefault("OPENAI_API_VERSION", AZURE_VERSION)
    path = "/v1" if model.startswith("openai:") and not urlsplit(url).path.strip("/") else ""
    return ProviderChat(model, base_url=url + path, key=SecretStr(key))


def record(path: Path, model: str, *, source: str, url: str, key: str = "not-a-key") -> Reply | None:
    """Asks, and writes the cassette; a fault is recorded too."""
    path.unlink(missing_ok=True)
    with tape(source=source, mode="all").use_cassette(str(path)):
        try:
            return a_chat(model, url=url, key=key).ask(the_request(), seconds=LONGEST_TO_RECORD)
        except ChatFault as fault:
            print(f"{path.name}: {fault.outcome.value}", file=sys.stderr)
            return None


def record_scripted() -> None:
    """Every protocol, every script."""
    for provider in PROVIDERS:
        for name, says in SCRIPTS.items():
            with stand_in(Behaviour(says=says)) as server:
                source = f"the scripted loopback server of tests/cassettes/stand_in.py, speaking as {provider} does"
                record(FOLDER / f"{provider}-{name}.yaml", f"{provider}:scripted", source=source, url=server.url)


def main() -> None:
    """Records what is named on the command line."""
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what == "scripted":
        record_scripted()
        return
    provider, _, model = what.partition(":")
    if provider not in PROVIDERS or not model:
        sys.exit(f"Name scripted, or a provider:model with one of {', '.join(PROVIDERS)}.")
    url, key = os.environ.get("ADVISOR_LLM_BASE_URL"), os.environ.get("ADVISOR_LLM_KEY", "")
    source = os.environ.get("RECORDED_FROM", f"{what} of the provider itself")
    name = os.environ.get("CASSETTE", f"{provider}-real")
    chat_url = url or {"openai": "https://api.openai.com", "anthropic": "https://api.anthropic.com"}.get(provider)
    if chat_url is None:
        sys.exit("Set ADVISOR_LLM_BASE_URL to where it is served.")
    record(FOLDER / f"{name}.yaml", what, source=source, url=chat_url, key=key or "not-a-key")


if __name__ == "__main__":
    main()
