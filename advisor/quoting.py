"""How a statement is shown beside the words it rests on: the same in every face."""

from __future__ import annotations

from advisor.models import Answer, Statement, fold

SOURCE_TEXT = "source_text"
"""``words`` of a document that an organisation imported whole."""


def in_quotes(text: str, *, words: str) -> str:
    """A source's own words in quotation marks; our summaries are never shown as if the law said them."""
    return f"“{text}”" if words == SOURCE_TEXT else text


def is_quoted(answer: Answer, statement: Statement) -> bool:
    """Whether a statement is the words of a source itself, and not our summary or a model's wording."""
    cited = [answer.citation(number) for number in statement.citations]
    return any(each.words == SOURCE_TEXT and fold(each.quote) == statement.text for each in cited)


def shown_text(answer: Answer, statement: Statement) -> str:
    """The statement, in quotation marks where it is a source's own words."""
    return f"“{statement.text}”" if is_quoted(answer, statement) else statement.text


def quotes_beneath(answer: Answer, statement: Statement) -> tuple[str, ...]:
    """Under a sentence that is a model's wording: what it rests on, so that a person can check it."""
    cited = [answer.citation(number) for number in statement.citations]
    if statement.text in [fold(each.quote) for each in cited]:
        return ()
    return tuple(in_quotes(each.quote, words=each.words) for each in cited)
