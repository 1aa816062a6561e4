"""The commands that Telegram offers: to all, in groups, and to each by role and language."""

import asyncio
from collections.abc import Mapping

import structlog
from telegram import (
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
)

from bot.platforms.base import ChatGoneError, DeliveryError, Menu, MenuKind
from bot.platforms.telegram.api import BotApi
from bot.wording.catalogue import LANGUAGES
from bot.wording.telegram import command_texts, group_command_texts

_MOST_KNOWN = 20_000
_UNKNOWN = Menu(MenuKind.MEMBER, None)
"""What whoever was never given another menu has."""

_log = structlog.get_logger()


class Menus:
    """Sets menus beside all else; `language` is that of people whose app speaks none of ours."""

    def __init__(self, api: BotApi, language: str) -> None:
        self._api = api
        self._language = language
        self._known: dict[str, Menu] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def set_for_all(self) -> None:
        """Set what strangers and members are offered, and groups; what fails is logged."""
        for language in (None, *LANGUAGES):
            spoken = language or self._language
            await self._set(command_texts(spoken), None, language)
            await self._set(group_command_texts(spoken), BotCommandScopeAllGroupChats(), language)

    def put(self, chat: str, menu: Menu) -> None:
        """Have somebody offered a menu, later and once; the same again does nothing."""
        known = self._known.get(chat)
        if known == menu or (known is None and menu == _UNKNOWN):
            return
        while len(self._known) >= _MOST_KNOWN:
            self._known.pop(next(iter(self._known)))
        self._known[chat] = menu
        setting = asyncio.create_task(self._put(chat, menu))
        self._under_way.add(setting)
        setting.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Stop what is under way; it is set again the next time that it is asked for."""
        for setting in self._under_way:
            setting.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _put(self, chat: str, menu: Menu) -> None:
        scope = BotCommandScopeChat(int(chat))
        texts = {language: command_texts(menu.language or language, menu.kind) for language in LANGUAGES}
        is_set = await self._set(command_texts(menu.language or self._language, menu.kind), scope, None)
        for language in LANGUAGES:
            is_set = await self._set(texts[language], scope, language) and is_set
        if not is_set and self._known.get(chat) == menu:
            del self._known[chat]

    async def _set(
        self, texts: Mapping[str, str], scope: BotCommandScope | None, language: str | None
    ) -> bool:
        commands = list(texts.items())
        setting = self._api.bot.set_my_commands(commands, scope=scope, language_code=language)
        try:
            await self._api.call("setMyCommands", setting, is_repeatable=True)
        except (DeliveryError, ChatGoneError) as error:
            _log.warning("telegram_menu_not_set", language=language, reason=str(error))
            return False
        return True
