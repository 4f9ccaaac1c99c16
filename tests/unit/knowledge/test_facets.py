"""Values of the vocabulary that no document uses are found, where they stand."""

from __future__ import annotations

from pathlib import Path

from knowledge.checking.facets import dead_values
from knowledge.loading import load_document
from knowledge.vocabulary import load_vocabulary
from tests.small_content import write_document

WORDS = """\
facets:
  holder:
    label: who holds it
    ask: Who?
    why: Because.
    values:
      health: {label: a health service}
      housing: {label: a landlord}
      fire:
        label: a fire service
  nation:
    label: which nation
    ask: Where?
    why: Because.
    values: {england: {label: England}, wales: {label: Wales}, scotland: {label: Scotland}}
roles: {}
"""


def test_a_value_that_no_document_and_no_condition_of_a_law_names_is_advice_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(WORDS, encoding="utf-8")
    document = load_document(
        write_document(
            tmp_path, sectors=["health"], law=[{"id": "act", "strand": "power", "when": {"holder": ["housing"]}}]
        )
    )

    findings = dead_values([document], vocabulary=load_vocabulary(path), path=path)

    unused, so = "no document and no law's condition names", "so hearing it changes no answer"
    assert [str(finding) for finding in findings] == [
        f"{path}:9: advice: {unused} holder 'fire', {so}",
        f"{path}:15: advice: {unused} nation 'scotland', {so}",
    ]
