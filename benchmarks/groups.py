"""Ballots without the program around them: by the handler, and their rows alone."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from time import perf_counter

import sqlalchemy as sa

from benchmarks.hall import ONLY, Hall
from benchmarks.processes import KEY
from handlers.asking import Asked, House
from handlers.balloting import CastVote, cast_votes
from meeting.people import Source
from meeting.voting import Option
from storage.database import Database, Tx
from storage.rows import BallotRow, EventMarkRow


async def cast_in_groups(url: str, hall: Hall, size: int) -> float:
    """Cast everybody's ballot by the handler, so many in a transaction; give the seconds."""
    database = Database.open(url)
    house = House(database, lambda: datetime.now(UTC), KEY.encode())

    async def cast(accounts: Sequence[int]) -> None:
        batch = [
            CastVote(Asked(account, "telegram", f"bench-{account}"), ONLY, Option.YES) for account in accounts
        ]
        await cast_votes(house, batch)

    return await _in_groups(database, hall, size, cast)


async def put_in_groups(url: str, hall: Hall, size: int) -> float:
    """Put the same marks and ballots, without rules, cards and counts; give the seconds."""
    database = Database.open(url)
    now = datetime.now(UTC)

    async def put(accounts: Sequence[int]) -> None:
        marks = [{"platform": "telegram", "event_id": f"bench-{one}", "at": now} for one in accounts]
        ballots = [
            {
                "organisation_id": ONLY,
                "vote_id": ONLY,
                "elector_id": account,
                "option_id": ONLY,
                "source": Source.SELF,
                "cast_by": account,
                "cast_at": now,
                "opinion": "",
            }
            for account in accounts
        ]
        async with database.transaction() as tx:
            await _insert(tx, EventMarkRow.metadata.tables["event_mark"], marks)
            await _insert(tx, BallotRow.metadata.tables["ballot"], ballots)

    return await _in_groups(database, hall, size, put)


async def _insert(tx: Tx, table: sa.Table, rows: Sequence[dict[str, object]]) -> None:
    await (await tx.connection()).execute(sa.insert(table), rows)


async def _in_groups(
    database: Database, hall: Hall, size: int, write: Callable[[Sequence[int]], Awaitable[None]]
) -> float:
    """Write for all accounts, in the order of their ids, which begin at 1."""
    accounts = range(1, hall.members + 1)
    warming = range(hall.members + 1, hall.members + 1 + len(hall.warming()))
    try:
        await write(warming)
        begun = perf_counter()
        for first in range(0, hall.members, size):
            await write(accounts[first : first + size])
        return perf_counter() - begun
    finally:
        await database.close()
