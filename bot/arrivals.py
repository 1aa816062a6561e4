"""What platforms share that take in what people do: its order, patience, and requests that bring it."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine

from starlette.types import Receive

LONGEST_PAUSE = 30.0
"""Seconds between tries where it may be better soon."""

_LONGEST_BODY = 1 << 20


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


async def body_of(receive: Receive) -> bytes | None:
    """Give a request's body, or None where it is too long; that of a broken connection is empty."""
    parts: list[bytes] = []
    size, is_more = 0, True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _LONGEST_BODY:
            return None
        is_more = message.get("more_body", False)
    return b"".join(parts)
