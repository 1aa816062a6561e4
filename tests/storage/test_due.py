import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from meeting.states import DueKind, WorkState
from storage.database import Database
from storage.due import (
    claim_due,
    find_next_due_at,
    find_work,
    list_due,
    list_work,
    put_due,
    put_due_done,
    put_due_later,
    withdraw_all,
    withdraw_due,
)
from storage.rows import DueWorkRow
from tests.fakes.chats import NOON, Chats, add_chats

MINUTE = timedelta(minutes=1)


class Calendar:
    """The due work of an organisation with a meeting; subjects are numbers of votes."""

    def __init__(self, database: Database, chats: Chats) -> None:
        self.database = database
        self.chats = chats

    async def put(self, vote: int, due_at: datetime, kind: DueKind = DueKind.VOTE_DEADLINE) -> None:
        async with self.database.transaction() as tx:
            await put_due(
                tx,
                kind,
                vote,
                due_at,
                organisation_id=self.chats.organisation_id,
                meeting_id=self.chats.meeting_id,
            )

    async def due(self, now: datetime = NOON) -> list[int]:
        async with self.database.snapshot() as tx:
            return [work.subject_id for work in await list_due(tx, now, 10)]

    async def do(self, now: datetime = NOON, limit: int = 10) -> list[int]:
        async with self.database.transaction() as tx:
            claimed = await claim_due(tx, now, limit)
            for work in claimed:
                await put_due_done(tx, work.due_id, WorkState.DONE, now)
            return [work.subject_id for work in claimed]

    async def next_at(self) -> datetime | None:
        async with self.database.snapshot() as tx:
            return await find_next_due_at(tx)

    async def states(self) -> list[tuple[WorkState, datetime | None]]:
        async with self.database.snapshot() as tx:
            rows = await tx.exec(select(DueWorkRow).order_by(col(DueWorkRow.id)))
            return [(row.state, row.done_at) for row in rows]


@pytest.fixture
async def calendar(database: Database) -> Calendar:
    return Calendar(database, await add_chats(database))


async def test_work_is_due_from_its_instant_on_the_longest_due_first(calendar: Calendar) -> None:
    await calendar.put(1, NOON + MINUTE)
    await calendar.put(2, NOON)
    await calendar.put(3, NOON - MINUTE)
    assert await calendar.due() == [3, 2]
    assert await calendar.next_at() == NOON - MINUTE
    assert await calendar.do(limit=1) == [3]
    assert await calendar.do() == [2]
    assert await calendar.next_at() == NOON + MINUTE


async def test_work_that_is_done_is_not_due_again(calendar: Calendar) -> None:
    await calendar.put(1, NOON)
    assert await calendar.do() == [1]
    assert await calendar.do() == []
    assert await calendar.next_at() is None
    assert await calendar.states() == [(WorkState.DONE, NOON)]


async def test_a_moved_deadline_is_due_at_its_new_instant_only(calendar: Calendar) -> None:
    await calendar.put(1, NOON)
    await calendar.put(1, NOON + MINUTE)
    assert await calendar.due() == []
    assert await calendar.do(NOON + MINUTE) == [1]


async def test_a_deadline_that_was_met_and_is_extended_comes_due_again(calendar: Calendar) -> None:
    await calendar.put(1, NOON)
    await calendar.do()
    await calendar.put(1, NOON + MINUTE)
    assert await calendar.states() == [(WorkState.WAITING, None)]
    assert await calendar.do(NOON + MINUTE) == [1]


async def test_withdrawn_work_does_not_come_due_and_can_be_put_again(calendar: Calendar) -> None:
    await calendar.put(1, NOON)
    await calendar.put(1, NOON, DueKind.CHECK_IN_OPENS)
    async with calendar.database.transaction() as tx:
        await withdraw_due(tx, DueKind.VOTE_DEADLINE, 1)
        await withdraw_due(tx, DueKind.VOTE_DEADLINE, 2)
    assert [state for state, _ in await calendar.states()] == [WorkState.WITHDRAWN, WorkState.WAITING]
    assert await calendar.do() == [1]
    await calendar.put(1, NOON)
    assert await calendar.do() == [1]


