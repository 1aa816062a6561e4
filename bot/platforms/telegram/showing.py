"""Cards as messages of a chat: sent, edited in place, taken away."""

from collections.abc import Awaitable, Iterable, Sequence

import structlog

from bot.platforms.base import Attachment, Card, ChatGoneError, DeliveryError, Handout, MessageRef
from bot.platforms.telegram.api import BotApi
from bot.platforms.telegram.errors import MessageGoneError, UnchangedError
from bot.platforms.telegram.files import Files
from bot.platforms.telegram.layout import (
    NOTHING,
    Keyboard,
    Part,
    Ref,
    digest_of,
    lay_out,
    lay_out_notice,
)

_NO_PREVIEW = {"is_disabled": True}

_log = structlog.get_logger()


class Screens:
    """What the bot's chats show."""

    def __init__(self, api: BotApi, files: Files) -> None:
        self._api = api
        self._files = files

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

    async def tell(self, chat: str, notice: str) -> None:
        """Show a notice, which is never changed; a button for sharing one's number goes away with it."""
        for part in lay_out_notice(notice):
            await self._send(chat, part)

    async def pin(self, chat: str, ref: MessageRef | None, former: MessageRef | None) -> None:
        """As `WithGroups.pin`: of a card of several messages the first, where it begins."""
        new, old = Ref.parse(ref).messages[:1], Ref.parse(former).messages[:1]
        for message_id in new:
            pinning = self._api.bot.pin_chat_message(chat, message_id, disable_notification=True)
            await self._pinned("pinChatMessage", pinning)
        for message_id in old:
            if message_id not in new:
                await self._pinned("unpinChatMessage", self._api.bot.unpin_chat_message(chat, message_id))

    async def _pinned(self, method: str, call: Awaitable[bool]) -> None:
        try:
            await self._api.call(method, call, is_repeatable=True)
        except (UnchangedError, MessageGoneError):
            return  # it is so already, or there is nothing left to be so

    async def leave(self, chat: str) -> None:
        """As `WithGroups.leave`."""
        try:
            await self._api.call("leaveChat", self._api.bot.leave_chat(chat), is_repeatable=True)
        except ChatGoneError:
            return

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
        sending = self._api.bot.raw("sendMessage", {"chat_id": chat, **_text_of(part, part.keyboard)})
        sent: int = (await self._api.call("sendMessage", sending))["message_id"]
        return sent

    async def _edit(self, chat: str, message_id: int, part: Part) -> None:
        # Only these can be changed under a message; others belong to the chat.
        keyboard = part.keyboard if part.keyboard and "inline_keyboard" in part.keyboard else None
        place = {"chat_id": chat, "message_id": message_id}
        editing = self._api.bot.raw("editMessageText", {**place, **_text_of(part, keyboard)})
        try:
            await self._api.call("editMessageText", editing, is_repeatable=True)
        except UnchangedError:
            return

    async def _show_files(
        self, chat: str, old: dict[str, int], attachments: Sequence[Attachment | Handout], sent: list[int]
    ) -> dict[str, int]:
        files: dict[str, int] = {}
        for digest, attachment in {digest_of(attachment): attachment for attachment in attachments}.items():
            if digest in old:
                files[digest] = old[digest]
            elif (message := await self._files.send(chat, attachment)) is not None:
                sent.append(message)
                files[digest] = message
        await self._erase(chat, [old[digest] for digest in old.keys() - files.keys()])
        return files

    async def _erase(self, chat: str, messages: Iterable[int]) -> None:
        """Delete messages, or empty those that are too old for it; what can be neither is left."""
        for message_id in messages:
            deleting = self._api.bot.delete_message(chat, message_id)
            try:
                try:
                    await self._api.call("deleteMessage", deleting, is_repeatable=True)
                except MessageGoneError:
                    await self._edit(chat, message_id, Part(NOTHING, None))
            except (MessageGoneError, DeliveryError, ChatGoneError):
                _log.info("telegram_message_left", message=message_id)


def _text_of(part: Part, keyboard: Keyboard | None) -> dict[str, object]:
    text: dict[str, object] = {"text": part.html, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW}
    return text if keyboard is None else {**text, "reply_markup": keyboard}
