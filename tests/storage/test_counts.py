import asyncio

import sqlalchemy as sa
from sqlmodel import col

from meeting.thrift import Usage
from storage.counts import (
    add_to_count,
    count_people,
    find_usage,
    has_counts,
    list_organisations_on,
    put_warned,
)
from storage.database import Database
from storage.rows import AccountRow
from tests.fakes.chats import NOON, add_chats

ZALO = ("zalo", "123")


async def test_each_bot_has_its_count_in_each_month(database: Database) -> None:
    async with database.transaction() as tx:
        assert not await has_counts(tx)
        await add_to_count(tx, *ZALO, "2026-11", sent=2, received=1)
        await put_warned(tx, *ZALO, "2026-11", 80)
        count = await add_to_count(tx, *ZALO, "2026-11", sent=1)
        assert (count.usage, count.warned) == (Usage(3, 1), 80)
        other = await add_to_count(tx, "zalo", "456", "2026-11", received=5)
        assert (other.usage, other.warned) == (Usage(0, 5), 0)
        assert await find_usage(tx, *ZALO, "2026-11") == Usage(3, 1)
        assert await find_usage(tx, *ZALO, "2026-12") == Usage()
        assert await has_counts(tx)


async def test_messages_that_processes_count_at_once_are_all_counted(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)

    async def count(one: Database) -> None:
        async with one.transaction() as tx:
            await add_to_count(tx, *ZALO, "2026-12", sent=1)

    try:
        await asyncio.gather(*(count(one) for one in (database, other) * 5))
        async with database.snapshot() as tx:
            assert await find_usage(tx, *ZALO, "2026-12") == Usage(sent=10)
    finally:
        await other.close()


async def test_people_are_those_whom_the_bot_may_write_to(database: Database) -> None:
    chats = await add_chats(database, 4, platform="zalo")
    async with database.transaction() as tx:
        gone, group = chats.accounts[:2]
        accounts = sa.update(AccountRow)
        await tx.exec(accounts.where(col(AccountRow.id) == gone).values(gone_at=NOON))
        await tx.exec(accounts.where(col(AccountRow.id) == group).values(is_group=True))
    async with database.snapshot() as tx:
        assert await count_people(tx, "zalo") == 2
        assert await count_people(tx, "telegram") == 0
        assert await list_organisations_on(tx, "zalo") == []
