"""Some seconds by the wall clock with the real APScheduler: a meeting is reminded of, opened, voted in."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from bot.clock import Clock
from handlers import attendance, meetings
from handlers.asking import House
from handlers.due import do_due_work
from handlers.planning import plan_meeting
from meeting.states import PostKind
from meeting.voting import VoteState
from storage.database import Database
from storage.meetings import put_meeting
from storage.rows import AccountRow, PostRow
from tests.handlers.journey import ITEMS, KEY, ORGANISER, Journey, plan

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
IN_TIME = 20  # seconds; what takes longer will not come
PUNCTUAL = 5 * SECOND


def now() -> datetime:
    return datetime.now(UTC)


def noon_zone() -> str:
    """A time zone where it is about noon, whenever this is run."""
    return f"Etc/GMT{now().hour - 12:+}"


@contextlib.asynccontextmanager
async def running(house: House) -> AsyncIterator[None]:
    started = now()

    async def do_due(_at: datetime) -> None:
        while await do_due_work(house, started):
            pass

    task = asyncio.create_task(Clock(house.database, do_due, now).run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(database: Database, condition: Callable[[], Awaitable[bool]]) -> None:
    committed = asyncio.Event()
    database.on_commit(committed.set)
    async with asyncio.timeout(IN_TIME):
        while not await condition():
            await committed.wait()
            committed.clear()


async def test_reminder_window_and_deadline_come_on_time(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    journey = await Journey.begun(database)
    journey.house = house = House(database, now, KEY)
    await journey.found("Sở Nội vụ", ORGANISER)
    await journey.add_meeting(plan(["An", "Bình"], ITEMS))
    await journey.join_all()
    async with database.transaction() as tx:
        await tx.exec(sa.update(AccountRow).values(timezone=noon_zone()))
        starts_at = now() + MINUTE + 2 * SECOND
        await put_meeting(tx, journey.meeting_id, starts_at=starts_at, reminders=[1])
        await plan_meeting(tx, journey.meeting_id, now())

    async def told(kind: PostKind) -> list[datetime]:
        async with database.snapshot() as tx:
            return list(await tx.exec(select(PostRow.made_at).where(col(PostRow.kind) == kind)))

    async with running(house):
        opens_at = now() + 4 * SECOND
        await attendance.schedule_check_in(house, journey.asked(ORGANISER), journey.meeting_id, opens_at)

        async def is_open() -> bool:
            return (await journey.meeting()).is_check_in_open

        await until(database, is_open)
        assert timedelta(0) <= now() - opens_at < PUNCTUAL
        reminded = await told(PostKind.MEETING_REMINDER)
        assert len(reminded) == 2
        assert all(timedelta(0) <= at - (starts_at - MINUTE) < PUNCTUAL for at in reminded)
        await meetings.open_meeting(house, journey.asked(ORGANISER), journey.meeting_id)
        await journey.check_in("An", "Bình")
        await journey.state()
        vote_id = await journey.open_vote(within=2 * SECOND)
        deadline_at = (await journey.vote(vote_id)).deadline_at

        async def is_closed() -> bool:
            return (await journey.vote(vote_id)).state is VoteState.CLOSED

        await until(database, is_closed)
        assert deadline_at is not None
        assert timedelta(0) <= now() - deadline_at < PUNCTUAL
    assert len(await told(PostKind.MEETING_REMINDER)) == 2
    assert len(await told(PostKind.CHECK_IN_OPENED)) == 2
    await database.close()
