"""Quote fidelity: the share of quotes that stand, word for word after folding white space, in the file they name.

Range 0 to 1, higher is better, 1 is required; unit: quotes; pooled over quotes, resampled by case. Whoever runs the
cases reads the knowledge base's files themselves and finds each by the digest a citation carries, so that a fault in
indexing or in the advisor's own check is seen. Source: the answer contract.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.base import Asked, Figure, Metric, Score, Scored, listed, pooled


def score(asked: Asked) -> Score | None:
    proved = asked.record.proved
    if not proved:
        return None
    invented = [
        f"[{citation.number}] {citation.document}"
        for citation, is_there in zip(asked.answer.citations, proved, strict=True)
        if not is_there
    ]
    return Score(
        value=round(sum(proved) / len(proved), 6),
        why=f"not in the file: {listed(invented)}",
        data={"proved": sum(proved), "quotes": len(proved)},
    )


def figures(scored: Sequence[Scored]) -> list[Figure]:
    return pooled("quote_fidelity", "quote fidelity", scored, of=("proved", "quotes"))


METRIC = Metric("quote_fidelity", "Quote fidelity", "quotes", "higher", score, figures, passes=1.0)
