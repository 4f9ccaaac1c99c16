"""A process that adds notes to cases as fast as it can, and says each one that it was told is kept.

``python -m tests.writers URL HOME CASES NAME COUNT``: CASES are ids with commas between them; every note's key is
``NAME/number``, and a line with that key is printed once the note is acknowledged.
"""

from __future__ import annotations

import sys
from pathlib import Path

from advisor.cases.checkpoints import Checkpoints
from advisor.cases.desk import Desk
from advisor.database import Database, store_id
from advisor.people import Actor
from advisor.settings import Profile


def main(url: str, home: str, cases: str, name: str, count: str) -> None:
    database = Database(url, patience=60)
    with database.reading() as connection:
        checkpoints = Checkpoints(Path(home) / "checkpoints", store=store_id(connection))
    desk, joe = Desk(database, profile=Profile(), redact=str, checkpoints=checkpoints), Actor(key="os:joe", name="joe")
    print("ready", flush=True)
    names = cases.split(",")
    for number in range(int(count)):
        key = f"{name}/{number}"
        desk.note(names[number % len(names)], f"Note {key}", by=joe, key=key)
        print(key, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
