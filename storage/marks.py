"""Marks of events: what was taken in before changes nothing, what keeps failing is set aside."""

import functools
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from storage.database import Tx
from storage.inserts import insert, insert_for
from storage.lists import in_few_lengths
from storage.rows import EventMarkRow, FailedEventRow


async def put_marks(tx: Tx, marks: Sequence[tuple[str, str]], now: datetime) -> set[tuple[str, str]]:
    """Mark events (platform, its id of the event) as taken in, and give those that were not before.

    A transaction that marks the same event at the same time is waited for. An event that stands twice in
    `marks` is one.
    """
    if not marks:
        return set()
    connection = await tx.connection()
    added: set[tuple[str, str]] = set()
    # In order, so that two transactions can't wait for each other.
    for platform in sorted({platform for platform, _ in marks}):
        events = in_few_lengths({event_id for one, event_id in marks if one == platform})
        rows = [{"platform": platform, "event_id": event_id, "at": now} for event_id in events]
        fresh = await connection.execute(_put_marks(connection.dialect.name), rows)
        added |= {(platform, event_id) for platform, event_id in fresh}
    return added


@functools.cache
def _put_marks(dialect: str) -> sa.Executable:
    statement = insert_for(dialect, EventMarkRow)
    return statement.on_conflict_do_nothing(index_elements=["platform", "event_id"]).returning(
        statement.table.c.platform, statement.table.c.event_id
    )


async def is_marked(tx: Tx, platform: str, event_ids: Collection[str]) -> bool:
    """Whether one of these events was taken in before."""
    known = select(EventMarkRow.event_id).where(
        col(EventMarkRow.platform) == platform, col(EventMarkRow.event_id).in_(event_ids)
    )
    return (await tx.exec(known.limit(1))).first() is not None


async def forget_marks(tx: Tx, before: datetime) -> None:
    """Drop marks of events that no platform delivers any more."""
    await tx.exec(sa.delete(EventMarkRow).where(col(EventMarkRow.at) < before))


async def count_failure(tx: Tx, platform: str, event_id: str, now: datetime) -> int:
    """Count a failed attempt at an event, and give how many there were."""
    attempts = await tx.exec(
        insert(tx, FailedEventRow)
        .values(platform=platform, event_id=event_id, attempts=1, at=now)
        .on_conflict_do_update(
            index_elements=["platform", "event_id"],
            set_={"attempts": col(FailedEventRow.attempts) + 1, "at": now},
        )
        .returning(col(FailedEventRow.attempts))
    )
    return int(attempts.scalar_one())


async def forget_failures(tx: Tx, before: datetime) -> None:
    """Drop the counts of events that failed last before an instant."""
    await tx.exec(sa.delete(FailedEventRow).where(col(FailedEventRow.at) < before))
