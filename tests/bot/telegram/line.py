"""A bot at the strict Bot API: who stands behind it, and the pauses that it takes."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

from bot.actions import CastVote
from bot.platforms.base import (
    Answer,
    Card,
    Do,
    Incoming,
    Line,
    Mark,
    Papers,
    Platform,
    Text,
)
from bot.platforms.telegram import TelegramPlatform
from meeting.voting import Option
from tests.fakes.bot_api import (
    TOKEN,
    Message,
    Person,
)

YES = Do("Tán thành", CastVote(7, Option.YES))
NO = Do("Không tán thành", CastVote(7, Option.NO))
BALLOT = Card((Line("Biểu quyết 7", Mark.STRONG),), ((YES, NO),))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Naps:
    """The pauses that were asked for; none is waited for, and with `is_last` none ends."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.is_last = False
        self._news = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self._news.set()
        await (asyncio.Event().wait() if self.is_last else asyncio.sleep(0))

    async def some(self, count: int) -> list[float]:
        """The first pauses, as soon as there are so many."""
        async with asyncio.timeout(10):
            while len(self.taken) < count:
                await self._news.wait()
                self._news.clear()
        return self.taken[:count]

    async def one(self) -> float:
        return (await self.some(1))[0]


class Desk:
    """Takes in what people do, as the dialogues would, and answers as the test says."""

    def __init__(self, answer: Callable[[Incoming], Answer] = lambda _: Answer()) -> None:
        self.taken: list[Incoming] = []
        self.begun: list[Incoming] = []
        self.answer = answer
        self.doors: dict[str, asyncio.Event] = {}
        self.changed = asyncio.Condition()

    async def __call__(self, incoming: Incoming) -> Answer:
        async with self.changed:
            self.begun.append(incoming)
            self.changed.notify_all()
        if incoming.chat in self.doors:
            await self.doors[incoming.chat].wait()
        answer = self.answer(incoming)
        async with self.changed:
            self.taken.append(incoming)
            self.changed.notify_all()
        return answer

    def close_door(self, person: Person) -> None:
        """Let whatever this person does wait until the door is opened."""
        self.doors[str(person.id)] = asyncio.Event()

    def open_door(self, person: Person) -> None:
        self.doors[str(person.id)].set()

    async def has_begun(self, count: int) -> None:
        await self._until(lambda: len(self.begun) >= count)

    async def has_taken(self, count: int) -> list[Incoming]:
        await self._until(lambda: len(self.taken) >= count)
        return self.taken

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(condition)

    @property
    def texts(self) -> list[str]:
        return [incoming.body.text for incoming in self.taken if isinstance(incoming.body, Text)]


@contextlib.asynccontextmanager
async def connected(
    url: str,
    naps: Naps,
    *,
    token: str = TOKEN,
    parallel: int = 64,
    poll_timeout: timedelta = timedelta(seconds=30),
    request_timeout: timedelta = timedelta(seconds=20),
    papers: Papers | None = None,
) -> AsyncIterator[TelegramPlatform]:
    platform = TelegramPlatform(
        token,
        api=url,
        parallel=parallel,
        poll_timeout=poll_timeout,
        request_timeout=request_timeout,
        sleep=naps,
        papers=papers,
    )
    try:
        yield platform
    finally:
        await platform.close()


@contextlib.asynccontextmanager
async def listening(platform: Platform, desk: Desk) -> AsyncIterator[None]:
    task = asyncio.create_task(platform.listen(desk))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class OutOfOrderError(Exception):
    """A bug."""


def failing(times: int, error: BaseException, word: str = "hỏng") -> Callable[[Incoming], Answer]:
    """An answer that fails so often at texts with this word."""
    left = itertools.count(times, -1)

    def answer(incoming: Incoming) -> Answer:
        if isinstance(incoming.body, Text) and word in incoming.body.text and next(left) > 0:
            raise error
        return Answer("Đã ghi nhận")

    return answer


async def shown(platform: TelegramPlatform, person: Person, card: Card) -> Message:
    """The last message of a card."""
    await platform.show(str(person.id), None, card)
    return person.messages[-1]
