"""Which updates are in hand, and up to which they are done."""

import asyncio
import heapq

_ENOUGH = 50
"""Updates that are done and make it worth to ask for others while later ones are still in hand."""


class Window:
    """Updates in hand: the offset passes one only when it and all before it are done.

    Telegram gives at most 100 from the offset on, so this is never bigger.
    """

    def __init__(self) -> None:
        self._in_hand: list[int] = []  # a heap: the first that is not done stands in front
        self._done: set[int] = set()
        self._passed: list[int] = []
        self._next: int | None = None
        self._settled = asyncio.Event()

    @property
    def is_busy(self) -> bool:
        """Whether any is not done."""
        return bool(self._in_hand)

    def admit(self, update_id: int) -> bool:
        """Take an update in; False where it is in hand, or done and only not acknowledged yet."""
        if update_id in self._in_hand or update_id in self._passed:
            return False
        heapq.heappush(self._in_hand, update_id)
        self._settled.clear()
        return True

    def finish(self, update_id: int) -> None:
        """Take note that an update is done."""
        self._done.add(update_id)
        while self._in_hand and self._in_hand[0] in self._done:
            self._passed.append(heapq.heappop(self._in_hand))
            self._done.discard(self._passed[-1])
        if not self._in_hand or len(self._passed) >= _ENOUGH:
            self._settled.set()

    async def settle(self, seconds: float) -> None:
        """Wait until all are done, or enough to make room for others, or for that long."""
        try:
            async with asyncio.timeout(seconds):
                await self._settled.wait()
        except TimeoutError:
            return

    def offset(self) -> int | None:
        """Give the offset to ask with, which acknowledges what is before it."""
        if self._passed:
            self._next = max(*self._passed, (self._next or 1) - 1) + 1
            self._passed.clear()
        if self._in_hand:
            self._settled.clear()
            return self._in_hand[0]
        return self._next

    def forget(self) -> None:
        """Begin anew when all is acknowledged: after a quiet week Telegram's numbers may start lower."""
        self._next = None
