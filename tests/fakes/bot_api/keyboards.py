"""Which keyboards the server takes."""

import json
import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from tests.fakes.bot_api.protocol import Json, bad
from tests.fakes.bot_api.text import INVISIBLE

_LONGEST_DATA = 64
_BUTTONS_IN_ROW = 8
_BUTTONS = 100
_BIGGEST_MARKUP = 10_000


def keyboard_of(markup: Json | None, *, is_edit: bool = False) -> list[list[Json]]:
    if not markup or (not is_edit and markup.keys() & {"keyboard", "remove_keyboard"}):
        return []
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("object expected as reply markup with an array of arrays as inline_keyboard")
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _check_button(button)
    if len(buttons) > _BUTTONS or len(json.dumps(markup, ensure_ascii=False).encode()) > _BIGGEST_MARKUP:
        raise bad("REPLY_MARKUP_TOO_LONG")
    if any(len(row) > _BUTTONS_IN_ROW for row in rows):
        raise bad("REPLY_MARKUP_INVALID")
    return [row for row in rows if row]


def reply_keyboard_of(markup: Json | None, *, is_private: bool) -> list[list[Json]] | None:
    """The keyboard that takes the place of the phone's own; [] takes it away, None leaves it as it is."""
    match markup or {}:
        case {"remove_keyboard": True}:
            return []
        case {"keyboard": [[*_], *_] as rows}:
            buttons = [button for row in rows for button in row]
        case _:
            return None
    for button in buttons:
        if not isinstance(button, dict) or not isinstance(button.get("text"), str):
            raise bad('can\'t parse keyboard button: Field "text" must be of type String')
        if INVISIBLE.fullmatch(button["text"]):
            raise bad("keyboard button text must be non-empty")
        if button.get("request_contact") and not is_private:
            raise bad("phone number can be requested in private chats only")
    return [row for row in rows if row]


def _check_button(button: object) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    if INVISIBLE.fullmatch(button["text"]):
        raise bad("inline keyboard button text must be non-empty")
    kinds = button.keys() - {"text", "style", "icon_custom_emoji_id"}
    if kinds == {"callback_data"}:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= _LONGEST_DATA:
            raise bad("BUTTON_DATA_INVALID")
    elif kinds == {"url"}:
        _check_url(button["url"])
    else:
        raise bad("text buttons are unallowed in the inline keyboard")


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "tg"}:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    host = parts.hostname or ""
    if "." not in host or re.search(r"\s", url):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    try:
        is_far = ip_address(host).is_global
    except ValueError:
        is_far = True
    if not is_far:
        raise bad("BUTTON_URL_INVALID")
