"""Asking for updates: each is acknowledged by the next question, when it and all before it are done."""

from datetime import timedelta
from functools import partial

import structlog
from telegram.constants import PollingLimit

from bot.arrivals import Queues
from bot.platforms.base import Receive
from bot.platforms.telegram.api import BotApi
from bot.platforms.telegram.intake import ASKED_FOR, Intake
from bot.platforms.telegram.reading import Raw
from bot.platforms.telegram.window import Window

_LOOK_AGAIN = (0.05, 1.0)
"""Shortest and longest seconds between two looks for updates while earlier ones are in hand."""

_log = structlog.get_logger()


class Polling:
    """Asks for news, waiting for up to `timeout` where nothing is in hand."""

    def __init__(self, api: BotApi, intake: Intake, timeout: timedelta) -> None:
        self._api = api
        self._intake = intake
        self._timeout = int(timeout.total_seconds())

    async def run(self, queues: Queues, receive: Receive) -> None:
        """Take updates in until cancelled; a webhook that is set is taken away, what waits is kept."""
        bot = self._api.bot
        await self._api.insist("deleteWebhook", partial(bot.delete_webhook, drop_pending_updates=False))
        window = Window()
        pause, longest = _LOOK_AGAIN
        while True:
            if window.is_busy:
                await window.settle(pause)
            was_busy = window.is_busy
            # Whoever waits for news must have acknowledged all others: so there is no waiting beside work.
            updates = await self._ask(window.offset(), 0 if was_busy else self._timeout)
            fresh = [raw for raw in updates if window.admit(raw["update_id"])]
            for raw in fresh:
                self._queue(raw, queues, window, receive)
            pause = _LOOK_AGAIN[0] if fresh else min(2 * pause, longest)
            if not updates and not was_busy:
                window.forget()

    async def _ask(self, offset: int | None, seconds: int) -> list[Raw]:
        asked = {"limit": PollingLimit.MAX_LIMIT, "timeout": seconds, "allowed_updates": ASKED_FOR}
        if offset is not None:
            asked["offset"] = offset
        asking = partial(self._api.bot.raw, "getUpdates", asked, seconds=seconds)
        updates: list[Raw] = await self._api.insist("getUpdates", asking)
        return updates

    def _queue(self, raw: Raw, queues: Queues, window: Window, receive: Receive) -> None:
        update_id: int = raw["update_id"]
        arrival = self._intake.read(raw)
        if arrival is None:
            window.finish(update_id)
            return

        async def take() -> None:
            await self._intake.take(arrival, receive)
            window.finish(update_id)

        queues.put(arrival.lane, take)
