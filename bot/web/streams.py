"""Keeps open pages live: one look at the database for all of them, and to each what it does not have yet."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from sse_starlette.event import ServerSentEvent

from bot.web.desk import Board, Desk
from bot.web.gate import FaultError
from bot.web.markup import card_html
from bot.wording.pages import Fault

LONGEST_WAIT = 1.0
"""Seconds between two looks when nothing was committed in this process: another one may have."""
SHORTEST_WAIT = 0.15
"""Seconds between two looks in any case: a burst of votes is shown as a few changes."""
RETRY_MILLISECONDS = 2000
_PAUSE_AFTER_FAILURE = 2.0

_log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class _Stream:
    """One open page: it holds what it was sent, and at most one board that waits for it.

    A slow page therefore skips what was overtaken; nothing queues up.
    """

    sent: Board | None = None
    board: Board | None = None
    is_ended: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, board: Board | None) -> None:
        self.board = board
        self.is_ended = self.is_ended or board is None
        self.news.set()


class Streams:
    """All open pages of this process."""

    def __init__(self, desk: Desk, *, most: int = 5000, most_of_a_page: int = 5) -> None:
        self._desk = desk
        self._most = most
        self._most_of_a_page = most_of_a_page
        self._open: dict[str, list[_Stream]] = {}
        self._boards: dict[str, Board] = {}
        self._somebody = asyncio.Event()
        self._is_closed = False

    def admit(self, page: str) -> None:
        """Raise FaultError where this page, or all pages together, are open too many times."""
        if len(self._open.get(page, ())) >= self._most_of_a_page or len(self) >= self._most:
            raise FaultError(Fault.TOO_MANY_STREAMS)

    def __len__(self) -> int:
        return sum(map(len, self._open.values()))

    async def follow(self, page: str) -> AsyncGenerator[ServerSentEvent, None]:
        """Give the events for one open page: the whole board at first, then what changes.

        `board` has the JSON of `update_of`; `ended` comes last where the page is bound to nobody any more.
        """
        stream = _Stream()
        self._open.setdefault(page, []).append(stream)
        if page in self._boards:
            stream.put(self._boards[page])
        self._somebody.set()
        try:
            yield ServerSentEvent(comment="open", retry=RETRY_MILLISECONDS)
            while not self._is_closed:
                await stream.news.wait()
                stream.news.clear()
                if stream.is_ended:
                    yield ServerSentEvent(event="ended", data="1")
                    return
                if stream.board is not None and (update := _next_update(stream, stream.board)) is not None:
                    yield ServerSentEvent(event="board", data=json.dumps(update, ensure_ascii=False))
        finally:
            self._forget(page, stream)

    def _forget(self, page: str, stream: _Stream) -> None:
        left = [other for other in self._open.get(page, ()) if other is not stream]
        if left:
            self._open[page] = left
        else:
            self._open.pop(page, None)
            self._boards.pop(page, None)
        if not self._open:
            self._somebody.clear()

    async def run(self) -> None:
        """Look for changes until cancelled; then the open pages are let go, and come back by themselves."""
        self._is_closed = False
        try:
            while True:
                await self._somebody.wait()
                try:
                    await self._look()
                    await asyncio.sleep(SHORTEST_WAIT)
                    await self._desk.wait(LONGEST_WAIT)
                except Exception as error:  # noqa: BLE001 - the database may be away for a while
                    # Its text may quote rows. The pages keep what they show, and their taps say the truth.
                    _log.error("web_look_failed", error=type(error).__name__, pages=len(self._open))
                    await asyncio.sleep(_PAUSE_AFTER_FAILURE)
        finally:
            self._is_closed = True
            for stream in [stream for streams in self._open.values() for stream in streams]:
                stream.news.set()

    async def _look(self) -> None:
        known = {
            page: self._boards[page].versions if page in self._boards else None for page in list(self._open)
        }
        changed = await self._desk.changed_boards(known)
        for page, board in changed.items():
            if page not in self._open:
                continue
            if board is None:
                self._boards.pop(page, None)
            else:
                self._boards[page] = board
            for stream in self._open[page]:
                stream.put(board)


def update_of(board: Board, *, known: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Give a board as the page's script takes it in: those cards that have other versions than it knows.

    `keys` are all cards in their order; `whole` says that nothing was taken as known.
    """
    return {
        "title": board.title,
        "person": board.person,
        "language": board.language,
        "whole": known is None,
        "keys": list(board.versions),
        "cards": [
            {
                "key": shown.key,
                "version": shown.version,
                "html": card_html(shown.card, board.language, key=shown.key, version=shown.version),
            }
            for shown in board.cards
            if known is None or known.get(shown.key) != shown.version
        ],
    }


def _next_update(stream: _Stream, board: Board) -> dict[str, Any] | None:
    sent, stream.sent = stream.sent, board
    if sent is None or sent.language != board.language:
        return update_of(board)
    if _order_and_heading(sent) == _order_and_heading(board):
        return None
    return update_of(board, known=sent.versions)


def _order_and_heading(board: Board) -> tuple[object, ...]:
    return (board.title, board.person, *board.versions.items())
