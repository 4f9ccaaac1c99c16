"""Work that is given up when its time is over, however the other side drips."""

from __future__ import annotations

from collections.abc import Callable
from threading import BoundedSemaphore, Thread
from typing import Generic, TypeVar

from advisor.composers.chat import ChatFault
from advisor.models import Writing

_MOST_AT_ONCE = 4
_places = BoundedSemaphore(_MOST_AT_ONCE)
"""Requests of this process on their way at once, those that were given up included: a place is freed when it ends."""
T = TypeVar("T")


class _Work(Thread, Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(daemon=True, name="llm")
        self._work = work
        self.made: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.made.append(self._work())
        except BaseException as error:  # noqa: B036 - handed to whoever waits; a thread must not print it
            self.error = error
        finally:
            _places.release()


def within(seconds: float, work: Callable[[], T]) -> T:
    """What ``work`` gives; it runs in a thread that is left behind when the time is over.

    Raises:
        ChatFault: when the time is over, or too many earlier ones still run. What ``work`` raises is raised too.
    """
    if not _places.acquire(blocking=False):
        raise ChatFault(Writing.BUSY)
    thread = _Work(work)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise ChatFault(Writing.TIMED_OUT)
    if thread.error is not None:
        raise thread.error
    return thread.made[0]
