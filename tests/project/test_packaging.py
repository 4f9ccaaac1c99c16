"""What is installed is all that is needed: the packages, their documents and their words."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.project.sources import PACKAGES, ROOT, called, imported, source_files

NEEDED = (
    "advisor/words.yaml",
    "advisor/data/heads.json",
    "advisor/data/facets.npz",
    "advisor/cases/words.yaml",
    "advisor/deployment/dpia.md",
    "integrations/cli/cases/dossier.html",
    "advisor/migrations/env.py",
    "knowledge/content/releases.yaml",
    "advisor/personal_data/data/given_names.txt",
    "knowledge/vocabulary.yaml",
    "knowledge/content/guidance/police-asking-for-information.md",
    "integrations/cli/main.py",
)
"""Some files of each kind without which the command would not run."""
DISTRIBUTION = {"yaml": "pyyaml", "docx": "python-docx", "bs4": "beautifulsoup4"}
"""Third-party modules whose distribution has another name."""

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def required(*extras: str) -> set[str]:
    """The distributions that the project declares it needs, by normalised name, with those of some extras."""
    wanted = [*PROJECT["project"]["dependencies"]]
    for extra in extras:
        wanted += PROJECT["project"]["optional-dependencies"][extra]
    return {re.split(r"[\[<>=]", item)[0].strip().replace("_", "-") for item in wanted}


def data_files() -> list[Path]:
    """Every file of the packages that is no Python."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    return [path for path in found if path.suffix != ".py" and "__pycache__" not in path.parts]


def test_the_wheel_is_built_by_hatchling_from_the_four_packages() -> None:
    assert PROJECT["build-system"]["build-backend"] == "hatchling.build"
    assert tuple(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES


def test_nothing_that_is_needed_is_left_out_of_the_packages() -> None:
    assert {called(path) for path in data_files()} >= {name for name in NEEDED if not name.endswith(".py")}
    assert all((ROOT / name).is_file() for name in NEEDED)


def test_nothing_in_the_packages_is_ignored_by_git_and_so_by_hatchling() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    names = "\n".join(called(path) for path in (*data_files(), *source_files()))
    done = subprocess.run(
        ["git", "check-ignore", "--stdin"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        input=names,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == ""


def test_every_folder_of_python_is_a_package() -> None:
    folders = {path.parent for path in source_files()}
    assert [called(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("package", ["advisor", "knowledge", "integrations"])
def test_every_library_that_is_imported_is_declared(package: str) -> None:
    names = {name.partition(".")[0] for path in source_files(package) for name in imported(path)}
    foreign = names - set(sys.stdlib_module_names) - set(PACKAGES)
    assert {DISTRIBUTION.get(name, name).replace("_", "-") for name in foreign} <= required("slack")


def test_every_dependency_is_pinned_for_the_set_up() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].strip().lower().replace("_", "-") for line in lines if "==" in line}
    assert required() <= pinned


def test_the_command_is_installed_under_its_name() -> None:
    scripts = importlib.metadata.distribution("can-i-share").entry_points.select(group="console_scripts")
    assert [(script.name, script.value) for script in scripts] == [("advisor", "integrations.cli.main:main")]


def test_the_licence_is_there() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed here")
def test_a_wheel_carries_all_of_it(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "-w", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, timeout=120)  # noqa: S603 - our own interpreter
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert held >= {called(path) for path in (*data_files(), *source_files())}
