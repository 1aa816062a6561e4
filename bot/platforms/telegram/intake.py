"""What becomes of an update: it is carried out, and the person answered."""

import asyncio
import contextlib
import dataclasses
import itertools
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import partial

import structlog
from telegram.constants import CallbackQueryLimit

from bot.arrivals import backoff, is_being_cancelled
from bot.patience import TRIES
from bot.platforms.base import (
    Admit,
    Answer,
    Card,
    ChatMovedError,
    DeliveryError,
    File,
    Incoming,
    Left,
    Line,
    MessageRef,
    Receive,
    admit_all,
)
from bot.platforms.telegram.api import BotApi
from bot.platforms.telegram.errors import FileTooBigError, TooLateError
from bot.platforms.telegram.layout import Ref
from bot.platforms.telegram.menus import Menus
from bot.platforms.telegram.reading import Arrival, Raw, read
from bot.platforms.telegram.showing import Screens
from bot.texts import clean, cut
from bot.wording.notices import not_recorded
from bot.wording.voice import Voice

ASKED_FOR = ("message", "callback_query", "my_chat_member")
"""The kinds of updates that the bot is told of."""
_ANSWER = "answerCallbackQuery"
_HANDLING_LIMIT = timedelta(minutes=2)
_FILES_AT_ONCE = 3

_log = structlog.get_logger()

Reply = dict[str, str]
"""A method call that answers a tap: with "method" and its parameters, as it may stand in an HTTP response."""


