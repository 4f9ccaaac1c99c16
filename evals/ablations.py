"""What each decision in the code is worth: the same questions asked with one part taken out or changed at a time.

Each variant goes through the parts' own arguments. Those that change what is embedded build their index in a
temporary folder; the index in use is only read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from advisor.evidence import WIDENING, Widening
from advisor.library import meaning_phrases
from advisor.wiring import Workshop
from evals.asking import Asker
from evals.cases import Case
from evals.intervals import Interval, of_mean, of_sums, share
from evals.metrics.base import Asked
from evals.metrics.registry import metrics
from knowledge.chunking import CUTTING, Cutting
from knowledge.embedding import OnnxEmbedder
from knowledge.errors import DocumentError
from knowledge.exporting import export
from knowledge.index import build_index
from knowledge.models import FrozenModel
from knowledge.retrieval import Weights

METRICS = ("source_recall", "search_recall", "source_hit", "key_points")
"""By which variants are judged: sources cited and found in the first ten, hit@5, points of a good answer."""


class Variant(FrozenModel):
    """The advisor with something changed."""

    name: str
    weights: Weights | None = None
    widening: Widening = WIDENING
    cutting: Cutting = CUTTING
    precision: Literal["int8", "fp32"] | None = None
    """How the model stores its weights, where not as in the settings."""
    is_classified: bool = True
    """Whether the facets that a classifier thinks likely turn the order; it is fitted on int8 vectors alone."""

    def needs_index(self, workshop: Workshop) -> bool:
        """Whether it embeds other than the index in use does."""
        return self.cutting != CUTTING or self.precision not in (None, workshop.settings.precision)


_EVEN = 1 / 3
VARIANTS = (
    Variant(name="as it is"),
    Variant(name="no title before the text", cutting=Cutting(titled=False)),
    Variant(name="chunks of 300", cutting=Cutting(pack_to=300)),
    Variant(name="chunks of 1,000", cutting=Cutting(pack_to=1000)),
    Variant(name="fp32, facets as said", precision="fp32", is_classified=False),
    Variant(name="no example questions", weights=Weights(question=0.0)),
    Variant(name="no words (BM25)", weights=Weights(lexical=0.0)),
    Variant(name="no best bullet", weights=Weights(bullet=0.0)),
    Variant(name="equal weights", weights=Weights(dense=_EVEN, lexical=_EVEN, question=_EVEN, bullet=0.0)),
    Variant(name="no facets", weights=Weights(facet=0.0, sector=0.0)),
    Variant(name="facets only as said", is_classified=False),
    Variant(name="no authority", weights=Weights(guidance=0.0, case_study=0.0)),
    Variant(name="no law links", widening=Widening(law=False)),
    Variant(name="no cross-references", widening=Widening(related=0.0)),
)
"""The first is what all are measured against."""


class Measured(NamedTuple):
    """One variant by one metric, and what it differs by from the advisor as it is."""

    variant: str
    metric: str
    value: Interval
    difference: Interval
    """Less the advisor as it is, paired by case."""
    n: int


def ablate(
    workshop: Workshop,
    cases: Sequence[Case],
    *,
    variants: Sequence[Variant] = VARIANTS,
    progress: Callable[[Variant], None] = lambda variant: None,
) -> Iterator[Measured]:
    """Every variant by every metric, variant after variant; ``progress`` hears which comes.

    Raises:
        KnowledgeError: when the index or the model cannot be used, or a document cannot be read.
    """
    plain: dict[str, list[float]] = {}
    for variant in variants:
        progress(variant)
        values = _values(workshop, cases, variant)
        plain = plain or values
        for metric, of in values.items():
            clusters = [case.cluster for case in cases if _has(case, metric)]
            pairs = [(now - before, 1.0) for now, before in zip(of, plain[metric], strict=True)]
            difference = of_sums(pairs, clusters=clusters, statistic=share)
            yield Measured(variant.name, metric, of_mean(of, clusters=clusters), difference, len(of))


def _has(case: Case, metric: str) -> bool:
    return bool(case.points if metric == "key_points" else case.sources)


def _values(workshop: Workshop, cases: Sequence[Case], variant: Variant) -> dict[str, list[float]]:
    """Metric to one value a case that it judges; what was not searched or not answered counts as 0."""
    with _opened(workshop, variant) as asker:
        asked = [Asked(case, asker.ask(case, suite="core")[0]) for case in cases]
    found = {}
    for name in METRICS:
        scores = [metrics()[name].score(each) for each in asked if _has(each.case, name)]
        if scores:
            found[name] = [score.value if score else 0.0 for score in scores]
    return found


@contextmanager
def _opened(workshop: Workshop, variant: Variant) -> Iterator[Asker]:
    with tempfile.TemporaryDirectory(prefix="advisor-ablation-") as folder:
        used = _built(workshop, variant, Path(folder)) if variant.needs_index(workshop) else workshop
        asker = Asker(used, weights=variant.weights, widening=variant.widening, is_classified=variant.is_classified)
        try:
            yield asker
        finally:
            asker.close()


def _built(workshop: Workshop, variant: Variant, folder: Path) -> Workshop:
    """The workshop of a variant whose index is in a folder; the model's other precision is kept in the home."""
    precision = variant.precision or workshop.settings.precision
    settings = workshop.settings.model_copy(update={"precision": precision})
    other = Workshop(settings, index_folder=folder)
    if not (other.model_folder / "manifest.json").exists():
        export(other.model_folder, model=settings.model, precision=precision)
    documents = []
    for loaded in other.loaded():
        if isinstance(loaded, DocumentError):
            raise loaded
        documents.append(loaded)
    build_index(
        folder,
        documents=documents,
        content=other.content,
        embedder=OnnxEmbedder(other.model_folder, threads=settings.threads),
        phrases=meaning_phrases(other.vocabulary),
        cutting=variant.cutting,
    )
    return other
