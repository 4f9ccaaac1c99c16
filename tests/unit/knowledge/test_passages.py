"""Passages of different documents that say nearly the same are found."""

from __future__ import annotations

import random
from pathlib import Path

from knowledge.checking.passages import NEAR, near_duplicates
from knowledge.loading import load_document
from knowledge.models import Document
from tests.small_content import write_document

RULE = "A landlord may give the police the address of a tenant where that is needed to prevent a serious crime."
NEARLY = "A landlord may give the police the address of a tenant, where that is needed to prevent serious crimes."
OTHER = "The school keeps the file of a pupil until the new school has asked for it and says it arrived."


def _document(folder: Path, name: str, *texts: str) -> Document:
    return load_document(write_document(folder, name, says={"What it says": [f"{text} [p. 1]" for text in texts]}))


def _line(document: Document, place: int) -> int:
    return document.bullets()[place].line


def test_a_passage_nearly_the_same_as_another_documents_is_advice_at_its_line(tmp_path: Path) -> None:
    first = _document(tmp_path, "first", OTHER, RULE)
    second = _document(tmp_path, "second", NEARLY)

    [finding] = near_duplicates([first, second])

    assert (str(finding.level), finding.path, finding.line) == ("advice", second.path, _line(second, 0))
    assert finding.message == (
        f"nearly the same as 'first', line {_line(first, 1)}: keep it in one of the two, or say what is particular here"
    )


def test_case_and_punctuation_make_no_difference(tmp_path: Path) -> None:
    second = RULE.upper().replace(" WHERE", " - WHERE").rstrip(".")
    assert len(near_duplicates([_document(tmp_path, "first", RULE), _document(tmp_path, "second", second)])) == 1


def test_passages_that_only_share_their_subject_are_left_alone(tmp_path: Path) -> None:
    different = "A landlord may give the police the address of a tenant only with a court order that names the tenant."
    assert near_duplicates([_document(tmp_path, "first", RULE), _document(tmp_path, "second", different, OTHER)]) == []


def test_one_document_may_repeat_itself_and_short_passages_may_be_alike(tmp_path: Path) -> None:
    short = "Write down what was decided and why."
    first = _document(tmp_path, "first", RULE, NEARLY, short)
    assert near_duplicates([first, _document(tmp_path, "second", short)]) == []


def test_all_passages_that_two_documents_share_are_one_finding_with_their_lines(tmp_path: Path) -> None:
    first = _document(tmp_path, "first", RULE, OTHER)
    second = _document(tmp_path, "second", OTHER, "Something else entirely is said in this one bullet here.", RULE)

    [finding] = near_duplicates([first, second])

    there, here = (_line(first, 1), _line(first, 0)), (_line(second, 0), _line(second, 2))
    assert f"'first', lines {there[0]}, {there[1]} (lines {here[0]}, {here[1]})" in finding.message


def test_a_passage_in_many_documents_points_each_time_at_the_first(tmp_path: Path) -> None:
    documents = [_document(tmp_path, f"number-{number}", RULE) for number in range(4)]

    findings = near_duplicates(documents)

    assert [finding.path for finding in findings] == [document.path for document in documents[1:]]
    assert all("'number-0'" in finding.message for finding in findings)


def test_a_passage_that_holds_another_and_half_as_much_again_is_found(tmp_path: Path) -> None:
    words = [f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyzABCD"]
    whole, part = " ".join(f"{word}{place}" for place, word in enumerate(words)).split(), 11
    for order in ([whole, whole[part:]], [whole[part:], whole]):
        documents = [_document(tmp_path, f"doc-{place}", " ".join(text)) for place, text in enumerate(order)]
        assert len(near_duplicates(documents)) == 1


def test_no_near_pair_is_missed_by_comparing_only_on_the_rarest_runs(tmp_path: Path) -> None:
    """Against every pair compared with every other, on passages that differ by a few words of a small vocabulary."""
    chance = random.Random(5)  # noqa: S311 - a test that is the same every time
    words = [f"word{number}" for number in range(25)]
    texts = []
    for _ in range(20):
        base = chance.choices(words, k=30)
        for _ in range(3):
            changed = list(base)
            for place in chance.sample(range(30), chance.choice((0, 1, 2, 3))):
                changed[place] = chance.choice(words)
            texts.append(changed)
    documents = [_document(tmp_path, f"doc-{place}", " ".join(text)) for place, text in enumerate(texts)]
    runs = [{tuple(text[at : at + 3]) for at in range(28)} for text in texts]
    expected = set()
    kept: list[int] = []
    for place, own in enumerate(runs):
        if any(len(own & runs[other]) / len(own | runs[other]) >= NEAR for other in kept):
            expected.add(f"doc-{place}")
        else:
            kept.append(place)

    found = {Path(finding.path).stem for finding in near_duplicates(documents)}

    assert found == expected
    assert 5 < len(expected) < 40
