"""Asking for what people did, one thing at a time: what is given is given once, so nothing waits for it."""

import asyncio
from datetime import timedelta
from functools import partial

from bot.platforms.base import Receive
from bot.platforms.zalo.client import ZaloApi
from bot.platforms.zalo.inbox import Inbox
from bot.platforms.zalo.patience import Patience

_MOST_IN_HAND = 100
"""Messages; while there are more, the rest waits with Zalo, where a crash doesn't lose it."""
_SHORTEST_POLL = 1.0
"""Seconds; a poll that ends sooner with nothing is not repeated before."""
_LAST_LOOK = 0.25
"""Seconds for which a stop waits for what may be on its way already."""


class Polling:
    """Asks for news, waiting for up to `timeout` each time."""

    def __init__(self, api: ZaloApi, inbox: Inbox, patience: Patience, timeout: timedelta) -> None:
        self._api = api
        self._inbox = inbox
        self._patience = patience
        self._timeout = timeout

    async def run(self, receive: Receive) -> None:
        """Take in what comes until cancelled; a webhook that is set is taken away."""
        insist = self._patience.insist
        if await insist("getWebhookInfo", self._api.get_webhook):
            await insist("deleteWebhook", self._api.delete_webhook)
        clock = asyncio.get_running_loop().time
        try:
            while True:
                await self._inbox.wait_for_less_than(_MOST_IN_HAND)
                begun = clock()
                update = await self._ask(receive)
                if update is not None:
                    self._take(update, receive)
                elif clock() - begun < _SHORTEST_POLL:
                    await self._patience.sleep(_SHORTEST_POLL)
        finally:
            await self._inbox.finish()

    async def _ask(self, receive: Receive) -> object | None:
        call = partial(self._api.get_updates, self._timeout)
        poll = asyncio.create_task(self._patience.insist("getUpdates", call))
        try:
            await asyncio.wait({poll})
        except asyncio.CancelledError:
            await asyncio.wait({poll}, timeout=_LAST_LOOK)
            if poll.done():
                self._take(poll.result(), receive)
            elif poll.cancel():
                await asyncio.wait({poll})
            raise
        return poll.result()

    def _take(self, update: object | None, receive: Receive) -> None:
        arrival = self._inbox.find(update)
        if arrival is not None:
            self._inbox.put(arrival, receive)
