"""What the commands that change a document share: finding it, who acts, and making the change."""

from __future__ import annotations

import getpass
from collections.abc import Iterable

import click

from advisor.wiring import Workshop
from integrations.cli.rendering import wrapped
from knowledge.curating.history import one_line
from knowledge.curating.lifecycle import Change, make
from knowledge.curating.places import refuse_bundled
from knowledge.loading import load_documents
from knowledge.models import Document

DAY = click.DateTime(formats=["%Y-%m-%d"])


def every_document(workshop: Workshop) -> list[Document]:
    """All documents that can be read, also bundled ones that a local one overrides."""
    loaded = load_documents(workshop.paths, local=frozenset(workshop.local_paths))
    return [each for each in loaded if isinstance(each, Document)]


def find(documents: Iterable[Document], name: str) -> Document:
    """The document of an id, the organisation's own before a bundled one.

    Raises:
        click.UsageError: there is none, or there are two.
    """
    found = [document for document in documents if document.id == name]
    own = [document for document in found if document.local] or found
    if not own:
        more = 'See "advisor kb list", and "advisor kb check" for files that cannot be read.'
        raise click.UsageError(f"No document has the id {name!r}. {more}")
    if len(own) > 1:
        files = " and ".join(document.path for document in own)
        raise click.UsageError(f"{files} have the same id {name!r}. Give one of them its own.")
    return own[0]


def person(given: str | None) -> str:
    """Who acts: the name given, or the operating system's user.

    Raises:
        click.UsageError: neither is known.
    """
    name = user() if given is None else one_line(given, what="The name")
    if not name:
        raise click.UsageError("The operating system does not say who you are. Give the name of who acts.")
    return name


def user() -> str:
    """The operating system's user; empty when it does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def carry_out(change: Change, document: Document, *, workshop: Workshop) -> None:
    """Makes a change and says what and where, unless it is for a copy: whoever keeps documents of their own copies.

    Raises:
        KnowledgeError: why it was not made.
    """
    if not document.local and not workshop.settings.content:
        refuse_bundled(document, keeps_own=workshop.settings.local is not None)
    make(change, document)
    click.echo("\n".join(wrapped(change.entry, first=f"{document.id}: ", rest=2)))
    click.echo(f"  {document.path}")
    click.echo('Run "advisor kb index", so that answers follow.')


def tell_links(documents: Iterable[Document], name: str, *, advice: str) -> None:
    """Says which documents in use still bring this one in as law."""
    linking = [other.id for other in documents if name in (link.id for link in other.law)]
    if linking:
        click.echo("\n".join(wrapped(f"Still named as law by {', '.join(linking)}: {advice}", rest=2)))
