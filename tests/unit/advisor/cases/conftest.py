"""A desk over a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.cases.desk import Desk
from advisor.database import open_database
from advisor.settings import Settings
from tests.casework import Clock, a_desk, some_checkpoints


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    database = open_database(Settings(home=tmp_path))
    yield a_desk(database, checkpoints=some_checkpoints(database, tmp_path), clock=clock)
    database.close()
