"""The platform itself: what it takes in, what it answers, what it shows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.platforms.base import Admit, Card, Choices, Links, MessageRef, Meter, Receive, admit_all
from bot.platforms.zalo.client import ZALO, Me, ZaloApi
from bot.platforms.zalo.inbox import Inbox
from bot.platforms.zalo.intake import Intake
from bot.platforms.zalo.patience import Patience
from bot.platforms.zalo.polling import Polling
from bot.platforms.zalo.showing import Screens
from bot.platforms.zalo.webhook import Hook, Webhook
from bot.wording.catalogue import LANGUAGES

_log = structlog.get_logger()


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ZaloPlatform:
    """A bot's chats and groups; `api` is the address of a Bot API server, `language` that of strangers.

    `choices` keeps what numbers mean, `links` gives addresses of files, `meter` counts messages; answers
    wait for `admit`. What people do is asked for, or brought to a `webhook`; it is set and taken away as need
    be. Up to `parallel` chats are looked after at a time. Close it when it is no longer shown anything with.
    """

    name = "zalo"

    def __init__(  # noqa: PLR0913  # most have the value that is meant for use
        self,
        token: str,
        choices: Choices,
        *,
        api: str = ZALO,
        language: str = LANGUAGES[0],
        parallel: int = 32,
        poll_timeout: timedelta = timedelta(seconds=10),
        request_timeout: timedelta = timedelta(seconds=20),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        webhook: Webhook | None = None,
        links: Links | None = None,
        meter: Meter | None = None,
        admit: Admit = admit_all,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._me: Me | None = None
        self._api = ZaloApi(token, api=api, request_timeout=request_timeout)
        self._patience = Patience(sleep)
        self._screens = Screens(self._api, choices, language, self._way, now, links, meter)
        intake = Intake(self._screens, self._patience, admit, meter)
        self._inbox = Inbox(self.name, intake.take, parallel=parallel)
        self.hook = None if webhook is None else Hook(self._api, self._inbox, self._patience, webhook)
        """What Zalo is to reach at the webhook's address."""
        self._way_in = self.hook or Polling(self._api, self._inbox, self._patience, poll_timeout)

    async def close(self) -> None:
        """Close all connections; a repeat does nothing."""
        await self._api.close()

    @property
    def trouble(self) -> str:
        """Why nothing is received just now, in a word; empty where all is well."""
        return self._patience.trouble

    async def account_name(self) -> str:
        """Give the bot's name as it is in its address, asked for once; raises DeliveryError."""
        return (await self._who()).account_name

    async def may_join_groups(self) -> bool:
        """Tell whether the bot can be added to groups; raises DeliveryError."""
        return (await self._who()).can_join_groups

    async def _who(self) -> Me:
        if self._me is None:
            self._know(await self._api.get_me())
        return self._me or await self._api.get_me()

    def _know(self, me: Me) -> None:
        self._me, self._inbox.display_name = me, me.display_name

    def _way(self) -> str:
        """Give the bot's address, "" while nobody has asked who it is."""
        return f"https://zalo.me/{self._me.account_name}" if self._me is not None else ""

    async def listen(self, receive: Receive) -> None:
        """As `Platform.listen`: order within a chat is kept, chats run beside each other.

        What is given by polling is given once, so that it is acknowledged before it is done.
        """
        self._know(await self._patience.insist("getMe", self._api.get_me))
        _log.info("zalo_listening", bot=self._me and self._me.account_name)
        await self._way_in.run(receive)

    async def show(self, chat: str, ref: MessageRef | None, card: Card) -> MessageRef:
        """As `Platform.show`, but that a card with no news (`is_news`) stays as it was sent.

        A text that is too long is several messages; files are addresses.
        """
        return await self._screens.show(chat, ref, card)

    async def is_news(self, chat: str, ref: MessageRef, card: Card) -> bool:
        """As `Thrifty.is_news`."""
        return await self._screens.is_news(chat, ref, card)
