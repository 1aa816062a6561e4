import asyncio

from storage.database import Database
from storage.marks import put_marks
from tests.fakes.chats import NOON


async def mark(database: Database, number: int) -> None:
    async with database.transaction() as tx:
        await put_marks(tx, [("telegram", str(number))], NOON)
        await put_marks(tx, [("zalo", str(number))], NOON)


async def test_a_transaction_that_is_cancelled_anywhere_keeps_nobody_from_writing(database: Database) -> None:
    cancelled = []  # with their tracebacks, as a task that nobody has collected yet
    for rounds in range(60):
        writing = asyncio.create_task(mark(database, rounds))
        for _ in range(rounds):
            await asyncio.sleep(0)
        writing.cancel()
        cancelled += [*await asyncio.gather(writing, return_exceptions=True)]
        async with asyncio.timeout(10):
            await mark(database, 1000 + rounds)
    assert any(isinstance(outcome, asyncio.CancelledError) for outcome in cancelled)


async def test_a_cancelled_transaction_is_whole_or_nothing(database: Database) -> None:
    for rounds in range(60):
        writing = asyncio.create_task(mark(database, rounds))
        for _ in range(rounds):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    async with database.transaction() as tx:
        for rounds in range(60):
            new = await put_marks(tx, [("telegram", str(rounds)), ("zalo", str(rounds))], NOON)
            assert len(new) in {0, 2}
