"""What is asked of the Zalo Bot API, over this program's own connections, and what its refusals mean."""

import functools
import json
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Self

import httpx

from bot.platforms.base import ChatGoneError, DeliveryError
from meeting.states import GoneReason

Raw = Mapping[str, Any]
"""An object of the Bot API as it came."""

ZALO = "https://bot-api.zaloplatforms.com"
LONGEST_TEXT = 2000
"""UTF-16 units in a message."""

_PAUSE_AFTER_REFUSAL = timedelta(minutes=1)
_FAULTS = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_TIMEOUT})
"""Codes that Zalo gives, besides those from 500 on, for a fault of its own."""


class RefusedError(DeliveryError):
    """Zalo doesn't take this as it is, with this code: no use to try again at once."""

    def __init__(self, message: str, code: int, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.code = code


class TokenRefusedError(RefusedError):
    """Zalo knows no bot by this token."""


class QuotaSpentError(RefusedError):
    """The plan's people or messages are used up, or too much was asked at a time; Zalo doesn't say which."""


class UnreachableError(DeliveryError):
    """Nothing came back that is Zalo's."""


class _IdleError(Exception):
    """Nothing happened while Zalo waited."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot: `account_name` is in its address, `display_name` what groups call it with @."""

    id: str
    account_name: str
    display_name: str
    can_join_groups: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """What Zalo found when it tried a webhook: the address is kept even where it isn't `is_ok`."""

    is_ok: bool
    outcome: str = ""
    hint: str = ""

    @classmethod
    def of(cls, result: Raw) -> Self:
        """Read what setting a webhook gives; without a verification nothing is wrong."""
        found = result.get("verification")
        if not isinstance(found, dict):
            return cls(is_ok=True)
        outcome, hint = (str(found.get(name) or "") for name in ("outcome", "hint"))
        return cls(bool(found.get("ok")), outcome, hint)


@dataclass(slots=True)
class _Answer:
    """What came back, with what Zalo's envelope says; its result is nobody's business."""

    is_ok: bool
    code: int
    description: str
    result: object = field(repr=False)


class ZaloApi:
    """A bot's account at the Zalo Bot API server whose address is `api`.

    Whatever is asked raises RefusedError or UnreachableError, sending ChatGoneError too; no error, and no
    trace of one, has the token in it.
    """

    def __init__(
        self, token: str, *, api: str = ZALO, request_timeout: timedelta = timedelta(seconds=20)
    ) -> None:
        self._token = token
        self._url = f"{api}/bot{token}/"
        self._seconds = request_timeout.total_seconds()
        self._client = httpx.AsyncClient(
            timeout=self._seconds,
            limits=httpx.Limits(max_connections=32),
            follow_redirects=False,
            verify=_trusted(),
        )

    def __repr__(self) -> str:
        return "ZaloApi()"

    async def close(self) -> None:
        """Close all connections; a repeat does nothing."""
        await self._client.aclose()

    async def get_me(self) -> Me:
        """Ask who the bot is."""
        me = await self._ask("getMe")
        return Me(
            str(me.get("id") or ""),
            str(me.get("account_name") or ""),
            str(me.get("display_name") or ""),
            bool(me.get("can_join_groups")),
        )

    async def get_updates(self, wait: timedelta) -> object | None:
        """Wait so long for one thing that somebody did, as it came; None where nothing happened.

        It is given once, and not again where it gets lost on its way.
        """
        seconds = int(wait.total_seconds())
        try:
            answer = await self._post("getUpdates", {"timeout": seconds}, more_seconds=seconds)
        except _IdleError:
            return None
        return answer.result

    async def set_webhook(self, url: str, secret: str) -> Verification:
        """Have updates brought to an address, with a secret of 8 to 256 characters."""
        return Verification.of(await self._ask("setWebhook", {"url": url, "secret_token": secret}))

    async def get_webhook(self) -> str:
        """Ask for the address to which updates are brought; "" where they are asked for."""
        try:
            info = await self._ask("getWebhookInfo")
        except RefusedError as error:
            # A bot that never had one is not found.
            if error.code == HTTPStatus.NOT_FOUND:
                return ""
            raise
        return str(info.get("url") or "")

    async def delete_webhook(self) -> None:
        """Have updates wait to be asked for."""
        await self._post("deleteWebhook", {})

    async def send_message(self, chat: str, text: str) -> str:
        """Send plain text of 1 to `LONGEST_TEXT` units and give the message's id.

        Raises ChatGoneError where nothing can be sent there any more.
        """
        result = await self._ask("sendMessage", {"chat_id": chat, "text": text})
        return str(result.get("message_id") or "")

    async def _ask(self, method: str, parameters: Raw | None = None) -> Raw:
        """Call a method whose result is an object."""
        answer = await self._post(method, parameters or {})
        return answer.result if isinstance(answer.result, dict) else {}

    async def _post(self, method: str, parameters: Raw, *, more_seconds: float = 0) -> _Answer:
        is_uncertain = method == "sendMessage"
        timeout = httpx.Timeout(self._seconds, read=self._seconds + more_seconds)
        try:
            response = await self._client.post(self._url + method, json=parameters, timeout=timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            # Neither these nor their causes may be seen: the address has the token in it.
            raise UnreachableError(self._told(method, type(error).__name__)) from None
        except httpx.HTTPError as error:
            text = self._told(method, type(error).__name__)
            raise UnreachableError(text, is_uncertain=is_uncertain) from None
        answer = _read(response)
        if answer is None:
            text = self._told(method, f"status {response.status_code}, no answer of Zalo's")
            raise UnreachableError(text, is_uncertain=is_uncertain)
        if not answer.is_ok:
            raise self._meaning_of(method, answer)
        return answer

    def _meaning_of(self, method: str, answer: _Answer) -> Exception:
        code = answer.code
        text = self._told(method, f"{code} {answer.description}")
        if method == "getUpdates" and code == HTTPStatus.REQUEST_TIMEOUT:
            return _IdleError(text)
        said = answer.description.lower()
        if method == "sendMessage" and (reason := _gone_reason(said)) is not None:
            return ChatGoneError(text, reason)
        if code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
            return TokenRefusedError(text, code, retry_after=_PAUSE_AFTER_REFUSAL)
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            return QuotaSpentError(text, code, retry_after=_PAUSE_AFTER_REFUSAL)
        if code in _FAULTS or code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return UnreachableError(text, is_uncertain=method == "sendMessage")
        return RefusedError(text, code)

    def _told(self, method: str, text: str) -> str:
        return f"{method}: {text}".replace(self._token, "[hidden]")


_WHO = "(?:chat|user|recipient)(?:[_ ]id)?"
GONE_REASONS: tuple[tuple[str, GoneReason], ...] = (
    (r"blocked by", GoneReason.BLOCKED),
    (r"deactivated", GoneReason.DEACTIVATED),
    (r"not (?:a member|in (?:the |this )?group)", GoneReason.REMOVED),
    (rf"\b{_WHO} (?:is )?(?:not found|invalid)|\binvalid {_WHO}\b", GoneReason.NOT_FOUND),
    (r"(?:người nhận|cuộc trò chuyện) không (?:tồn tại|hợp lệ)", GoneReason.NOT_FOUND),
)
"""What the lower-case text of a refusal to send has in it, why the chat is gone: no code says it alone."""


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Give what the library would make anew for each client, which takes long."""
    return httpx.create_ssl_context()


def _gone_reason(said: str) -> GoneReason | None:
    return next((reason for pattern, reason in GONE_REASONS if re.search(pattern, said)), None)


def _read(response: httpx.Response) -> _Answer | None:
    """Give what an answer says, whether its status is that of a refusal or not; None if it isn't Zalo's."""
    try:
        content: Any = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or not isinstance(content.get("ok"), bool):
        return None
    code = content.get("error_code")
    return _Answer(
        is_ok=content["ok"] and response.is_success,
        code=code if isinstance(code, int) else response.status_code,
        description=str(content.get("description") or ""),
        result=content.get("result"),
    )
