"""Answers that anybody can call forth before others: only so many in a while, as they take room from news."""

from collections import deque
from datetime import datetime, timedelta

_PLACES = 1_000
"""Of how many places the last answers are remembered; it costs one more answer to be forgotten."""


class Sparing:
    """Lets `most` answers pass in a place within a span; not kept over a restart."""

    def __init__(self, most: int = 5, span: timedelta = timedelta(minutes=1)) -> None:
        self._most = most
        self._span = span
        self._passed: dict[str, deque[datetime]] = {}

    def lets_pass(self, place: str, now: datetime) -> bool:
        """Whether one more may pass; it then counts."""
        passed = self._passed.pop(place, deque(maxlen=self._most))
        self._passed[place] = passed  # the last place now
        if len(self._passed) > _PLACES:
            del self._passed[next(iter(self._passed))]
        if len(passed) == self._most and now - passed[0] < self._span:
            return False
        passed.append(now)
        return True
