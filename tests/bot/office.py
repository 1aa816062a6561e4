"""A delivery with its platform and its wording, at a time that a test tells."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.budget import Budget
from bot.delivery import Delivery
from bot.pace import Gate, Limit, Pace
from bot.platforms.base import Card, Line, Platform
from meeting.states import CardKind, PostKind, Priority, WorkState
from storage.cards import CardToShow, want_cards
from storage.database import Database
from storage.posts import PostToSend, add_posts
from storage.rows import LiveCardRow, PostRow
from tests.fakes.chats import NOON, Chats
from tests.fakes.platform import RecordingPlatform

SECOND = timedelta(seconds=1)
NO_REST = Limit(1, timedelta(0))
AT_ONCE = Pace(Limit(1000, SECOND), private=NO_REST, group=NO_REST)
IN_TIME = 10  # seconds of real time; what takes longer will not come


class Wording:
    """A line for each parcel; cards of `broken` (ids) hit a bug, of the texts in `over` nothing is left.

    `dressed` is what a text is shown as in place of a line.
    """

    def __init__(self) -> None:
        self.dressed: dict[str, Card] = {}
        self.broken: set[int] = set()
        self.over: set[str] = set()
        self.batches: list[int] = []

    async def render_cards(self, cards: Sequence[CardToShow]) -> Mapping[int, Card | None]:
        self.batches.append(len(cards))
        if any(card.card_id in self.broken for card in cards):
            raise ZeroDivisionError
        return {card.card_id: self._card(f"{card.kind} {card.wanted_version}") for card in cards}

    async def render_posts(self, posts: Sequence[PostToSend]) -> Mapping[int, Card | None]:
        return {post.post_id: self._card(str(post.facts["text"])) for post in posts}

    def _card(self, text: str) -> Card | None:
        return None if text in self.over else self.dressed.get(text, Card((Line(text),)))


@dataclass(frozen=True, slots=True)
class Stand:
    """How a live card stands."""

    wanted_version: int
    shown_version: int
    attempts: int
    next_try_at: datetime | None


class Office:
    """A delivery with its platform, at a time that moves only when it is told to."""

    def __init__(self, database: Database, chats: Chats) -> None:
        self.database = database
        self.chats = chats
        self.platform = RecordingPlatform()
        self.wording = Wording()
        self.time = NOON
        self.now: Callable[[], datetime] = lambda: self.time
        self.pace = AT_ONCE
        self.gates: dict[str, Gate] = {}
        self.budgets: dict[str, Budget] = {}
        self.longest_send = timedelta(seconds=IN_TIME)
        self._committed = asyncio.Event()
        self.look = self._committed.set
        database.on_commit(self.look)

    @contextlib.asynccontextmanager
    async def open(self, **others: Platform) -> AsyncIterator[None]:
        platforms = {self.platform.name: self.platform, **others}
        delivery = Delivery(
            self.database,
            platforms,
            self.wording,
            self.now,
            {self.platform.name: self.pace},
            longest_send=self.longest_send,
            gates=self.gates,
            budgets=self.budgets,
        )
        running = asyncio.create_task(delivery.run())
        try:
            yield
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    async def pass_time(self, span: timedelta) -> None:
        self.time += span
        async with self.database.transaction():
            pass  # a commit wakes delivery

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Wait for a commit after which the condition holds."""
        async with asyncio.timeout(IN_TIME):
            while True:
                self._committed.clear()
                if await condition():
                    return
                await self._committed.wait()

    async def until_recorded(self, shown: int) -> None:
        """Wait until so many outcomes of showing are in the database."""

        async def are_recorded() -> bool:
            posts = [state for state, _, _ in await self.posts() if state is WorkState.DONE]
            return len(posts) + sum(bool(card.shown_version) for card in await self.cards()) >= shown

        await self.until(are_recorded)

    async def want(
        self,
        *chats: int,
        kind: CardKind = CardKind.BALLOT,
        subject: int = 7,
        priority: Priority = Priority.BALLOT,
    ) -> None:
        async with self.database.transaction() as tx:
            await want_cards(
                tx,
                kind,
                subject,
                [self.chats.accounts[chat - 1] for chat in chats],
                organisation_id=self.chats.organisation_id,
                meeting_id=self.chats.meeting_id,
                priority=priority,
            )

    async def post(
        self,
        *chats: int,
        text: str = "result",
        priority: Priority = Priority.RESULT,
        until: datetime | None = None,
    ) -> None:
        async with self.database.transaction() as tx:
            await add_posts(
                tx,
                PostKind.RESULT,
                text,
                7,
                [self.chats.accounts[chat - 1] for chat in chats],
                organisation_id=self.chats.organisation_id,
                meeting_id=self.chats.meeting_id,
                priority=priority,
                facts={"text": text} | ({} if until is None else {"until": until.isoformat()}),
                now=self.time,
            )

    async def posts(self) -> list[tuple[WorkState, int, datetime | None]]:
        async with self.database.snapshot() as tx:
            rows = await tx.exec(select(PostRow).order_by(col(PostRow.id)))
            return [(row.state, row.attempts, row.next_try_at) for row in rows]

    async def cards(self) -> list[Stand]:
        async with self.database.snapshot() as tx:
            columns = select(
                LiveCardRow.wanted_version,
                LiveCardRow.shown_version,
                LiveCardRow.attempts,
                LiveCardRow.next_try_at,
            )
            return [Stand(*row) for row in await tx.exec(columns.order_by(col(LiveCardRow.id)))]

    async def are_all_shown(self) -> bool:
        return all(card.wanted_version == card.shown_version for card in await self.cards())

    async def are_all_sent(self) -> bool:
        return all(state is WorkState.DONE for state, _, _ in await self.posts())

    async def are_all_through(self) -> bool:
        return await self.are_all_shown() and await self.are_all_sent()
