"""Language models through LangChain: OpenAI and whatever speaks as it does, Azure OpenAI, Anthropic, Ollama.

The only place that imports LangChain for chat; it is imported when a model is switched on, never before.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any

from pydantic import SecretStr

from advisor.composers.chat import MOST_TOKENS_BACK, Asked, ChatFault, Reply
from advisor.composers.deadline import within
from advisor.composers.faults import outcome_of
from advisor.composers.trip import Trip
from advisor.models import Writing
from knowledge.models import FrozenModel


class Provider(FrozenModel):
    """What differs from provider to provider."""

    package: str
    extra: str
    """The optional dependency of ours that brings the package."""
    key_variables: tuple[str, ...]
    url_argument: str = "base_url"
    key_argument: str | None = "api_key"
    tokens_argument: str = "max_tokens"
    method: str = "json_schema"
    """How it is told the form of a reply."""
    client: tuple[str, ...]
    """Attributes that lead from the chat model to its HTTP client."""


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider(
        package="langchain_openai",
        extra="openai",
        key_variables=("OPENAI_API_KEY",),
        client=("root_client", "_client"),
    ),
    "azure_openai": Provider(
        package="langchain_openai",
        extra="openai",
        key_variables=("AZURE_OPENAI_API_KEY", "OPENAI_API_KEY"),
        url_argument="azure_endpoint",
        client=("root_client", "_client"),
    ),
    "anthropic": Provider(
        package="langchain_anthropic",
        extra="anthropic",
        key_variables=("ANTHROPIC_API_KEY",),
        method="function_calling",
        client=("_client", "_client"),
    ),
    "ollama": Provider(
        package="langchain_ollama",
        extra="ollama",
        key_variables=(),
        key_argument=None,
        tokens_argument="num_predict",
        client=("_client", "_client"),
    ),
}


def missing(model: str, *, key: SecretStr | None) -> str | None:
    """What a model still needs on this machine, with the mend; None when it is all there. Nothing is sent."""
    provider = PROVIDERS[model.partition(":")[0]]
    if importlib.util.find_spec(provider.package) is None or importlib.util.find_spec("langchain") is None:
        return f'its package is not installed. Install it: pip install "can-i-share[{provider.extra}]"'
    if provider.key_variables and not key and not any(os.environ.get(name) for name in provider.key_variables):
        return f"it has no key. Set ADVISOR_LLM_KEY or {provider.key_variables[0]}."
    return None


class ProviderChat:
    """A model of one of the providers; it is connected when it is first asked."""

    def __init__(self, model: str, *, base_url: str | None = None, key: SecretStr | None = None) -> None:
        self._name, self._base_url, self._key = model, base_url, key
        self._provider = PROVIDERS[model.partition(":")[0]]
        self._made: Any = None

    @property
    def model(self) -> str:
        return self._name

    def ask(self, asked: Asked, *, seconds: float) -> Reply:
        """As of ``Chat``."""
        if missing(self._name, key=self._key):
            raise ChatFault(Writing.NOT_SET_UP)
        trip = Trip(until=monotonic() + seconds)
        try:
            return within(seconds, lambda: self._asked(asked, trip, seconds=seconds))
        except ChatFault as fault:
            raise ChatFault(fault.outcome, sent_to=trip.host) from None
        except Exception as error:  # Whatever a library raises: its words may hold the question's, so they stop here.
            raise ChatFault(outcome_of(error), sent_to=trip.host) from None

    def _asked(self, asked: Asked, trip: Trip, *, seconds: float) -> Reply:
        with _untraced():
            model = self._model(seconds)
            trip.watch(_reached(model, self._provider.client))
            message = self._invoked(model, asked)
        usage = getattr(message, "usage_metadata", None) or {}
        return Reply(
            text=_text_of(message),
            tokens_in=usage.get("input_tokens"),
            tokens_out=usage.get("output_tokens"),
            sent_to=trip.host,
        )

    def _invoked(self, model: Any, asked: Asked) -> Any:
        messages = [("system", asked.system), ("human", asked.user)]
        method = self._provider.method
        form = model.with_structured_output(dict(asked.schema_), method=method, **self._strictness())
        try:
            return form.first.invoke(messages)  # The model, told the form; not LangChain's parser behind it.
        except Exception as error:
            if getattr(error, "status_code", None) not in (400, 404, 422):
                raise
        return model.invoke(messages)  # It knows no such forms of reply; the instructions describe the form too.

    def _strictness(self) -> dict[str, Any]:
        return {"strict": True} if self._provider.extra == "openai" else {}

    def _model(self, seconds: float) -> Any:
        if self._made is None:
            from langchain.chat_models import init_chat_model  # noqa: PLC0415 - two seconds, within the time of an answer

            self._made = init_chat_model(self._name, **self._arguments(seconds))
        return self._made

    def _arguments(self, seconds: float) -> dict[str, Any]:
        provider = self._provider
        given: dict[str, Any] = {provider.tokens_argument: MOST_TOKENS_BACK}
        if provider.package == "langchain_ollama":
            given["client_kwargs"] = {"timeout": seconds}
        else:
            given |= {"timeout": seconds, "max_retries": 0}
        if provider.extra == "openai":
            given["use_responses_api"] = False
        if self._base_url:
            given[provider.url_argument] = self._base_url
        if self._key and provider.key_argument:
            given[provider.key_argument] = self._key
        return given


@contextmanager
def _untraced() -> Iterator[None]:
    """LangSmith hears nothing, even where the environment asks LangChain to send it everything."""
    import langsmith  # noqa: PLC0415 - as of LangChain

    with langsmith.tracing_context(enabled=False):
        yield


def _reached(model: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        model = getattr(model, name)
    return model


def _text_of(message: Any) -> str:
    """The reply as text, wherever in the message the provider put it.

    Raises:
        ChatFault: when the model refused.
    """
    about = getattr(message, "response_metadata", None) or {}
    extra = getattr(message, "additional_kwargs", None) or {}
    stopped = about.get("stop_reason") or about.get("finish_reason") or about.get("done_reason")
    if extra.get("refusal") or stopped in ("refusal", "content_filter"):
        raise ChatFault(Writing.REFUSED)
    calls = getattr(message, "tool_calls", None) or []
    text = json.dumps(calls[0]["args"]) if calls else str(message.text)
    if not text.strip():
        raise ChatFault(Writing.TRUNCATED if stopped in ("length", "max_tokens") else Writing.UNREADABLE)
    return text
