"""What is asked of the Bot API, over this program's own connections, and what becomes of its refusals."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import TelegramError

from bot.patience import Patience
from bot.platforms.telegram.errors import NotTakenError, explain, meaning_of
from bot.platforms.telegram.transport import Transport

T = TypeVar("T")


class BotApi(Patience):
    """A bot's account at the Bot API server whose address is `api`; `connections` requests go at a time.

    `bot` is the library's own, for calls that are handed to `call`, `insist` or `persist`.
    """

    def __init__(
        self,
        token: str,
        *,
        api: str,
        connections: int,
        request_timeout: timedelta,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        super().__init__("telegram", partial(explain, token=token), NotTakenError, sleep)
        self._token = token
        seconds = request_timeout.total_seconds()
        # Waiting for news takes no connection away from what is sent.
        self._transports = (Transport(1, seconds), Transport(connections, seconds))
        self.bot = _Bot(
            token,
            f"{api}/bot",
            f"{api}/file/bot",
            get_updates_request=self._transports[0],
            request=self._transports[1],
        )

    async def close(self) -> None:
        """Close all connections; a repeat does nothing."""
        for transport in self._transports:
            await transport.shutdown()

    async def call(self, method: str, call: Awaitable[T], *, is_repeatable: bool = False) -> T:
        """Carry a call out; raises as `meaning_of` says."""
        try:
            return await call
        except TelegramError as error:
            raise meaning_of(error, method, self._token, is_repeatable=is_repeatable) from error


class _Bot(Bot):
    """The library's bot, and its methods by name where its objects would cost more than they give."""

    async def raw(self, method: str, parameters: Mapping[str, object], *, seconds: float = 0) -> Any:  # noqa: ANN401
        """Call a method and give its result as it comes; the server may wait for `seconds` in addition."""
        if not seconds:
            return await self._post(method, dict(parameters))
        return await self._post(
            method, dict(parameters), read_timeout=seconds + (self.request.read_timeout or 0)
        )
