"""How fast each platform may be sent to: its limits as data, and who gives out the turns."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """A platform's limits: sends begun in any second over all chats, and the time between two in a chat."""

    per_second: int
    per_chat_interval: timedelta


PACES: Mapping[str, Pace] = {"telegram": Pace(per_second=25, per_chat_interval=timedelta(seconds=1))}
"""By platform. Telegram takes about 30 in a second, and one in a second in a chat; edits count like sends."""

CAREFUL_PACE = Pace(per_second=5, per_chat_interval=timedelta(seconds=1))
"""For a platform whose limits nobody entered."""


class Turns:
    """Gives out the instants at which sends begin: never more than `per_second` in any one second."""

    def __init__(self, per_second: int) -> None:
        self._given: deque[float] = deque(maxlen=per_second)

    def reserve(self, earliest: float) -> float:
        """Give the first free instant from `earliest` on, in seconds of a clock that never goes back.

        First come, first served.
        """
        if self._given:
            earliest = max(earliest, self._given[-1])
        if len(self._given) == self._given.maxlen:
            earliest = max(earliest, self._given[0] + 1)
        self._given.append(earliest)
        return earliest


class Rests:
    """Which chats must be left alone for a while."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._seen: datetime | None = None

    def rest(self, chat: str, until: datetime) -> None:
        """Leave a chat alone until an instant."""
        self._until[chat] = until

    def chats(self, now: datetime) -> set[str]:
        """Give the chats that rest now."""
        if self._seen is not None and now < self._seen:
            self._until.clear()  # the wall clock was set back: a rest would last as long as the jump
        self._seen = now
        self._until = {chat: until for chat, until in self._until.items() if until > now}
        return set(self._until)

    def find_next_at(self) -> datetime | None:
        """Give the instant at which the first rest ends."""
        return min(self._until.values(), default=None)
