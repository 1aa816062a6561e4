"""What a card looks like: messages of HTML with inline buttons, cut to the sizes that Telegram takes."""

import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Self
from urllib.parse import urlsplit

from telegram.constants import InlineKeyboardMarkupLimit, MessageLimit

from bot.actions import encode
from bot.platforms.base import Attachment, Bar, Card, Do, Handout, Line, Mark, MessageRef, Open, ShareContact
from bot.texts import chop, clean, cut, is_visible, units

NOTHING = "…"
"""Stands where Telegram demands a text and there is none."""
_BAR_WIDTH = 12
_LONGEST_LABEL = 64
_LONGEST_URL = 500
_MARKUP_BYTES = 8_000
_LOCAL_NAMES = frozenset({"home", "internal", "lan", "local", "localdomain", "localhost", "invalid", "test"})
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?P<last>[a-z](?:[a-z0-9-]*[a-z0-9])?)")
# The semicolon is for servers that cut headers at it, quoted or not.
_UNFIT_FOR_FILES = re.compile(r'[\\/:*?"<>|;\n]')

_MARKS = {Mark.PLAIN: "{}", Mark.STRONG: "<b>{}</b>", Mark.SOFT: "<i>{}</i>"}


Button = dict[str, str]
Keyboard = dict[str, Any]
"""Of buttons under a message, or of the chat, as the Bot API has them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message."""

    html: str
    keyboard: Keyboard | None


@dataclass(frozen=True, slots=True)
class Ref:
    """The messages that show a card: its texts in order, its files by digest."""

    messages: tuple[int, ...] = ()
    files: dict[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, ref: MessageRef | None) -> Self:
        """Read what `dump` gave; None is a card that was never shown."""
        if ref is None:
            return cls()
        stored = json.loads(ref)
        return cls(tuple(stored["messages"]), stored.get("files", {}))

    def dump(self) -> MessageRef:
        """Give the form that is kept in the database."""
        return json.dumps({"messages": self.messages, **({"files": self.files} if self.files else {})})


def lay_out(card: Card) -> list[Part]:
    """Give the messages that show a card's text and choices; the buttons stand under the last.

    None where the card is attachments only. Addresses that a phone can't open from a button become lines.
    """
    pages = [page for page in _pages(_lines(card)) if any(is_visible(line.text) for line in page)]
    keyboards = list(_keyboards(card))
    shares = [one.label for row in card.choices for one in row if isinstance(one, ShareContact)]
    sharing = _label(shares[0]) if shares else None
    texts = ["\n".join(_marked(line) for line in page) for page in pages]
    if not texts and (keyboards or shares or not card.attachments):
        texts = [NOTHING]
    parts = [Part(text, None) for text in texts[:-1]]
    if texts:
        parts.append(Part(texts[-1], keyboards[0] if keyboards else None))
    parts += [Part(NOTHING, keyboard) for keyboard in keyboards[1:]]
    return parts if sharing is None else _with_sharing(parts, sharing)


def lay_out_notice(text: str) -> list[Part]:
    """Give the messages of a notice, with which a button for sharing one's number goes away."""
    parts = lay_out(Card((Line(text),)))
    return [*parts[:-1], Part(parts[-1].html, {"remove_keyboard": True})]


def _with_sharing(parts: list[Part], label: str) -> list[Part]:
    """Add the keyboard that shares one's number: a message carries one, so beside another it has its own."""
    share = {"text": label, "request_contact": True}
    keyboard: Keyboard = {"keyboard": [[share]], "resize_keyboard": True, "one_time_keyboard": True}
    if parts[-1].keyboard is None:
        return [*parts[:-1], Part(parts[-1].html, keyboard)]
    return [*parts, Part(_marked(Line(label)), keyboard)]


