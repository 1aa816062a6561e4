"""Asking for updates, and having them brought."""

import asyncio
from typing import TYPE_CHECKING

from tests.fakes.bot_api.methods import method
from tests.fakes.bot_api.protocol import TERMINATED, WEBHOOK_IS_SET, Json, RefusedError

if TYPE_CHECKING:
    from tests.fakes.bot_api.server import FakeBotApi

_UPDATES_AT_ONCE = 100


@method("getUpdates", integer="offset limit timeout", array="allowed_updates")
async def get_updates(
    fake: "FakeBotApi",
    offset: int = 0,
    limit: int = _UPDATES_AT_ONCE,
    timeout: int = 0,  # noqa: ASYNC109  # the method's own parameter
    allowed_updates: list[str] | None = None,
) -> list[Json]:
    if fake.webhook:
        raise RefusedError(409, WEBHOOK_IS_SET)
    if allowed_updates is not None:
        fake.allowed = allowed_updates
    if offset < 0:
        fake.updates = fake.updates[offset:]
    fake.updates = [update for update in fake.updates if update["update_id"] >= offset]
    fake.polls += 1
    poll = fake.polls
    fake.tell()
    try:
        async with asyncio.timeout(timeout):
            while poll == fake.polls and not (fake.updates or fake.again):
                await fake.news.wait()
    except TimeoutError:
        return []
    if poll != fake.polls:
        raise RefusedError(409, TERMINATED)
    again, fake.again = fake.again, []
    limit = limit if 1 <= limit <= _UPDATES_AT_ONCE else _UPDATES_AT_ONCE
    return [*again, *fake.updates][:limit]


@method(
    "setWebhook",
    "url:string",
    string="ip_address secret_token",
    integer="max_connections",
    array="allowed_updates",
    boolean="drop_pending_updates",
)
async def set_webhook(fake: "FakeBotApi", url: str = "", **_options: object) -> bool:
    fake.webhook = url
    return True


@method("deleteWebhook", boolean="drop_pending_updates")
async def delete_webhook(fake: "FakeBotApi", *, drop_pending_updates: bool = False) -> bool:
    fake.webhook = ""
    if drop_pending_updates:
        fake.updates = []
    return True


@method("getWebhookInfo")
async def get_webhook_info(fake: "FakeBotApi") -> Json:
    return {
        "url": fake.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(fake.updates),
    }
