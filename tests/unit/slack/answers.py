"""Answers of every size and with every kind of trouble in their texts, for tests of what is shown in Slack."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from advisor.models import Answer, Contact, Question
from knowledge.models import SectionRole, Strand
from knowledge.vocabulary import load_vocabulary
from tests.advising import EMERGENCY_QUESTION, NOW, POLICE_QUESTION, an_advisor

NASTY = "<!channel> <@U024BE7LH> <https://evil.example|ICO> *bold* _it_ ~no~ `code` & :bomb: \n> quote\n• [1] @here"
PARTS = tuple(SectionRole)


@cache
def an_answer(question: str = POLICE_QUESTION) -> Answer:
    """A whole answer of the real engine over the small shelf."""
    return an_advisor().answer(Question(text=question))


def an_emergency() -> Answer:
    return an_answer(EMERGENCY_QUESTION)


def sized(
    *,
    statements: int,
    length: int = 120,
    asks: int = 2,
    citations: int = 1,
    contacts: int = 0,
    text: str = "word ",
    url: str = "https://www.example.org/guidance/page",
    emergency: bool = False,
) -> Answer:
    """An answer with so many statements, each of so many characters made of ``text``."""
    base = (an_emergency() if emergency else an_answer()).model_dump(by_alias=True)
    words = ((text * (length // len(text) + 1))[:length]).strip() or "x"
    numbers = list(range(1, max(1, citations) + 1))
    cited = [
        {
            **base["citations"][0],
            "number": number,
            "document": f"document-{number}",
            "title": words[:200],
            "source": words[:200],
            "pinpoint": words[:200],
            "quote": words,
            "url": url,
            "reviewed": date(2026, 11, 1),
        }
        for number in numbers
    ]
    roles = [part.value for part in PARTS]
    said: list[dict[str, Any]] = [
        {
            "role": roles[place % len(roles)],
            "strand": list(Strand)[place % len(Strand)],
            "text": words,
            "citations": numbers,
            "condition": words[:100],
        }
        for place in range(max(1, statements))
    ]
    facets = list(load_vocabulary().facets)[:asks]
    changes = {
        "statements": said,
        "citations": cited,
        "notes": [{"kind": "other_nation", "text": words, "citations": [1]}],
        "to_settle": [{"facet": facet, "ask": words, "why": words, "citations": [1]} for facet in facets],
        "message": None,
        "question": words,
        "disclaimer": words,
        "record": [words],
        "escalation": base["escalation"]
        | {
            "reason": words,
            "bring": [words, words],
            "contacts": [
                Contact(role=base["escalation"]["roles"][0], name=words, reach=words) for _ in range(contacts)
            ],
        },
        "asked_at": NOW,
    }
    return Answer.model_validate(base | changes)
