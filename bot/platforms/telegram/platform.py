"""The platform itself: what it takes in, what it answers, what it shows."""

import asyncio
import dataclasses
import itertools
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from telegram import Bot, LinkPreviewOptions
from telegram.constants import CallbackQueryLimit, ParseMode, PollingLimit
from telegram.error import TelegramError
from telegram.helpers import create_deep_linked_url

from bot.platforms.base import (
    Answer,
    Attachment,
    Card,
    ChatGoneError,
    DeliveryError,
    File,
    Incoming,
    Left,
    Line,
    MessageRef,
    Receive,
)
from bot.platforms.telegram.errors import (
    LONGEST_PAUSE,
    FileTooBigError,
    MessageGoneError,
    NotTakenError,
    TooLateError,
    UnchangedError,
    backoff,
    explain,
    meaning_of,
)
from bot.platforms.telegram.layout import NOTHING, Part, Ref, clean, cut, digest_of, file_name, lay_out
from bot.platforms.telegram.reading import Arrival, Raw, read
from bot.platforms.telegram.transport import Transport
from bot.platforms.telegram.window import Queues, Window
from bot.wording.catalogue import LANGUAGES
from bot.wording.notices import not_recorded
from bot.wording.telegram import command_texts
from bot.wording.voice import Voice

_TRIES = 3
_LOOK_AGAIN = (0.05, 1.0)
"""Shortest and longest seconds between two looks for updates while earlier ones are in hand."""
_HANDLING_LIMIT = timedelta(minutes=2)
_SPARE_CONNECTIONS = 32
_ASKED_FOR = ("message", "callback_query", "my_chat_member")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_log = structlog.get_logger()
T = TypeVar("T")


