"""Requests for the floor: who waits in which order, and who speaks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from meeting.people import Source
from meeting.speaking import PENDING, FloorState
from storage.database import Tx, flushed
from storage.errors import TurnNotFoundError
from storage.rows import FloorRequestRow, MeetingRow


@dataclass(frozen=True, slots=True)
class Turn:
    """One attendee's request for the floor."""

    turn_id: int
    organisation_id: int
    meeting_id: int
    item_id: int | None
    attendee_id: int
    topic: str
    state: FloorState


async def add_turn(  # noqa: PLR0913 - a request has these parts
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    item_id: int,
    attendee_id: int,
    *,
    topic: str,
    source: Source,
    now: datetime,
) -> int:
    """Add a request behind those that wait, and give its id."""
    last = await tx.exec(
        select(sa.func.max(FloorRequestRow.place)).where(col(FloorRequestRow.meeting_id) == meeting_id)
    )
    row = FloorRequestRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        item_id=item_id,
        attendee_id=attendee_id,
        topic=topic,
        source=source,
        state=FloorState.WAITING,
        place=(last.one() or 0) + 1,
        asked_at=now,
    )
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


async def get_turn(tx: Tx, turn_id: int) -> Turn:
    """Give a request, whatever became of it; raises TurnNotFoundError."""
    found = select(FloorRequestRow).where(col(FloorRequestRow.id) == turn_id)
    row = (await tx.exec(found.execution_options(populate_existing=True))).first()
    if row is None:
        raise TurnNotFoundError(turn_id)
    return _turn(row)


async def find_meeting_of_turn(tx: Tx, turn_id: int) -> int | None:
    """Give the meeting of a request, or None where there is no such request."""
    found = select(FloorRequestRow.meeting_id).where(col(FloorRequestRow.id) == turn_id)
    return (await tx.exec(found)).first()


async def list_pending(tx: Tx, meeting_id: int) -> list[Turn]:
    """Give who waits or speaks in a meeting, in their order."""
    pending = (
        select(FloorRequestRow)
        .where(col(FloorRequestRow.meeting_id) == meeting_id, col(FloorRequestRow.state).in_(PENDING))
        .order_by(col(FloorRequestRow.place), col(FloorRequestRow.id))
    )
    return [_turn(row) for row in await tx.exec(pending.execution_options(populate_existing=True))]


async def count_turns(tx: Tx, item_id: int, attendee_id: int) -> int:
    """Give how often an attendee has asked to speak on an item, whatever became of it."""
    asked = select(sa.func.count(col(FloorRequestRow.id))).where(
        col(FloorRequestRow.attendee_id) == attendee_id, col(FloorRequestRow.item_id) == item_id
    )
    return (await tx.exec(asked)).one()


async def put_turn_called(tx: Tx, turn_id: int, minutes: int | None, now: datetime) -> None:
    """Record that somebody has the floor, for so many minutes."""
    called = sa.update(FloorRequestRow).where(col(FloorRequestRow.id) == turn_id)
    await tx.exec(called.values(state=FloorState.SPEAKING, minutes=minutes, began_at=now))


async def put_turns_ended(tx: Tx, turn_ids: Collection[int], state: FloorState, now: datetime) -> None:
    """Record that nothing more becomes of requests: done, withdrawn or passed over."""
    ended = sa.update(FloorRequestRow).where(col(FloorRequestRow.id).in_(turn_ids))
    await tx.exec(ended.values(state=state, ended_at=now))


async def put_turn_topic(tx: Tx, turn_id: int, topic: str) -> None:
    """Record what somebody is going to speak about."""
    await tx.exec(sa.update(FloorRequestRow).where(col(FloorRequestRow.id) == turn_id).values(topic=topic))


async def put_turn_order(tx: Tx, turn_ids: Collection[int]) -> None:
    """Record the order of those who wait."""
    for place, turn_id in enumerate(turn_ids, start=1):
        await tx.exec(
            sa.update(FloorRequestRow).where(col(FloorRequestRow.id) == turn_id).values(place=place)
        )


async def find_floor_minutes(tx: Tx, meeting_id: int) -> int | None:
    """Give how many minutes each speaker of a meeting is given, None without a limit."""
    minutes = select(MeetingRow.floor_minutes).where(col(MeetingRow.id) == meeting_id)
    return (await tx.exec(minutes)).first()


def _turn(row: FloorRequestRow) -> Turn:
    return Turn(
        turn_id=flushed(row.id),
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        item_id=row.item_id,
        attendee_id=row.attendee_id,
        topic=row.topic,
        state=row.state,
    )