class Intake:
    """Takes in what people did on `platform`, and answers them; `language` is that of strangers.

    What an answer shows in a chat waits for `admit`; toasts don't.
    """

    def __init__(
        self,
        platform: str,
        api: BotApi,
        screens: Screens,
        menus: Menus,
        language: str,
        admit: Admit = admit_all,
    ) -> None:
        self.username = ""
        """What commands in groups call the bot."""
        self._platform = platform
        self._api = api
        self._screens = screens
        self._menus = menus
        self._files = asyncio.Semaphore(_FILES_AT_ONCE)
        self._language = language
        self._admit = admit

    def read(self, update: Raw) -> Arrival | None:
        """Give what a person did; None for what is no business of the bot, or of a form that is not known."""
        try:
            return read(update, self._platform, self.username)
        except Exception:  # noqa: BLE001  # whatever it is, the next delivery would be the same
            _log.exception("telegram_update_not_understood", update=update["update_id"])
            return None

    async def take(
        self, arrival: Arrival, receive: Receive, reply: Callable[[Reply | None], bool] | None = None
    ) -> None:
        """Have an arrival carried out, and answer it; raises nothing but a cancellation.

        One whose handling raises is tried three times, then set aside, and the person is told. `reply` is
        given what answers a tap, None for what is no tap, as soon as it is carried out, and tells whether it
        is passed on; else, and without it, the tap is answered by a request.
        """
        answer = await self._receive(arrival, receive)
        toast = _toast_of(arrival, answer.notice)
        # Whether an address was opened shows in the answer to a request only.
        is_toasted = reply is not None and reply(None if answer.link else toast) and not answer.link
        try:
            if toast is not None and not is_toasted:
                is_toasted = await self._opened(arrival, answer.link) or await self._toast(toast)
            await self._show(arrival, answer, _rest_of(answer.notice) if is_toasted else answer.notice)
        except Exception:  # noqa: BLE001  # what was done is recorded, and others wait
            _log.exception("telegram_answer_failed", update=arrival.update)

    async def _receive(self, arrival: Arrival, receive: Receive) -> Answer:
        failures = 0
        for attempt in itertools.count(1):
            try:
                async with self._room_for(arrival), asyncio.timeout(_HANDLING_LIMIT.total_seconds()):
                    return await receive(await self._with_content(arrival))
            except ConnectionError as error:
                _log.warning("telegram_update_waits", update=arrival.update, reason=type(error).__name__)
            except (Exception, asyncio.CancelledError) as error:
                if is_being_cancelled(error):
                    raise
                failures += 1
                # Why Telegram failed is in its text; the trace of all else is needed.
                trace = None if isinstance(error, DeliveryError) else error
                _log.error(
                    "telegram_update_failed",
                    update=arrival.update,
                    attempt=failures,
                    reason=str(error) if trace is None else type(error).__name__,
                    exc_info=trace,
                )
                if failures == TRIES:
                    break
            await self._api.sleep(backoff(attempt))
        _log.error("telegram_update_set_aside", update=arrival.update)
        return Answer(not_recorded(Voice(arrival.incoming.language or self._language)))

    def _room_for(self, arrival: Arrival) -> AbstractAsyncContextManager[object]:
        """Wait for a turn with a file, so that many at once don't fill the memory; others don't wait."""
        return self._files if arrival.file else contextlib.nullcontext()

    async def _with_content(self, arrival: Arrival) -> Incoming:
        incoming, body = arrival.incoming, arrival.incoming.body
        if not isinstance(body, File) or body.size > body.size_limit:
            return incoming
        try:
            file = await self._api.call("getFile", self._api.bot.get_file(arrival.file), is_repeatable=True)
        except FileTooBigError:
            return incoming
        content = bytes(await self._api.call("download", file.download_as_bytearray(), is_repeatable=True))
        whole = dataclasses.replace(body, size=len(content), content=content)
        return dataclasses.replace(incoming, body=whole)

    async def _opened(self, arrival: Arrival, link: str) -> bool:
        """Answer a tap with an address that opens at once, if there is one; False where it can't be."""
        if not link:
            return False
        return await self._toast({"method": _ANSWER, "callback_query_id": arrival.query, "url": link})

    async def _toast(self, toast: Reply) -> bool:
        """Answer a tap by a request, and give whether that was in time."""
        parameters = {name: value for name, value in toast.items() if name != "method"}

        async def answer() -> bool:
            answering = self._api.bot.raw(toast["method"], parameters)
            try:
                await self._api.call(toast["method"], answering, is_repeatable=True)
            except TooLateError:
                return False
            return True

        return bool(await self._api.persist(answer))

    async def _show(self, arrival: Arrival, answer: Answer, notice: str) -> None:
        if isinstance(arrival.incoming.body, Left):
            return
        incoming = arrival.incoming
        if answer.menu is not None and not incoming.is_group:
            self._menus.put(incoming.chat, answer.menu)
        if incoming.is_group and arrival.query and not answer.chat:
            return  # a tap is not answered before everybody
        chat, ref = answer.chat or incoming.chat, None
        if answer.replaces and arrival.message is not None:
            ref = Ref((arrival.message,)).dump()
        if notice:
            show = partial(self._show_card, chat, None, Card((Line(notice),)))
            is_said = arrival.query == "" and not incoming.is_group
            await self._api.persist(partial(self._tell, chat, notice) if is_said else show)
        if answer.card is not None:
            await self._api.persist(partial(self._show_card, chat, ref, answer.card))

    async def _tell(self, chat: str, notice: str) -> None:
        await self._admit(chat)
        await self._screens.tell(chat, notice)

    async def _show_card(self, chat: str, ref: MessageRef | None, card: Card) -> None:
        await self._admit(chat)
        try:
            await self._screens.show(chat, ref, card)
        except ChatMovedError as moved:
            await self._screens.show(moved.chat, None, card)


def _toast_of(arrival: Arrival, notice: str) -> Reply | None:
    if not arrival.query:
        return None
    toast = {"method": _ANSWER, "callback_query_id": arrival.query}
    return {**toast, "text": _fitting(notice)} if notice else toast


def _fitting(notice: str) -> str:
    return cut(clean(notice), CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)


def _rest_of(notice: str) -> str:
    """Give what a toast leaves to be said: all of a notice that is cut in it."""
    return "" if _fitting(notice) == clean(notice) else notice
