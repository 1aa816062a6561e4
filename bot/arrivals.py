"""What platforms share that take in what people do: its order, and patience."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine

LONGEST_PAUSE = 30.0
"""Seconds between tries where it may be better soon."""


class Queues:
    """Jobs of one chat run one after the other, those of up to `parallel` chats beside each other.

    `start` begins a task, as that of a task group does.
    """

    def __init__(self, start: Callable[[Coroutine[None, None, None]], object], parallel: int) -> None:
        self._start = start
        self._slots = asyncio.Semaphore(parallel)
        self._queues: dict[str, deque[Callable[[], Awaitable[None]]]] = {}

    def put(self, chat: str, job: Callable[[], Awaitable[None]]) -> None:
        """Run a job, which must not raise, after those of its chat that wait."""
        if chat not in self._queues:
            self._queues[chat] = deque()
            self._start(self._run(chat))
        self._queues[chat].append(job)

    async def _run(self, chat: str) -> None:
        queue = self._queues[chat]
        while queue:
            async with self._slots:
                await queue.popleft()()
        del self._queues[chat]


def backoff(attempt: int) -> float:
    """Seconds to wait, doubling, with jitter so that many don't come back at the same instant."""
    return min(2.0 ** min(attempt, 10), LONGEST_PAUSE) * random.uniform(0.5, 1)  # noqa: S311  # no secret


def is_being_cancelled(error: BaseException) -> bool:
    """Whether it is this very task that is stopped, and not just something that it waited for."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0
