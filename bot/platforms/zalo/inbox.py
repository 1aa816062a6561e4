"""What comes in, whichever way: each message once, in order within its chat."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial

import structlog

from bot.arrivals import Queues
from bot.platforms.base import Answer, Incoming, Receive
from bot.platforms.zalo.reading import Arrival, read

Take = Callable[[Arrival, Receive], Awaitable[None]]
"""Has an arrival carried out and answers it; raises nothing but a cancellation."""

_Mark = tuple[str, str]
"""A message, by chat and id."""

_REMEMBERED = 2000
"""Messages that are known when they are delivered again; the database knows them for days."""

_log = structlog.get_logger()


class Inbox:
    """Hands what people did on `platform` to `take`, for up to `parallel` chats beside each other.

    What was given once is not given again, so that on a stop all that is in hand is done first, if it can be
    within `farewell`.
    """

    def __init__(
        self, platform: str, take: Take, *, parallel: int, farewell: timedelta = timedelta(seconds=5)
    ) -> None:
        self.display_name = ""
        """What groups call the bot."""
        self._platform = platform
        self._take = take
        self._farewell = farewell.total_seconds()
        self._parallel = parallel
        self._tasks: set[asyncio.Task[None]] = set()
        self._queues = Queues(self._start, parallel)
        self._in_hand: dict[_Mark, asyncio.Future[None]] = {}
        self._done: dict[_Mark, asyncio.Future[None]] = {}
        self._is_less = asyncio.Event()

    @property
    def in_hand(self) -> int:
        """How many messages aren't done."""
        return len(self._in_hand)

    async def wait_for_less_than(self, most: int) -> None:
        """Wait until less is in hand."""
        while len(self._in_hand) >= most:
            self._is_less.clear()
            await self._is_less.wait()

    def find(self, update: object) -> Arrival | None:
        """Give what somebody did; None for what is no business of the bot, or of a form that is not known."""
        try:
            return read(update, self._platform, self.display_name)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # Not what it says: that is what somebody wrote.
            _log.warning("zalo_update_not_understood", reason=repr(error))
            return None

    def put(self, arrival: Arrival, receive: Receive) -> asyncio.Future[None]:
        """Begin what hasn't begun; gives what is done as soon as it was received, or set aside."""
        mark = (arrival.incoming.chat, arrival.incoming.event_id)
        known = self._in_hand.get(mark) or self._done.get(mark)
        if known is not None:
            return known
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._in_hand[mark] = done
        self._queues.put(arrival.incoming.chat, partial(self._carry_out, mark, arrival, receive))
        return done

    async def _carry_out(self, mark: _Mark, arrival: Arrival, receive: Receive) -> None:
        done = self._in_hand[mark]

        async def received(incoming: Incoming) -> Answer:
            answer = await receive(incoming)
            if not done.done():
                done.set_result(None)
            return answer

        try:
            await self._take(arrival, received)
        except Exception:  # noqa: BLE001  # whatever it is, others wait behind it
            _log.exception("zalo_update_failed", message=arrival.incoming.event_id)
        if not done.done():
            done.set_result(None)
        self._done[mark] = self._in_hand.pop(mark, done)
        if len(self._done) > _REMEMBERED:
            del self._done[next(iter(self._done))]
        self._is_less.set()

    async def finish(self) -> None:
        """Do what is in hand, if it can be done soon; the rest is given up."""
        try:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=self._farewell)
        finally:
            await self._give_up()

    async def _give_up(self) -> None:
        if self._in_hand:
            _log.error("zalo_updates_given_up", count=len(self._in_hand))
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        for done in self._in_hand.values():
            done.cancel()
        self._in_hand.clear()
        self._queues = Queues(self._start, self._parallel)
        if tasks:
            await asyncio.wait(tasks)

    def _start(self, job: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