def _lines(card: Card) -> Iterator[Line]:
    for line in card.lines:
        match line:
            case Line(text, mark):
                yield from (Line(row, mark) for row in clean(text).split("\n"))
            case Bar(caption, count, base):
                yield Line(clean(caption).replace("\n", " "))
                yield Line(_bar(count, base))
    for row in card.choices:
        for choice in row:
            if isinstance(choice, Open) and not _is_reachable(choice.url):
                yield Line(clean(f"{choice.label}: {choice.url}").replace("\n", " "))
    if card.ask is not None and card.ask.example:
        yield from (Line(row, Mark.SOFT) for row in clean(card.ask.example).split("\n"))


def _bar(count: int, base: int) -> str:
    """Draw a share: full only where it is all, empty only where it is none."""
    filled = min(_BAR_WIDTH * count // base, _BAR_WIDTH) if base > 0 else 0
    filled = max(filled, 1 if count > 0 else 0)
    return "█" * filled + "░" * (_BAR_WIDTH - filled)


def _pages(lines: Iterable[Line]) -> Iterator[list[Line]]:
    page: list[Line] = []
    size = 0
    for line in lines:
        for text in chop(line.text, MessageLimit.MAX_TEXT_LENGTH):
            length = units(text) + 1
            if size + length > MessageLimit.MAX_TEXT_LENGTH + 1:
                yield page
                page, size = [], 0
            page.append(Line(text, line.mark))
            size += length
    yield page


def _marked(line: Line) -> str:
    # Quotes may stand as they are outside of attributes.
    escaped = html.escape(line.text, quote=False)
    return _MARKS[line.mark].format(escaped) if line.text.strip() else escaped


def _keyboards(card: Card) -> Iterator[Keyboard]:
    rows: list[list[Button]] = []
    count = size = 0
    for row in _rows(card):
        needed = sum(len(button["text"].encode()) + 128 + len(button.get("url", "")) for button in row)
        if rows and (
            count + len(row) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER or size + needed > _MARKUP_BYTES
        ):
            yield {"inline_keyboard": rows}
            rows, count, size = [], 0, 0
        rows.append(row)
        count += len(row)
        size += needed
    if rows:
        yield {"inline_keyboard": rows}


def _rows(card: Card) -> Iterator[list[Button]]:
    for row in card.choices:
        buttons = []
        for choice in row:
            match choice:
                case Do(label, action, is_chosen):
                    label = f"✓ {label}" if is_chosen else label
                    buttons.append({"text": _label(label), "callback_data": encode(action)})
                case Open(label, url) if _is_reachable(url):
                    buttons.append({"text": _label(label), "url": url})
        width = InlineKeyboardMarkupLimit.BUTTONS_PER_ROW
        yield from (buttons[at : at + width] for at in range(0, len(buttons), width))


def _label(text: str) -> str:
    label = clean(text).replace("\n", " ")
    return cut(label, _LONGEST_LABEL) if is_visible(label) else NOTHING


def _is_reachable(url: str) -> bool:
    """Whether Telegram takes it for a button: a public host; a phone outside the hall can't open others."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    is_plain = len(url) <= _LONGEST_URL and re.fullmatch(r"[!-~]+", url) is not None
    if not is_plain or parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return False
    try:
        address = ip_address(host)
    except ValueError:
        name = _HOST.fullmatch(host)
        return name is not None and name["last"] not in _LOCAL_NAMES
    return address.version == 4 and address.is_global  # noqa: PLR2004


def file_name(attachment: Attachment | Handout) -> str:
    """Give the name that a file is sent under: one that every computer can store."""
    stem, dot, suffix = _UNFIT_FOR_FILES.sub("_", clean(attachment.name)).strip().rpartition(".")
    return cut(stem, _LONGEST_LABEL) + dot + cut(suffix, _LONGEST_LABEL) or NOTHING


def digest_of(attachment: Attachment | Handout) -> str:
    """Give a short mark of a file's name and content; of a paper its id says both."""
    if isinstance(attachment, Handout):
        return f"paper-{attachment.paper_id}"
    return hashlib.sha256(f"{file_name(attachment)}\n".encode() + attachment.content).hexdigest()[:16]
