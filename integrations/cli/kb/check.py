"""``advisor kb check``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date

import click

from advisor.curating.questions import FIRST, LeavingOut, QuestionsFound, ask_each, not_found, summary_of
from advisor.curating.verdicts import verdicts_among
from advisor.settings import load_settings
from advisor.situation import SituationReader
from advisor.wiring import Workshop
from advisor.wording import load_wording
from integrations.cli.ask import build_with_bar
from integrations.cli.rendering import wrapped
from knowledge.checking import Finding, Level, check_files
from knowledge.checking.facets import dead_values
from knowledge.checking.files import in_order
from knowledge.checking.reading import EASY_ENOUGH, ReadingEase, reading_ease
from knowledge.models import Document, FrozenModel, State

_SELDOM = 0.5
"""Share of its questions under which a document is named among those that are least found."""
_MOST_NAMED = 10
_HEADINGS = {Level.ERROR: "Errors", Level.ADVICE: "Advice"}


@click.command()
@click.option(
    "--questions",
    is_flag=True,
    help="Also ask every example question as if it had not been written (about a minute; needs the index).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.check/1).")
def check(questions: bool, as_json: bool) -> int:
    """Reports everything wrong with the documents at once; exit code 1 when there is an error."""
    report = _checked(Workshop(load_settings()), questions=questions)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else report.as_text())
    return 1 if report.of(Level.ERROR) else 0


class _Report(FrozenModel):
    """All that was found."""

    documents: int
    findings: tuple[Finding, ...]
    """Errors first, then advice, each by file and line."""
    reading: ReadingEase
    questions: QuestionsFound | None

    def of(self, level: Level) -> list[Finding]:
        return [finding for finding in self.findings if finding.level is level]

    def as_json(self) -> dict[str, object]:
        """The object advisor.kb.check/1."""
        return {
            "schema": "advisor.kb.check/1",
            "documents": self.documents,
            "errors": len(self.of(Level.ERROR)),
            "advice": len(self.of(Level.ADVICE)),
            "findings": [finding.model_dump(mode="json") for finding in self.findings],
            "reading_ease": self.reading.model_dump(mode="json"),
            "questions": _questions_json(self.questions) if self.questions else None,
        }

    def as_text(self) -> str:
        lines = []
        for level, heading in _HEADINGS.items():
            findings = self.of(level)
            if findings:
                lines += [f"{heading} ({len(findings)})", *map(str, findings), ""]
        lines += [_counts(self), *_reading(self.reading), *_questions(self.questions)]
        return "\n".join(lines)


def _checked(workshop: Workshop, *, questions: bool) -> _Report:
    documents, findings = check_files(
        workshop.paths, vocabulary=workshop.vocabulary, today=date.today(), local=workshop.local_paths
    )
    findings += verdicts_among(documents, wording=load_wording())
    if workshop.settings.content is None:  # A folder of one's own need not use every word of our vocabulary.
        findings += dead_values(documents, vocabulary=workshop.vocabulary)
    found = None
    if questions:
        found, more = _asked(workshop, documents)
        findings += more
    ordered = sorted(in_order(findings), key=lambda finding: finding.level is Level.ADVICE)
    return _Report(documents=len(documents), findings=tuple(ordered), reading=reading_ease(documents), questions=found)


def _asked(workshop: Workshop, documents: Sequence[Document]) -> tuple[QuestionsFound, list[Finding]]:
    index, embedder = workshop.open_or_build(lambda: build_with_bar(workshop))
    try:
        library = LeavingOut(index, embedder=embedder)
        asking = ask_each(
            documents,
            advisor=workshop.advisor(library=lambda: library),
            library=library,
            reader=SituationReader(workshop.vocabulary),
            profile=workshop.profile.facets(),
        )
        total = sum(len(document.questions) for document in documents if document.state is State.APPROVED)
        with click.progressbar(asking, length=total, label="Asking", file=sys.stderr) as bar:
            asked = list(bar)
    finally:
        index.close()
    return summary_of(asked), not_found(asked, documents)


def _counts(report: _Report) -> str:
    errors, advice = len(report.of(Level.ERROR)), len(report.of(Level.ADVICE))
    return f"{report.documents} documents, {errors} error{'' if errors == 1 else 's'}, {advice} advice"


def _reading(ease: ReadingEase) -> list[str]:
    if ease.median is None:
        return []
    goal = f"{EASY_ENOUGH:.0f} or more is wanted"
    return [f"Flesch reading ease: median {ease.median} of {ease.passages:,} passages ({goal})"]


def _questions(found: QuestionsFound | None) -> list[str]:
    if found is None or not found.total.asked:
        return []
    total = found.total
    kinds = "; ".join(
        f"{kind.value.replace('_', ' ')} {tally.share:.0%} of {tally.asked:,}" for kind, tally in found.kinds.items()
    )
    least = [
        f"{name} {tally.found} of {tally.asked}" for name, tally in found.documents.items() if tally.share < _SELDOM
    ]
    said = f"{total.share:.0%} of {total.asked:,} questions find their document in the first {FIRST} without themselves"
    worst = f"Least found: {', '.join(least[:_MOST_NAMED])}" if least else ""
    return [*wrapped(f"{said} ({kinds})"), *wrapped(worst)]


def _questions_json(found: QuestionsFound) -> dict[str, object]:
    return {
        "first": FIRST,
        **found.total.model_dump(),
        "share": round(found.total.share, 4),
        "kinds": {kind.value: tally.model_dump() for kind, tally in found.kinds.items()},
        "documents": [{"id": name, **tally.model_dump()} for name, tally in found.documents.items()],
    }
