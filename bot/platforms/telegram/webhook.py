"""Having updates brought by HTTP: one is answered with 200 only when it is done."""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

import structlog
from starlette.types import Receive as AsgiReceive
from starlette.types import Scope, Send

from bot.arrivals import Queues
from bot.platforms.base import Receive
from bot.platforms.telegram.api import BotApi
from bot.platforms.telegram.intake import ASKED_FOR, Intake, Reply
from bot.platforms.telegram.reading import Arrival, Raw
from bot.webhooks import TAKEN_HINT, SecretAddress, answer

_CONNECTIONS = 100
_TOAST_IN_TIME = 8.0
"""Seconds after which a tap may be too old for a toast: it is then answered by a request, which tells."""
_CATCHING_UP = 60.0
"""Seconds for which all taps are taken to be old where updates have had to wait with Telegram."""
_REMEMBERED = 1000

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, repr=False)
class Webhook(SecretAddress):
    """Where Telegram brings updates: an address that nobody can guess, and a secret that comes along."""

    platform: ClassVar = "telegram"
    header: ClassVar = b"x-telegram-bot-api-secret-token"

    most: int = 256
    """Updates in hand; more are refused with 503, so that Telegram keeps them and comes again."""
    patience: timedelta = timedelta(seconds=25)
    """What takes longer is refused too but goes on: brought again, it is not begun anew."""
    look: timedelta = timedelta(minutes=1)
    """The time between two looks at what Telegram says about the webhook."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """What Telegram says about how updates leave it.

    `host` is where they are brought to, "" where they are asked for; `waiting` have not been taken yet;
    `failed_at` is when bringing failed last, if ever, and `reason` why.
    """

    host: str
    waiting: int
    failed_at: datetime | None
    reason: str

    @classmethod
    def of(cls, info: Raw) -> Self:
        """Read a WebhookInfo."""
        failed_at = info.get("last_error_date")
        return cls(
            urlsplit(info.get("url", "")).netloc,
            info.get("pending_update_count", 0),
            datetime.fromtimestamp(failed_at, UTC) if failed_at else None,
            info.get("last_error_message", ""),
        )


@dataclass(eq=False, slots=True)
class _InHand:
    """An update that is being carried out; `waiting` counts the requests that wait for what answers it."""

    in_time_until: float
    reply: "asyncio.Future[Reply | None]"
    waiting: int = 0


class Hook:
    """The application that Telegram calls, and the way in that stands behind it."""

    def __init__(self, api: BotApi, intake: Intake, webhook: Webhook) -> None:
        self._api = api
        self._intake = intake
        self._webhook = webhook
        self.path = webhook.path
        self._in_hand: dict[int, _InHand] = {}
        self._behind: tuple[Queues, Receive] | None = None
        self._brought: dict[int, None] = {}
        self._is_full = False
        self._old_until = 0.0
        self._last_error = 0

    # Set up, and looked after

    async def run(self, queues: Queues, receive: Receive) -> None:
        """Take updates in until cancelled; the webhook stays set then, so that they wait with Telegram."""
        self._behind = (queues, receive)
        try:
            self._note(await self._ask(), is_first=True)
            await self._api.insist("setWebhook", self._set)
            while True:
                await asyncio.sleep(self._webhook.look.total_seconds())
                self._note(await self._ask())
        finally:
            self._behind = None
            for one in self._in_hand.values():
                one.reply.cancel()
            self._in_hand.clear()

    async def _set(self) -> None:
        asked = {
            "url": self._webhook.url,
            "secret_token": self._webhook.secret,
            "max_connections": _CONNECTIONS,
            "allowed_updates": ASKED_FOR,
            "drop_pending_updates": False,
        }
        await self._api.bot.raw("setWebhook", asked)

    async def _ask(self) -> Raw:
        info: Raw = await self._api.insist("getWebhookInfo", partial(self._api.bot.raw, "getWebhookInfo", {}))
        return info

    def _note(self, info: Raw, *, is_first: bool = False) -> None:
        """Tell the operator what keeps updates away."""
        waiting, failed_at = info.get("pending_update_count", 0), info.get("last_error_date", 0)
        if (waiting and is_first) or failed_at > self._last_error:
            self._old_until = time.monotonic() + _CATCHING_UP
        is_ours = info.get("url") == self._webhook.url
        if not is_ours and not is_first:
            self._api.trouble = "telegram_webhook_taken"
            _log.error("telegram_webhook_taken", hint=TAKEN_HINT)
        elif is_ours and failed_at > self._last_error:
            self._api.trouble = "" if is_first else "telegram_webhook_failing"
            _log.warning(
                "telegram_webhook_failing",
                reason=info.get("last_error_message", ""),
                seconds_ago=int(time.time() - failed_at),
                waiting=waiting,
            )
        self._last_error = max(self._last_error, failed_at)

    # Requests

    async def __call__(self, scope: Scope, receive: AsgiReceive, send: Send) -> None:
        """Answer a request."""
        await answer(send, *await self._respond(scope, receive))

    async def _respond(self, scope: Scope, receive: AsgiReceive) -> tuple[HTTPStatus, Reply | None]:
        body = await self._webhook.body_of(scope, receive)
        if isinstance(body, HTTPStatus):
            return body, None
        update = _update_of(body)
        if update is None:
            _log.warning("telegram_webhook_unreadable", size=len(body))
            return HTTPStatus.BAD_REQUEST, None
        return await self._carry_out(update)

    async def _carry_out(self, update: Raw) -> tuple[HTTPStatus, Reply | None]:
        if self._behind is None:
            return HTTPStatus.SERVICE_UNAVAILABLE, None
        one = self._in_hand.get(update["update_id"])
        if one is None:
            if len(self._in_hand) >= self._webhook.most:
                self._refuse(update)
                return HTTPStatus.SERVICE_UNAVAILABLE, None
            self._is_full = False
            arrival = self._intake.read(update)
            if arrival is None:
                return HTTPStatus.OK, None
            one = self._begin(arrival, *self._behind)
        one.waiting += 1
        try:
            # Not awaited itself: whoever goes away must not take it along.
            await asyncio.wait({one.reply}, timeout=self._webhook.patience.total_seconds())
        finally:
            one.waiting -= 1
        if not one.reply.done() or one.reply.cancelled():
            return HTTPStatus.SERVICE_UNAVAILABLE, None
        return HTTPStatus.OK, one.reply.result()

    def _refuse(self, update: Raw) -> None:
        self._was_brought(update["update_id"])
        if not self._is_full:
            _log.warning("telegram_webhook_full", update=update["update_id"], in_hand=len(self._in_hand))
        self._is_full = True

    def _begin(self, arrival: Arrival, queues: Queues, receive: Receive) -> _InHand:
        now = time.monotonic()
        is_old = self._was_brought(arrival.update) or now < self._old_until
        one = _InHand(now if is_old else now + _TOAST_IN_TIME, asyncio.get_running_loop().create_future())
        self._in_hand[arrival.update] = one

        async def take() -> None:
            try:
                await self._intake.take(arrival, receive, partial(self._reply, one))
            finally:
                self._in_hand.pop(arrival.update, None)
                one.reply.cancel()

        queues.put(arrival.lane, take)
        return one

    def _was_brought(self, update_id: int) -> bool:
        """Take note of an update, and tell whether it was brought before."""
        if update_id in self._brought:
            return True
        self._brought[update_id] = None
        if len(self._brought) > _REMEMBERED:
            del self._brought[next(iter(self._brought))]
        return False

    def _reply(self, one: _InHand, toast: Reply | None) -> bool:
        """Pass on what answers a tap, and tell whether it is: somebody waits for it, and it is in time."""
        is_passed_on = toast is not None and one.waiting > 0 and time.monotonic() < one.in_time_until
        if not one.reply.done():
            one.reply.set_result(toast if is_passed_on else None)
        return is_passed_on


def _update_of(body: bytes) -> Raw | None:
    try:
        update: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_update = isinstance(update, dict) and type(update.get("update_id")) is int
    return update if is_update else None
