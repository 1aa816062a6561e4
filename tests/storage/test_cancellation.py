import asyncio
from collections.abc import Awaitable, Callable

import pytest

from storage.database import Database
from storage.marks import put_marks
from tests.fakes.chats import NOON


async def mark(database: Database, number: int) -> None:
    async with database.transaction() as tx:
        await put_marks(tx, [("telegram", str(number))], NOON)
        await put_marks(tx, [("zalo", str(number))], NOON)


async def look(database: Database, _number: int) -> None:
    await database.probe()


async def cut_everywhere(database: Database, act: Callable[[Database, int], Awaitable[None]]) -> int:
    """Cancel it ever later until it comes to its end; the number of rounds."""
    cut: list[BaseException | None] = []  # with their tracebacks, as a task that nobody has collected yet
    while not cut or isinstance(cut[-1], asyncio.CancelledError):
        doing = asyncio.ensure_future(act(database, len(cut)))
        for _ in range(len(cut)):
            await asyncio.sleep(0)
        doing.cancel()
        cut += await asyncio.gather(doing, return_exceptions=True)
        async with asyncio.timeout(10):
            await mark(database, 10_000 + len(cut))
    return len(cut)


async def test_a_transaction_that_is_cancelled_anywhere_keeps_nobody_from_writing(database: Database) -> None:
    assert await cut_everywhere(database, mark) > 1


async def test_a_cancelled_transaction_is_whole_or_nothing(database: Database) -> None:
    rounds = await cut_everywhere(database, mark)
    async with database.transaction() as tx:
        for number in range(rounds):
            new = await put_marks(tx, [("telegram", str(number)), ("zalo", str(number))], NOON)
            assert len(new) in {0, 2}


async def test_what_is_committed_is_told_though_the_one_who_asked_is_cancelled(database: Database) -> None:
    told: list[None] = []
    database.on_commit(lambda: told.append(None))
    rounds = await cut_everywhere(database, mark)
    committed = len(told) - rounds  # each round commits one mark of its own
    async with database.transaction() as tx:
        new = await put_marks(tx, [("telegram", str(number)) for number in range(rounds)], NOON)
    assert committed == rounds - len(new)


@pytest.mark.parametrize("act", [mark, look])
async def test_a_connection_comes_back_whole_from_the_end_of_a_transaction_that_is_cancelled(
    database: Database, act: Callable[[Database, int], Awaitable[None]], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        await cut_everywhere(database, act)
    assert not [record for record in caplog.records if "reset" in record.getMessage()]
