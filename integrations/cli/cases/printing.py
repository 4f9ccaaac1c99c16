"""Cases and decisions as plain text of 80 columns, and as the JSON that commands print."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import click

from advisor.cases.models import TEXT_FIELDS, Case, CaseFile, Decision, Event
from advisor.cases.wording import load_case_words
from advisor.people import Directory
from integrations.cli.rendering import plural, wrapped
from knowledge.vocabulary import Vocabulary

_SHORT = ("text", "why", "reason", "about")
"""What an event says in a text of its own."""


def print_json(schema: str, body: dict[str, Any]) -> None:
    click.echo(json.dumps({"schema": schema, **body}, ensure_ascii=False, indent=2))


def print_lines(lines: Iterable[str]) -> None:
    click.echo("\n".join(lines))


def case_json(case: Case, *, directory: Directory) -> dict[str, Any]:
    """The case with the names of its people."""
    names = {
        "asker_name": directory.name_of(case.asker) if case.asker else None,
        "holder_name": directory.name_of(case.holder) if case.holder else None,
    }
    return {**case.model_dump(mode="json"), **names}


def file_json(file: CaseFile, *, directory: Directory) -> dict[str, Any]:
    return {
        "case": case_json(file.case, directory=directory),
        "events": [event.model_dump(mode="json") for event in file.events],
    }


def summary(case: Case, *, directory: Directory, vocabulary: Vocabulary) -> list[str]:
    """Two lines for a list."""
    words = load_case_words()
    late = " OVERDUE" if case.is_overdue(datetime.now(UTC)) else ""
    state = f"{case.state.value}: {words.outcomes[case.outcome]}" if case.outcome else words.states[case.state]
    role = _role(case.role, vocabulary) or "recorded without a case"
    holder = f", {directory.name_of(case.holder)}" if case.holder else ""
    due = f", due {moment(case.due_at)}" if case.due_at and case.state.is_live else ""
    question = " ".join((case.question or "(removed)").split())
    return [
        *wrapped(f"{case.id}  {state}{holder}; {case.urgency.value}{due}{late}", rest=4),
        *wrapped(f"{moment(case.opened_at)}, {role}: {question}", first="    "),
    ]


def whole(file: CaseFile, *, directory: Directory, vocabulary: Vocabulary) -> list[str]:
    """Everything of a case, for reading."""
    lines = summary(file.case, directory=directory, vocabulary=vocabulary)
    answer = file.answer
    if answer:
        lines += ["", "THE ANSWER IT CAME FROM", *wrapped(f'{answer.id}: see "advisor show {answer.id}"', first="- ")]
        lines += [line for ask in answer.to_settle for line in wrapped(f"still to settle: {ask.ask}", first="- ")]
    if file.decision:
        lines += ["", "THE DECISION", *decision_lines(file.decision, vocabulary=vocabulary)]
    lines += ["", "WHAT HAPPENED"]
    return lines + [line for event in file.events for line in _event(event, vocabulary=vocabulary)]


def decision_lines(decision: Decision, *, vocabulary: Vocabulary) -> list[str]:
    """Every field that says something, then what is missing."""
    words = load_case_words()
    said = {"outcome": words.outcomes[decision.outcome]}
    said |= {name: getattr(decision, name) for name in TEXT_FIELDS if getattr(decision, name)}
    if decision.review_on:
        said["review_on"] = decision.review_on.isoformat()
    lines = [line for name, text in said.items() for line in wrapped(f"{_label(name)}: {text}", first="- ")]
    if decision.acted_first:
        lines += wrapped("acted first, recorded afterwards", first="- ")
    decided_by = decision.decided_by
    lines += wrapped(f"decided by: {decided_by.name}, {_role(decided_by.role, vocabulary)}", first="- ")
    missing = ", ".join(map(_label, decision.missing()))
    return lines + (wrapped(f"nothing is recorded of: {missing}", first="- ") if missing else [])


def advice_lines(decision: Decision) -> list[str]:
    """What to do about each "not sure"."""
    advice = load_case_words().advice_on(decision)
    lines = [line for name, text in advice.items() if text for line in wrapped(f"{_label(name)}: {text}", first="- ")]
    return ["NOT SURE: BEFORE ANYTHING IS SHARED", *lines] if lines else []


def counted(number: int) -> str:
    """Such as "1 case" and "2 cases"."""
    return plural(number, "case")


def moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "not"


def _event(event: Event, *, vocabulary: Vocabulary) -> list[str]:
    what = load_case_words().events[event.kind]
    if event.content is None:
        return wrapped(f"{event.sequence}. {moment(event.at)}  {what}; what it said was removed", rest=4)
    said = event.content
    text = " ".join(str(said[name]) for name in _SHORT if said.get(name))
    to = said.get("to_name") or _role(said.get("role", ""), vocabulary)
    lines = wrapped(f"{event.sequence}. {moment(event.at)}  {said.get('name', '')} {what}", rest=4)
    lines += wrapped(f"to {to}", first="    ") if to else []
    return lines + (wrapped(text, first="    ") if text else [])


def _label(field: str) -> str:
    words = load_case_words().fields
    return words["review_on" if field == "review" else field].label


def _role(role: str, vocabulary: Vocabulary) -> str:
    return vocabulary.roles[role].label if role in vocabulary.roles else role
