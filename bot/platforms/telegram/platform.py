"""The platform itself: what it takes in, what it answers, what it shows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from telegram import User
from telegram.helpers import create_deep_linked_url

from bot.arrivals import Queues
from bot.platforms.base import Admit, Card, MessageRef, Papers, Receive, admit_all
from bot.platforms.telegram.api import BotApi
from bot.platforms.telegram.files import Files
from bot.platforms.telegram.intake import Intake
from bot.platforms.telegram.menus import Menus
from bot.platforms.telegram.polling import Polling
from bot.platforms.telegram.showing import Screens
from bot.platforms.telegram.webhook import Hook, Inbound, Webhook
from bot.wording.catalogue import LANGUAGES

_CONNECTIONS = 96
"""Requests to Telegram at a time; more wait their turn, which costs less than opening connections for all."""

_log = structlog.get_logger()


class TelegramPlatform:
    """A bot's chats and groups; `api` is the address of a Bot API server, `language` that of strangers.

    `papers` is where meetings' papers come from; answers that are shown in a chat wait for `admit`.

    Updates are asked for, or brought to a `webhook`; it is set and taken away as need be. Up to `parallel`
    chats are looked after at a time. Close it when it is no longer shown anything with.
    """

    name = "telegram"

    def __init__(  # noqa: PLR0913  # most have the value that is meant for use
        self,
        token: str,
        *,
        api: str = "https://api.telegram.org",
        language: str = LANGUAGES[0],
        parallel: int = 128,
        poll_timeout: timedelta = timedelta(seconds=30),
        request_timeout: timedelta = timedelta(seconds=20),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        webhook: Webhook | None = None,
        papers: Papers | None = None,
        admit: Admit = admit_all,
    ) -> None:
        self._parallel = parallel
        self._username = ""
        self._api = BotApi(
            token, api=api, connections=_CONNECTIONS, request_timeout=request_timeout, sleep=sleep
        )
        self._screens = Screens(self._api, Files(self._api, papers))
        self._menus = Menus(self._api, language)
        self._intake = Intake(self.name, self._api, self._screens, self._menus, language, admit)
        self.hook = None if webhook is None else Hook(self._api, self._intake, webhook)
        """What Telegram is to reach at the webhook's address."""
        self._way_in = self.hook or Polling(self._api, self._intake, poll_timeout)

    async def close(self) -> None:
        """Close all connections; a repeat does nothing."""
        await self._menus.close()
        await self._api.close()

    @property
    def trouble(self) -> str:
        """Why nothing is received just now, in a word; empty where all is well."""
        return self._api.trouble

    async def account_name(self) -> str:
        """Give the bot's username without @, asked for once; raises DeliveryError."""
        if not self._username:
            self._name((await self._me()).username)
        return self._username

    async def may_join_groups(self) -> bool:
        """Tell whether the bot can be added to groups, which its owner decides; raises DeliveryError."""
        return bool((await self._me()).can_join_groups)

    async def _me(self) -> User:
        return await self._api.call("getMe", self._api.bot.get_me(), is_repeatable=True)

    async def inbound(self) -> Inbound:
        """Give what Telegram says about how updates leave it; raises DeliveryError."""
        asking = self._api.bot.raw("getWebhookInfo", {})
        return Inbound.of(await self._api.call("getWebhookInfo", asking, is_repeatable=True))

    def _name(self, username: str | None) -> None:
        self._username = self._intake.username = username or ""

    async def link(self, code: str) -> str:
        """Give the address that opens the bot with a code (`Joined`); raises DeliveryError."""
        return create_deep_linked_url(await self.account_name(), code)

    async def listen(self, receive: Receive) -> None:
        """As `Platform.listen`: order within a chat is kept, chats run beside each other.

        An update whose handling raises is tried three times, then set aside, and the person is told. A
        ConnectionError from `receive` says that the database is away: then it is tried until it is back.
        """
        me = await self._api.insist("getMe", self._api.bot.get_me)
        self._name(me.username)
        await self._menus.set_for_all()
        _log.info("telegram_listening", bot=self._username)
        async with asyncio.TaskGroup() as tasks:
            await self._way_in.run(Queues(tasks.create_task, self._parallel), receive)

    async def show(self, chat: str, ref: MessageRef | None, card: Card) -> MessageRef:
        """As `Platform.show`: a text that is too long is several messages, attachments follow as files.

        Files that stand at `ref` already are not sent again; a message that is gone is sent anew. Where a
        part can't be sent, the new ones before it are taken back.
        """
        return await self._screens.show(chat, ref, card)

    async def pin(self, chat: str, ref: MessageRef | None, former: MessageRef | None) -> None:
        """As `WithGroups.pin`."""
        await self._screens.pin(chat, ref, former)

    async def leave(self, chat: str) -> None:
        """As `WithGroups.leave`."""
        await self._screens.leave(chat)
