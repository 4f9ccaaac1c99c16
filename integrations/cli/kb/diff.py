"""``advisor kb diff``: what an edit of the documents does to answers, like a plan before it is carried out."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click

from advisor.comparing import AnswerChange, Change, Edit, Part, Sign, changes_between, edit_between
from advisor.settings import Settings, load_settings
from advisor.wiring import Workshop
from integrations.cli.kb.asking import Asked, example_questions, sampled, suite_questions
from integrations.cli.kb.revisions import find_revision, put_out
from integrations.cli.rendering import wrapped
from knowledge.errors import DocumentError, IndexError_
from knowledge.loading import CONTENT
from knowledge.models import Document, FrozenModel, State

_PAGE = "kb/diff.html"


class Difference(FrozenModel):
    """All that an edit does to the answers of the questions asked."""

    before: str
    """Where the documents before the edit are from."""
    after: str
    documents: Edit
    asked: int
    answers: tuple[AnswerChange, ...]
    """Only those that changed, in the order asked."""


@click.command()
@click.argument("revision", default="HEAD", metavar="[REV]")
@click.option(
    "--before",
    "before_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The documents as they were, in place of a git revision.",
)
@click.option("--suite", "suites", multiple=True, metavar="NAME|FILE", help="Also asks the questions of a suite.")
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    metavar="N",
    help="Of questions that are not from a document that changed, asks only N.",
)
@click.option("--seed", default=0, show_default=True, help="Chooses another sample.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Also writes a page.")
@click.option("--fail-on-change", is_flag=True, help="Exit code 1 when an answer changes.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.kb.diff/1).")
def diff(
    revision: str,
    before_folder: Path | None,
    suites: tuple[str, ...],
    sample: int | None,
    seed: int,
    html: Path | None,
    fail_on_change: bool,
    as_json: bool,
) -> int:
    """What the edit since REV (default HEAD) does to answers: which citations and statements come, go and move.

    Asks the example questions of the documents, before and after the edit.
    """
    if html is not None and not html.parent.is_dir():
        raise click.UsageError(f"--html names a file in {html.parent}, which is no folder. Make it first.")
    from_suites = [asked for name in dict.fromkeys(suites) for asked in suite_questions(name)]
    settings = load_settings().model_copy(update={"chroma_url": None})  # Both indexes are for this comparison alone.
    with tempfile.TemporaryDirectory(prefix="advisor-kb-diff-") as beside:
        before = _as_before(settings, revision, before_folder, Path(beside))
        after = _Side("the documents as they are now", settings)
        difference = _compared(before, after, from_suites, sample=sample, seed=seed)
    if html is not None:
        _write_page(html, difference)
    click.echo(json.dumps(_body(difference), ensure_ascii=False, indent=2) if as_json else _text(difference))
    return 1 if fail_on_change and difference.answers else 0


class _Side(NamedTuple):
    """The documents before the edit or after it."""

    called: str
    settings: Settings

    def documents(self) -> list[Document]:
        """What may be cited.

        Raises:
            DocumentError: the first file that cannot be read as a document.
        """
        documents = []
        for loaded in Workshop(self.settings).loaded():
            if isinstance(loaded, DocumentError):
                raise DocumentError(f"{loaded.message} ({self.called})", path=loaded.path, line=loaded.line)
            documents.append(loaded)
        return [document for document in documents if document.state is State.APPROVED]


def _as_before(settings: Settings, revision: str, given: Path | None, beside: Path) -> _Side:
    """The documents before the edit: where the organisation has its own folder, an edit without git is of that."""
    if given is not None:
        where = {"local": given} if settings.local else {"content": given}
        return _Side(f"the documents in {given}", settings.model_copy(update=where))
    folders = {"content": settings.content or CONTENT, "local": settings.local}
    found, refused = {}, []
    for name, folder in folders.items():
        try:
            if folder is not None:
                commit = find_revision(revision, folder=folder)
                put_out(commit, folder=folder, into=beside / name)
                found[name] = beside / name
        except click.UsageError as error:
            refused.append(error)
    if not found:
        raise refused[-1]
    return _Side(f"the documents at {commit}", settings.model_copy(update=found))


def _compared(before: _Side, after: _Side, more: Sequence[Asked], *, sample: int | None, seed: int) -> Difference:
    documents = before.documents(), after.documents()
    edit = edit_between(*documents)
    own = example_questions([*documents[1], *documents[0]])
    asked = [*sampled(own, number=sample, seed=seed, always=edit.documents), *more] if edit.documents else []
    changed = list(_changed(before, after, asked)) if asked else []
    return Difference(
        before=before.called, after=after.called, documents=edit, asked=len(asked), answers=tuple(changed)
    )


def _changed(before: _Side, after: _Side, asked: Sequence[Asked]) -> Iterator[AnswerChange]:
    home = before.settings.home
    old = _indexed(before.settings, folder=home / "diff" / "before", base=home / "index")
    new = _indexed(after.settings, folder=home / "diff" / "after", base=old.index_folder)
    sides = old.advisor(), new.advisor()
    with _bar("Asking", len(asked)) as bar:
        for each in asked:
            answers = [side.answer(each.question) for side in sides]
            changes = changes_between(*answers)
            if changes:
                yield AnswerChange(question=answers[1].question, asked_by=each.asked_by, changes=changes)
            bar.update(1)


def _indexed(settings: Settings, *, folder: Path, base: Path) -> Workshop:
    """A workshop whose index holds its documents: the one in use if that does, else one kept beside it."""
    for workshop in (Workshop(settings), beside := Workshop(settings, index_folder=folder)):
        try:
            index, _ = workshop.open()
        except IndexError_:
            continue
        index.close()
        return workshop
    with _bar("Indexing", 1) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        beside.build(progress=show, base=base)
    return beside


@contextmanager
def _bar(label: str, length: int) -> Iterator[Any]:
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar


def _body(difference: Difference) -> dict[str, Any]:
    body = difference.model_dump(mode="json")
    return {"schema": "advisor.kb.diff/1", **body, "changed": len(difference.answers)}


def _text(difference: Difference) -> str:
    lines = [
        *wrapped(f"Before: {difference.before}. After: {difference.after}.", rest=2),
        *(line for said in _summary(difference) for line in wrapped(said, rest=2)),
        *(f"  {part.value:<10} {_signed(counts)}" for part, counts in _counted(difference)),
    ]
    for number, answer in enumerate(difference.answers, start=1):
        lines += ["", *wrapped(f"{answer.question} ({answer.asked_by})", first=f"{number}. ")]
        for change in answer.changes:
            lines += wrapped(_line(change, answer.changes), first=f"   {change.sign.value} ")
    return "\n".join(lines)


def _summary(difference: Difference) -> Iterator[str]:
    """Which documents and how many answers."""
    edit = difference.documents
    if not edit.documents:
        yield "No document that may be cited differs, so no answer does."
        return
    for done, names in (("added", edit.added), ("removed", edit.removed), ("changed", edit.changed)):
        if names:
            yield f"Documents {done}: {', '.join(names)}."
    changed = len(difference.answers)
    yield f"Answers that change: {changed} of {difference.asked} asked."


def _counted(difference: Difference) -> Iterator[tuple[Part, dict[Sign, int]]]:
    """For each part of an answer in which something changed: how often."""
    counts = Counter((change.part, change.sign) for answer in difference.answers for change in answer.changes)
    for part in Part:
        if any(counts[part, sign] for sign in Sign):
            yield part, {sign: counts[part, sign] for sign in Sign}


def _signed(counts: dict[Sign, int]) -> str:
    return ", ".join(f"{sign.value} {count}" for sign, count in counts.items() if count)


def _line(change: Change, beside: Iterable[Change]) -> str:
    """One change; a quote that is also shown as a statement is not printed twice."""
    named, text = (change.role or change.part.value).replace("_", " "), change.text
    how = f" ({change.how})" if change.how else ""
    if change.part in (Part.OUTCOME, Part.URGENCY, Part.ROLES):
        return f"{named}: {text}{how}".replace("_", " ")
    if change.document:
        shown = {other.text for other in beside if other.part is Part.STATEMENT and other.sign is change.sign}
        place = f"{change.document} [{change.pinpoint or 'as a whole'}]"
        text = place if text in shown else f"{place}: {text}"
    return f"{named}: {text}{how}"


def _write_page(path: Path, difference: Difference) -> None:
    from integrations.cli.pages import write_page  # noqa: PLC0415 - jinja2, which only a page needs

    write_page(
        path, _PAGE, difference=difference, summary=list(_summary(difference)), counts=list(_counted(difference))
    )
    click.echo(f"Wrote {path}.", err=True)
