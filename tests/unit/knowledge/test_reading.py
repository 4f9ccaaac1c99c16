"""Reading ease is counted as Flesch defined it, from syllables that are nearly always right."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.checking import Finding, check_files
from knowledge.checking.reading import ReadingEase, flesch, hard_to_read, reading_ease, syllables
from knowledge.loading import CONTENT, document_paths, load_document
from knowledge.models import Document
from knowledge.vocabulary import load_vocabulary
from tests.small_content import write_document

SYLLABLES = {
    1: "the share asked yes law safe through where passed seen rules need breach used Act health told ways child's",
    2: "police landlord consent able purpose wanted safely houses records title settled duty centre homeless people "
    "client patient notebook MARACs asking between",
    3: "agency disclosure employer anyone area another serious decision copying disclosing safeguarding",
    4: "information necessary legislation authority especially situation",
    5: "organisation unnecessary consideration representative",
    6: "responsibility proportionality accountability's",
}
"""Words by how many syllables a dictionary gives them."""
PLAIN = "Ask who wants it. Ask why. Say what you need. Note it. Keep it safe. Tell one lead."
HARD = "Organisational accountability necessitates proportionate consideration of confidentiality obligations."


def _document(folder: Path, texts: list[str], **fields: Any) -> Document:
    says = {"What it says": [f"{text} [p. {number}]" for number, text in enumerate(texts)]}
    return load_document(write_document(folder, says=says, **fields))


@pytest.mark.parametrize(
    ("word", "count"),
    [(word, count) for count, words in SYLLABLES.items() for word in words.split()],
)
def test_the_syllables_of_a_word_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count


def test_capitals_of_up_to_three_letters_are_spelled_out_and_longer_ones_read_as_a_word() -> None:
    assert [syllables(word) for word in ("GP", "NHS", "DWP", "HMRC", "MASH", "MAPPA")] == [2, 3, 5, 4, 1, 2]


def test_every_word_has_a_syllable() -> None:
    assert [syllables(word) for word in ("a", "I", "mm", "the", "Ünë", "e")] == [1, 1, 1, 1, 1, 1]


def test_flesch_is_the_published_sum() -> None:
    # 6 words, 1 sentence, 6 syllables: 206.835 - 1.015 * 6 - 84.6 * 1
    assert flesch("The cat sat on the mat.") == pytest.approx(116.145)
    # 5 words, 2 sentences, 12 syllables: 1 + 2 + 1 and 4 + 4
    assert flesch("The police asked. Information legislation.") == pytest.approx(206.835 - 1.015 * 2.5 - 84.6 * 12 / 5)


def test_figures_are_left_out_and_a_point_inside_them_ends_no_sentence() -> None:
    assert flesch("The cat sat on 1.5 the mat in 2018") == flesch("The cat sat on the mat in")
    assert flesch("12 (3)") is None


def test_a_document_in_short_plain_words_is_easier_than_one_in_long_ones() -> None:
    plain, hard = flesch(PLAIN), flesch(HARD)
    assert plain is not None
    assert hard is not None
    assert plain > 100
    assert hard < 0


def test_a_document_that_is_hard_to_read_is_advice_at_its_summary(tmp_path: Path) -> None:
    document = _document(tmp_path, [HARD] * 5)
    lines = Path(document.path).read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines, start=1) if line.startswith("summary:"))

    [finding] = hard_to_read([document])

    assert (str(finding.level), finding.line) == ("advice", at)
    assert finding.message.startswith("hard to read: Flesch reading ease -")
    assert finding.message.endswith("(median of 6 passages); aim for 50 with shorter words and sentences")


def test_a_few_passages_and_a_text_imported_whole_are_not_judged(tmp_path: Path) -> None:
    few = _document(tmp_path, [HARD] * 3)
    whole = _document(tmp_path, [HARD] * 9, words="source_text")

    assert hard_to_read([few, whole]) == []
    assert reading_ease([whole]) == ReadingEase(passages=0, median=None, documents_below=0)


def test_the_ease_of_all_is_the_median_of_all_passages(tmp_path: Path) -> None:
    hard, plain = _document(tmp_path, [HARD] * 5), _document(tmp_path, [PLAIN] * 9)

    ease = reading_ease([hard, plain])

    assert (ease.passages, ease.documents_below) == (16, 1)
    assert ease.median == pytest.approx(flesch(PLAIN), abs=0.05)


def test_the_documents_of_the_package_read_as_easily_as_is_wanted() -> None:
    documents = [load_document(path) for path in document_paths(CONTENT)]

    ease = reading_ease(documents)

    assert ease.median is not None
    assert ease.median >= 50
    assert ease.passages > 1000


def test_check_tells_which_documents_are_hard_to_read(tmp_path: Path) -> None:
    document = _document(tmp_path, [f"{HARD} {'abcde'[number]}" for number in range(5)])

    _, findings = check_files(document_paths(tmp_path), vocabulary=load_vocabulary(), today=date(2026, 11, 22))

    told: list[Finding] = [finding for finding in findings if "hard to read" in finding.message]
    assert [finding.path for finding in told] == [document.path]
