"""HTML pages that stand alone: every text in them is escaped, and nothing is fetched from anywhere."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def write_page(path: Path, template: str, *, mode: int = 0o644, **values: Any) -> None:
    """Fills a template of this package, given as a path in it, and writes the page whole or not at all.

    ``mode`` are its permissions: 0o600 for what only its owner may read.

    Raises:
        OSError: when the file cannot be written.
    """
    pages = Environment(
        loader=PackageLoader("integrations.cli", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = pages.get_template(template).render(**values)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
