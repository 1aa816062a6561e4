"""What an update says that a person did."""

import re

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatType, FileSizeLimit

from bot.actions import Action, SetLanguage, ShowHelp, encode
from bot.platforms.base import Body, File, Incoming, Joined, Left, MessageRef, Tap, Text
from bot.platforms.telegram.layout import Ref
from bot.wording.catalogue import LANGUAGES

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL)
_COMMANDS: dict[str, Action] = {
    "help": ShowHelp(),
    "tro_giup": ShowHelp(),
    **{language: SetLanguage(language) for language in LANGUAGES},
}


def read(update: Update, platform: str) -> Incoming | None:
    """Give what a person did, a file still without its content; None for what is no business of the bot."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None or user is None or chat.type != ChatType.PRIVATE:
        return None
    body = _body(update)
    if body is None:
        return None
    return Incoming(
        platform=platform,
        chat=str(chat.id),
        sender=str(user.id),
        event_id=str(update.update_id),
        body=body,
        display_name=user.full_name,
        language=_language_of(user),
        shown_at=_shown_at(update.callback_query),
    )


def _body(update: Update) -> Body | None:
    if update.callback_query is not None:
        return _tap(update.callback_query)
    if update.message is not None:
        return _message(update.message)
    return None if update.my_chat_member is None else _membership(update.my_chat_member)


def _message(message: Message) -> Body | None:
    """A document or a photo is a File, other media count as their caption, service messages as nothing."""
    if message.document is not None:
        return _file(message.document.file_name or "", message.document.file_size)
    if message.photo:
        return _file("photo.jpg", message.photo[-1].file_size)
    if message.text is None:
        return None if message.effective_attachment is None else Text(message.caption or "")
    command = _COMMAND.fullmatch(message.text)
    name = command["name"].lower() if command else ""
    if command and name == "start":
        return Joined((command["rest"] or "").strip())
    return Tap(encode(_COMMANDS[name])) if name in _COMMANDS else Text(message.text)


def _file(name: str, size: int | None) -> File:
    return File(name, size or 0, None, FileSizeLimit.FILESIZE_DOWNLOAD)


def _tap(query: CallbackQuery) -> Body | None:
    return None if query.data is None else Tap(query.data)


def _shown_at(query: CallbackQuery | None) -> MessageRef | None:
    if query is None or query.message is None:
        return None
    return Ref((query.message.message_id,)).dump()


def _membership(change: ChatMemberUpdated) -> Body | None:
    return Left() if change.new_chat_member.status in {ChatMember.BANNED, ChatMember.LEFT} else None


def _language_of(user: User) -> str | None:
    language = (user.language_code or "").partition("-")[0].lower()
    return language if language in LANGUAGES else None
