"""A language model that is asked within its allowance, and what each use of it came to."""

from __future__ import annotations

from advisor.composers.allowance import Allowance
from advisor.composers.chat import MOST_TOKENS_BACK, Asked, Chat, ChatFault, Reply
from advisor.composers.prompts import Prompt
from advisor.models import ModelUse, Writing
from knowledge.models import FrozenModel

_MILLION = 1_000_000


class Prices(FrozenModel):
    """Prices of a million tokens, in any currency; None where they were not set."""

    sent: float | None = None
    received: float | None = None

    def of(self, sent: int, received: int) -> float | None:
        if self.sent is None or self.received is None:
            return None
        return round((sent * self.sent + received * self.received) / _MILLION, 6)


class MeteredChat:
    """Asks, counts, and turns whatever goes wrong into an outcome."""

    def __init__(self, chat: Chat, *, allowance: Allowance, prices: Prices | None = None) -> None:
        self._chat, self._allowance, self._prices = chat, allowance, prices or Prices()

    @property
    def model(self) -> str:
        return self._chat.model

    def ask(self, asked: Asked, *, prompt: Prompt, seconds: float, passages: int = 0) -> tuple[Reply | None, ModelUse]:
        """The reply, or None with the use saying why there is none."""
        most = asked.tokens + MOST_TOKENS_BACK
        if not self._allowance.take(most):
            return None, self.unused(Writing.DAILY_LIMIT, prompt=prompt)
        try:
            reply = self._chat.ask(asked, seconds=seconds)
        except ChatFault as fault:
            return None, self._failed(fault, asked, prompt=prompt, taken=most, passages=passages)
        sent = reply.tokens_in if reply.tokens_in is not None else asked.tokens
        received = reply.tokens_out if reply.tokens_out is not None else len(reply.text) // 3
        self._allowance.settle(taken=most, used=max(0, sent) + max(0, received))
        use = self.unused(Writing.WRITTEN, prompt=prompt).model_copy(
            update={
                "tokens": max(0, sent) + max(0, received),
                "cost": self._prices.of(max(0, sent), max(0, received)),
                "sent_to": reply.sent_to,
                "passages": passages,
            }
        )
        return reply, use

    def unused(self, outcome: Writing, *, prompt: Prompt) -> ModelUse:
        """A use that sent nothing."""
        return ModelUse(model=self.model, outcome=outcome, prompt_digest=prompt.digest)

    def _failed(self, fault: ChatFault, asked: Asked, *, prompt: Prompt, taken: int, passages: int) -> ModelUse:
        """What was sent counts, and so does a reply that may have been made after nobody waited for it."""
        left = fault.sent_to is not None
        late = fault.outcome in (Writing.TIMED_OUT, Writing.TOO_LARGE, Writing.TRUNCATED)
        received = MOST_TOKENS_BACK if left and late else 0
        tokens = asked.tokens + received if left else 0
        self._allowance.settle(taken=taken, used=tokens)
        return self.unused(fault.outcome, prompt=prompt).model_copy(
            update={
                "tokens": tokens,
                "cost": self._prices.of(asked.tokens, received) if left else None,
                "sent_to": fault.sent_to,
                "passages": passages if left else 0,
            }
        )
