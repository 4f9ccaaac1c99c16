"""The suites as tasks of Inspect (inspect.aisi.org.uk), for those who evaluate with it and with their own models.

    inspect eval evals/inspect_task.py@advised --model mockllm/model
    inspect eval evals/inspect_task.py@model_alone --model PROVIDER/MODEL -T suite=core -T quotes=true

``advised`` asks the advisor and needs no model. ``model_alone`` asks the model of ``--model`` the same questions,
with ``quotes=true`` after the advisor's quotes, and judges what can be judged of plain words. Both score with the
project's own metrics. ``inspect-ai`` is the extra ``inspect``; nothing else of the project imports this file.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, generate, solver

from advisor.models import Answer, Statement, StatementRole
from advisor.settings import load_settings
from advisor.wiring import Workshop
from evals.asking import Asker
from evals.cases import Case, Part
from evals.loading import find_suites
from evals.metrics.base import Asked, Metric
from evals.metrics.registry import metrics
from evals.running import choose
from evals.runs import Record

_OF_WORDS = ("key_points", "trap_rate", "verdict_rate")
"""Metrics that judge what is said, whoever says it."""
_RECORD, _CASE, _SUITE = "record", "case", "suite"
_PROMPT = "{question}\n\nRest your answer on these quotes alone, and name them by number:\n{quotes}"


@task  # type: ignore[untyped-decorator]
def advised(suite: str = "core", part: str = "dev", sample: int | None = None) -> Task:
    """The advisor, by every metric but those of wordings and times."""
    whole = [each for each in metrics().values() if not each.varies and each.name != "agreement"]
    return Task(dataset=_dataset(suite, part, sample), solver=ask_advisor(), scorer=_scorers(whole))


@task  # type: ignore[untyped-decorator]
def model_alone(suite: str = "core", part: str = "dev", sample: int | None = None, quotes: bool = False) -> Task:
    """A model's own words by the metrics of words; with ``quotes`` it is given what the advisor would quote."""
    solvers = [ask_advisor(), *([give_quotes()] if quotes else []), generate()]
    return Task(
        dataset=_dataset(suite, part, sample),
        solver=solvers,
        scorer=_scorers([metrics()[name] for name in _OF_WORDS], is_of_model=True),
    )


def _dataset(suite: str, part: str, sample: int | None) -> MemoryDataset:
    """A sample a case; raises EvaluationError when there is none."""
    chosen = choose(find_suites([suite]), part=Part(part), sample=sample)
    samples = [_sample(name, case) for name, cases in chosen.items() for case in cases]
    return MemoryDataset(samples, name=f"{suite}-{part}")


def _sample(suite: str, case: Case) -> Sample:
    target = [point.text for point in case.points] or list(case.sources) or ""
    metadata = {_SUITE: suite, _CASE: case.model_dump(mode="json")}
    return Sample(id=case.id, input=case.question or " ", target=target, metadata=metadata)


@cache
def _asker() -> Asker:
    """The advisor of the settings; the index must be there."""
    return Asker(Workshop(load_settings()))


@solver  # type: ignore[untyped-decorator]
def ask_advisor() -> Solver:
    """Asks the advisor and keeps all that the metrics need; its statements become the output."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        case = Case.model_validate(state.metadata[_CASE])
        record, _ = _asker().ask(case, suite=state.metadata[_SUITE])
        state.metadata[_RECORD] = record.model_dump(mode="json", by_alias=True)
        state.output.completion = "\n".join(_said(record.answer)) or record.answer.message or ""
        return state

    return solve


@solver  # type: ignore[untyped-decorator]
def give_quotes() -> Solver:
    """Puts what the advisor quotes under the question."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        answer = Record.model_validate(state.metadata[_RECORD]).answer
        quotes = "\n".join(f"[{each.number}] {each.quote}" for each in answer.citations)
        state.user_prompt.text = _PROMPT.format(question=state.user_prompt.text, quotes=quotes)
        return state

    return solve


def _said(answer: Answer) -> Iterable[str]:
    for statement in answer.statements:
        yield f"{statement.text} [{', '.join(map(str, statement.citations))}]"


def _scorers(every: Iterable[Metric], *, is_of_model: bool = False) -> list[Scorer]:
    return [_scorer(metric, is_of_model=is_of_model) for metric in every]


def _scorer(metric: Metric, *, is_of_model: bool) -> Scorer:
    """A scorer of one metric; a case that it does not judge is left unscored."""

    def make() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score | None:
            record = Record.model_validate(state.metadata[_RECORD])
            if is_of_model:
                record = record.model_copy(update={"answer": _in_words(record.answer, state.output.completion)})
            found = metric.score(Asked(Case.model_validate(state.metadata[_CASE]), record))
            if found is None:
                return None
            return Score(value=found.value, answer=state.output.completion, explanation=found.why)

        return score

    return scorer(metrics=[mean(), stderr()], name=metric.name)(make)()


def _in_words(answer: Answer, words: str) -> Answer:
    """An answer that states a model's words and nothing else, for the metrics that judge words alone."""
    statement = Statement.model_construct(role=StatementRole.GUIDANCE, text=words, citations=())
    nothing: dict[str, object] = {"message": None, "citations": (), "to_settle": (), "notes": (), "record": ()}
    return answer.model_copy(update={**nothing, "statements": (statement,)})