async def test_what_was_done_is_not_withdrawn(calendar: Calendar) -> None:
    await calendar.put(1, NOON)
    await calendar.do()
    async with calendar.database.transaction() as tx:
        await withdraw_due(tx, DueKind.VOTE_DEADLINE, 1)
    assert await calendar.states() == [(WorkState.DONE, NOON)]


async def test_work_whose_doing_failed_is_still_due(calendar: Calendar) -> None:
    await calendar.put(1, NOON)

    async def fail() -> None:
        async with calendar.database.transaction() as tx:
            (work,) = await claim_due(tx, NOON, 1)
            await put_due_done(tx, work.due_id, WorkState.DONE, NOON)
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await fail()
    assert await calendar.due() == [1]


async def test_one_piece_of_work_can_be_claimed_by_itself(calendar: Calendar) -> None:
    await calendar.put(1, NOON)
    await calendar.put(2, NOON)
    async with calendar.database.snapshot() as tx:
        second = (await list_due(tx, NOON, 10))[1]
    await calendar.put(2, NOON + MINUTE)
    async with calendar.database.transaction() as tx:
        assert await claim_due(tx, NOON, 1, due_ids=[second.due_id]) == []
        assert await claim_due(tx, NOON + MINUTE, 1, due_ids=[]) == []
        (claimed,) = await claim_due(tx, NOON + MINUTE, 1, due_ids=[second.due_id])
    assert (claimed.subject_id, claimed.kind, claimed.due_at) == (2, DueKind.VOTE_DEADLINE, NOON + MINUTE)
    assert claimed.meeting_id == calendar.chats.meeting_id


async def test_two_who_do_due_work_at_once_do_each_piece_once(calendar: Calendar) -> None:
    for vote in range(20):
        await calendar.put(vote, NOON)

    async def work() -> list[int]:
        done = []
        while some := await calendar.do(limit=3):
            done += some
        return done

    done = await asyncio.gather(work(), work(), work())
    left = await calendar.do(limit=20)  # what one looked at while another held it
    assert sorted(vote for some in [*done, left] for vote in some) == list(range(20))


async def test_parts_of_one_kind_and_subject_are_apart_and_keep_what_they_were_planned_for(
    calendar: Calendar,
) -> None:
    chats = calendar.chats
    async with calendar.database.transaction() as tx:
        for part in (60, 1440):
            await put_due(
                tx,
                DueKind.MEETING_REMINDER,
                chats.meeting_id,
                NOON,
                part=part,
                planned_at=NOON + part * MINUTE,
                organisation_id=chats.organisation_id,
                meeting_id=chats.meeting_id,
            )
    await calendar.put(1, NOON)
    async with calendar.database.transaction() as tx:
        await withdraw_due(tx, DueKind.MEETING_REMINDER, chats.meeting_id, 60)
        first, second, third = await list_work(tx, chats.meeting_id)
        assert [first.kind, second.part, third.part] == [DueKind.VOTE_DEADLINE, 60, 1440]
        assert (second.state, second.settled_at) == (WorkState.WITHDRAWN, None)
        await put_due_later(tx, third.due_id, NOON + MINUTE)
        await put_due_later(tx, second.due_id, NOON + MINUTE)
        later = await find_work(tx, third.due_id)
    assert later is not None
    assert (later.due_at, later.planned_at) == (NOON + MINUTE, NOON + 1440 * MINUTE)
    assert await calendar.do() == [1]
    assert await calendar.do(NOON + MINUTE) == [chats.meeting_id]
    async with calendar.database.transaction() as tx:
        assert [one.settled_at for one in await list_work(tx, chats.meeting_id, {DueKind.VOTE_DEADLINE})] == [
            NOON
        ]
        await withdraw_all(tx, chats.meeting_id)
    assert await calendar.next_at() is None
