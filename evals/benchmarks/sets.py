"""Public question sets as documents of ours and questions with the documents that answer them.

The project carries none of this data. A folder given as ``--data`` or ``ADVISOR_BENCHMARKS`` holds, as their authors
publish them: ``orsharc/id2snippet.json`` and ``open_retrieval_sharc_dev.json``;
``conditionalqa/part.json`` and ``dev.json``; ``pdpaqa/corpus_subsection_v1.jsonl`` and ``questions_part.jsonl``;
``policyqa/dev.json``.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.models import (
    Bullet,
    Document,
    Force,
    Kind,
    Nation,
    Section,
    SectionRole,
    Standing,
    State,
    Verified,
)

_POLICY_QUESTIONS = 800


class Asked(NamedTuple):
    question: str
    gold: frozenset[str]
    """Ids of the documents that answer it."""
    acceptable: frozenset[str] = frozenset()
    """Ids of further documents that would also be right; they are neither counted nor held against a system."""


class Unit(NamedTuple):
    """A piece of text as the simple systems search it."""

    document: str
    text: str


class PublicSet(NamedTuple):
    name: str
    documents: Sequence[Document]
    units: Sequence[Unit]
    questions: Sequence[Asked]
    alpha: float
    """Dense share of the weighted sum, as tuned for this set on a part not used here."""


def load_sets(folder: Path) -> Iterator[PublicSet]:
    """Every set whose files are in the folder."""
    if (folder / "orsharc").is_dir():
        yield or_sharc(folder / "orsharc")
    if (folder / "conditionalqa").is_dir():
        yield conditional_qa(folder / "conditionalqa")
    if (folder / "pdpaqa").is_dir():
        yield from pdpa_qa(folder / "pdpaqa")
    if (folder / "policyqa").is_dir():
        yield policy_qa(folder / "policyqa")


def or_sharc(folder: Path) -> PublicSet:
    """Rule snippets of government sites; every distinct question of the development part, without its scenario."""
    snippets: dict[str, str] = json.loads((folder / "id2snippet.json").read_text(encoding="utf-8"))
    gold: dict[str, set[str]] = defaultdict(set)
    for turn in _records(folder / "open_retrieval_sharc_dev.json"):
        gold[turn["question"]].add(f"snippet-{turn['gold_snippet_id']}")
    documents = [_headed(f"snippet-{name}", text) for name, text in snippets.items()]
    units = [Unit(f"snippet-{name}", text) for name, text in snippets.items()]
    asked = [Asked(question, frozenset(names)) for question, names in gold.items()]
    return PublicSet("OR-ShARC dev", documents, units, asked, alpha=0.6)


def conditional_qa(folder: Path) -> PublicSet:
    """GOV.UK pages made of their evidence sentences; scenario and question of the training part, by page."""
    records = {part: _records(folder / f"{part}.json") for part in ("part", "dev")}
    pages: dict[str, dict[str, None]] = defaultdict(dict)
    for record in (record for part in records.values() for record in part):
        for evidence in filter(None, map(_plain, record["evidences"])):
            pages[record["url"]][evidence] = None
    names = {url: f"page-{number}" for number, url in enumerate(pages)}
    documents = [_document(names[url], title=_slug(url), lines=list(pages[url])) for url in pages]
    units = [Unit(names[url], f"{_slug(url)}. {sentence}") for url in pages for sentence in pages[url]]
    asked = [
        Asked(f"{record['scenario']} {record['question']}", frozenset([names[record["url"]]]))
        for record in records["part"]
        if record["evidences"] and not record["not_answerable"]
    ]
    return PublicSet("ConditionalQA, page", documents, units, asked, alpha=0.8)


def pdpa_qa(folder: Path) -> Iterator[PublicSet]:
    """Subsections of a data protection statute; questions as asked, then their authors' paraphrases."""
    documents: dict[str, Document] = {}
    units: list[Unit] = []
    cited: dict[str, set[str]] = defaultdict(set)
    for record in _records(folder / "corpus_subsection_v1.jsonl"):
        name = re.sub(r"[^a-z0-9]+", "-", record["chunk_id"].lower()).strip("-")
        cited[record["canonical_citation"]].add(name)
        if name not in documents:
            heading, *lines = _lines(record["text"])
            citation = record["canonical_citation"]
            documents[name] = _document(name, title=citation, heading=heading, lines=lines or [heading])
            units.append(Unit(name, f"{citation} {heading}. {record['text']}"))
    asked: list[Asked] = []
    again: list[Asked] = []
    for record in _records(folder / "questions_part.jsonl"):
        gold = frozenset(name for citation in record["canonical_sections"] for name in cited.get(citation, ()))
        if gold:
            asked.append(Asked(record["question_user"], gold))
            again += [Asked(question, gold) for question in record["question_variants"]]
    yield PublicSet("PDPA-QA", list(documents.values()), units, asked, alpha=0.5)
    yield PublicSet("PDPA-QA paraphrases", list(documents.values()), units, again, alpha=0.5)


