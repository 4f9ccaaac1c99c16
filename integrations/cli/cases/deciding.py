"""``advisor cases decide`` and ``advisor cases close``."""

from __future__ import annotations

from pathlib import Path

import click

from advisor.errors import DecisionUnfinished
from advisor.learning import next_time
from advisor.wording import load_wording
from integrations.cli.cases.desk import at_desk
from integrations.cli.cases.forms import decision_from, decision_options
from integrations.cli.cases.printing import advice_lines, case_json, decision_lines, print_json, print_lines, summary
from integrations.cli.learn import next_time_lines


@click.command()
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.case/1).")
@decision_options
def decide(
    case: str,
    as_json: bool,
    outcome: str | None,
    fields: tuple[str, ...],
    source: Path | None,
    role: str | None,
    not_sure: bool,
) -> int:
    """Records what you decide in a CASE and why; every field takes text or "not sure"."""
    with at_desk() as here:
        decision = decision_from(outcome, fields=fields, source=source, role=role, not_sure=not_sure, by=here.me)
        try:
            found = here.desk.decide(case, decision, by=here.me)
        except DecisionUnfinished as unfinished:
            each = "\n".join(f"  --field {name}=..." for name in unfinished.fields)
            raise click.UsageError(f"{unfinished}\nAdd these, or --not-sure for all of them:\n{each}") from unfinished
        learnt = next_time(here.desk.find(found.id, by=here.me).answer, turn=found.id, wording=load_wording())
        if as_json:
            point = learnt.model_dump(mode="json") if learnt else None
            case_now = case_json(found, directory=here.desk.directory)
            print_json("advisor.case/1", {"case": case_now, "next_time": point})
            return 0
        vocabulary = here.workshop.vocabulary
        print_lines(summary(found, directory=here.desk.directory, vocabulary=vocabulary))
        told = [*decision_lines(decision, vocabulary=vocabulary), *advice_lines(decision)]
        print_lines([*told, *(next_time_lines(learnt) if learnt else [])])
    return 0


@click.command()
@click.argument("case")
@click.option("--why", default="", help="Needed when nobody decided it; personal data is taken out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.case/1).")
def close(case: str, why: str, as_json: bool) -> int:
    """Closes a CASE; its time of retention begins."""
    with at_desk() as here:
        found = here.desk.close(case, by=here.me, why=why)
        if as_json:
            print_json("advisor.case/1", {"case": case_json(found, directory=here.desk.directory)})
        else:
            print_lines(summary(found, directory=here.desk.directory, vocabulary=here.workshop.vocabulary))
    return 0
