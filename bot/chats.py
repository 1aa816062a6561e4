"""The chat platforms that the settings name: how each is made, what it is called, how it does."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import structlog
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.addresses import Addresses
from bot.admission import Admission
from bot.budget import Budget
from bot.choices import Pending, StoredChoices
from bot.handing import HandedFiles
from bot.handouts import StoredPapers
from bot.pace import PACES
from bot.platforms.base import Admit, DeliveryError, Papers, Platform, admit_all
from bot.settings import Settings
from handlers.asking import House
from meeting.thrift import Plan
from storage.database import Database

if TYPE_CHECKING:
    from bot.platforms.telegram import TelegramPlatform

_RETRY_PAUSES = (1.0, 60.0)

_log = structlog.get_logger(__name__)


class Hook(Protocol):
    """The application at an address of the program's own server that a platform brings things to."""

    path: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""


class ChatPlatform(Platform, Protocol):
    """A platform of somebody else's, as the program runs it."""

    @property
    def hook(self) -> Hook | None:
        """What the platform is to reach, if it is to bring what people do."""

    @property
    def trouble(self) -> str:
        """Why nothing is received just now, in a word; empty where all is well."""

    async def account_name(self) -> str:
        """Give the name that the bot is found by; raises DeliveryError."""

    async def close(self) -> None:
        """Close all connections; a repeat does nothing."""


class Chats:
    """The chat platforms by name, with what paces and counts what goes out there.

    `pending` gives open questions. Close it when nothing is shown or received any more.
    """

    def __init__(
        self, settings: Settings, house: House, pending: Pending, now: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._house = house
        self._now = now
        self.platforms: dict[str, ChatPlatform] = {}
        self.admissions: dict[str, Admission] = {}
        self.budgets: dict[str, Budget] = {}
        self._names: dict[str, str] = {}
        self._named: dict[str, asyncio.Event] = {}
        if settings.telegram_token is not None:
            admit = self._admit("telegram")
            papers = StoredPapers(house.database, "telegram")
            self._add(make_telegram(settings, house.key, papers, admit))
        if settings.zalo_token is not None:
            self._add(self._make_zalo(settings.zalo_token, pending))

    def _add(self, platform: ChatPlatform) -> None:
        self.platforms[platform.name] = platform
        self._named[platform.name] = asyncio.Event()

    def _admit(self, name: str) -> Admit:
        admission = Admission(self._house.database, name, PACES[name], self._now)
        self.admissions[name] = admission
        return admission.admit

    def _make_zalo(self, token: SecretStr, pending: Pending) -> ChatPlatform:
        # Not everybody uses it.
        from bot.platforms.zalo import Webhook, ZaloPlatform

        settings, house, name = self._settings, self._house, "zalo"
        self.budgets[name] = budget = zalo_budget(settings, token, house.database, self._now)
        webhook = None
        if settings.zalo_mode == "webhook":
            secret = _shown(settings.zalo_secret) or None
            webhook = Webhook.under(settings.public_url, house.key, token.get_secret_value(), secret)
        return ZaloPlatform(
            token.get_secret_value(),
            StoredChoices(house.database, name, pending, self._now),
            api=settings.zalo_api,
            language=settings.language,
            webhook=webhook,
            links=HandedFiles(house, settings.public_url),
            meter=budget,
            admit=self._admit(name),
            now=self._now,
        )

    async def close(self) -> None:
        """Close all connections, once what is on its way was admitted and counted."""
        for platform in self.platforms.values():
            await platform.close()
        for admission in self.admissions.values():
            await admission.close()
        for budget in self.budgets.values():
            await budget.close()

    @property
    def hooks(self) -> dict[str, ASGIApp]:
        """What platforms are to reach, by path."""
        hooks = [platform.hook for platform in self.platforms.values()]
        return {hook.path: hook for hook in hooks if hook is not None}

    def troubles(self) -> Mapping[str, str]:
        """Give for each platform why nothing is received from there, or ""."""
        return {name: platform.trouble for name, platform in self.platforms.items()}

    # Names

    @property
    def addresses(self) -> Addresses:
        """Where people come in, as far as it is known by now."""
        return Addresses(self._settings.public_url, self._names.get("telegram"), self._names.get("zalo"))

    async def find_name(self, name: str, timeout: float | None) -> str | None:  # noqa: ASYNC109 - it gives up quietly
        """Give the bot's name on a platform, waiting so many seconds; None where it isn't (yet) known."""
        if name in self._named:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._named[name].wait(), timeout)
        return self._names.get(name)

    async def learn_name(self, name: str) -> None:
        """Ask a platform what the bot is called, until it says so; a repeat asks no more."""
        pause, longest = _RETRY_PAUSES
        while not self._named[name].is_set():
            try:
                self._names[name] = await self.platforms[name].account_name()
            except DeliveryError as error:
                _log.warning(f"{name}_unreachable", reason=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, longest)
            else:
                self._named[name].set()


def make_telegram(
    settings: Settings, key: bytes | None, papers: Papers | None = None, admit: Admit = admit_all
) -> "TelegramPlatform":
    """Give Telegram as the settings, which have its token, want it; without the key it has no webhook."""
    # Long to load, and not everybody uses it.
    from bot.platforms.telegram import TelegramPlatform, Webhook

    token, webhook = _shown(settings.telegram_token), None
    if settings.telegram_mode == "webhook" and key is not None:
        webhook = Webhook.under(settings.public_url, key, token, _shown(settings.telegram_secret) or None)
    return TelegramPlatform(
        token,
        api=settings.telegram_api,
        language=settings.language,
        webhook=webhook,
        papers=papers,
        admit=admit,
    )


def zalo_budget(
    settings: Settings, token: SecretStr, database: Database, now: Callable[[], datetime]
) -> Budget:
    """Give what the plan on Zalo allows the bot of a token."""
    plan = Plan(settings.zalo_messages, settings.zalo_people, settings.zalo_count_incoming)
    return Budget(database, "zalo", token.get_secret_value().partition(":")[0], plan, now)


async def ask_telegram(settings: Settings) -> str | None:
    """Give the bot's name on Telegram, None without a token; raises DeliveryError."""
    if settings.telegram_token is None:
        return None
    telegram = make_telegram(settings, None)
    try:
        return await telegram.account_name()
    finally:
        await telegram.close()


async def ask_zalo(settings: Settings) -> str | None:
    """Give the bot's name on Zalo, None without a token; raises DeliveryError."""
    if settings.zalo_token is None:
        return None
    from bot.platforms.zalo import ZaloApi

    zalo = ZaloApi(settings.zalo_token.get_secret_value(), api=settings.zalo_api)
    try:
        return (await zalo.get_me()).account_name
    finally:
        await zalo.close()


def _shown(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()
