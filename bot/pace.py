"""How fast each platform may be sent to: its limits as data, and when a send may begin.

Sends are spaced evenly, a little wider than a limit asks for, so that no window ever holds more than it may
even where some begin late. What processes share are instants of the wall clock, in the database (`Pace`);
each process also keeps the limit by its own clock, which never jumps (`Gate`).
"""

import asyncio
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_SLACK = 1.015
"""Times the narrowest spacing: at 30 a second the 31st begins 15 ms after the second is over."""

_GATE_SLACK = 1.005
"""Times a limit's window, less than the spacing leaves: so what began late is caught up with."""

_CATCHING_UP = 0.94
"""Times the even spacing: so close may sends follow that began late; no bunch of them arrives at once."""

_SKEW = timedelta(seconds=1)
"""By how much the clocks of processes on one database may differ."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

AHEAD = timedelta(seconds=1)
"""How far ahead turns are given out: an urgent parcel waits no longer behind what was claimed before it."""

YIELDING = 1.0
"""Seconds for which a send lets urgent ones go before it."""

FAIR_TURN = 10
"""Each turn of so many goes to what waits longest, however urgent others are: nothing waits for ever."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` sends begun in any window of this length."""

    count: int
    window: timedelta

    @property
    def interval(self) -> timedelta:
        """The time between two sends; evenly spaced so, any number of them keeps the limit."""
        return self.window / self.count * _SLACK


@dataclass(frozen=True, slots=True)
class Turns:
    """The instants at which sends may begin, and the first that is still to be given out."""

    given: tuple[datetime, ...]
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """A platform's limits: over all chats, in a private chat, in a group. Edits count."""

    in_all: Limit
    private: Limit
    group: Limit

    def rest(self, *, is_group: bool) -> timedelta:
        """How long a chat is left alone after a send."""
        return (self.group if is_group else self.private).interval

    def turns(self, next_at: datetime, now: datetime, most: int) -> Turns:
        """Give out turns from `next_at` on, as far as `AHEAD` from now, `most` of them.

        A `next_at` beyond that was given out before the wall clock was set back: what is under way ends
        within `AHEAD`, and turns go on from there.
        """
        if next_at > now + AHEAD + _SKEW:
            next_at = now + AHEAD
        first = max(next_at, now)
        free = math.ceil((now + AHEAD - first) / self.in_all.interval)
        count = max(0, min(most, free))
        given = tuple(first + place * self.in_all.interval for place in range(count))
        return Turns(given, first + count * self.in_all.interval if count else next_at)

    def pause(self, next_at: datetime, now: datetime) -> timedelta:
        """Give the time until turns are given out again: many at once, not one after the other."""
        ahead = next_at - now
        return timedelta(0) if ahead > AHEAD + _SKEW else max(timedelta(0), ahead - AHEAD / 2)

    def is_fair(self, turn: datetime) -> bool:
        """Whether a turn is for what waits longest: of turns that follow one another each tenth is."""
        return (turn - _EPOCH) // self.in_all.interval % FAIR_TURN == 0


_SECOND = timedelta(seconds=1)

PACES: Mapping[str, Pace] = {
    "telegram": Pace(Limit(30, _SECOND), private=Limit(1, _SECOND), group=Limit(20, 60 * _SECOND)),
    "zalo": Pace(Limit(10, _SECOND), private=Limit(1, _SECOND), group=Limit(20, 60 * _SECOND)),
}
"""By platform, as its documentation has them; Zalo's has none, so that these are a guess on the safe side."""

CAREFUL_PACE = Pace(Limit(5, _SECOND), private=Limit(1, _SECOND), group=Limit(10, 60 * _SECOND))
"""For a platform whose limits nobody entered."""


class Gate:
    """Keeps a limit within this process, by a clock that never jumps: seconds of the event loop."""

    def __init__(self, limit: Limit) -> None:
        self._window = limit.window.total_seconds() * _GATE_SLACK
        self._spacing = limit.interval.total_seconds() * _CATCHING_UP
        self._begun: deque[float] = deque(maxlen=limit.count)
        self._urgent = 0
        self.crowds = Crowds()

    def earliest(self, at: float) -> float:
        """Give the first instant from `at` on at which one more may begin."""
        if self._begun:
            at = max(at, self._begun[-1] + self._spacing)
        return max(at, self._begun[0] + self._window) if len(self._begun) == self._begun.maxlen else at

    def note(self, at: float) -> None:
        """Note that one begins; instants never go back."""
        self._begun.append(at)

    async def wait(self, at: float, *, is_urgent: bool = False) -> None:
        """Return at an instant, or as soon after it as one more may begin, and note that it does.

        The urgent go first, but not before what has waited for `YIELDING` after its instant.
        """
        clock = asyncio.get_running_loop().time
        while (pause := at - clock()) > 0:  # noqa: ASYNC110 - a timer may be early
            await asyncio.sleep(pause)
        self._urgent += is_urgent
        try:
            while (pause := self._pause(at, clock(), is_urgent=is_urgent)) > 0:  # noqa: ASYNC110 - others begin
                await asyncio.sleep(pause)
            self.note(clock())
        finally:
            self._urgent -= is_urgent

    def _pause(self, at: float, now: float, *, is_urgent: bool) -> float:
        pause = self.earliest(now) - now
        yields = self._urgent > 0 and not is_urgent and now < at + YIELDING
        return max(pause, self._spacing) if yields else pause


class Crowds:
    """In which chats answers went out moments ago, past the outbox: a refusal there is about that chat."""

    MEMORY = 5.0
    """Seconds of the loop's time; answers to one person seldom come closer, and no crowd lasts longer."""

    def __init__(self) -> None:
        self._answered: dict[str, float] = {}

    def note(self, chat: str, at: float) -> None:
        """Note an answer; instants never go back."""
        self._answered.pop(chat, None)
        self._answered[chat] = at
        while (oldest := next(iter(self._answered))) and self._answered[oldest] < at - self.MEMORY:
            del self._answered[oldest]

    def is_crowded(self, chat: str, at: float) -> bool:
        """Whether somebody was answered there moments before."""
        return self._answered.get(chat, -self.MEMORY) > at - self.MEMORY


class Doubt:
    """Whether a private chat's refusal was about that chat, or about all that is sent.

    It is about all where another chat is refused before anything that began after the first refusal got
    through; then all rests as long as the longest of them was told to. Until that is known, and after such a
    rest, little is sent (`PROBES`).
    """

    PROBES = 1.0
    """Seconds between sends while in doubt; those claimed before go on."""

    def __init__(self) -> None:
        self._refused: dict[int, datetime] = {}
        self._since = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it is not known."""
        return bool(self._refused)

    def refuse(self, account_id: int, until: datetime, now: datetime, at: float) -> datetime | None:
        """Note a refusal and give until when everything must rest, if so; `at` is the loop's time."""
        if not self._refused:
            self._since = at
        others = [end for one, end in self._refused.items() if one != account_id and end > now]
        self._refused[account_id] = until
        return max([until, *others]) if others else None

    def pass_through(self, begun: float) -> None:
        """Note that a send which began at this time of the loop got through."""
        if begun >= self._since:
            self._refused.clear()
