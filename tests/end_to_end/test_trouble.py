"""Whatever is missing, broken, locked or full: a clear line, the documented exit code, and nothing lost."""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests.end_to_end.conftest import COMMAND, QUESTION, Ran, Run, copied, run_apart

EMERGENCY = "He has a knife and is attacking her right now. Can I tell the police where she lives?"


@pytest.fixture
def home(tmp_path: Path, small_home: Path) -> Path:
    """A folder whose index may be changed."""
    return copied(small_home, tmp_path / "home")


def version_of(home: Path) -> Path:
    """The folder of the index in use."""
    return home / "index" / "versions" / (home / "index" / "current").read_text(encoding="utf-8").strip()


def spoil(path: Path) -> None:
    """Overwrites a file with what is no such file."""
    path.write_bytes(b"this is not it " * 1000)


def is_clear(ran: Ran) -> bool:
    """No traceback, nothing of a library's own, and a line that says something."""
    said = ran.out + ran.err
    return bool(said) and not any(noise in said for noise in ("Traceback", "panicked", "pydantic", 'File "'))


# The index


BREAKAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no version": (lambda home: shutil.rmtree(home / "index" / "versions"), "kb index"),
    "no manifest": (lambda home: (version_of(home) / "manifest.json").unlink(), "kb index"),
    "a manifest that is no JSON": (lambda home: spoil(version_of(home) / "manifest.json"), "kb index"),
    "no catalogue": (lambda home: (version_of(home) / "catalogue.sqlite3").unlink(), "kb index"),
    "a catalogue that is no database": (lambda home: spoil(version_of(home) / "catalogue.sqlite3"), "kb index"),
    "no vectors": (lambda home: shutil.rmtree(version_of(home) / "vectors"), "kb index"),
    "vectors that are no database": (lambda home: spoil(version_of(home) / "vectors" / "chroma.sqlite3"), "kb index"),
    "a pointer to nowhere": (lambda home: (home / "index" / "current").write_text("nowhere"), "kb index"),
    "an empty pointer": (lambda home: (home / "index" / "current").write_text(""), "kb index"),
    "no model": (lambda home: (home / "models").unlink(), "kb index"),
}


@pytest.mark.parametrize(("breaks", "mend"), BREAKAGES.values(), ids=BREAKAGES)
def test_a_broken_index_names_a_human_and_the_mend_and_is_mended_by_it(
    advisor: Run, home: Path, breaks: Callable[[Path], object], mend: str
) -> None:
    breaks(home)
    ran = advisor("ask", EMERGENCY)
    told = " ".join(ran.out.split())
    assert ran.code == 4
    assert ran.lines[0] == "ACT NOW"
    assert "The knowledge base cannot be searched just now." in told
    assert f'"advisor {mend}' in told
    assert "Take it to: 999" in told
    assert is_clear(ran)


@pytest.mark.parametrize("breakage", [name for name in BREAKAGES if name != "no model"])
def test_a_broken_index_is_mended_by_building_it_again(advisor: Run, home: Path, breakage: str) -> None:
    BREAKAGES[breakage][0](home)
    assert advisor("kb", "index", "--rebuild").code == 0
    assert advisor("ask", QUESTION).code == 0


def test_a_missing_index_is_built_on_the_first_question_and_the_answer_printed_alone(advisor: Run, home: Path) -> None:
    shutil.rmtree(home / "index")
    ran = advisor("ask", QUESTION)
    assert ran.code == 0
    assert ran.lines[0].startswith("UNDERSTOOD: ")
    assert "Preparing the search index" in ran.err


def test_documents_that_changed_since_are_said_to_have_and_by_which_command_to_mend_it(
    advisor: Run, own_content: Path
) -> None:
    path = own_content / "guidance" / "police-asking.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    ran = advisor("ask", QUESTION, ADVISOR_CONTENT=str(own_content))
    assert ran.code == 4
    assert 'the documents or the vocabulary changed. Run "advisor kb index".' in " ".join(ran.out.split())


