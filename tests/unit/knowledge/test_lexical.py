from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.chunking import Chunk, chunk
from knowledge.errors import IndexBroken
from knowledge.lexical import Catalogue, words
from knowledge.loading import document_paths, load_document
from knowledge.models import Document, SectionRole
from tests.small_content import write_document, write_small_content


@pytest.fixture(scope="session")
def catalogue_file(tmp_path_factory: pytest.TempPathFactory, documents: tuple[Document, ...]) -> Path:
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.sqlite3"
    with closing(Catalogue(path, write=True)) as catalogue:
        for document in documents:
            catalogue.add(document, chunks=chunk(document))
        catalogue.commit()
    return path


@pytest.fixture
def catalogue(catalogue_file: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(catalogue_file)) as opened:
        yield opened


def _filled(path: Path, texts: dict[str, str]) -> Catalogue:
    """A catalogue of one document whose chunks are called and say what is given."""
    catalogue = Catalogue(path / "catalogue.sqlite3", write=True)
    document = load_document(write_document(path))
    role = SectionRole.GUIDANCE
    chunks = [
        Chunk(id=name, document=document.id, heading="", role=role, first=0, text=text, embedded=text)
        for name, text in texts.items()
    ]
    catalogue.add(document, chunks=chunks)
    catalogue.commit()
    return catalogue


def test_documents_and_chunks_come_back_as_they_were_put_in(
    catalogue: Catalogue, documents: tuple[Document, ...]
) -> None:
    by_id = {document.id: document for document in documents}
    chunks = {piece.id: piece for document in documents for piece in chunk(document)}

    assert list(catalogue.documents()) == [by_id[name] for name in sorted(by_id)]
    assert catalogue.document("police-asking") == by_id["police-asking"]
    assert catalogue.document("nobody") is None
    assert catalogue.chunks([*chunks, "nobody#0.0"]) == chunks
    assert sorted(catalogue.chunk_ids("police-asking")) == [name for name in sorted(chunks) if "police" in name]
    assert catalogue.digests() == {name: by_id[name].digest for name in sorted(by_id)}
    assert catalogue.count() == (len(by_id), len(chunks))


def test_a_word_is_found_in_whatever_form_it_is_asked(tmp_path: Path) -> None:
    with closing(_filled(tmp_path, {"a": "Disclosures were requested", "b": "Nothing of the kind"})) as catalogue:
        for asked in ("disclosure", "REQUESTS", "requesting", "Can they request it?"):
            assert [hit.chunk for hit in catalogue.search(asked, limit=5)] == ["a"], asked


def test_more_words_of_the_question_rank_higher_and_scores_say_so(tmp_path: Path) -> None:
    texts = {"rare": "the marac minutes", "usual": "the police", "both": "police marac", "none": "school"}
    with closing(_filled(tmp_path, texts)) as catalogue:
        hits = catalogue.search("police at the marac", limit=5)

    assert [hit.chunk for hit in hits][0] == "both"
    assert {hit.chunk for hit in hits} == {"both", "rare", "usual"}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score > 0 for hit in hits)


def test_equal_scores_are_in_the_order_of_their_names_so_that_answers_repeat(tmp_path: Path) -> None:
    with closing(_filled(tmp_path, dict.fromkeys("cab", "marac minutes"))) as catalogue:
        assert [hit.chunk for hit in catalogue.search("marac", limit=5)] == ["a", "b", "c"]
        assert [hit.chunk for hit in catalogue.search("marac", limit=2)] == ["a", "b"]


def test_words_that_every_question_holds_find_nothing(catalogue: Catalogue) -> None:
    for asked in ("", " \n", "?!", "Can I tell them what they want to know?", "\x00", "🤷"):
        assert catalogue.search(asked, limit=5) == ()


def test_words_are_folded_and_function_words_dropped() -> None:
    assert words("Can I tell the POLICE about Zoë's flat_mate, No. 12?") == ("police", "zoë", "flat", "mate", "12")
    long = "The police officer " * 100
    assert words(long) == ("police", "officer") * 100


@pytest.mark.parametrize(
    "asked", ['"', '"police', "police AND", "NEAR(police", "police*", "text:police", "-police ^(", "'"]
)
def test_nothing_in_a_question_is_taken_for_a_search_command(catalogue: Catalogue, asked: str) -> None:
    hits = catalogue.search(asked, limit=50)

    assert bool(hits) == ("police" in asked)


@settings(max_examples=50, deadline=None)
@given(asked=st.text(max_size=60))
def test_no_question_whatever_makes_the_search_fail(catalogue_file: Path, asked: str) -> None:
    with closing(Catalogue(catalogue_file)) as catalogue:
        catalogue.search(asked, limit=3)


def test_a_question_of_thousands_of_words_is_searched_too(catalogue: Catalogue) -> None:
    asked = " ".join(f"word{number}" for number in range(15_000)) + " police"

    assert catalogue.search(asked, limit=1)[0].chunk.startswith("police-asking#")


def test_a_removed_document_is_found_no_more_and_can_be_added_anew(tmp_path: Path) -> None:
    folder = write_small_content(tmp_path)
    documents = {document.id: document for document in map(load_document, document_paths(folder))}
    changed = documents["school-asking"].model_copy(update={"title": "Nurseries ask"})
    with closing(Catalogue(tmp_path / "catalogue.sqlite3", write=True)) as catalogue:
        for document in documents.values():
            catalogue.add(document, chunks=chunk(document))
        assert catalogue.document("school-asking") == documents["school-asking"]
        assert catalogue.chunks(["school-asking#0.0"])

        catalogue.remove("school-asking")
        assert catalogue.document("school-asking") is None
        assert catalogue.chunks(["school-asking#0.0"]) == {}
        assert "school-asking" not in catalogue.digests()
        assert catalogue.search("pupil safeguarding file", limit=5) == ()

        catalogue.add(changed, chunks=chunk(changed))
        assert catalogue.document("school-asking") == changed
        assert [hit.chunk for hit in catalogue.search("nursery", limit=5)] == ["school-asking#0.0"]


def test_the_phrases_noted_are_the_last_ones_given(tmp_path: Path) -> None:
    with closing(Catalogue(tmp_path / "catalogue.sqlite3", write=True)) as catalogue:
        catalogue.keep_phrases({"a": "one", "b": "two"})
        catalogue.keep_phrases({"b": "three"})
        assert catalogue.phrases() == {"b": "three"}


def test_reading_never_changes_the_file(catalogue_file: Path, catalogue: Catalogue) -> None:
    before = catalogue_file.read_bytes()

    with pytest.raises(IndexBroken, match="readonly"):
        catalogue.remove("police-asking")

    assert catalogue_file.read_bytes() == before


def test_a_missing_file_says_how_to_make_it(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"

    with pytest.raises(IndexBroken) as caught:
        Catalogue(path)

    assert str(caught.value) == f'{path} is missing. Run "advisor kb index --rebuild".'
    assert not path.exists()


def test_a_file_that_is_no_database_says_how_to_make_it_again(tmp_path: Path) -> None:
    path = tmp_path / "a folder #1?" / "catalogue.sqlite3"
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 100)

    with closing(Catalogue(path)) as catalogue, pytest.raises(IndexBroken) as caught:
        catalogue.count()

    assert str(caught.value) == (
        f'The index file {path} cannot be used (file is not a database). Run "advisor kb index --rebuild".'
    )
