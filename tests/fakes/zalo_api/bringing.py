"""The webhook as Zalo works it: an update is brought in either form, and given up after so many tries."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from tests.fakes.zalo_api.protocol import Json

if TYPE_CHECKING:
    from tests.fakes.zalo_api.server import FakeZalo

_PAUSE = 0.05


@dataclass(eq=False)
class Webhook:
    """Where updates are brought; `run` brings them until it is cancelled."""

    fake: "FakeZalo" = field(repr=False)
    url: str
    secret: str
    _lanes: dict[str, deque[Json]] = field(default_factory=dict)

    async def run(self) -> None:
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            while True:
                while self.fake.updates and not self.fake.is_holding:
                    update = self.fake.updates.pop(0)
                    chat = update["message"]["chat"]["id"]
                    if chat in self._lanes:
                        self._lanes[chat].append(update)
                    else:
                        self._lanes[chat] = deque([update])
                        tasks.create_task(self._bring_all(session, chat))
                await self.fake.news.wait()

    async def _bring_all(self, session: aiohttp.ClientSession, chat: str) -> None:
        lane = self._lanes[chat]
        while lane:
            await self._bring(session, lane[0])
            lane.popleft()
        del self._lanes[chat]
        self.fake.tell()

    async def _bring(self, session: aiohttp.ClientSession, update: Json) -> None:
        """Bring an update as often as it takes, but for so many times only."""
        body = update if self.fake.brings_flat else {"ok": True, "result": update}
        for _ in range(self.fake.tries):
            status = await self._post(session, body)
            self.fake.brought.append((update["message"]["message_id"], status))
            self.fake.tell()
            if 200 <= status < 300:
                return
            await asyncio.sleep(_PAUSE)
        self.fake.given_up.append(update)

    async def _post(self, session: aiohttp.ClientSession, body: Json) -> int:
        headers = {"X-Bot-Api-Secret-Token": self.secret}
        timeout = aiohttp.ClientTimeout(total=self.fake.webhook_patience)
        try:
            async with session.post(self.url, json=body, headers=headers, timeout=timeout) as response:
                await response.read()
                return response.status
        except (TimeoutError, aiohttp.ClientError):
            return 0