def test_a_locked_catalogue_is_told_without_waiting_for_ever(advisor: Run, home: Path) -> None:
    holder = sqlite3.connect(version_of(home) / "catalogue.sqlite3", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    ran = advisor("ask", QUESTION)
    holder.close()
    assert ran.code in (0, 4)
    assert is_clear(ran)
    assert "Take it to: " in ran.out


def test_two_builds_at_once_do_not_meet(advisor: Run, home: Path) -> None:
    with FileLock(home / "index" / ".building"):
        ran = advisor("kb", "index")
    assert (ran.code, ran.out) == (4, "")
    assert "Another process is building the index" in ran.err
    assert advisor("ask", QUESTION).code == 0


def test_a_home_that_is_a_file_is_told(advisor: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = advisor("ask", QUESTION, ADVISOR_HOME=str(tmp_path / "file"))
    assert ran.code == 4
    assert is_clear(ran)
    assert "Take it to: " in ran.out


def test_an_index_that_may_only_be_read_answers(advisor: Run, home: Path) -> None:
    for path in sorted((home / "index").rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    ran = advisor("ask", QUESTION)
    for path in [home / "index", *sorted((home / "index").rglob("*"))]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert ran.code in (0, 4)
    assert is_clear(ran)


# The disk. A limit on the size of files stands in for a full one: root may write where nobody else may.


def on_a_full_disk(*arguments: str, environment: dict[str, str], limit: int) -> Ran:
    def limit_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        # A compiled module cut off by the limit would be left behind for later runs to fall over.
        env={"PATH": "", "PYTHONDONTWRITEBYTECODE": "1", **environment},
        preexec_fn=limit_files,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


ENOUGH_TO_READ = 20_000
"""Bytes that a file may have so that Chroma can open its own, and no answer can be kept."""


@pytest.mark.parametrize("limit", [0, 200_000])
def test_a_disk_that_fills_up_during_a_build_leaves_the_index_as_it_was(
    environment: dict[str, str], home: Path, limit: int
) -> None:
    before = version_of(home)
    ran = on_a_full_disk("kb", "index", "--rebuild", environment=environment, limit=limit)
    assert (ran.code, ran.out) == (4, "")
    assert is_clear(ran)
    assert version_of(home) == before
    assert run_apart("ask", QUESTION, environment=environment).code == 0


def test_an_answer_that_cannot_be_kept_is_given_all_the_same_and_what_was_kept_stays(
    environment: dict[str, str], advisor: Run
) -> None:
    name = json.loads(advisor("ask", QUESTION, "--json").out)["id"]
    ran = on_a_full_disk("ask", QUESTION, environment=environment, limit=ENOUGH_TO_READ)
    assert ran.code == 0
    assert ran.out.startswith("UNDERSTOOD: ")
    assert ran.err.startswith("Not kept: The answer store at sqlite")
    assert is_clear(ran)
    assert advisor("show", name).code == 0


def test_output_that_cannot_be_written_is_a_fault(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, "ask", QUESTION],
            env={"PATH": "", **environment},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 4
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


# The store


def test_a_store_that_is_no_database_hides_no_answer_and_is_left_as_it_is(advisor: Run, home: Path) -> None:
    spoil(home / "answers.sqlite3")
    ran = advisor("ask", QUESTION)
    assert ran.code == 0
    assert ran.lines[0].startswith("UNDERSTOOD: ")
    assert "Not kept: " in ran.err
    assert "set ADVISOR_DATABASE, or keep nothing: ADVISOR_KEEP=false." in ran.err
    assert (home / "answers.sqlite3").read_bytes().startswith(b"this is not it")


@pytest.mark.parametrize("command", [["show", "abc"], ["feedback", "abc", "--helpful"]])
def test_a_store_that_cannot_be_used_is_a_fault_for_what_needs_it(advisor: Run, home: Path, command: list[str]) -> None:
    spoil(home / "answers.sqlite3")
    ran = advisor(*command)
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("Error: The answer store at ")


def test_a_store_that_may_only_be_read_hides_no_answer(advisor: Run, home: Path) -> None:
    advisor("ask", QUESTION)
    url = f"sqlite:///file:{home / 'answers.sqlite3'}?mode=ro&uri=true"
    ran = advisor("ask", QUESTION, ADVISOR_DATABASE=url)
    assert (ran.code, "readonly" in ran.err) == (0, True)


def test_a_store_of_a_kind_that_is_not_known_hides_no_answer_and_no_password_is_shown(advisor: Run) -> None:
    ran = advisor("ask", QUESTION, ADVISOR_DATABASE="nosuch://someone:hunter2@host/base")
    assert (ran.code, ran.err.startswith("Not kept: ")) == (0, True)
    assert "hunter2" not in ran.out + ran.err


# Settings


@pytest.mark.parametrize(
    "changed",
    [
        {"ADVISOR_KEEP_DAYS": "soon"},
        {"ADVISOR_PRECISION": "int4"},
        {"ADVISOR_CONTENT": "/nowhere/at/all"},
        {"ADVISOR_PROFILE": "/nowhere/at/all"},
    ],
)
def test_a_wrong_setting_is_configured_wrongly_and_named(advisor: Run, changed: dict[str, str]) -> None:
    ran = advisor("ask", QUESTION, **changed)
    assert (ran.code, ran.out) == (2, "")
    assert next(iter(changed)) in ran.err
    assert is_clear(ran)


def test_danger_is_spoken_to_before_a_wrong_setting_is(advisor: Run) -> None:
    ran = advisor("ask", EMERGENCY, ADVISOR_KEEP_DAYS="soon")
    assert (ran.code, ran.lines[0]) == (2, "ACT NOW")
    assert "ADVISOR_KEEP_DAYS" in ran.err


def test_a_wrong_profile_is_configured_wrongly_and_named_with_the_known_values(advisor: Run, home: Path) -> None:
    (home / "profile.toml").write_text('sector = "circus"', encoding="utf-8")
    ran = advisor("ask", QUESTION)
    assert (ran.code, "sector 'circus' is unknown; use one of social_care" in ran.err) == (2, True)


@pytest.mark.parametrize("arguments", [["nosuch"], ["ask", "--nosuch"], ["kb", "nosuch"], ["kb", "show"], ["show"]])
def test_what_is_typed_wrongly_is_used_wrongly(advisor: Run, arguments: list[str]) -> None:
    ran = advisor(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: advisor" in ran.err


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["ask", "--help"], ["kb", "--help"]])
def test_help_and_version_are_printed(advisor: Run, arguments: list[str]) -> None:
    ran = advisor(*arguments)
    assert (ran.code, ran.err) == (0, "")
    assert "advisor" in ran.out
