"""Showing something in a chat, and answering a tap."""

import re
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.bot_api.groups import Group
from tests.fakes.bot_api.keyboards import keyboard_of, reply_keyboard_of
from tests.fakes.bot_api.methods import method, with_more
from tests.fakes.bot_api.people import Message, Person
from tests.fakes.bot_api.protocol import BIGGEST_UPLOAD, NOT_MODIFIED, TOO_OLD, Json, RefusedError, bad
from tests.fakes.bot_api.text import formatted, message_text, utf16

if TYPE_CHECKING:
    from tests.fakes.bot_api.server import FakeBotApi

_LONGEST_CAPTION = 1024
_LONGEST_TOAST = 200

_SEND_OPTIONS = {
    "string": "business_connection_id parse_mode message_effect_id",
    "integer": "message_thread_id direct_messages_topic_id",
    "boolean": "disable_notification protect_content allow_paid_broadcast",
    "object": "suggested_post_parameters reply_parameters reply_markup",
}
_EDIT_OPTIONS = {
    "chat": "chat_id",
    "integer": "message_id",
    "string": "business_connection_id inline_message_id",
    "object": "reply_markup",
}


@method("sendMessage", "chat_id:chat text:string", **with_more(_SEND_OPTIONS, object="link_preview_options"))
async def send_message(
    fake: "FakeBotApi",
    chat_id: str,
    text: str,
    parse_mode: str | None = None,
    reply_markup: Json | None = None,
    **_options: object,
) -> Json:
    chat = reach_to_send(fake, chat_id)
    shown, entities = message_text(text, parse_mode)
    keyboard = keyboard_of(reply_markup)
    own_keyboard = reply_keyboard_of(reply_markup, is_private=isinstance(chat, Person))
    fake.spend(chat.id)
    message = Message(
        fake.new_id(), chat.id, is_from_bot=True, text=shown, entities=entities, keyboard=keyboard
    )
    if own_keyboard is not None:
        message.is_fixed = True
        if isinstance(chat, Person):
            chat.reply_keyboard = own_keyboard
    return fake.message_as_json(fake.add_message(message))


@method(
    "sendDocument",
    "chat_id:chat document:file",
    **with_more(_SEND_OPTIONS, string="caption", boolean="disable_content_type_detection"),
)
async def send_document(
    fake: "FakeBotApi",
    chat_id: str,
    document: web.FileField | str,
    caption: str | None = None,
    parse_mode: str | None = None,
    reply_markup: Json | None = None,
    **_options: object,
) -> Json:
    chat = reach_to_send(fake, chat_id)
    content = b"" if isinstance(document, str) else _uploaded(document)
    if isinstance(document, str) and document not in fake.files:
        raise bad("wrong file identifier/HTTP URL specified")
    text, entities = formatted(caption or "", parse_mode, _LONGEST_CAPTION)
    keyboard = keyboard_of(reply_markup)
    fake.spend(chat.id)
    if isinstance(document, str):
        stored = fake.files[document]
    else:
        stored = fake.add_file(document.filename, content, media_type=document.content_type)
    message = Message(fake.new_id(), chat.id, is_from_bot=True, text=text, entities=entities)
    message.keyboard, message.document = keyboard, stored
    return fake.message_as_json(fake.add_message(message))


def _uploaded(document: web.FileField) -> bytes:
    content = document.file.read()
    if not content:
        raise bad("file must be non-empty")
    if len(content) > BIGGEST_UPLOAD:
        raise RefusedError(413, "Request Entity Too Large")
    return content


