"""Writes documents as curators write them, and a folder of six that link to each other as they should."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Says = Mapping[str, Sequence[str]]
"""Heading to bullets, each with its pinpoint in brackets."""

CONTENT_DIGEST = "content"
"""What the shared index of the small content says it was built from."""

FIELDS: dict[str, Any] = {
    "title": "Someone asks about a person",
    "summary": "What to think of when someone asks about a person.",
    "source": "The project's guidance",
    "pinpoints": ["whole document"],
    "url": "https://example.org/asking",
    "publisher": "example.org",
    "nations": ["england", "wales"],
    "force": "explains",
    "state": "approved",
    "status": "in_force",
    "in_force_from": date(2018, 5, 25),
    "verified": "official",
    "checked": [{"url": "https://example.org/asking", "copy_of": None}],
    "reviewed": date(2026, 11, 1),
    "reviewed_by": "the project (not a lawyer)",
    "review_by": date(2027, 5, 1),
    "owner": "information-governance",
}
SAYS: Says = {"What it says": ["Weigh each request by itself. [para 1]"]}


def write_document(
    folder: Path, name: str = "asking", *, says: Says = SAYS, kind: str = "guidance", **fields: Any
) -> Path:
    """A file of the format with a plausible value in every field that is not given; None leaves a field out."""
    questions = [f"Question {number} about {name.replace('-', ' ')}?" for number in range(1, 5)]
    header = {"id": name, "kind": kind, **FIELDS, "questions": questions, **fields}
    path = folder / {"case_study": "case_studies"}.get(kind, kind) / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_file({key: value for key, value in header.items() if value is not None}, says), encoding="utf-8")
    return path


def as_file(header: Mapping[str, Any], says: Says) -> str:
    """The text of a knowledge file."""
    fields = yaml.safe_dump(dict(header), sort_keys=False, allow_unicode=True)
    body = "\n".join("\n".join([f"## {heading}", *(f"- {bullet}" for bullet in says[heading])]) for heading in says)
    return f"---\n{fields}---\n{body}\n"


def write_small_content(folder: Path) -> Path:
    """Six approved documents and a draft, with nothing wrong in them."""
    _write_guidance(folder)
    _write_law(folder)
    write_document(
        folder,
        "case-of-silence",
        kind="case_study",
        title="A child nobody spoke about",
        says={"What happened": ["Three agencies each knew of bruises and none told another. [report, ch 2]"]},
        related=["police-asking", "worried-about-an-adult"],
    )
    write_document(folder, "half-written", state="draft", title="Not ready to be read", related=["police-asking"])
    return folder


def _write_guidance(folder: Path) -> None:
    write_document(
        folder,
        "police-asking",
        title="The police ask about a tenant",
        says={
            "What it says": [
                "A police request is only a request unless a court order requires an answer. [para 1]",
                "Ask the officer which crime it is about and why the address is needed. [para 2]",
            ],
            "Before you share": ["Check that the caller is an officer by ringing the station back. [para 3]"],
            "Risk if you share": ["An address given to a false caller can put a tenant in danger. [para 4]"],
            "Risk if you do not": ["Officers may not find a missing person in time. [para 5; unverified]"],
        },
        questions=[
            "The police have rung asking where one of our tenants lives, can I tell them?",
            "An officer wants the CCTV from Saturday",
            "A detective asks for our notes",
            "Must I answer the police?",
        ],
        facets={"recipient": ["police"]},
        decides=["information_governance_lead"],
        law=[
            {"id": "crime-exemption", "strand": "data_protection"},
            {"id": "told-in-confidence", "strand": "confidence", "when": {"holder": ["health"]}},
        ],
        related=["case-of-silence", "half-written"],
    )
    write_document(
        folder,
        "school-asking",
        title="A school asks about a pupil",
        says={"What it says": ["A new school needs the safeguarding file of a pupil within five days. [para 121]"]},
        facets={"recipient": ["education"]},
        sectors=["education"],
        related=["worried-about-an-adult"],
    )
    write_document(
        folder,
        "worried-about-an-adult",
        title="Worried about an adult",
        says={"What it says": ["An adult who can decide may refuse help, and sharing may still be lawful. [s 42]"]},
        law=[{"id": "told-in-confidence", "strand": "confidence"}],
        related=["case-of-silence", "school-asking"],
    )


def _write_law(folder: Path) -> None:
    write_document(
        folder,
        "crime-exemption",
        kind="legislation",
        title="The crime exemption",
        says={"What it says": ["Some duties are lifted where keeping them would harm an inquiry. [Sch 2 para 2(1)]"]},
        force="may",
        strand="data_protection",
        related=["police-asking"],
    )
    write_document(
        folder,
        "told-in-confidence",
        kind="legislation",
        title="What was told in confidence",
        says={"What it says": ["A duty of confidence yields to consent, a legal duty or public interest. [case law]"]},
        strand="confidence",
        related=["police-asking", "worried-about-an-adult"],
    )
