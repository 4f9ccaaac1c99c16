"""Which texts of an answer a reader sees."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.models import Answer, fold


def stated(answer: Answer) -> str:
    """What an answer states, as one text: its statements, a line each."""
    return "\n".join(fold(statement.text).replace("\u2019", "'") for statement in answer.statements)


def shown(answer: Answer) -> Iterator[tuple[str, str]]:
    """Where it stands and the text, of everything shown but the asker's own words and the fixed emergency text."""
    if answer.message:
        yield "message", answer.message
    for number, statement in enumerate(answer.statements, start=1):
        yield f"statement {number}", statement.text
        if statement.condition:
            yield f"condition of statement {number}", statement.condition
    for ask in answer.to_settle:
        yield f"question about {ask.facet}", ask.ask
        yield f"reason to ask about {ask.facet}", ask.why
    for citation in answer.citations:
        yield f"quote {citation.number}", citation.quote
        yield f"title of {citation.number}", citation.title
    for note in answer.notes:
        yield f"note ({note.kind.value})", note.text
    yield "reason to escalate", answer.escalation.reason
    for line in (*answer.escalation.bring, *answer.record):
        yield "reminder", line
    yield "disclaimer", answer.disclaimer
