"""What stands in the database, looked at from outside the program."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import sqlalchemy as sa
from sqlmodel import select

from meeting.states import PostKind, WorkState
from storage.database import Database
from storage.reading import list_meetings
from storage.record import list_meetings_with_record
from storage.rows import PostRow
from tests.handlers.journey import Journey


@contextlib.asynccontextmanager
async def stored(url: str) -> AsyncIterator[Journey]:
    """Give the newest meeting as it is stored, if there is one."""
    database = Database.open(url)
    try:
        journey = await Journey.begun(database)
        async with database.snapshot() as tx:
            meetings = await list_meetings_with_record(tx)
        if meetings:
            journey.meeting_id = meetings[-1]
            await journey.reread()
        yield journey
    finally:
        await database.close()


async def titles(journey: Journey) -> list[str]:
    """The titles of all meetings that are stored."""
    async with journey.database.snapshot() as tx:
        return [line.title for line in await list_meetings(tx)]


async def count_rows(journey: Journey) -> dict[str, int]:
    """How many rows each table has that people's acts change: holidays the program puts down by itself."""
    async with journey.database.snapshot() as tx:
        connection = await tx.connection()
        names = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
        return {
            name: (await connection.execute(sa.text(f'SELECT count(*) FROM "{name}"'))).scalar_one()  # noqa: S608
            for name in names
            if name != "special_day"
        }


async def list_posts(journey: Journey, kind: PostKind) -> dict[int, WorkState]:
    """How far each post of a kind is, by the account that it is for."""
    async with journey.database.snapshot() as tx:
        posts = await tx.exec(select(PostRow).where(PostRow.kind == kind))
        return {post.account_id: post.state for post in posts}


async def until(url: str, condition: Callable[[Journey], Awaitable[bool]]) -> None:
    """Wait until something has become true in the database, of which nobody tells."""
    async with asyncio.timeout(30), stored(url) as journey:
        while not await condition(journey):  # noqa: ASYNC110 - another process writes there
            await asyncio.sleep(0.05)