class TelegramPlatform:
    """A bot's private chats; `api` is the address of a Bot API server, `language` that of strangers.

    Up to `parallel` chats are looked after at a time. Close it when it is no longer shown anything with.
    """

    name = "telegram"

    def __init__(
        self,
        token: str,
        *,
        api: str = "https://api.telegram.org",
        language: str = LANGUAGES[0],
        parallel: int = 64,
        poll_timeout: timedelta = timedelta(seconds=30),
        request_timeout: timedelta = timedelta(seconds=20),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._token = token
        self._language = language
        self._parallel = parallel
        self._poll_timeout = int(poll_timeout.total_seconds())
        self._sleep = sleep
        self._username = ""
        seconds = request_timeout.total_seconds()
        self._transports = (Transport(1, seconds), Transport(parallel + _SPARE_CONNECTIONS, seconds))
        self._bot = _Bot(
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

    async def username(self) -> str:
        """Give the bot's username without @, asked for once; raises DeliveryError."""
        if not self._username:
            me = await self._call("getMe", self._bot.get_me(), is_repeatable=True)
            self._username = me.username or ""
        return self._username

    async def link(self, code: str) -> str:
        """Give the address that opens the bot with a code (`Joined`); raises DeliveryError."""
        return create_deep_linked_url(await self.username(), code)

    # In

    async def listen(self, receive: Receive) -> None:
        """As `Platform.listen`: order within a chat is kept, chats run beside each other.

        An update whose handling raises is tried three times, then set aside, and the person is told. A
        ConnectionError from `receive` says that the database is away: then it is tried until it is back.
        """
        await self._begin()
        async with asyncio.TaskGroup() as tasks:
            await self._poll(Queues(tasks, self._parallel), Window(), receive)

    async def _begin(self) -> None:
        me = await self._insist(self._bot.get_me)
        self._username = me.username or ""
        # A webhook that is set would keep updates away; those that wait are kept.
        await self._insist(partial(self._bot.delete_webhook, drop_pending_updates=False))
        for language in (None, *LANGUAGES):
            commands = list(command_texts(language or self._language).items())
            setting = self._bot.set_my_commands(commands, language_code=language)
            try:
                await self._call("setMyCommands", setting, is_repeatable=True)
            except DeliveryError as error:
                _log.warning("telegram_menu_not_set", language=language, reason=str(error))
        _log.info("telegram_listening", bot=self._username)

    async def _poll(self, queues: Queues, window: Window, receive: Receive) -> None:
        pause, longest = _LOOK_AGAIN
        while True:
            if window.is_busy:
                await window.settle(pause)
            was_busy = window.is_busy
            # Whoever waits for news must have acknowledged all others: so there is no waiting beside work.
            seconds = 0 if was_busy else self._poll_timeout
            updates = await self._insist(partial(self._bot.get_raw_updates, window.offset(), seconds))
            fresh = [raw for raw in updates if window.admit(raw["update_id"])]
            for raw in fresh:
                self._queue(raw, queues, window, receive)
            pause = _LOOK_AGAIN[0] if fresh else min(2 * pause, longest)
            if not updates and not was_busy:
                window.forget()

    def _queue(self, raw: Raw, queues: Queues, window: Window, receive: Receive) -> None:
        update_id: int = raw["update_id"]
        arrival = None
        try:
            arrival = read(raw, self.name)
        except Exception:  # noqa: BLE001  # whatever it is, the next delivery would be the same
            _log.exception("telegram_update_not_understood", update=update_id)
        if arrival is None:
            window.finish(update_id)
            return

        async def take(arrival: Arrival = arrival) -> None:
            answer = await self._receive(arrival, receive)
            try:
                await self._answer(arrival, answer)
            except Exception:  # noqa: BLE001  # what was done is recorded, and others wait
                _log.exception("telegram_answer_failed", update=update_id)
            window.finish(update_id)

        queues.put(arrival.incoming.chat, take)

    async def _receive(self, arrival: Arrival, receive: Receive) -> Answer:
        failures = 0
        for attempt in itertools.count(1):
            try:
                async with asyncio.timeout(_HANDLING_LIMIT.total_seconds()):
                    return await receive(await self._with_content(arrival))
            except ConnectionError as error:
                _log.warning("telegram_update_waits", update=arrival.update, reason=type(error).__name__)
            except (Exception, asyncio.CancelledError) as error:
                if _is_being_cancelled(error):
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
                if failures == _TRIES:
                    break
            await self._sleep(backoff(attempt))
        _log.error("telegram_update_set_aside", update=arrival.update)
        return Answer(not_recorded(Voice(arrival.incoming.language or self._language)))

    async def _with_content(self, arrival: Arrival) -> Incoming:
        incoming, body = arrival.incoming, arrival.incoming.body
        if not isinstance(body, File) or body.size > body.size_limit:
            return incoming
        try:
            file = await self._call("getFile", self._bot.get_file(arrival.file), is_repeatable=True)
        except FileTooBigError:
            return incoming
        content = bytes(await self._call("download", file.download_as_bytearray(), is_repeatable=True))
        whole = dataclasses.replace(body, size=len(content), content=content)
        return dataclasses.replace(incoming, body=whole)

    async def _answer(self, arrival: Arrival, answer: Answer) -> None:
        if isinstance(arrival.incoming.body, Left):
            return
        chat, notice, ref = arrival.incoming.chat, answer.notice, None
        if arrival.query:
            is_shown = await self._persist(partial(self._toast, arrival.query, notice))
            notice = "" if is_shown else notice
        if answer.replaces and arrival.message is not None:
            ref = Ref((arrival.message,)).dump()
        if notice:
            await self._persist(partial(self.show, chat, None, Card((Line(notice),))))
        if answer.card is not None:
            await self._persist(partial(self.show, chat, ref, answer.card))

    async def _toast(self, query_id: str, notice: str) -> bool:
        """Answer a tap, and give whether all of the notice was shown."""
        whole = clean(notice)
        shown = cut(whole, CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)
        answering = self._bot.answer_callback_query(query_id, text=shown or None)
        try:
            await self._call("answerCallbackQuery", answering, is_repeatable=True)
        except TooLateError:
            return not whole
        return shown == whole

    async def _persist(self, show: Callable[[], Awaitable[T]]) -> T | None:
        """Show an answer, trying again for a while as nobody else will; gives None where it can't be."""
        for attempt in itertools.count(1):
            try:
                return await show()
            except ChatGoneError:
                return None
            except DeliveryError as error:
                pause = error.retry_after.total_seconds() if error.retry_after else backoff(attempt)
                if attempt == _TRIES or pause > LONGEST_PAUSE or isinstance(error, NotTakenError):
                    _log.error("telegram_answer_lost", reason=str(error))
                    return None
            await self._sleep(pause)
        return None

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call until it succeeds, telling the operator what is wrong."""
        for failures in itertools.count(1):
            try:
                return await call()
            except Exception as error:  # noqa: BLE001  # without updates there is nothing else to do
                pause = explain(error, failures, self._token)
            await self._sleep(pause)
        raise AssertionError

    # Out

    async def show(self, chat: str, ref: MessageRef | None, card: Card) -> MessageRef:
        """As `Platform.show`: a text that is too long is several messages, attachments follow as files.

        Files that stand at `ref` already are not sent again; a message that is gone is sent anew. Where a
        part can't be sent, the new ones before it are taken back.
        """
        old, parts = Ref.parse(ref), lay_out(card)
        sent: list[int] = []
        try:
            try:
                messages = await self._show_parts(chat, old.messages, parts, sent)
            except MessageGoneError:
                await self._erase(chat, [*old.messages, *sent])
                sent.clear()
                messages = await self._show_parts(chat, (), parts, sent)
            files = await self._show_files(chat, old.files, card.attachments, sent)
        except DeliveryError:
            await self._erase(chat, sent)
            raise
        return Ref(messages, files).dump()

    async def _show_parts(
        self, chat: str, old: Sequence[int], parts: Sequence[Part], sent: list[int]
    ) -> tuple[int, ...]:
        for message_id, part in zip(old, parts, strict=False):
            await self._edit(chat, message_id, part)
        for part in parts[len(old) :]:
            sent.append(await self._send(chat, part))  # noqa: PERF401  # noted at once: the next may fail
        await self._erase(chat, old[len(parts) :])
        return (*old[: len(parts)], *sent)

    async def _send(self, chat: str, part: Part) -> int:
        sending = self._bot.send_message(
            chat,
            part.html,
            parse_mode=ParseMode.HTML,
            reply_markup=part.keyboard,
            link_preview_options=_NO_PREVIEW,
        )
        return (await self._call("sendMessage", sending)).message_id

    async def _edit(self, chat: str, message_id: int, part: Part) -> None:
        editing = self._bot.edit_message_text(
            part.html,
            chat,
            message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=part.keyboard,
            link_preview_options=_NO_PREVIEW,
        )
        try:
            await self._call("editMessageText", editing, is_repeatable=True)
        except UnchangedError:
            return

    async def _show_files(
        self, chat: str, old: dict[str, int], attachments: Sequence[Attachment], sent: list[int]
    ) -> dict[str, int]:
        files: dict[str, int] = {}
        for digest, attachment in {digest_of(attachment): attachment for attachment in attachments}.items():
            if digest not in old:
                sending = self._bot.send_document(
                    chat,
                    attachment.content,
                    filename=file_name(attachment),
                    disable_content_type_detection=True,
                )
                sent.append((await self._call("sendDocument", sending)).message_id)
            files[digest] = old[digest] if digest in old else sent[-1]
        await self._erase(chat, [old[digest] for digest in old.keys() - files.keys()])
        return files

    async def _erase(self, chat: str, messages: Iterable[int]) -> None:
        """Delete messages, or empty those that are too old for it; what can be neither is left."""
        for message_id in messages:
            deleting = self._bot.delete_message(chat, message_id)
            try:
                try:
                    await self._call("deleteMessage", deleting, is_repeatable=True)
                except MessageGoneError:
                    await self._edit(chat, message_id, Part(NOTHING, None))
            except (MessageGoneError, DeliveryError, ChatGoneError):
                _log.info("telegram_message_left", message=message_id)

    async def _call(self, method: str, call: Awaitable[T], *, is_repeatable: bool = False) -> T:
        """Carry a call out; raises as `meaning_of` says."""
        try:
            return await call
        except TelegramError as error:
            raise meaning_of(error, method, self._token, is_repeatable=is_repeatable) from error


class _Bot(Bot):
    """The library's bot, and updates as they come: one of an unknown form must not spoil all others."""

    async def get_raw_updates(self, offset: int | None, seconds: int) -> list[Raw]:
        asked = {
            "offset": offset,
            "limit": PollingLimit.MAX_LIMIT,
            "timeout": seconds,
            "allowed_updates": list(_ASKED_FOR),
        }
        spare = self.request.read_timeout or 0
        updates: list[Raw] = await self._post("getUpdates", asked, read_timeout=seconds + spare)
        return updates


def _is_being_cancelled(error: BaseException) -> bool:
    """Whether it is this very task that is stopped, and not just something that it waited for."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0
