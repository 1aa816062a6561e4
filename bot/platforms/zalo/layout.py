"""What a card looks like without buttons: plain text with numbered lines, cut to the size that Zalo takes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from bot.platforms.base import Attachment, Bar, Card, Do, Handout, MessageRef, NumberedCard, Open
from bot.platforms.zalo.client import LONGEST_TEXT
from bot.platforms.zalo.numbering import choices_of
from bot.texts import chop, clean, cut, is_visible, units
from bot.wording import numbered as wording
from bot.wording.voice import Voice

NOTHING = "…"
"""Stands where a text is demanded and there is none."""
_LONGEST_LINE = 500


@dataclass(frozen=True, slots=True)
class Ref:
    """The message that shows a card: what it offers, and which of that it shows as chosen."""

    message: str = ""
    offered: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()

    @classmethod
    def parse(cls, ref: MessageRef) -> Self:
        """Read what `dump` gave."""
        stored = json.loads(ref)
        return cls(stored["message"], tuple(stored["offered"]), tuple(stored["chosen"]))

    def dump(self) -> MessageRef:
        """Give the form that is kept in the database."""
        return json.dumps({"message": self.message, "offered": self.offered, "chosen": self.chosen})


Addresses = Mapping[Attachment | Handout, str | None]
"""Where a card's files can be had; None of one that was withdrawn."""


def lay_out(voice: Voice, card: Card, numbered: NumberedCard, addresses: Addresses) -> list[str]:
    """Give the messages that show a card; its choices stand together under the last.

    What a platform needs buttons for is left out, but for addresses, which are lines.
    """
    said = [*_lines(card), *_files(voice, card, addresses)]
    offered = _offered(voice, card, numbered)
    return list(_parts(said, [*_links(card), *([""] if offered and said else []), *offered])) or [NOTHING]


def lay_out_for_group(voice: Voice, card: Card, addresses: Addresses, way_in: str) -> list[str]:
    """Give the messages that show a card in a group: what it offers is done in the private chat, `way_in`."""
    links = _links(card)
    if choices_of(card) and way_in and not any(way_in in link for link in links):
        links.append(wording.private_chat(voice, way_in))
    return list(_parts([*_lines(card), *_files(voice, card, addresses)], links)) or [NOTHING]


def _lines(card: Card) -> list[str]:
    texts = [line.caption.replace("\n", " ") if isinstance(line, Bar) else line.text for line in card.lines]
    example = "" if card.ask is None else card.ask.example
    if example and not any(example in text for text in texts):
        texts.append(example)
    return [row for text in texts for row in clean(text).split("\n")]


def _files(voice: Voice, card: Card, addresses: Addresses) -> list[str]:
    lines = []
    for attachment in card.attachments:
        name, address = _line(attachment.name), addresses.get(attachment)
        lines.append(wording.no_file(voice, name) if address is None else f"{name}: {address}")
    return lines


def _links(card: Card) -> list[str]:
    return [
        _line(f"{choice.label}: {choice.url}")
        for row in card.choices
        for choice in row
        if isinstance(choice, Open)
    ]


def _offered(voice: Voice, card: Card, numbered: NumberedCard) -> list[str]:
    offered: Sequence[Do] = choices_of(card)
    if not offered:
        return []
    lines = [wording.answer_or(voice) if numbered.is_asked else wording.type_number(voice)]
    for one, choice in zip(numbered.choices, offered, strict=True):
        number = wording.pick(voice, one.number) if numbered.is_asked else str(one.number)
        lines.append(_line(f"{'✓ ' if choice.is_chosen else ''}{number}. {one.label}"))
    return lines


def _line(text: str) -> str:
    return cut(clean(text).replace("\n", " "), _LONGEST_LINE)


def _parts(said: Sequence[str], tail: Sequence[str]) -> Iterator[str]:
    """Give the messages: paragraphs as far as they fit, and the tail whole where it can be."""
    block = "\n".join(tail)
    pieces = [block] if tail and units(block) <= LONGEST_TEXT else tail
    page: list[str] = []
    left = LONGEST_TEXT
    for text in [*said, *pieces]:
        for piece in _pieces(text, left):
            length = units(piece) + 1
            if length > left + 1:
                yield from _page(page)
                page, left = [], LONGEST_TEXT
            page.append(piece)
            left -= length
    yield from _page(page)


def _pieces(text: str, left: int) -> Iterator[str]:
    """Split what fits no message; it begins in this one where there is much room left."""
    begins_here = units(text) > LONGEST_TEXT and left > LONGEST_TEXT // 2
    beginning = next(chop(text, left)) if begins_here else ""
    if beginning:
        yield beginning
    yield from chop(text[len(beginning) :], LONGEST_TEXT)


def _page(lines: Sequence[str]) -> Iterator[str]:
    text = "\n".join(lines).strip("\n")
    if is_visible(text):
        yield text
