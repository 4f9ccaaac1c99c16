"""How much one person, or one channel, may ask in a minute; counted in this process."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from threading import Lock
from time import monotonic

WINDOW = 60.0
_MOST_NAMES = 10_000


class Limiter:
    """A sliding minute for each name."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def is_over(self, name: str, *, most: int) -> bool:
        """Whether this is one too many; what is refused does not count."""
        now = self._clock()
        with self._lock:
            times = self._times[name]
            while times and now - times[0] >= WINDOW:
                times.popleft()
            if len(times) >= most:
                return True
            times.append(now)
            if len(self._times) > _MOST_NAMES:
                self._forget(now)
            return False

    def _forget(self, now: float) -> None:
        for name in [name for name, times in self._times.items() if not times or now - times[-1] >= WINDOW]:
            del self._times[name]
