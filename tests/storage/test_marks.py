import asyncio
from datetime import timedelta

import pytest

from storage.database import Database
from storage.marks import count_failure, forget_failures, forget_marks, put_marks
from tests.fakes.chats import NOON

DAY = timedelta(days=1)


async def test_only_events_that_were_not_taken_in_before_are_new(database: Database) -> None:
    async with database.transaction() as tx:
        assert await put_marks(tx, [("telegram", "2"), ("telegram", "1")], NOON) == {
            ("telegram", "1"),
            ("telegram", "2"),
        }
    async with database.transaction() as tx:
        assert await put_marks(tx, [("telegram", "2"), ("zalo", "2")], NOON) == {("zalo", "2")}
        assert await put_marks(tx, [], NOON) == set()


async def test_an_event_that_comes_twice_in_a_batch_is_one(database: Database) -> None:
    async with database.transaction() as tx:
        assert await put_marks(tx, [("telegram", "1")] * 2, NOON) == {("telegram", "1")}


async def test_an_event_delivered_to_two_at_once_is_new_to_one(database: Database) -> None:
    async def take_in() -> int:
        async with database.transaction() as tx:
            return len(await put_marks(tx, [("telegram", "1"), ("telegram", "2")], NOON))

    assert sorted(await asyncio.gather(*(take_in() for _ in range(3)))) == [0, 0, 2]


async def test_an_event_whose_effect_was_rolled_back_is_new_again(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as tx:
            await put_marks(tx, [("telegram", "1")], NOON)
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await fail()
    async with database.transaction() as tx:
        assert await put_marks(tx, [("telegram", "1")], NOON) == {("telegram", "1")}


async def test_old_marks_are_forgotten(database: Database) -> None:
    async with database.transaction() as tx:
        await put_marks(tx, [("telegram", "1")], NOON - DAY)
        await put_marks(tx, [("telegram", "2")], NOON)
        await forget_marks(tx, NOON)
        assert await put_marks(tx, [("telegram", "1"), ("telegram", "2")], NOON) == {("telegram", "1")}


async def test_failures_are_counted_for_each_event_until_they_are_old(database: Database) -> None:
    async with database.transaction() as tx:
        assert await count_failure(tx, "telegram", "1", NOON - DAY) == 1
        assert await count_failure(tx, "telegram", "1", NOON) == 2
        assert await count_failure(tx, "telegram", "2", NOON - DAY) == 1
        await forget_failures(tx, NOON)
        assert await count_failure(tx, "telegram", "1", NOON) == 3
        assert await count_failure(tx, "telegram", "2", NOON) == 1
