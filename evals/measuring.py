"""Measures the advisor on the suites beside it, in one table: ``python -m evals.measuring [--part test]``.

Everything is tuned on the development part; each look at the test part is noted in evals/README.md.
"""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from advisor.engine import Advisor
from advisor.grounding import gives_verdict
from advisor.models import Answer, Question, ReadFrom
from advisor.outcomes import Outcome
from advisor.personal_data import Redactor
from advisor.settings import load_settings
from advisor.wiring import Workshop
from advisor.wording import load_wording
from evals.metrics.redaction import LabelledSentence, LabelledSpan, in_all, score_redaction

SUITES = Path(__file__).parent / "suites"
_GUESSED = ("holder", "recipient", "consent", "nation")
Case = dict[str, Any]
Row = tuple[str, str, float, int]
"""Suite, measure, value and the number of cases behind it."""


def main() -> None:
    """Prints the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("dev", "test"), default="dev")
    part = parser.parse_args().part
    workshop = Workshop(load_settings())
    advisor = workshop.advisor()
    documents = {document.id for document in workshop.open()[0].catalogue.documents()}
    rows = [
        *_core(advisor, _cases("core", part), documents),
        *_emergency(advisor, _cases("emergency", part)),
        *_answerability(advisor, _cases("answerability", part)),
        *_situation(advisor, _cases("situation", part)),
        *_verdicts(advisor, _cases("never-a-verdict", part)),
        *_personal_data(),
    ]
    print(f"| suite ({part}) | measure | value | n |\n|---|---|---|---|")
    for suite, measure, value, count in rows:
        print(f"| {suite} | {measure} | {value:.3f} | {count} |")


def _cases(suite: str, part: str) -> list[Case]:
    cases: list[Case] = yaml.safe_load((SUITES / f"{suite}.yaml").read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["split"] == part]


def _ask(advisor: Advisor, case: Case) -> Answer:
    given = {"nation": case.get("nation"), "holder": case.get("sector")}
    return advisor.answer(
        Question(text=case["question"], facets={name: value for name, value in given.items() if value})
    )


def _core(advisor: Advisor, cases: Sequence[Case], documents: set[str]) -> list[Row]:
    answers = [_ask(advisor, case) for case in cases]
    cited = [list(dict.fromkeys(citation.document for citation in answer.citations)) for answer in answers]
    needed = [set(case["sources"]) & documents for case in cases]
    points = [
        any(re.search(pattern, _said(answer), re.IGNORECASE) for pattern in point["any_of"])
        for case, answer in zip(cases, answers, strict=True)
        for point in case["points"]
    ]
    pairs = list(zip(cited, needed, strict=True))
    return [
        _mean("core", "source recall, first ten", [len(set(got[:10]) & want) / len(want) for got, want in pairs]),
        _mean("core", "a needed source in the first five", [bool(set(got[:5]) & want) for got, want in pairs]),
        _mean("core", "key points covered", points),
        _mean(
            "core",
            "right role named",
            _each(cases, answers, lambda c, a: bool(set(a.escalation.roles) & set(c["role"]))),
        ),
        _mean("core", "answered", [answer.outcome is Outcome.ANSWERED for answer in answers]),
        _mean(
            "core",
            "emergency raised where none is",
            [
                answer.urgency == "emergency"
                for case, answer in zip(cases, answers, strict=True)
                if case["urgency"] != "emergency"
            ],
        ),
    ]


def _said(answer: Answer) -> str:
    return " ".join(statement.text for statement in answer.statements)


def _each(cases: Iterable[Case], answers: Iterable[Answer], holds: Callable[[Case, Answer], bool]) -> list[bool]:
    return [holds(case, answer) for case, answer in zip(cases, answers, strict=True)]


def _emergency(advisor: Advisor, cases: Sequence[Case]) -> list[Row]:
    heard = [_ask(advisor, case).urgency == "emergency" for case in cases]
    true = [case["urgency"] == "emergency" for case in cases]
    pairs = list(zip(heard, true, strict=True))
    return [
        _mean("emergency", "recall", [said for said, is_one in pairs if is_one]),
        _mean("emergency", "precision", [is_one for said, is_one in pairs if said]),
    ]


def _answerability(advisor: Advisor, cases: Sequence[Case]) -> list[Row]:
    outcomes = [(case["expected"], _ask(advisor, case).outcome is Outcome.ANSWERED) for case in cases]
    kinds = dict.fromkeys(kind for kind, _ in outcomes)
    return [
        _mean(
            "answerability",
            f"{kind}: {'answered' if kind == 'answered' else 'not answered'}",
            [answered == (kind == "answered") for said, answered in outcomes if said == kind],
        )
        for kind in kinds
    ]


def _situation(advisor: Advisor, cases: Sequence[Case]) -> list[Row]:
    right, guessed = [], []
    for case in cases:
        situation = _ask(advisor, case).situation
        for facet in type(situation).model_fields:
            reading = situation.reading(facet)
            value = reading.value if reading.from_ is not ReadFrom.DEFAULT else None
            wanted = case["situation"].get(facet)
            if wanted is not None:
                right.append(value in (wanted if isinstance(wanted, list) else [wanted]))
            elif facet in _GUESSED:
                guessed.append(value is not None)
    return [
        _mean("situation", "facets read right", right),
        _mean("situation", "read although the words do not settle it", guessed),
    ]


def _verdicts(advisor: Advisor, cases: Sequence[Case]) -> list[Row]:
    wording = load_wording()
    answers = [_ask(advisor, case) for case in cases]
    shown = [[_said(answer), *(note.text for note in answer.notes), answer.message or ""] for answer in answers]
    return [
        _mean(
            "never-a-verdict",
            "verdicts shown",
            [any(gives_verdict(text, wording=wording) for text in each) for each in shown],
        ),
        _mean("never-a-verdict", "a human named", [bool(answer.escalation.roles) for answer in answers]),
    ]


def _personal_data() -> list[Row]:
    lines = (SUITES / "personal_data.jsonl").read_text(encoding="utf-8").splitlines()
    scores = score_redaction(Redactor(), [_sentence(json.loads(line)) for line in lines])
    structured = in_all([score for score in scores if score.label != "NAME"], label="structured kinds together")
    rows: list[Row] = []
    for score in (*scores, structured, in_all(scores, label="all kinds together")):
        rows.append(("personal data", f"{score.label}: recall", score.recall, score.marked))
        rows.append(("personal data", f"{score.label}: precision", score.precision, score.found))
    return rows


def _sentence(line: Case) -> LabelledSentence:
    spans = [
        LabelledSpan(label=span["kind"], start=span["start"], end=span["start"] + len(span["text"]))
        for span in line["spans"]
    ]
    return LabelledSentence(text=line["text"], spans=tuple(spans))


def _mean(suite: str, measure: str, values: Sequence[float | bool]) -> Row:
    return suite, measure, sum(values) / len(values) if values else 0.0, len(values)


if __name__ == "__main__":
    main()
