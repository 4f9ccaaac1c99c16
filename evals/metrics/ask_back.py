"""Ask-back: whether an answer asks for the facts that are missing and matter, and for no others.

Each value is the F1 of a case, 0 to 1, higher is better; unit: facts. Precision is the share of facts asked that
should be, recall the share of those that should be asked that are; both pooled over facts. Source: precision and
recall of slots asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, listed, pooled


def score(asked: Asked) -> Score | None:
    if asked.case.ask_back is None:
        return None
    wanted, asks = set(asked.case.ask_back), {ask.facet for ask in asked.answer.to_settle}
    right = len(wanted & asks)
    both = len(wanted) + len(asks)
    return Score(
        value=round(2 * right / both, 6) if both else 1.0,
        why=f"asked {listed(sorted(asks))}; should ask {listed(sorted(wanted))}",
        data={"right": right, "asked": len(asks), "wanted": len(wanted)},
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return [
        *pooled("ask_back", "ask-back precision", scored, of=("right", "asked")),
        *pooled("ask_back", "ask-back recall", scored, of=("right", "wanted")),
    ]


METRIC = Metric("ask_back", "Ask-back", "facts", "higher", score, figures)