@method(
    "editMessageText", **with_more(_EDIT_OPTIONS, string="text parse_mode", object="link_preview_options")
)
async def edit_message_text(
    fake: "FakeBotApi",
    chat_id: str = "",
    message_id: int = 0,
    text: str = "",
    parse_mode: str | None = None,
    reply_markup: Json | None = None,
    **_options: object,
) -> Json:
    message = own_message(fake, chat_id, message_id)
    if message.document:
        raise bad("there is no text in the message to edit")
    if message.is_fixed:
        raise bad("message can't be edited")
    shown, entities = message_text(text, parse_mode)
    keyboard = keyboard_of(reply_markup, is_edit=True)
    if (shown, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad(NOT_MODIFIED.removeprefix("Bad Request: "))
    fake.spend(message.chat_id)
    message.text, message.entities, message.keyboard = shown, entities, keyboard
    return fake.message_as_json(message)


@method("editMessageReplyMarkup", **_EDIT_OPTIONS)
async def edit_message_reply_markup(
    fake: "FakeBotApi",
    chat_id: str = "",
    message_id: int = 0,
    reply_markup: Json | None = None,
    **_options: object,
) -> Json:
    message = own_message(fake, chat_id, message_id)
    keyboard = keyboard_of(reply_markup, is_edit=True)
    if keyboard == message.keyboard:
        raise bad(NOT_MODIFIED.removeprefix("Bad Request: "))
    fake.spend(message.chat_id)
    message.keyboard = keyboard
    return fake.message_as_json(message)


@method("deleteMessage", "chat_id:chat message_id:integer")
async def delete_message(fake: "FakeBotApi", chat_id: str, message_id: int) -> bool:
    chat = reach(fake, chat_id)
    message = fake.messages.get(message_id)
    if message is None or message.is_deleted or message.chat_id != chat.id:
        raise bad("message to delete not found")
    if message.is_old:
        raise bad("message can't be deleted for everyone")
    message.is_deleted = True
    return True


@method(
    "answerCallbackQuery",
    "callback_query_id:string",
    string="text url",
    boolean="show_alert",
    integer="cache_time",
)
async def answer_callback_query(
    fake: "FakeBotApi", callback_query_id: str, text: str = "", url: str = "", **_options: object
) -> bool:
    if callback_query_id not in fake.open_queries:
        raise bad(TOO_OLD.removeprefix("Bad Request: "))
    if utf16(text) > _LONGEST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    if url:
        if not re.fullmatch(rf"https://t\.me/{fake.bot['username']}\?start=[A-Za-z0-9_-]{{1,64}}", url):
            raise bad("URL_INVALID")
        fake.opened[callback_query_id] = url
    fake.open_queries.discard(callback_query_id)
    fake.toasts[callback_query_id] = text
    return True


@method("sendChatAction", "chat_id:chat action:string", integer="message_thread_id")
async def send_chat_action(fake: "FakeBotApi", chat_id: str, action: str, **_options: object) -> bool:
    reach(fake, chat_id)
    if action not in {"typing", "upload_document", "upload_photo"}:
        raise bad("wrong parameter action in request")
    return True


# What every showing method checks


def reach(fake: "FakeBotApi", chat_id: str) -> Person | Group:
    group = fake.groups.get(int(chat_id)) if re.fullmatch(r"-[0-9]{1,15}", chat_id) else None
    if group is not None:
        group.check_reachable()
        return group
    person = fake.people.get(int(chat_id)) if re.fullmatch(r"[0-9]{1,15}", chat_id) else None
    if person is None:
        raise bad("chat not found")
    if person.is_deactivated:
        raise RefusedError(403, "Forbidden: user is deactivated")
    if not person.has_written:
        raise RefusedError(403, "Forbidden: bot can't initiate conversation with a user")
    if person.has_blocked:
        raise RefusedError(403, "Forbidden: bot was blocked by the user")
    return person


def reach_to_send(fake: "FakeBotApi", chat_id: str) -> Person | Group:
    chat = reach(fake, chat_id)
    if isinstance(chat, Group):
        chat.check_sending()
    return chat


def own_message(fake: "FakeBotApi", chat_id: str, message_id: int) -> Message:
    chat = reach(fake, chat_id)
    message = fake.messages.get(message_id)
    if message is None or message.is_deleted or message.chat_id != chat.id:
        raise bad("message to edit not found")
    if not message.is_from_bot:
        raise bad("message can't be edited")
    return message