def policy_qa(folder: Path) -> PublicSet:
    """Segments of all privacy policies in one pool; a sample of the questions, the site's name before each."""
    documents: list[Document] = []
    units: list[Unit] = []
    asked: list[Asked] = []
    for site in json.loads((folder / "dev.json").read_text(encoding="utf-8"))["data"]:
        for number, segment in enumerate(site["paragraphs"]):
            name = re.sub(r"[^a-z0-9]+", "-", f"{site['title']}-{number}".lower()).strip("-")
            documents.append(_document(name, title=site["title"], lines=_sentences(segment["context"])))
            units.append(Unit(name, f"{site['title']}. {segment['context']}"))
            asked += [Asked(f"{site['title']} {item['question']}", frozenset([name])) for item in segment["qas"]]
    sample = random.Random(0).sample(asked, min(_POLICY_QUESTIONS, len(asked)))  # noqa: S311 - a sample, not a secret
    return PublicSet("PolicyQA, pooled", documents, units, sample, alpha=0.6)


def _records(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    found: list[dict[str, Any]] = (
        json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines() if line.strip()]
    )
    return found


def _headed(name: str, text: str) -> Document:
    """A snippet whose first lines may be Markdown headings; without one its first words are the title."""
    lines = _lines(text)
    headings = [line.lstrip("# ") for line in lines if line.startswith("#")]
    body = [line.lstrip("* ") for line in lines if not line.startswith("#")]
    return _document(name, title=": ".join(headings) or lines[0][:80], lines=body or headings)


def _document(name: str, *, title: str, lines: Iterable[str], heading: str = "Text") -> Document:
    bullets = tuple(Bullet(text=line) for line in lines)
    return Document(
        id=name,
        kind=Kind.GUIDANCE,
        title=title if len(title) > 2 else f"{title} ...",
        summary="An entry of a public question set.",
        source="public question set",
        url="",
        publisher="",
        nations=(Nation.ENGLAND,),
        force=Force.EXPLAINS,
        state=State.APPROVED,
        status=Standing.IN_FORCE,
        verified=Verified.UNVERIFIED,
        reviewed=date(2026, 1, 1),
        reviewed_by="nobody",
        review_by=date(2027, 1, 1),
        owner="nobody",
        sections=(Section(heading=heading, role=SectionRole.GUIDANCE, bullets=bullets),),
        digest=hashlib.sha256("\n".join((title, *(bullet.text for bullet in bullets))).encode()).hexdigest(),
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()] or ["(empty)"]


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.?!;])\s+", text) if part.strip()] or [text]


def _plain(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html).strip()


def _slug(url: str) -> str:
    """The words of a page's address: its title is not in the data."""
    return re.sub(r"[-/]+", " ", url.partition("gov.uk/")[2]).strip()
