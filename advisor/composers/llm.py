"""The composer that has a language model reword what the default composer quotes; code holds it to those quotes."""

from __future__ import annotations

import json

from advisor.composers.base import Composer, Draft, DraftStatement
from advisor.composers.chat import Asked
from advisor.composers.metered import MeteredChat
from advisor.composers.prompts import load_prompt
from advisor.composers.replies import DRAFT_SCHEMA, Written, read_statements
from advisor.evidence import Evidence
from advisor.models import Situation, Urgency, Writing, fold
from advisor.personal_data import Redactor
from knowledge.models import Bullet


class LLMComposer:
    """Sends the redacted question and public passages; nothing it brings back is shown before it is grounded.

    The quotes, their order and what each does in the answer are the default composer's. In an emergency the model is
    not asked, for nobody waits then; an organisation's own documents are never sent, and are shown as they stand.
    """

    def __init__(self, plain: Composer, *, chat: MeteredChat, seconds: float) -> None:
        """``plain`` chooses the quotes; ``seconds`` is the time the model may take."""
        self._plain, self._chat, self._seconds = plain, chat, seconds
        self._prompt, self._redactor = load_prompt("compose"), Redactor()

    @property
    def name(self) -> str:
        return f"llm:{self._chat.model}"

    def compose(self, question: str, situation: Situation, evidence: Evidence, *, urgency: Urgency) -> Draft:
        quoted = self._plain.compose(question, situation, evidence, urgency=urgency).statements
        public = [statement for statement in quoted if not any(document.local for document, _ in statement.support)]
        draft = Draft(statements=(), composer=self.name, plain=quoted)
        if urgency is Urgency.EMERGENCY or not public:
            outcome = Writing.EMERGENCY if public else Writing.NOTHING_TO_SEND
            return draft.model_copy(update={"use": self._chat.unused(outcome, prompt=self._prompt)})
        try:
            return self._reworded(draft, question, public)
        except Exception:  # Whatever it is, the quotes are there to be shown.
            return draft.model_copy(update={"use": self._chat.unused(Writing.FAULT, prompt=self._prompt)})

    def _reworded(self, draft: Draft, question: str, public: list[DraftStatement]) -> Draft:
        asked = self._asked(question, public)
        reply, use = self._chat.ask(asked, prompt=self._prompt, seconds=self._seconds, passages=len(public))
        written, unreadable = read_statements(reply.text) if reply else ([], 0)
        if reply and not written:
            use = use.model_copy(update={"outcome": Writing.UNREADABLE})
        statements = [_drafted(each, public) for each in written]
        return draft.model_copy(
            update={
                "statements": tuple(statement for statement in statements if statement),
                "unreadable": unreadable + statements.count(None),
                "use": use,
            }
        )

    def _asked(self, question: str, public: list[DraftStatement]) -> Asked:
        """The request. Data travels as JSON, out of whose strings no text can break to become an instruction."""
        body = {
            "question": self._redactor.redact(question).text,  # Redacted already; this is the last gate.
            "passages": [{"number": number, "says": fold(each.text)} for number, each in enumerate(public, start=1)],
        }
        return Asked(system=self._prompt.text, user=json.dumps(body, ensure_ascii=False), schema_=DRAFT_SCHEMA)


def _drafted(written: Written, public: list[DraftStatement]) -> DraftStatement | None:
    """A sentence as a rewording of the passage it names, with the quote as it came; None when there is no such one."""
    if not 1 <= written.passage <= len(public):
        return None
    passage = public[written.passage - 1]
    document, own = passage.support[0]
    quote = own.text if _plainly(written.quote) == _plainly(own.text) else written.quote
    return passage.model_copy(update={"text": written.text, "support": ((document, Bullet(text=quote)),)})


def _plainly(text: str) -> str:
    """A quote with the apostrophes, quotation marks and full stop that models do not copy as they are."""
    return fold(text).translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")).removesuffix(".")
