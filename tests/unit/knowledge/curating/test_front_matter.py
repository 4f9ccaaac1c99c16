"""Single fields changed in a file's text, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.curating.front_matter import append_item, set_field
from knowledge.errors import CurationRefused
from knowledge.loading import CONTENT, document_paths

TEXT = """\
---
id: a   # keep
state: draft    # not yet
reviewed_by: >
  the project
  (not a lawyer)
# about what follows
superseded_by:   # none
reviewed: 2026-11-01
title: "One: two"  # in quotes
related: [b,
  c]
---
## What it says
- state: of things. [s 1]
---
"""


@pytest.mark.parametrize(
    ("name", "value", "before", "after"),
    [
        ("state", "approved", "state: draft    # not yet", "state: approved    # not yet"),
        ("reviewed", date(2026, 11, 22), "reviewed: 2026-11-01", "reviewed: 2026-11-22"),
        ("reviewed_by", "A: B", "reviewed_by: >\n  the project\n  (not a lawyer)", "reviewed_by: 'A: B'"),
        ("superseded_by", "new-one", "superseded_by:   # none", "superseded_by: new-one   # none"),
        ("title", "No", 'title: "One: two"  # in quotes', "title: 'No'  # in quotes"),
        ("author", "É. O'Neil", "related: [b,\n  c]\n", "related: [b,\n  c]\nauthor: É. O'Neil\n"),
    ],
)
def test_a_field_is_changed_where_it_stands_and_comments_and_order_stay(
    name: str, value: str | date, before: str, after: str
) -> None:
    assert TEXT.count(before) == 1
    assert set_field(TEXT, name, value) == TEXT.replace(before, after)


@pytest.mark.parametrize(
    ("written", "longer"),
    [
        ("history:\n- old  # why\n# about owner\n", 'history:\n- old  # why\n- "new: one"\n# about owner\n'),
        (
            "history:\n    - a\n    - >\n      b\n      c\n\n",
            'history:\n    - a\n    - >\n      b\n      c\n    - "new: one"\n\n',
        ),
        ("history: []  # none\n", 'history: ["new: one"]  # none\n'),
        ("history: [a,\n  'b' ]\n", "history: [a,\n  'b', \"new: one\" ]\n"),
        ("history:  # none\n", 'history:  # none\n  - "new: one"\n'),
        ("history: null\n", 'history:\n  - "new: one"\n'),
    ],
)
def test_an_item_is_added_in_the_way_the_list_is_written(written: str, longer: str) -> None:
    text = "---\nid: a\n{}owner: x\n---\n- A point.\n"

    assert append_item(text.format(written), "history", "new: one") == text.format(longer)


def test_a_list_that_is_not_there_is_begun_at_the_end_of_the_fields() -> None:
    assert append_item("---\nid: a\n---\n- x\n", "history", "one") == '---\nid: a\nhistory:\n  - "one"\n---\n- x\n'


def test_a_file_of_another_system_keeps_its_line_ends_and_its_first_mark() -> None:
    text = "\ufeff---\nid: a\nstate: draft # c\n---\n- x\n".replace("\n", "\r\n")

    changed = append_item(set_field(text, "state", "approved"), "history", "one")

    assert changed == '\ufeff---\nid: a\nstate: approved # c\nhistory:\n  - "one"\n---\n- x\n'.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\n{id: a, state: draft}\n---\n- x\n", "The fields of this file are not a line each."),
        ("---\nid: [a\n---\n- x\n", "The fields of this file cannot be changed line by line"),
        ("id: a\n", "This file has no fields between two lines '---'."),
        ("---\nid: a\n", "This file has no fields between two lines '---'."),
        ("", "This file has no fields between two lines '---'."),
        ("---\nid: a\nhistory: text\n---\n- x\n", "history is not a list in this file."),
    ],
)
def test_what_cannot_be_changed_line_by_line_is_refused(text: str, message: str) -> None:
    with pytest.raises(CurationRefused, match=message.replace("(", r"\(")):
        append_item(text, "history", "one")


@pytest.mark.parametrize("path", document_paths(CONTENT), ids=lambda path: path.stem)
def test_in_every_bundled_document_an_edit_changes_its_own_lines_alone(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    before = text.split("\n")

    changed = append_item(set_field(text, "reviewed", date(2031, 1, 2)), "history", "2031-01-02 reviewed by X").split(
        "\n"
    )

    at = next(number for number, line in enumerate(before) if line.startswith("reviewed: "))
    expected = [*before[:at], "reviewed: 2031-01-02", *before[at + 1 :]]
    added = [line for line in changed if line not in expected]
    assert [line for line in changed if line not in added] == [line for line in expected if line not in added]
    assert [line.strip() for line in added if line != "history:"] == ['- "2031-01-02 reviewed by X"']
