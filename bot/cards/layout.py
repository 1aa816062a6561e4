"""What all cards share: clipped texts, pages of a list, and how many of what fits."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.actions import Action
from bot.platforms.base import Choice, Do, Line, Mark
from bot.wording.voice import Voice, say

LABEL_LIMIT = 40
PAGE_SIZE = 8
_TITLE_LIMIT = 200

T = TypeVar("T")


def strong(text: str) -> Line:
    """Give a heading."""
    return Line(text, Mark.STRONG)


def soft(text: str) -> Line:
    """Give a remark."""
    return Line(text, Mark.SOFT)


def clipped(text: str, limit: int = _TITLE_LIMIT) -> str:
    """Give a text of at most `limit` characters; one that was cut ends in "…"."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def button(label: str, action: Action, *, is_chosen: bool = False) -> Do:
    """Give a button whose label fits everywhere."""
    return Do(clipped(label, LABEL_LIMIT), action, is_chosen)


def in_rows(buttons: Sequence[Choice], width: int = 2) -> tuple[tuple[Choice, ...], ...]:
    """Give rows of so many buttons."""
    return tuple(tuple(buttons[place : place + width]) for place in range(0, len(buttons), width))


def page_of(entries: Sequence[T], page: int, size: int = PAGE_SIZE) -> Sequence[T]:
    """Give a page of a list, counted from 0; past its end the last one, as lists grow shorter."""
    page = min(page, last_page(entries, size))
    return entries[page * size : (page + 1) * size]


def last_page(entries: Sequence[T], size: int = PAGE_SIZE) -> int:
    """Give the number of the last page; an empty list has one."""
    return max(0, (len(entries) - 1) // size)


def page_rows(
    voice: Voice, entries: Sequence[T], page: int, action: Callable[[int], Action], size: int = PAGE_SIZE
) -> tuple[tuple[Choice, ...], ...]:
    """Give a row of buttons to the pages beside this one and to both ends; none for a single page."""
    last = last_page(entries, size)
    page = min(page, last)
    before = sorted({0, page - 1} & set(range(page)))
    after = sorted({page + 1, last} & set(range(page + 1, last + 1)))
    row: list[Choice] = [
        *(button(say(voice, "‹ Page %(page)s", page=number + 1), action(number)) for number in before),
        *(button(say(voice, "Page %(page)s ›", page=number + 1), action(number)) for number in after),
    ]
    return (tuple(row),) if row else ()
