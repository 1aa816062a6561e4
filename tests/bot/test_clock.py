import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.clock import PAUSE, Clock
from meeting.states import DueKind, WorkState
from storage.database import Database
from storage.due import claim_due, put_due, put_due_done, withdraw_due
from tests.fakes.chats import NOON, Chats, add_chats

MINUTE = timedelta(minutes=1)
IN_TIME = 10  # seconds of real time; what takes longer will not come


class Hall:
    """Votes with deadlines, and a clock at a time that moves only when it is told to.

    Work about the votes in `broken` fails.
    """

    def __init__(self, database: Database, chats: Chats) -> None:
        self.database = database
        self.chats = chats
        self.time = NOON
        self.closed: list[int] = []
        self.closed_at: list[datetime] = []
        self.broken: set[int] = set()
        self.changed = asyncio.Event()
        self.clock = Clock(database, self.do_due, lambda: self.time)

    async def do_due(self, now: datetime) -> None:
        async with self.database.transaction() as tx:
            for work in await claim_due(tx, now, 10):
                if work.subject_id not in self.broken:
                    await put_due_done(tx, work.due_id, WorkState.DONE, now)
                    self.closed.append(work.subject_id)
                    self.closed_at.append(datetime.now(UTC))
        self.changed.set()

    async def set_deadline(self, vote: int, due_at: datetime) -> None:
        async with self.database.transaction() as tx:
            await put_due(
                tx,
                DueKind.VOTE_DEADLINE,
                vote,
                due_at,
                organisation_id=self.chats.organisation_id,
                meeting_id=self.chats.meeting_id,
            )

    async def withdraw_deadline(self, vote: int) -> None:
        async with self.database.transaction() as tx:
            await withdraw_due(tx, DueKind.VOTE_DEADLINE, vote)

    async def until_closed(self, *votes: int) -> None:
        async with asyncio.timeout(IN_TIME):
            while self.closed != list(votes):
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
async def hall(database: Database) -> Hall:
    return Hall(database, await add_chats(database))


async def test_nothing_is_done_before_it_is_due(hall: Hall) -> None:
    await hall.set_deadline(1, NOON + MINUTE)
    assert await hall.clock.look() == NOON + MINUTE
    assert hall.closed == []


async def test_what_is_due_is_done_once_and_the_next_instant_is_known(hall: Hall) -> None:
    await hall.set_deadline(1, NOON)
    await hall.set_deadline(2, NOON - MINUTE)
    await hall.set_deadline(3, NOON + MINUTE)
    assert await hall.clock.look() == NOON + MINUTE
    assert await hall.clock.look() == NOON + MINUTE
    assert hall.closed == [2, 1]
    hall.time = NOON + MINUTE
    assert await hall.clock.look() is None
    assert hall.closed == [2, 1, 3]


async def test_a_deadline_that_is_extended_or_withdrawn_is_not_met_at_its_old_instant(hall: Hall) -> None:
    await hall.set_deadline(1, NOON + MINUTE)
    await hall.set_deadline(2, NOON + MINUTE)
    await hall.set_deadline(1, NOON + 5 * MINUTE)
    await hall.withdraw_deadline(2)
    hall.time = NOON + MINUTE
    assert await hall.clock.look() == NOON + 5 * MINUTE
    assert hall.closed == []


async def test_work_that_stays_undone_is_tried_again_after_a_pause_and_delays_nothing_else(
    hall: Hall,
) -> None:
    hall.broken = {1}
    await hall.set_deadline(1, NOON)
    await hall.set_deadline(2, NOON)
    assert await hall.clock.look() == NOON + PAUSE
    assert hall.closed == [2]
    await hall.set_deadline(3, NOON)
    assert await hall.clock.look() == NOON + PAUSE
    assert hall.closed == [2]
    hall.time += PAUSE
    hall.broken = set()
    assert await hall.clock.look() is None
    assert hall.closed == [2, 1, 3]


async def test_a_wall_clock_that_is_set_back_does_not_prolong_the_pause(hall: Hall) -> None:
    hall.broken = {1}
    await hall.set_deadline(1, NOON - 60 * MINUTE)
    await hall.clock.look()
    hall.time -= 30 * MINUTE
    hall.broken = set()
    assert await hall.clock.look() is None
    assert hall.closed == [1]


async def test_a_bug_in_due_work_is_logged_and_the_clock_goes_on(hall: Hall) -> None:
    async def fail(_now: datetime) -> None:
        raise ZeroDivisionError

    await hall.set_deadline(1, NOON)
    with capture_logs() as lines:
        assert await Clock(hall.database, fail, lambda: hall.time).look() == NOON + PAUSE
    assert [line["event"] for line in lines] == ["due_work_failed"]
    assert await hall.clock.look() is None
    assert hall.closed == [1]


@contextlib.asynccontextmanager
async def running(clock: Clock) -> AsyncIterator[None]:
    task = asyncio.create_task(clock.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_running_clock_meets_deadlines_when_they_are_due(hall: Hall) -> None:
    start = datetime.now(UTC)
    await hall.set_deadline(1, start - MINUTE)
    async with running(Clock(hall.database, hall.do_due, lambda: datetime.now(UTC))):
        await hall.until_closed(1)
        soon = datetime.now(UTC) + timedelta(milliseconds=600)
        await hall.set_deadline(2, soon + timedelta(milliseconds=300))
        await hall.set_deadline(3, soon)  # committed while the clock waits for a later one
        await hall.set_deadline(4, soon + 60 * MINUTE)
        await hall.until_closed(1, 3, 2)
    assert hall.closed_at[1] >= soon
    assert hall.closed_at[2] < soon + timedelta(seconds=5)


async def test_an_alarm_that_rings_early_is_set_again(hall: Hall) -> None:
    behind = timedelta(milliseconds=400)  # as when the wall clock is set back after the alarm was set
    async with running(Clock(hall.database, hall.do_due, lambda: datetime.now(UTC) - behind)):
        due_at = datetime.now(UTC) + timedelta(milliseconds=100)
        await hall.set_deadline(1, due_at)
        await hall.until_closed(1)
    assert hall.closed_at[0] >= due_at + behind


async def test_a_wall_clock_that_is_set_back_does_not_put_the_sweeps_to_sleep(hall: Hall) -> None:
    sweep = timedelta(milliseconds=100)
    clock = Clock(hall.database, hall.do_due, lambda: hall.time, sweep=sweep)
    await hall.set_deadline(1, NOON + MINUTE)
    with capture_logs() as lines:
        async with running(clock):
            await asyncio.sleep(0)
            for job in clock._scheduler.get_jobs():  # noqa: SLF001 - as if it were an hour earlier now
                job.modify(next_run_time=datetime.now(UTC) + 60 * MINUTE)
            hall.time = NOON + MINUTE  # nothing wakes the clock but a sweep
            await hall.until_closed(1)
    assert "clock_overslept" in [line["event"] for line in lines]
