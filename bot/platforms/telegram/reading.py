"""What an update says that a person did, read as it came: the library's objects cost most of the time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram.constants import ChatMemberStatus, ChatType, FileSizeLimit, MessageAttachmentType

from bot.actions import Action, SetLanguage, ShowHelp, encode
from bot.addresses import PLAIN_START
from bot.platforms.base import Body, Contact, File, Incoming, Joined, Left, MessageRef, Tap, Text
from bot.platforms.telegram.groups import GROUPS, change_in_group, group_message, left_chat_of
from bot.platforms.telegram.layout import Ref
from bot.wording.catalogue import LANGUAGES

Raw = Mapping[str, Any]
"""An object of the Bot API as it came."""

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL)
_COMMANDS: dict[str, Action] = {
    "help": ShowHelp(),
    "tro_giup": ShowHelp(),
    **{language: SetLanguage(language) for language in LANGUAGES},
}
_MEDIA = frozenset(MessageAttachmentType)
_GONE = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that a person did, a file still without its content, and what it is answered by.

    `query` is the tap that waits for its toast, `message` the message under it if it can still be edited,
    `file` what a file is fetched by.
    """

    update: int
    incoming: Incoming
    query: str = ""
    message: int | None = None
    file: str = ""

    @property
    def lane(self) -> str:
        """What it keeps its place in order with: a chat, but a tap in a group waits for nobody else's."""
        return self.incoming.sender if self.query else self.incoming.chat


def read(update: Raw, platform: str, username: str = "") -> Arrival | None:
    """Give what a person did; None for what is no business of the bot, whose name in groups is `username`.

    Raises ValueError, KeyError, TypeError or AttributeError where the update has no known form.
    """
    match update:
        case {"callback_query": {"message": shown} as query}:
            return _tap(update, query, shown, platform)
        case {"message": {"chat": {"type": kind}} as message} if kind in GROUPS:
            place = {**message, "chat": left_chat_of(message)}
            incoming, file = (
                _incoming(update, place, group_message(message, username, _COMMANDS), platform),
                "",
            )
        case {"message": message}:
            incoming, file = _incoming(update, message, _message(message), platform), _file_id(message)
        case {"my_chat_member": {"chat": {"type": kind}} as change} if kind in GROUPS:
            incoming, file = _incoming(update, change, change_in_group(change), platform), ""
        case {"my_chat_member": change}:
            body = Left() if change["new_chat_member"]["status"] in _GONE else None
            incoming, file = _incoming(update, change, body, platform), ""
        case _:
            return None
    return None if incoming is None else Arrival(update["update_id"], incoming, file=file)


def _tap(update: Raw, query: Raw, shown: Raw, platform: str) -> Arrival | None:
    body = None if query.get("data") is None else Tap(_string(query["data"]))
    message_id: int = shown["message_id"]
    place = {"chat": shown["chat"], "from": query["from"]}
    incoming = _incoming(update, place, body, platform, Ref((message_id,)).dump())
    if incoming is None:
        return None
    # What can't be edited any more has no date.
    message = message_id if shown.get("date") else None
    return Arrival(update["update_id"], incoming, _string(query["id"]), message)


def _incoming(
    update: Raw, place: Raw, body: Body | None, platform: str, shown_at: MessageRef | None = None
) -> Incoming | None:
    chat, user = place["chat"], place.get("from")
    is_group = chat["type"] in GROUPS
    if body is None or user is None or not (is_group or chat["type"] == ChatType.PRIVATE):
        return None
    # Who speaks in the name of a chat is hidden behind an account of Telegram's own, which is a bot.
    is_anonymous = is_group and bool(place.get("sender_chat") or user.get("is_bot"))
    return Incoming(
        platform=platform,
        chat=str(int(chat["id"])),
        sender=str(int(user["id"])),
        event_id=str(update["update_id"]),
        body=body,
        display_name=" ".join(filter(None, (_string(user["first_name"]), user.get("last_name")))),
        language=_language_of(user),
        shown_at=shown_at,
        is_group=is_group,
        chat_title=_string(chat.get("title") or "") if is_group else "",
        is_anonymous=is_anonymous,
    )


def _message(message: Raw) -> Body | None:
    """Documents and photos are Files, numbers Contacts, other media captions, service messages nothing."""
    match message:
        case {"document": document}:
            return _file(document.get("file_name") or "", document.get("file_size"))
        case {"photo": [*_, biggest]}:
            return _file("photo.jpg", biggest.get("file_size"))
        case {"contact": contact, "from": {"id": sender}}:
            # Of a forwarded or looked-up contact the number is whose it is, not the sender's.
            is_own = contact.get("user_id") == sender and "forward_origin" not in message
            return Contact(_string(contact["phone_number"]), is_own)
        case {"text": text}:
            return _typed(_string(text))
        case _:
            return None if _MEDIA.isdisjoint(message) else Text(_string(message.get("caption") or ""))


def _typed(text: str) -> Body:
    command = _COMMAND.fullmatch(text)
    name = command["name"].lower() if command else ""
    if command and name == "start":
        code = (command["rest"] or "").strip()
        return Joined("" if code == PLAIN_START else code)
    return Tap(encode(_COMMANDS[name])) if name in _COMMANDS else Text(text)


def _file(name: str, size: int | None) -> File:
    return File(_string(name), int(size or 0), None, FileSizeLimit.FILESIZE_DOWNLOAD)


def _file_id(message: Raw) -> str:
    match message:
        case {"document": {"file_id": file_id}} | {"photo": [*_, {"file_id": file_id}]}:
            return _string(file_id)
        case _:
            return ""


def _language_of(user: Raw) -> str | None:
    language = _string(user.get("language_code") or "").partition("-")[0].lower()
    return language if language in LANGUAGES else None


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a string expected, not {type(value).__name__}")
    return value
