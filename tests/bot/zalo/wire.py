"""A bot at the strict Zalo Bot API that takes in what people do, and hands it over as it was read."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
from starlette.applications import Starlette

from bot.platforms.base import Receive
from bot.platforms.zalo.client import ZaloApi
from bot.platforms.zalo.inbox import Inbox
from bot.platforms.zalo.patience import Patience
from bot.platforms.zalo.polling import Polling
from bot.platforms.zalo.reading import Arrival
from bot.platforms.zalo.webhook import Hook, Webhook
from bot.web.doors import Doors
from bot.web.server import WebServer
from tests.bot.telegram.line import Desk, Naps
from tests.fakes.zalo_api import TOKEN, FakeZalo, Json

KEY = b"a key that is long enough for this"
SECRET_HEADER = "X-Bot-Api-Secret-Token"


async def hand_over(arrival: Arrival, receive: Receive) -> None:
    await receive(arrival.incoming)


@dataclass
class Line:
    """What stands between Zalo and a desk."""

    api: ZaloApi
    inbox: Inbox
    patience: Patience

    async def close(self) -> None:
        await self.api.close()


def line_to(url: str, naps: Naps, *, parallel: int = 32, farewell: timedelta = timedelta(seconds=5)) -> Line:
    inbox = Inbox("zalo", hand_over, parallel=parallel, farewell=farewell)
    inbox.display_name = "Bot Hội nghị"
    return Line(ZaloApi(TOKEN, api=url), inbox, Patience(naps))


@contextlib.asynccontextmanager
async def running(way_in: Polling | Hook, desk: Desk) -> AsyncIterator[None]:
    task = asyncio.create_task(way_in.run(desk))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@contextlib.asynccontextmanager
async def polling(
    fake: FakeZalo, naps: Naps, desk: Desk, *, url: str = "", farewell: timedelta = timedelta(seconds=5)
) -> AsyncIterator[Line]:
    """A bot that asks for what people did."""
    line = line_to(url or fake.url, naps, farewell=farewell)
    way_in = Polling(line.api, line.inbox, line.patience, timedelta(seconds=30))
    try:
        async with running(way_in, desk):
            yield line
    finally:
        await line.close()


@dataclass
class Hooked:
    """A bot whose webhook is set."""

    webhook: Webhook
    hook: Hook
    line: Line
    client: httpx.AsyncClient

    async def brings(self, content: object, secret: str | None = None) -> httpx.Response:
        """Call the webhook as whoever knows this secret, by default Zalo's own."""
        headers = {SECRET_HEADER: self.webhook.secret if secret is None else secret}
        if isinstance(content, bytes):
            return await self.client.post(self.webhook.path, content=content, headers=headers)
        return await self.client.post(self.webhook.path, json=content, headers=headers)


@contextlib.asynccontextmanager
async def hooked(
    fake: FakeZalo, naps: Naps, desk: Desk, *, farewell: timedelta = timedelta(seconds=5), **limits: object
) -> AsyncIterator[Hooked]:
    """A bot that is brought what people did, on a server of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    made = Webhook.under(address, KEY, TOKEN, None)
    webhook = Webhook(made.url, made.secret, **limits)  # type: ignore[arg-type]  # whichever a test sets
    line = line_to(fake.url, naps, farewell=farewell)
    hook = Hook(line.api, line.inbox, line.patience, webhook)
    server = WebServer(Doors(Starlette(), {hook.path: hook}), "127.0.0.1", 0)
    served = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client, running(hook, desk):
            await fake.until(lambda: fake.webhook is not None, what="the webhook to be set")
            yield Hooked(webhook, hook, line, client)
    finally:
        server.should_exit = True
        await served
        await line.close()


def a_text(text: str, message_id: str = "m1", sender: str = "u1") -> Json:
    """An update that nobody has sent yet."""
    message = {
        "from": {"id": sender, "display_name": "An", "is_bot": False},
        "chat": {"id": sender, "chat_type": "PRIVATE"},
        "message_id": message_id,
        "date": 1_750_316_131_602,
        "text": text,
    }
    return {"event_name": "message.text.received", "message": message}
