"""Takes jobs from the outbox and does them, in several threads and processes at once; nothing is lost when it stops."""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Condition, Event, Thread
from time import monotonic

from advisor.errors import AdvisorError, StoreError, place_of
from advisor.outbox import Job, Outbox
from integrations.slack.arriving import Work
from integrations.slack.logs import log
from integrations.slack.metrics import Metrics
from integrations.slack.outgoing import IN_ORDER, Later, Unreachable, once_more

LEASE = timedelta(minutes=2)
IDLE = 1.0
"""Seconds between looks at the outbox when nobody says that something came in."""
MOST_ATTEMPTS = 300
"""What cannot be sent is tried for about a day, at last every five minutes, before it is given up."""
_BATCH = 2
_STEPS_BACK = 0.5
"""Seconds."""

Do = Callable[[Job], None]


class Quiet:
    """Answering steps back while requests are being taken in, so that Slack has its answer soon; never for long."""

    def __init__(self) -> None:
        self._arriving, self._changed = 0, Condition()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Something is being taken in."""
        with self._changed:
            self._arriving += 1
        try:
            yield
        finally:
            with self._changed:
                self._arriving -= 1
                self._changed.notify_all()

    def wait(self) -> None:
        """Returns when nothing is being taken in, or after half a second."""
        with self._changed:
            self._changed.wait_for(lambda: self._arriving == 0, timeout=_STEPS_BACK)


class Workers:
    """The threads of one process."""

    def __init__(
        self,
        outbox: Outbox,
        does: Mapping[Work, Do],
        *,
        workspace: str,
        count: int,
        metrics: Metrics,
        lost: Do,
        every_minute: Callable[[], None],
        quiet: Quiet,
    ) -> None:
        """``lost`` is told of a job that fails for good, so that the person is; ``every_minute`` is housekeeping."""
        self._outbox, self._does, self._workspace, self._metrics = outbox, dict(does), workspace, metrics
        self._lost, self._every_minute, self._quiet = lost, every_minute, quiet
        self._stopping = Event()
        self._bells = [Event() for _ in range(count + 1)]
        own = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        kinds = tuple(work.value for work in self._does)
        self._threads = [
            Thread(target=self._work, args=(f"{own}:{number}", kinds, bell), name=f"worker-{number}", daemon=True)
            for number, bell in enumerate(self._bells[1:], start=1)
        ]
        urgent = (Work.ACT_NOW.value,)
        self._threads.append(
            Thread(target=self._work, args=(f"{own}:urgent", urgent, self._bells[0]), name="urgent", daemon=True)
        )
        self._threads.append(Thread(target=self._housekeep, name="housekeeping", daemon=True))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Something was put in the outbox."""
        for bell in self._bells:
            bell.set()

    def stop(self, *, seconds: float = 20.0) -> bool:
        """Lets each thread finish the job in hand; whether all did."""
        self._stopping.set()
        self.wake()
        end = monotonic() + seconds
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, end - monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def is_working(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def _work(self, name: str, kinds: tuple[str, ...], bell: Event) -> None:
        while not self._stopping.is_set():
            bell.clear()
            jobs = self._claim(name, kinds)
            for place, job in enumerate(jobs):
                if self._stopping.is_set():
                    self._give_back(name, jobs[place:])
                    return
                self._attempt(name, job)
            if not jobs:
                bell.wait(IDLE)

    def _claim(self, name: str, kinds: tuple[str, ...]) -> tuple[Job, ...]:
        try:
            return self._outbox.claim(name, limit=_BATCH, lease=LEASE, kinds=kinds, workspace=self._workspace)
        except StoreError:
            log("store_away", level=logging.ERROR)
            self._stopping.wait(IDLE)
            return ()

    def _attempt(self, name: str, job: Job) -> None:
        kind = Work(job.kind)
        if kind is not Work.ACT_NOW:
            self._quiet.wait()
        try:
            self._does[kind](job)
        except Later as later:
            wait = later.after if later.code == IN_ORDER else max(later.after, once_more(job.attempts))
            return self._again(name, job, code=later.code, after=wait)
        except Unreachable as lost:
            return self._end(name, job, code=lost.code)
        except StoreError:
            return self._again(name, job, code="store_away", after=once_more(job.attempts))
        except Exception as error:  # Whatever fails, the person is told, and the other jobs go on.
            log("job_failed", level=logging.ERROR, job=job.id, kind=job.kind, place=place_of(error))
            return self._told(name, job, code=type(error).__name__)
        self._note(kind, "done")
        return self._keep_trying(lambda: self._outbox.done(job, worker=name))

    def _again(self, name: str, job: Job, *, code: str, after: timedelta) -> None:
        if job.attempts >= MOST_ATTEMPTS:
            return self._end(name, job, code=code)
        log("job_later", job=job.id, kind=job.kind, code=code, attempts=job.attempts)
        self._note(Work(job.kind), "later")
        return self._keep_trying(lambda: self._outbox.retry(job, worker=name, after=after))

    def _told(self, name: str, job: Job, *, code: str) -> None:
        try:
            self._lost(job)
        except (Later, Unreachable, AdvisorError) as error:
            log("nobody_told", level=logging.ERROR, job=job.id, error=type(error).__name__)
        self._end(name, job, code=code)

    def _end(self, name: str, job: Job, *, code: str) -> None:
        log("job_given_up", level=logging.ERROR, job=job.id, kind=job.kind, code=code)
        self._note(Work(job.kind), "given_up")
        self._keep_trying(lambda: self._outbox.give_up(job, worker=name, why=code))

    def _give_back(self, name: str, jobs: tuple[Job, ...]) -> None:
        for job in jobs:
            self._keep_trying(partial(self._outbox.retry, job, worker=name, after=timedelta(0)))

    def _keep_trying(self, note: Callable[[], bool]) -> None:
        """Notes the end of a job; a store that is away for a moment must not make it be done twice."""
        end = monotonic() + LEASE.total_seconds() / 2
        while True:
            try:
                note()
                return
            except StoreError:
                if monotonic() > end or self._stopping.wait(IDLE):
                    log("end_not_noted", level=logging.ERROR)
                    return

    def _note(self, kind: Work, end: str) -> None:
        self._metrics.jobs.labels(kind.value, end).inc()

    def _housekeep(self) -> None:
        while not self._stopping.wait(60):
            try:
                self._every_minute()
            except Exception as error:  # It is tried again in a minute.
                log("housekeeping_failed", level=logging.ERROR, place=place_of(error))
