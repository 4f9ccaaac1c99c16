"""Puts the language model's parts together from settings; imported only when one is switched on."""

from __future__ import annotations

from advisor.composers.allowance import FileAllowance
from advisor.composers.base import Composer, Interpreter
from advisor.composers.chat import Chat
from advisor.composers.llm import LLMComposer
from advisor.composers.metered import MeteredChat, Prices
from advisor.composers.providers import ProviderChat
from advisor.composers.reading import LLMInterpreter
from advisor.settings import Settings
from knowledge.vocabulary import Vocabulary

_READING_SHARE = 1 / 3
"""Share of the time of an answer that reading the question may take, where that is switched on."""


def writers(
    model: str, plain: Composer, *, settings: Settings, vocabulary: Vocabulary, chat: Chat | None = None
) -> tuple[Composer, Interpreter | None]:
    """The composer that rewords what ``plain`` quotes, and the interpreter where it is switched on.

    ``chat`` takes the place of the provider, as in tests.
    """
    metered = MeteredChat(
        chat or ProviderChat(model, base_url=settings.llm_base_url, key=settings.llm_key),
        allowance=FileAllowance(settings.home / "llm_tokens.json", a_day=settings.llm_tokens_a_day),
        prices=Prices(sent=settings.llm_price_in, received=settings.llm_price_out),
    )
    if not settings.llm_reading:
        return LLMComposer(plain, chat=metered, seconds=settings.llm_seconds), None
    reading = settings.llm_seconds * _READING_SHARE
    return (
        LLMComposer(plain, chat=metered, seconds=settings.llm_seconds - reading),
        LLMInterpreter(vocabulary, chat=metered, seconds=reading),
    )
