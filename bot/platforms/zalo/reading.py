"""What an update says that somebody did."""

import hashlib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from bot.platforms.base import Incoming, Text
from bot.platforms.zalo.client import Raw

_LONGEST_ID = 128


class Sent(StrEnum):
    """What kind of message it was; an `UNSUPPORTED` one is kept from bots, whatever it held."""

    TEXT = "text"
    IMAGE = "image"
    STICKER = "sticker"
    VOICE = "voice"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that a person did: `incoming` holds the text, or an image's caption, else an empty one.

    In a group the name by which the bot was called is taken off.
    """

    incoming: Incoming
    sent: Sent = Sent.TEXT


_FIELDS = {
    "photo": Sent.IMAGE,
    "photo_url": Sent.IMAGE,
    "sticker": Sent.STICKER,
    "voice_url": Sent.VOICE,
    "text": Sent.TEXT,
}


def read(update: object, platform: str, display_name: str = "") -> Arrival | None:
    """Give what a person did; None for what is no business of the bot, called `display_name` in groups.

    Both forms are taken: the update itself, and the one in an envelope with `ok` and `result`. Raises
    ValueError, KeyError or TypeError where a message has no known form.
    """
    match update:
        case {"result": dict(inner)}:
            update = inner
    match update:
        case {"message": dict(message), **others}:
            return _message(message, str(others.get("event_name") or ""), platform, display_name)
        case _:
            return None


def _message(message: Raw, event: str, platform: str, display_name: str) -> Arrival | None:
    sender, chat = message["from"], message["chat"]
    if sender.get("is_bot"):
        return None
    is_group = _string(chat["chat_type"]).upper() == "GROUP"
    sent = _kind(message, event)
    text = _string(message.get("caption" if sent is Sent.IMAGE else "text") or "")
    place = _id(chat["id"])
    incoming = Incoming(
        platform=platform,
        chat=place,
        sender=_id(sender["id"]),
        event_id=_mark(place, _id(message["message_id"])),
        body=Text(_uncalled(text, display_name) if is_group else text),
        display_name=_string(sender.get("display_name") or ""),
        is_group=is_group,
    )
    return Arrival(incoming, sent)


def _kind(message: Raw, event: str) -> Sent:
    """Tell by what the message holds, else by the event's name."""
    found = next((kind for name, kind in _FIELDS.items() if message.get(name)), None)
    if found is not None:
        return found
    named = event.removeprefix("message.").removesuffix(".received")
    return Sent(named) if named in list(Sent) else Sent.UNSUPPORTED


def _uncalled(text: str, display_name: str) -> str:
    """Give a text without the name that it begins with where the bot was called."""
    stripped = text.lstrip()
    called = f"@{display_name}"
    for form in ("NFC", "NFD"):
        prefix = unicodedata.normalize(form, called)
        if display_name and stripped[: len(prefix)].casefold() == prefix.casefold():
            rest = stripped[len(prefix) :]
            if not rest or not rest[0].isalnum():
                return rest.lstrip(" \u00a0\t\r\n,:")
    return text


def _mark(chat: str, message: str) -> str:
    """Give a message's mark: nothing is said of how long its id is, or whether it is so in one chat alone."""
    return hashlib.sha256(f"{chat}\n{message}".encode()).hexdigest()[:32]


def _id(value: object) -> str:
    text = str(value) if type(value) is int else _string(value)
    if not 0 < len(text) <= _LONGEST_ID:
        raise ValueError(f"an id of {len(text)} characters")
    return text


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a string expected, not {type(value).__name__}")
    return value
