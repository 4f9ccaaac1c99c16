"""``advisor cases open`` and ``advisor cases record``: a matter goes to a human, or a decision is put on record."""

from __future__ import annotations

from pathlib import Path

import click

from advisor.cases.models import Case, Decision
from advisor.models import Answer
from integrations.cli.cases.desk import AtDesk, at_desk
from integrations.cli.cases.forms import decision_from, decision_options
from integrations.cli.cases.printing import advice_lines, case_json, moment, print_json, print_lines
from integrations.cli.rendering import wrapped


@click.command("open")
@click.argument("answer")
@click.option("--role", help="Whose queue, instead of the one the answer names.")
@click.option("--why", default="", help="What you want judged; personal data is taken out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.case/1).")
def open_(answer: str, role: str | None, why: str, as_json: bool) -> int:
    """Asks a human to decide: puts a case for an ANSWER, by its id, in the queue of the right role."""
    with at_desk() as here:
        _require_role(here, role)
        case = here.desk.open(here.answer(answer), by=here.me, role=role, why=why)
        if as_json:
            print_json("advisor.case/1", {"case": case_json(case, directory=here.desk.directory)})
        else:
            print_lines(opened_lines(case, here))
    return 0


@click.command()
@click.option("--answer", help="The answer it followed, by its id.")
@click.option("--about", default="", help="What it was about, without names, when there is no answer.")
@click.option("--acted-first", is_flag=True, help="Shared in an emergency; recorded now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.case/1).")
@decision_options
def record(
    answer: str | None,
    about: str,
    acted_first: bool,
    as_json: bool,
    outcome: str | None,
    fields: tuple[str, ...],
    source: Path | None,
    role: str | None,
    not_sure: bool,
) -> int:
    """Puts your own decision on record, without a case; also afterwards, when you had to act first."""
    if not answer and not about.strip():
        raise click.UsageError("Say which --answer it followed, or what it was --about.")
    with at_desk() as here:
        decision = decision_from(
            outcome, fields=fields, source=source, role=role, not_sure=not_sure, by=here.me, acted_first=acted_first
        )
        case = here.desk.record(decision, by=here.me, answer=here.answer(answer) if answer else None, about=about)
        if as_json:
            print_json("advisor.case/1", {"case": case_json(case, directory=here.desk.directory)})
        else:
            print_lines(_recorded_lines(case, decision))
    return 0


def hand_over(answer: Answer) -> None:
    """Opens a case for an answer just given; what became of it goes to standard error, beside the answer."""
    with at_desk() as here:
        lines = opened_lines(here.desk.open(answer, by=here.me), here)
    click.echo("\n".join(lines), err=True)


def opened_lines(case: Case, here: AtDesk) -> list[str]:
    """Where a case went, when it is due and whom to ring if that is too late."""
    label = here.workshop.vocabulary.roles[case.role].label if case.role else "the record"
    lines = wrapped(f"Case {case.id} is with: {label}. Due {moment(case.due_at)} UTC.")
    lines += [
        line
        for contact in here.desk.reach(case)
        for line in wrapped(f"To reach them: {contact.name}, {contact.reach}", first="  ")
    ]
    if case.urgency.value == "emergency":
        lines += wrapped("Do not wait for an answer to this. Act, then record what you did:")
        lines += wrapped(f"advisor cases record --acted-first --answer {case.answer}", first="  ")
    return [*lines, *wrapped(f'Follow it with "advisor cases show {case.id}".')]


def _recorded_lines(case: Case, decision: Decision) -> list[str]:
    missing = decision.missing()
    lines = wrapped(f'Recorded as {case.id}. See it with "advisor cases show {case.id}".')
    if missing:
        lines += wrapped(f'Nothing is recorded of: {", ".join(missing)}. Add it with "advisor cases note".')
    return lines + advice_lines(decision)


def _require_role(here: AtDesk, role: str | None) -> None:
    roles = here.workshop.vocabulary.roles
    if role and role not in roles:
        raise click.UsageError(f"Role {role!r} is unknown; use one of {', '.join(roles)}.")
