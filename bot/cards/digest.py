"""Several reminders, or several cards, in one message."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.cards.layout import button
from bot.platforms.base import Bar, Card, Choice, Do, Line


def digest_card(cards: Sequence[Card]) -> Card:
    """Give cards as one, numbered; one alone stays as it is.

    A button that several have stands once; buttons that look alike and do something else have their number.
    """
    if len(cards) == 1:
        return cards[0]
    lines = [line for number, card in enumerate(cards, 1) for line in _numbered(number, card.lines)]
    alike = Counter(choice.label for choice in {one for card in cards for row in card.choices for one in row})
    seen: set[Choice] = set()
    rows: list[tuple[Choice, ...]] = []
    for number, card in enumerate(cards, 1):
        for row in card.choices:
            fresh = [one for one in row if one not in seen]
            seen.update(fresh)
            if fresh:
                rows.append(tuple(_told_apart(one, number) if alike[one.label] > 1 else one for one in fresh))
    return Card(tuple(lines), tuple(rows), tuple(each for card in cards for each in card.attachments))


def _numbered(number: int, lines: Sequence[Line | Bar]) -> list[Line | Bar]:
    first, *rest = lines
    return [replace(first, text=f"{number}. {first.text}") if isinstance(first, Line) else first, *rest]


def _told_apart(choice: Choice, number: int) -> Choice:
    label = f"{number}. {choice.label}"
    if isinstance(choice, Do):
        return button(label, choice.action, is_chosen=choice.is_chosen)
    return replace(choice, label=label)


def joined_card(cards: Sequence[Card]) -> Card:
    """Give cards as one, one below the other; what several begin with, and a button of several, stands once.

    At most one of them has a `number` or asks for something; it is the last.
    """
    lines: list[Line | Bar] = []
    begun: set[Line | Bar] = set()
    seen: set[Choice] = set()
    rows: list[tuple[Choice, ...]] = []
    for card in cards:
        own = card.lines[1:] if begun.intersection(card.lines[:1]) else card.lines
        begun.update(card.lines[:1])
        lines += [Line(""), *own] if lines else own
        for row in card.choices:
            fresh = tuple(one for one in row if one not in seen)
            seen.update(fresh)
            rows += [fresh] if fresh else []
    attachments = dict.fromkeys(each for card in cards for each in card.attachments)
    last = cards[-1]
    heading = last.heading or next((line.text for line in last.lines if isinstance(line, Line)), "")
    return Card(tuple(lines), tuple(rows), tuple(attachments), last.ask, last.number, heading)
