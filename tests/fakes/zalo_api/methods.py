"""The methods that can be called, and how their parameters are read: an unknown one is refused."""

import asyncio
import ipaddress
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from tests.fakes.bot_api.text import utf16
from tests.fakes.zalo_api.people import Message
from tests.fakes.zalo_api.protocol import (
    IDLE,
    LONGEST_TEXT,
    NO_CHAT,
    POLLED_TWICE,
    WEBHOOK_IS_SET,
    Json,
    RefusedError,
    bad,
)

if TYPE_CHECKING:
    from tests.fakes.zalo_api.server import FakeZalo

_UPDATED_AT = 1_749_538_250_568
_SECRET_LENGTHS = range(8, 257)
_LONGEST_POLL = 60


async def read_parameters(request: web.Request) -> Json:
    """JSON, a form or a query: whichever was sent."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise bad("the body is no JSON") from None
        if not isinstance(body, dict):
            raise bad("the body is no JSON object")
        return {**given, **body}
    return {**given, **await request.post()}


async def get_me(fake: "FakeZalo") -> Json:
    return fake.me


async def get_updates(
    fake: "FakeZalo",
    timeout: int | str = 30,  # noqa: ASYNC109  # the method's own parameter
) -> Json:
    if not re.fullmatch(r"[0-9]{1,2}", str(timeout)) or int(timeout) > _LONGEST_POLL:
        raise bad("timeout is invalid")
    if fake.webhook is not None:
        raise RefusedError(400, WEBHOOK_IS_SET)
    if fake.is_polled:
        raise RefusedError(409, POLLED_TWICE)
    fake.is_polled = True
    fake.tell()
    try:
        async with asyncio.timeout(int(timeout)):
            while not fake.updates and fake.webhook is None:
                await fake.news.wait()
    except TimeoutError:
        raise RefusedError(408, IDLE) from None
    finally:
        fake.is_polled = False
    if fake.webhook is not None:
        raise RefusedError(400, WEBHOOK_IS_SET)
    # Given once: whether it arrives is never known here.
    return fake.updates.pop(0)


async def set_webhook(fake: "FakeZalo", url: str, secret_token: str) -> Json:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad("url is invalid")
    if len(secret_token) not in _SECRET_LENGTHS:
        raise bad("secret_token is invalid")
    fake.bring_to(url, secret_token)
    hint = _hint(fake, url)
    outcome = "unreachable" if hint else "delivered"
    return {
        "url": url,
        "updated_at": _UPDATED_AT,
        "verification": {"ok": not hint, "outcome": outcome, "hint": hint},
    }


def _hint(fake: "FakeZalo", url: str) -> str:
    """Say what is wrong with an address; it is kept all the same."""
    if fake.takes_any_address:
        return ""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return "The webhook URL must use HTTPS"
    try:
        is_public = ipaddress.ip_address(parts.hostname or "").is_global
    except ValueError:
        is_public = parts.hostname != "localhost"
    return "" if is_public else "The webhook URL must be reachable from the Internet"


async def get_webhook_info(fake: "FakeZalo") -> Json:
    if fake.webhook is None and not fake.has_had_webhook:
        raise RefusedError(404, "Webhook not found")
    return {"url": "" if fake.webhook is None else fake.webhook.url, "updated_at": _UPDATED_AT}


async def delete_webhook(fake: "FakeZalo") -> Json:
    await fake.bring_no_more()
    return {"url": "", "updated_at": _UPDATED_AT}


async def send_message(fake: "FakeZalo", chat_id: str, text: str) -> Json:
    if not text.strip():
        raise bad("text is empty")
    if utf16(text) > LONGEST_TEXT:
        raise bad("text is too long")
    reach(fake, chat_id)
    fake.spend()
    message = Message(fake.new_id(), chat_id, text)
    fake.messages.append(message)
    return {"message_id": message.id, "date": 1_749_632_637_199}


async def send_chat_action(fake: "FakeZalo", chat_id: str, action: str) -> None:
    if action != "typing":
        raise bad("action is invalid")
    reach(fake, chat_id)


def reach(fake: "FakeZalo", chat_id: str) -> None:
    """Refuse what can't be written to: whoever never wrote, blocked the bot, or is one person too many."""
    person, group = fake.people.get(chat_id), fake.groups.get(chat_id)
    if person is not None and person.has_blocked:
        raise RefusedError(403, "Forbidden: the bot was blocked by the user")
    if group is not None and group.has_removed:
        raise RefusedError(403, "Forbidden: the bot is not a member of the group")
    if group is None and (person is None or not person.has_written):
        raise RefusedError(400, NO_CHAT)
    if person is not None and not fake.is_within_plan(person):
        raise fake.quota()


Method = Callable[..., Awaitable[Json | None]]

METHODS: dict[str, tuple[Method, frozenset[str], frozenset[str]]] = {
    "getMe": (get_me, frozenset(), frozenset()),
    "getUpdates": (get_updates, frozenset(), frozenset({"timeout"})),
    "setWebhook": (set_webhook, frozenset({"url", "secret_token"}), frozenset()),
    "getWebhookInfo": (get_webhook_info, frozenset(), frozenset()),
    "deleteWebhook": (delete_webhook, frozenset(), frozenset()),
    "sendMessage": (send_message, frozenset({"chat_id", "text"}), frozenset()),
    "sendChatAction": (send_chat_action, frozenset({"chat_id", "action"}), frozenset()),
}
"""By name: what it does, the parameters that it must have, and those that it may have besides."""


def checked(given: Json, required: frozenset[str], optional: frozenset[str]) -> Json:
    if missing := required - given.keys():
        raise bad(f"{min(missing)} is missing")
    if unknown := given.keys() - required - optional:
        raise bad(f"unknown parameters {sorted(unknown)}")
    for name in required:
        if not isinstance(given[name], str):
            raise bad(f"{name} is no string")
    return given
