"""What operators watch, in the Prometheus format; every label is a code, never a text."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)


class Metrics:
    """One set of measures, of one running bot."""

    def __init__(self, *, waiting: Callable[[], float], connected: Callable[[], float]) -> None:
        """``waiting`` and ``connected`` are asked when somebody looks."""
        self._registry = CollectorRegistry()
        self.received = Counter(
            "advisor_slack_received_total", "Requests from Slack by kind", ["kind"], registry=self._registry
        )
        self.acknowledged = Histogram(
            "advisor_slack_ack_seconds",
            "From receiving a request to acknowledging it",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.answered = Counter(
            "advisor_slack_answers_total", "Answers by outcome", ["outcome"], registry=self._registry
        )
        self.answering = Histogram(
            "advisor_slack_answer_seconds", "Time to answer", buckets=_SECONDS, registry=self._registry
        )
        self.jobs = Counter(
            "advisor_slack_jobs_total", "Jobs of the outbox by kind and end", ["kind", "end"], registry=self._registry
        )
        self.sent = Counter(
            "advisor_slack_sends_total", "Calls of Slack by method and result", ["method", "result"],
            registry=self._registry,
        )  # fmt: skip
        self._gauge("advisor_slack_outbox_waiting", "Jobs that are not done", waiting)
        self._gauge("advisor_slack_connected", "1 while events can arrive", connected)

    def page(self) -> bytes:
        """The measures as Prometheus reads them."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, what: str, read: Callable[[], float]) -> None:
        Gauge(name, what, registry=self._registry).set_function(read)
