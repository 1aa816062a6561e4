"""How the server reads texts: sizes in UTF-16 units, HTML with its refusals."""

import re
from html import unescape

from tests.fakes.bot_api.protocol import Json, bad

LONGEST_TEXT = 4096
_LONGEST_RAW_TEXT = 1 << 15


def utf16(text: str) -> int:
    """The length in the units that Telegram counts in."""
    return len(text.encode("utf-16-le")) // 2


_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[^\s>/]*)(?P<attributes>[^>]*)>")
# The only named ones; any other is left as it stands.
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Give the plain text and the entities of Telegram's HTML; refuses as the server does."""
    text = ""
    entities: list[Json] = []
    is_open: list[tuple[str, int, str]] = []
    at = 0
    while at < len(source):
        if source[at] != "<":
            end = source.find("<", at)
            end = len(source) if end < 0 else end
            text += _REFERENCE.sub(lambda found: unescape(found[0]), source[at:end])
            at = end
            continue
        offset = len(source[:at].encode())
        tag = _TAG.match(source, at)
        if tag is None:
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {offset}")
        name = tag["name"].lower()
        if tag["end"]:
            if not is_open:
                raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
            started, start, attributes = is_open.pop()
            if name not in {"", started}:
                raise bad(
                    f"can't parse entities: Unmatched end tag at byte offset {offset},"
                    f' expected "</{started}>", found "</{name}>"'
                )
            if utf16(text) > start:
                entities.append(_entity(started, start, utf16(text) - start, attributes))
        elif name not in _TAGS or (name == "span" and "tg-spoiler" not in tag["attributes"]):
            raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
        else:
            is_open.append((name, utf16(text), tag["attributes"]))
        at = tag.end()
    if is_open:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{is_open[-1][0]}\"")
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _entity(tag: str, offset: int, length: int, attributes: str) -> Json:
    entity: Json = {"type": _TAGS[tag], "offset": offset, "length": length}
    address = re.search(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""", attributes)
    if tag == "a" and address:
        entity["url"] = unescape(next(group for group in address.groups() if group is not None))
    return entity


def _clean(text: str) -> str:
    """As the server stores it: no carriage returns, other control characters as spaces."""
    return re.sub(r"[\x00-\x09\x0b-\x1f]", " ", text.replace("\r", ""))


# What stands for nothing on a screen, so that a text of these alone is refused as empty.
INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202e\u205f-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]*"
)


def formatted(source: str, parse_mode: str | None, limit: int) -> tuple[str, list[Json]]:
    try:
        source.encode()
    except UnicodeEncodeError:
        raise bad("strings must be encoded in UTF-8") from None
    if len(source.encode()) > _LONGEST_RAW_TEXT:
        raise bad("text is too long")
    if parse_mode not in {None, "", "HTML", "html"}:
        raise bad(f"unsupported parse_mode {parse_mode}")
    text, entities = parse_html(source) if parse_mode else (source, [])
    text = _clean(text)
    shown = text.strip()
    cut = utf16(text[: len(text) - len(text.lstrip())])
    for entity in entities:
        end = min(entity["offset"] + entity["length"] - cut, utf16(shown))
        entity["offset"] = max(entity["offset"] - cut, 0)
        entity["length"] = end - entity["offset"]
    if utf16(shown) > limit:
        raise bad("message is too long" if limit == LONGEST_TEXT else "message caption is too long")
    return shown, [entity for entity in entities if entity["length"] > 0]


def message_text(source: str | None, parse_mode: str | None) -> tuple[str, list[Json]]:
    if not source:
        raise bad("message text is empty")
    text, entities = formatted(source, parse_mode, LONGEST_TEXT)
    if INVISIBLE.fullmatch(text):
        raise bad("text must be non-empty")
    return text, entities
