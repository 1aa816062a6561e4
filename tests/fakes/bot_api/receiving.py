"""Asking for updates, and having them brought."""

import asyncio
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.fakes.bot_api.methods import method
from tests.fakes.bot_api.protocol import (
    TERMINATED,
    TERMINATED_BY_WEBHOOK,
    WEBHOOK_IS_SET,
    Json,
    RefusedError,
    bad,
)

if TYPE_CHECKING:
    from tests.fakes.bot_api.server import FakeBotApi

_UPDATES_AT_ONCE = 100
_LONGEST_SECRET = 256
_CONNECTIONS = 40
_MOST_CONNECTIONS = 100


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
            while poll == fake.polls and not (fake.webhook or fake.updates or fake.again):
                await fake.news.wait()
    except TimeoutError:
        return []
    if fake.webhook:
        raise RefusedError(409, TERMINATED_BY_WEBHOOK)
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
async def set_webhook(
    fake: "FakeBotApi",
    url: str,
    secret_token: str | None = None,
    max_connections: int = _CONNECTIONS,
    allowed_updates: list[str] | None = None,
    *,
    drop_pending_updates: bool = False,
    **_options: object,
) -> bool:
    if url:
        _check_address(url, takes_any=fake.is_local_server)
    if secret_token is not None and len(secret_token) > _LONGEST_SECRET:
        raise bad("secret token is too long")
    if secret_token is not None and not re.fullmatch(r"[A-Za-z0-9_-]+", secret_token):
        raise bad("secret token contains unallowed characters")
    if allowed_updates is not None:
        fake.allowed = allowed_updates
    if drop_pending_updates:
        fake.updates = []
    if url:
        fake.bring_to(url, secret_token, min(max(max_connections, 1), _MOST_CONNECTIONS))
    else:
        await fake.bring_no_more()
    return True


def _check_address(url: str, *, takes_any: bool) -> None:
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise bad("bad webhook: invalid webhook URL specified")
    if takes_any:
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in {80, 88, 443, 8443}:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


@method("deleteWebhook", boolean="drop_pending_updates")
async def delete_webhook(fake: "FakeBotApi", *, drop_pending_updates: bool = False) -> bool:
    await fake.bring_no_more()
    if drop_pending_updates:
        fake.updates = []
    return True


@method("getWebhookInfo")
async def get_webhook_info(fake: "FakeBotApi") -> Json:
    webhook = fake.webhook
    info: Json = {
        "url": "" if webhook is None else webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(fake.updates),
    }
    if webhook is not None:
        info |= {"max_connections": webhook.connections, "allowed_updates": fake.allowed}
    if webhook is not None and webhook.last_error is not None:
        info["last_error_date"], info["last_error_message"] = webhook.last_error
    return info
