"""``advisor doctor``: what is set up, what is not, and the mend for each."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import click

from advisor.errors import AdvisorError
from advisor.settings import load_settings, profile_path
from advisor.wiring import Workshop
from integrations.cli.keeping import open_store
from integrations.cli.rendering import plural
from knowledge.checking import Level, check_files
from knowledge.errors import KnowledgeError
from knowledge.exporting import model_folder
from knowledge.models import FrozenModel

_ROOM = 500_000_000
"""Bytes that building an index beside the one in use may need."""


class Checkup(FrozenModel):
    """One thing looked at."""

    what: str
    ok: bool
    says: str
    mend: str = ""
    needed: bool = True
    """False for what the advisor works without."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object (advisor.doctor/1).")
def doctor(as_json: bool) -> int:
    """Looks at Python, folders, model, documents, index, profile and store; exit code 1 when something is amiss."""
    checkups = list(_checkups())
    if as_json:
        body = {"schema": "advisor.doctor/1", "checks": [checkup.model_dump() for checkup in checkups]}
        click.echo(json.dumps(body, indent=2))
    else:
        for checkup in checkups:
            mark = "ok  " if checkup.ok else ("MEND" if checkup.needed else "note")
            click.echo(f"{mark}  {checkup.what}: {checkup.says}")
            if not checkup.ok:
                click.echo(f"      {checkup.mend}")
    return 1 if any(not checkup.ok and checkup.needed for checkup in checkups) else 0


def _checkups() -> Iterator[Checkup]:
    is_new = sys.version_info >= (3, 11)
    yield Checkup(what="python", ok=is_new, says=sys.version.split()[0], mend="Install Python 3.11 or newer.")
    workshop = Workshop(load_settings())
    yield _home(workshop)
    yield _model(workshop)
    yield _documents(workshop)
    yield from _server(workshop)
    yield _index(workshop)
    yield _profile(workshop)
    yield _store(workshop)
    yield from _language_model(workshop)


def _home(workshop: Workshop) -> Checkup:
    home = workshop.settings.home
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    writable, room = os.access(nearest, os.W_OK), shutil.disk_usage(nearest).free
    return Checkup(
        what="folder",
        ok=writable and room > _ROOM,
        says=f"{home} ({room // 1_000_000} MB free)",
        mend="Free some space there, or set ADVISOR_HOME to a folder you may write to.",
    )


def _model(workshop: Workshop) -> Checkup:
    name = workshop.settings.model
    try:
        model_folder(name)
    except KnowledgeError as error:
        return Checkup(what="model", ok=False, says=name, mend=str(error))
    later = "" if (workshop.model_folder / "manifest.json").exists() else " (exported at first use)"
    return Checkup(what="model", ok=True, says=f"{name}, {workshop.settings.precision}{later}")


def _documents(workshop: Workshop) -> Checkup:
    documents, findings = check_files(
        workshop.paths, vocabulary=workshop.vocabulary, today=date.today(), local=workshop.local_paths
    )
    errors = sum(finding.level is Level.ERROR for finding in findings)
    overdue = sum(document.review_by < date.today() for document in documents)
    return Checkup(
        what="documents",
        ok=not errors and bool(documents),
        says=f"{len(documents)} documents, {errors} errors, {overdue} past their review date",
        mend='Run "advisor kb check" for file and line of each.',
    )


def _server(workshop: Workshop) -> Iterator[Checkup]:
    """Whether the Chroma server answers, where one is set."""
    if workshop.server is None:
        return
    url = workshop.server.url
    try:
        published = workshop.server.published()
    except KnowledgeError as error:
        says = f"{url} is away: answers are found by words alone"
        yield Checkup(what="vector server", ok=False, says=says, mend=str(error))
        return
    version = f"index version {published.version}" if published else "no index yet"
    mend = 'Run "advisor kb index" where the index is built.'
    yield Checkup(what="vector server", ok=published is not None, says=f"{url}, {version}", mend=mend)


def _index(workshop: Workshop) -> Checkup:
    try:
        index, _ = workshop.open()
    except KnowledgeError as error:
        return Checkup(what="index", ok=False, says="cannot be used", mend=str(error))
    documents, chunks = index.catalogue.count()
    index.close()
    return Checkup(what="index", ok=True, says=f"{documents} documents in {chunks} chunks")


def _profile(workshop: Workshop) -> Checkup:
    path = profile_path(workshop.settings)
    try:
        profile = workshop.profile
    except AdvisorError as error:
        return Checkup(what="profile", ok=False, says=str(path), mend=str(error))
    return Checkup(
        what="profile",
        ok=bool(profile.contacts),
        needed=False,
        says=f"{profile.name or 'none'}, {plural(len(profile.contacts), 'contact')}",
        mend=f'Roles are named without a person. Write {path}: see "Your organisation" in the README.',
    )


def _store(workshop: Workshop) -> Checkup:
    if not workshop.settings.keep:
        return Checkup(what="store", ok=True, says="off (ADVISOR_KEEP=false)")
    try:
        open_store(workshop.settings).close()
    except (AdvisorError, OSError) as error:
        return Checkup(what="store", ok=False, says="cannot be used", mend=str(error))
    return Checkup(what="store", ok=True, says=f"answers are kept {workshop.settings.keep_days} days")


def _language_model(workshop: Workshop) -> Iterator[Checkup]:
    """Whether a language model is on and has what it needs here; nothing is sent to it."""
    name = workshop.settings.llm
    if name is None:
        return
    try:
        allowed = workshop.profile.llm
    except AdvisorError:
        return  # The profile says so for itself.
    if not allowed:
        yield Checkup(what="language model", ok=True, says=f"off: the profile forbids it (ADVISOR_LLM={name})")
        return
    from advisor.composers.providers import missing  # noqa: PLC0415 - only where a model is on

    needs = missing(name, key=workshop.settings.llm_key)
    host = urlsplit(workshop.settings.llm_base_url or "").hostname
    where = f" at {host}" if host else ""
    reads = ", which also reads questions" if workshop.settings.llm_reading else ""
    a_day = f"{workshop.settings.llm_tokens_a_day} tokens a day"
    yield Checkup(
        what="language model",
        ok=needs is None,
        needed=False,
        says=f"{name}{where}{reads}, {workshop.settings.llm_seconds:g} s an answer, {a_day}",
        mend=f"Answers are shown without it: {needs}",
    )
