"""The webhook as Telegram works it: updates are brought in order within a chat, until they are taken."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from tests.fakes.bot_api.methods import METHODS, checked
from tests.fakes.bot_api.protocol import Json, RefusedError

if TYPE_CHECKING:
    from tests.fakes.bot_api.server import FakeBotApi

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5


@dataclass(eq=False)
class Webhook:
    """Where updates are brought, and how that goes; `run` brings them until it is cancelled."""

    fake: "FakeBotApi" = field(repr=False)
    url: str
    secret: str | None
    connections: int
    last_error: tuple[int, str] | None = None
    _busy: dict[int, Json] = field(default_factory=dict)
    _failures: dict[int, int] = field(default_factory=dict)
    _not_before: dict[int, float] = field(default_factory=dict)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        connector = aiohttp.TCPConnector(limit=self.connections)
        async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as tasks:
            while True:
                for update in self._next(loop.time()):
                    self._busy[update["update_id"]] = update
                    tasks.create_task(self._bring(session, update))
                due = min(self._not_before.values(), default=None)
                try:
                    async with asyncio.timeout_at(due):
                        await self.fake.news.wait()
                except TimeoutError:
                    continue

    def _next(self, now: float) -> list[Json]:
        """What is to be brought now: the first update of each chat, as many as there are connections."""
        self._not_before = {one: due for one, due in self._not_before.items() if due > now}
        if self.fake.is_holding:
            return []
        lanes = {_lane_of(update) for update in self._busy.values()}
        found: list[Json] = []
        for update in [*self.fake.again, *self.fake.updates]:
            lane = _lane_of(update)
            if lane not in lanes and len(self._busy) + len(found) < self.connections:
                lanes.add(lane)
                if update["update_id"] not in self._not_before:
                    found.append(update)
        return found

    async def _bring(self, session: aiohttp.ClientSession, update: Json) -> None:
        update_id = update["update_id"]
        self.fake.brought.append(update_id)
        headers = {} if self.secret is None else {"X-Telegram-Bot-Api-Secret-Token": self.secret}
        timeout = aiohttp.ClientTimeout(total=self.fake.webhook_patience)
        pause = min(_FIRST_PAUSE * 2 ** self._failures.get(update_id, 0), _LONGEST_PAUSE)
        error = ""
        try:
            async with session.post(self.url, json=update, headers=headers, timeout=timeout) as response:
                body = await response.read()
                if self.fake.loses_responses > 0:
                    self.fake.loses_responses -= 1
                    error = "Connection closed"
                elif response.ok:
                    self._take_off(update)
                    await self._obey(body, response.content_type)
                else:
                    error = f"Wrong response from the webhook: {response.status} {response.reason}"
                    pause = float(response.headers.get("Retry-After", pause))
        except TimeoutError:
            error = "Read timeout expired"
        except aiohttp.ClientError as failure:
            error = f"Connection failed: {type(failure).__name__}"
        finally:
            self._busy.pop(update_id, None)
            if error:
                self.last_error = (int(time.time()), error)
                self._failures[update_id] = self._failures.get(update_id, 0) + 1
                self._not_before[update_id] = asyncio.get_running_loop().time() + pause
            self.fake.tell()

    def _take_off(self, update: Json) -> None:
        waiting = self.fake.again if update in self.fake.again else self.fake.updates
        if update in waiting:
            waiting.remove(update)

    async def _obey(self, body: bytes, media_type: str) -> None:
        """Carry out the method that stands in a response; nobody is told how that went."""
        if not body:
            return
        assert media_type == "application/json", media_type
        given: Json = json.loads(body)
        name = given.pop("method")
        self.fake.replies.append((name, given))
        method, parameters = METHODS[name]
        try:
            await method(self.fake, **checked(given, parameters))
        except RefusedError as refusal:
            self.fake.refusals.append((name, refusal.code, refusal.description))


def _lane_of(update: Json) -> int:
    for content in update.values():
        if isinstance(content, dict):
            place = content.get("message", content)
            return int((place.get("chat") or place["from"])["id"])
    return 0
