"""Trying a chat platform's calls again, and telling the operator what is wrong meanwhile."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.arrivals import LONGEST_PAUSE, backoff
from bot.platforms.base import ChatGoneError, DeliveryError

TRIES = 3
"""How often an answer is tried, and an event that fails."""

Explain = Callable[[Exception, str, int], tuple[str, float]]
"""Given an error, the method and how often it has failed, tells the operator.

Gives the trouble as a word, and the seconds to the next try.
"""

_log = structlog.get_logger()
T = TypeVar("T")


class Patience:
    """Tries calls again, pausing by `sleep`; a refusal that is `final` is no use to try again."""

    def __init__(
        self,
        platform: str,
        explain: Explain,
        final: type[DeliveryError],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.sleep = sleep
        self.trouble = "starting"
        """Why nothing is received just now, as a word; empty where all is well."""
        self._platform = platform
        self._explain = explain
        self._final = final

    async def insist(self, method: str, call: Callable[[], Awaitable[T]]) -> T:
        """Call until it succeeds, telling the operator what is wrong."""
        for failures in itertools.count(1):
            try:
                result = await call()
            except Exception as error:  # noqa: BLE001  # without it nothing is received
                self.trouble, pause = self._explain(error, method, failures)
            else:
                self.trouble = ""
                return result
            await self.sleep(pause)
        raise AssertionError

    async def persist(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Show an answer, trying again for a while as nobody else will; gives None where it can't be."""
        for attempt in itertools.count(1):
            try:
                return await call()
            except ChatGoneError:
                return None
            except DeliveryError as error:
                pause = error.retry_after.total_seconds() if error.retry_after else backoff(attempt)
                if attempt == TRIES or pause > LONGEST_PAUSE or isinstance(error, self._final):
                    _log.error(f"{self._platform}_answer_lost", reason=str(error))
                    return None
            await self.sleep(pause)
        return None
