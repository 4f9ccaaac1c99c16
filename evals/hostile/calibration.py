"""Where to set ``least_likeness``: ``python -m evals.hostile.calibration`` measures, and draws likeness.svg beside it.

Faithful rewordings are those of pairs.yaml. Unfaithful ones are each rewording against the quote of every other pair,
and neighbouring bullets of the same document of the knowledge base against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from advisor.settings import load_settings
from advisor.support import Likeness, load_rules
from advisor.wiring import Workshop
from knowledge.models import Document, FrozenModel

FOLDER = Path(__file__).parent


class Pair(FrozenModel):
    """A quote and a faithful rewording of it."""

    quote: str
    reworded: str


class Calibration(FrozenModel):
    """Cosines of what should pass and of what should not."""

    faithful: tuple[float, ...]
    unfaithful: tuple[float, ...]

    def shares(self, least: float) -> tuple[float, float]:
        """The share of faithful rewordings that reach a threshold, and of unfaithful ones."""
        return tuple(  # type: ignore[return-value]
            sum(cosine >= least for cosine in cosines) / len(cosines) for cosines in (self.faithful, self.unfaithful)
        )


def load_pairs() -> list[Pair]:
    """The pairs that were made by hand."""
    listed = yaml.safe_load((FOLDER / "pairs.yaml").read_text(encoding="utf-8"))["pairs"]
    return [Pair.model_validate(pair) for pair in listed]


def calibrate(pairs: Sequence[Pair], documents: Sequence[Document], *, likeness: Likeness) -> Calibration:
    """The cosines of all pairs."""
    strangers = [(one.reworded, other.quote) for one in pairs for other in pairs if one is not other]
    return Calibration(
        faithful=tuple(likeness(pair.reworded, pair.quote) for pair in pairs),
        unfaithful=tuple(likeness(*two) for two in (*strangers, *_neighbours(documents))),
    )


def _neighbours(documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    for document in documents:
        texts = [bullet.text for bullet in document.bullets()]
        yield from zip(texts, texts[1:], strict=False)


def main() -> None:
    """Prints the shares at thresholds around the one in use, and draws them."""
    index, embedder = Workshop(load_settings()).open()
    vectors: dict[str, Any] = {}

    def likeness(one: str, other: str) -> float:
        for text in (one, other):
            if text not in vectors:
                vectors[text] = embedder.read(text, []).whole
        return float(vectors[one] @ vectors[other])

    found = calibrate(load_pairs(), list(index.catalogue.documents()), likeness=likeness)
    print(f"{len(found.faithful)} faithful pairs, {len(found.unfaithful)} unfaithful ones")
    print("| least likeness | faithful that pass | unfaithful that pass |\n|---|---|---|")
    for least in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9):
        passing, failing = found.shares(least)
        print(f"| {least:.2f} | {passing:.3f} | {failing:.4f} |")
    _draw(found, least=load_rules().least_likeness)


def _draw(found: Calibration, *, least: float) -> None:
    import matplotlib as mpl  # noqa: PLC0415 - heavy, and only drawn here

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "can-i-share"
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the backend is chosen

    figure, axes = plt.subplots(figsize=(7, 3.5))
    bins = [step / 40 for step in range(41)]
    for cosines, label in ((found.faithful, "faithful"), (found.unfaithful, "unfaithful")):
        weights = [1 / len(cosines)] * len(cosines)
        axes.hist(cosines, bins=bins, weights=weights, alpha=0.6, label=f"{label} ({len(cosines)})")
    axes.axvline(least, color="black", linestyle="--", label=f"least likeness {least:.2f}")
    axes.set(xlabel="cosine of statement and quote", ylabel="share", title="Likeness of rewordings to their quotes")
    axes.legend()
    figure.savefig(FOLDER / "likeness.svg", metadata={"Date": None}, bbox_inches="tight")


if __name__ == "__main__":
    main()
