"""Having what people do brought by HTTP: it is answered with 200 only when it is done."""

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from starlette.types import Receive as AsgiReceive
from starlette.types import Scope, Send

from bot.platforms.base import Receive
from bot.platforms.zalo.client import Verification, ZaloApi
from bot.platforms.zalo.inbox import Inbox
from bot.platforms.zalo.patience import Patience
from bot.webhooks import TAKEN_HINT, SecretAddress, answer

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, repr=False)
class Webhook(SecretAddress):
    """Where Zalo brings what people did: an address that nobody can guess, and a secret that comes along."""

    platform: ClassVar = "zalo"
    header: ClassVar = b"x-bot-api-secret-token"

    most: int = 256
    """Messages in hand; more are refused with 503."""
    patience: timedelta = timedelta(seconds=8)
    """What takes longer is refused too but goes on: brought again, it is not begun anew."""
    look: timedelta = timedelta(minutes=5)
    """The time between two looks at where Zalo brings things."""


class Hook:
    """The application that Zalo calls, and the way in that stands behind it."""

    def __init__(self, api: ZaloApi, inbox: Inbox, patience: Patience, webhook: Webhook) -> None:
        self._api = api
        self._inbox = inbox
        self._patience = patience
        self._webhook = webhook
        self.path = webhook.path
        self._behind: Receive | None = None
        self.verification: Verification | None = None
        """What Zalo found when it tried the address; None until it was set."""
        self._is_proven = False

    # Set up, and looked after

    async def run(self, receive: Receive) -> None:
        """Take in what comes until cancelled; the webhook stays set then."""
        self._behind = receive
        insist = self._patience.insist
        try:
            setting = partial(self._api.set_webhook, self._webhook.url, self._webhook.secret)
            self.verification = await insist("setWebhook", setting)
            self._note(self.verification)
            while True:
                await asyncio.sleep(self._webhook.look.total_seconds())
                is_ours = await insist("getWebhookInfo", self._api.get_webhook) == self._webhook.url
                self._look(self.verification, is_ours=is_ours)
        finally:
            self._behind = None
            await self._inbox.finish()

    def _note(self, found: Verification) -> None:
        """Tell the operator what Zalo found when it tried the address, which is kept either way."""
        if found.is_ok:
            _log.info("zalo_webhook_verified", outcome=found.outcome)
        else:
            _log.error("zalo_webhook_not_verified", outcome=found.outcome, hint=found.hint)
        self._look(found, is_ours=True)

    def _look(self, found: Verification, *, is_ours: bool) -> None:
        """Take note of what keeps messages away; what arrived proves that nothing does."""
        if is_ours:
            self._patience.trouble = "" if found.is_ok or self._is_proven else "zalo_webhook_not_verified"
            return
        self._patience.trouble = "zalo_webhook_taken"
        _log.error("zalo_webhook_taken", hint=TAKEN_HINT)

    # Requests

    async def __call__(self, scope: Scope, receive: AsgiReceive, send: Send) -> None:
        """Answer a request."""
        await answer(send, await self._respond(scope, receive))

    async def _respond(self, scope: Scope, receive: AsgiReceive) -> HTTPStatus:
        body = await self._webhook.body_of(scope, receive)
        if isinstance(body, HTTPStatus):
            return body
        try:
            update: Any = json.loads(body)
        except (ValueError, RecursionError):
            _log.warning("zalo_webhook_unreadable", size=len(body))
            return HTTPStatus.BAD_REQUEST
        return await self._carry_out(update)

    async def _carry_out(self, update: object) -> HTTPStatus:
        if self._behind is None:
            return HTTPStatus.SERVICE_UNAVAILABLE
        arrival = self._inbox.find(update)
        if arrival is None:
            # Also what Zalo tries the address with: nobody gets any further with it by bringing it again.
            return HTTPStatus.OK
        if self._inbox.in_hand >= self._webhook.most:
            _log.warning("zalo_webhook_full", in_hand=self._inbox.in_hand)
            return HTTPStatus.SERVICE_UNAVAILABLE
        self._is_proven = True
        done = self._inbox.put(arrival, self._behind)
        # Not awaited itself: whoever goes away must not take it along.
        await asyncio.wait({done}, timeout=self._webhook.patience.total_seconds())
        is_done = done.done() and not done.cancelled()
        return HTTPStatus.OK if is_done else HTTPStatus.SERVICE_UNAVAILABLE
