"""Requests that come in while a transaction runs share the next one; each gets its own result."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
R = TypeVar("R")

MOST = 200
"""Requests in a batch: a transaction of that many stays short."""


class Batches(Generic[Q, R]):
    """Carries requests out in the order of asking, by a function that takes many and gives a result each.

    Where a batch raises, its requests are carried out one by one, so that only the one at fault fails; a
    ConnectionError, the database being away, fails them all. `carry_out` must be idempotent.
    """

    def __init__(
        self, carry_out: Callable[[Sequence[Q]], Awaitable[Sequence[R]]], *, most: int = MOST
    ) -> None:
        self._carry_out = carry_out
        self._most = most
        self._waiting: deque[tuple[Q, asyncio.Future[R]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def put(self, request: Q) -> R:
        """Give the request's result once it is carried out; raises what carrying it out raises.

        Who stops waiting doesn't stop the request.
        """
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, result))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await result

    async def close(self) -> None:
        """Wait until everything that was put is carried out."""
        while self._worker is not None:
            await asyncio.shield(self._worker)

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
                await self._carry_out_together(batch)
        finally:
            self._worker = None

    async def _carry_out_together(self, batch: Sequence[tuple[Q, asyncio.Future[R]]]) -> None:
        try:
            results = await self._carry_out([request for request, _ in batch])
            pairs = list(zip(batch, results, strict=True))
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to those who wait
            if len(batch) == 1 or isinstance(error, ConnectionError):
                for _, waiting in batch:
                    if not waiting.done():
                        waiting.set_exception(error)
                return
            for one in batch:
                await self._carry_out_together([one])
            return
        for (_, waiting), result in pairs:
            if not waiting.done():
                waiting.set_result(result)
