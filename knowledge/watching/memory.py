"""The file in which what was seen is kept between two runs."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from knowledge.errors import WatchError
from knowledge.watching.models import Remembered

_SCHEMA = "advisor.kb.watch.seen/1"


def recall(path: Path) -> Remembered:
    """What was seen before; nothing when there is no file.

    Raises:
        WatchError: the file cannot be used.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields.pop("schema", None) != _SCHEMA:
            raise ValueError(f"its schema is not {_SCHEMA}")
        return Remembered.model_validate(fields)
    except FileNotFoundError:
        return Remembered()
    except (OSError, ValueError, AttributeError, TypeError) as error:
        told = str(error).splitlines()[0]
        raise WatchError(f"{path} cannot be used: {told}. Move it away: the next run starts a new one.") from error


def remember(path: Path, seen: Remembered) -> None:
    """Adds what was seen to the file, whole or not at all; what is there of other documents stays.

    Raises:
        WatchError: the file that is there cannot be used.
        OSError: it cannot be written.
    """
    before = recall(path)
    pages, documents = {**before.pages, **seen.pages}, {**before.documents, **seen.documents}
    body = {"schema": _SCHEMA, **Remembered(pages=pages, documents=documents).model_dump(mode="json")}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(body, file, ensure_ascii=False, indent=1)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
