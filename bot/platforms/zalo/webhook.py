"""Having what people do brought by HTTP: it is answered with 200 only when it is done."""

import asyncio
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit

import structlog
from starlette.types import Receive as AsgiReceive
from starlette.types import Scope, Send

from bot.arrivals import body_of
from bot.platforms.base import Receive
from bot.platforms.zalo.client import Verification, ZaloApi
from bot.platforms.zalo.inbox import Inbox
from bot.platforms.zalo.patience import Patience

_SECRET_HEADER = b"x-bot-api-secret-token"

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, repr=False)
class Webhook:
    """Where Zalo brings what people did: an address that nobody can guess, and a secret that comes along."""

    url: str
    secret: str
    most: int = 256
    """Messages in hand; more are refused with 503."""
    patience: timedelta = timedelta(seconds=8)
    """What takes longer is refused too but goes on: brought again, it is not begun anew."""
    look: timedelta = timedelta(minutes=5)
    """The time between two looks at where Zalo brings things."""

    @classmethod
    def under(cls, public_url: str, key: bytes, token: str, secret: str | None) -> Self:
        """Give the same for all processes that share the key; `secret` goes before the one made of it."""
        bot_id = token.partition(":")[0]

        def made(purpose: str) -> str:
            mac = hmac.digest(key, f"zalo:{purpose}:{bot_id}".encode(), "sha256")
            return urlsafe_b64encode(mac).decode().rstrip("=")

        return cls(f"{public_url}/zalo/{made('path')}", secret or made("secret"))

    @property
    def path(self) -> str:
        """The address without scheme and host."""
        return urlsplit(self.url).path


class Hook:
    """The application that Zalo calls, and the way in that stands behind it."""

    def __init__(self, api: ZaloApi, inbox: Inbox, patience: Patience, webhook: Webhook) -> None:
        self._api = api
        self._inbox = inbox
        self._patience = patience
        self._webhook = webhook
        self.path = webhook.path
        self._secret = webhook.secret.encode()
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
        hint = (
            "another program took this bot over: it polls, or has set a webhook elsewhere;"
            " stop it, and start this one again"
        )
        self._patience.trouble = "zalo_webhook_taken"
        _log.error("zalo_webhook_taken", hint=hint)

    # Requests

    async def __call__(self, scope: Scope, receive: AsgiReceive, send: Send) -> None:
        """Answer a request."""
        status = await self._respond(scope, receive)
        headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers.append((b"retry-after", b"1"))
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _respond(self, scope: Scope, receive: AsgiReceive) -> HTTPStatus:
        if scope["method"] != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        headers = dict(scope["headers"])
        if not hmac.compare_digest(headers.get(_SECRET_HEADER, b""), self._secret):
            client = scope.get("client") or ("",)
            _log.warning("zalo_webhook_forged", client=client[0], has_secret=_SECRET_HEADER in headers)
            return HTTPStatus.FORBIDDEN
        body = await body_of(receive)
        if body is None:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
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
