"""Tending groups: what is current is pinned, and groups that were let go are left.

What is to be done is read from the database, so that it survives any stop; a repeat changes nothing.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.platforms.base import (
    Admit,
    ChatGoneError,
    ChatMovedError,
    DeliveryError,
    RightMissingError,
    WithGroups,
    admit_all,
)
from handlers.asking import House
from handlers.groups import note_lack
from storage.groups import PinDue, list_pins_due, list_to_leave, move_chat, put_pinned, put_removed

_GATHERING = 0.5  # seconds: a card that comes with another is pinned once
_SWEEP = 60.0  # seconds: another process may have written
_REST = timedelta(seconds=30)
"""How long a group is left alone after something failed there."""

_log = structlog.get_logger(__name__)


class Tending:
    """Tends the groups of each platform that has them, when `admit` of that platform says so."""

    def __init__(
        self, house: House, platforms: Mapping[str, object], admit: Mapping[str, Admit] | None = None
    ) -> None:
        self._house = house
        self._admit = admit or {}
        self._platforms = [platform for platform in platforms.values() if isinstance(platform, WithGroups)]
        self._rests: dict[str, datetime] = {}
        self._changed = asyncio.Event()
        house.database.on_commit(self._changed.set)

    async def run(self) -> None:
        """Tend until cancelled."""
        while self._platforms:
            self._changed.clear()
            await self.tend()
            # Not wait_for: in Python 3.11 it can lose a cancellation.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SWEEP):
                    await self._changed.wait()
            await asyncio.sleep(_GATHERING)

    async def tend(self) -> None:
        """Do what is to be done now."""
        for platform in self._platforms:
            await self._tend(platform)

    async def _tend(self, platform: WithGroups) -> None:
        async with self._house.database.snapshot() as tx:
            pins = await list_pins_due(tx, platform.name)
            leaving = await list_to_leave(tx, platform.name)
        for pin in pins:
            await self._do(platform, pin.chat, partial(self._pin, platform, pin), pin)
        for account_id, chat in leaving:
            await self._do(platform, chat, partial(self._leave, platform, account_id, chat))

    async def _do(
        self,
        platform: WithGroups,
        chat: str,
        act: Callable[[], Awaitable[None]],
        pin: PinDue | None = None,
    ) -> None:
        """Do something in a group; what fails is tried again after a while, or not at all if it is no use."""
        now = self._house.now()
        if now < self._rests.get(chat, now):
            return
        self._rests.pop(chat, None)
        try:
            await self._admit.get(platform.name, admit_all)(chat)
            await act()
        except RightMissingError as error:
            if pin is not None:
                await note_lack(self._house, pin.group_id, error.right)
        except ChatMovedError as error:
            async with self._house.database.transaction() as tx:
                await move_chat(tx, platform.name, chat, error.chat, now)
        except ChatGoneError as error:
            _log.info("group_gone", platform=platform.name, reason=str(error))
            self._rests[chat] = now + _REST
        except DeliveryError as error:
            _log.warning("group_not_tended", platform=platform.name, reason=str(error))
            self._rests[chat] = now + max(_REST, error.retry_after or _REST)

    async def _pin(self, platform: WithGroups, pin: PinDue) -> None:
        await platform.pin(pin.chat, pin.ref, pin.former)
        async with self._house.database.transaction() as tx:
            await put_pinned(tx, pin.group_id, pin.ref)

    async def _leave(self, platform: WithGroups, account_id: int, chat: str) -> None:
        await platform.leave(chat)
        async with self._house.database.transaction() as tx:
            await put_removed(tx, account_id, self._house.now())
