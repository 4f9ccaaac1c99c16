"""Reads suites from YAML or JSON lines, with the file and line of whatever is wrong, and writes JSON lines.

A YAML file is one suite (``evals.cases.Suite``); a JSON-lines file is one case a line, and its name is the suite's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from evals.cases import Case, Suite
from evals.errors import SuiteError

SUITES = Path(__file__).parent / "suites"
"""The suites that come with the package."""
_ENDINGS = (".yaml", ".yml", ".jsonl")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def find_suites(names: Sequence[str] = ()) -> list[Suite]:
    """The suites of those names or paths; without any, all that come with the package.

    Raises:
        SuiteError: naming the first that is not there or cannot be used.
    """
    if not names:
        return [load_suite(path) for path in bundled()]
    suites = [load_suite(_path_of(name)) for name in dict.fromkeys(names)]
    seen: dict[str, str] = {}
    for suite, name in zip(suites, dict.fromkeys(names), strict=True):
        if suite.suite in seen:
            message = f"the suite {suite.suite!r} is given twice, also by {seen[suite.suite]}: name it once"
            raise SuiteError(message, path=name)
        seen[suite.suite] = name
    return suites


def bundled() -> list[Path]:
    """The files of the suites that come with the package, by name."""
    return sorted(path for path in SUITES.iterdir() if path.suffix in _ENDINGS)


def _path_of(name: str) -> Path:
    known = {path.stem: path for path in bundled()}
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix not in _ENDINGS:
        raise SuiteError(
            f"no such suite: use one of {', '.join(known)}, or a file that ends in .yaml or .jsonl", path=name
        )
    return path


def load_suite(path: Path) -> Suite:
    """One file as a suite.

    Raises:
        SuiteError: with the line, when it cannot be read or is not of the shape.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SuiteError(f"cannot be read ({error.strerror}): check that it is there", path=str(path)) from error
    except UnicodeDecodeError as error:
        raise SuiteError("not UTF-8 text: save the file as UTF-8", path=str(path)) from error
    suite, lines = _from_lines(text, path) if path.suffix == ".jsonl" else _from_yaml(text, path)
    if not suite.cases:
        raise SuiteError("it holds no case: write one", path=str(path))
    first: dict[str, int] = {}
    for case, line in zip(suite.cases, lines, strict=True):
        if first.setdefault(case.id, line) != line:
            raise SuiteError(f"{case.id} is already used on line {first[case.id]}", path=str(path), line=line)
    return suite


def _from_lines(text: str, path: Path) -> tuple[Suite, list[int]]:
    cases, lines = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            cases.append(Case.model_validate_json(line))
        except ValidationError as error:
            raise SuiteError(problems(error), path=str(path), line=number) from error
        lines.append(number)
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "cases"
    return Suite(suite=name, cases=tuple(cases)), lines


def _from_yaml(text: str, path: Path) -> tuple[Suite, list[int]]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        _refuse_twice(node, path)
        fields = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        raise SuiteError(f"not valid YAML: {problem}", path=str(path), line=mark.line + 1 if mark else 1) from error
    finally:
        loader.dispose()
    try:
        suite = Suite.model_validate(fields)
    except ValidationError as error:
        raise SuiteError(problems(error), path=str(path), line=_line(node, error.errors()[0]["loc"])) from error
    return suite, [_line(node, ("cases", number)) for number in range(len(suite.cases))]


def problems(error: ValidationError) -> str:
    """What is wrong, without the values: they may hold a question."""
    said = (
        f"{'.'.join(str(part) for part in item['loc']) or 'the whole'}: {item['msg'].removeprefix('Value error, ')}"
        for item in error.errors(include_input=False, include_url=False)
    )
    return "; ".join(said)


def _refuse_twice(node: Any, path: Path) -> None:
    """YAML would take the last of two fields of one name and say nothing."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                message = f"{key.value} is given twice: keep one"
                raise SuiteError(message, path=str(path), line=key.start_mark.line + 1)
            seen.add(key.value)
            _refuse_twice(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_twice(value, path)


def _line(node: Any, way: Sequence[int | str]) -> int:
    """1-based line of the part that ``way`` leads to, or of the last part on the way that is there."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in way:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def as_lines(cases: Iterable[Case]) -> str:
    """Cases as JSON lines, which ``load_suite`` reads again; fields that say nothing are left out."""
    return "".join(f"{case.model_dump_json(exclude_defaults=True)}\n" for case in cases)


def write_lines(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
