"""Who speaks and who waits for the floor."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col
from sqlmodel.sql.expression import Select

from meeting.speaking import PENDING, FloorState
from storage.database import Tx
from storage.rows import AttendeeRow, FloorRequestRow, PersonRow, UnitRow
from storage.views import FloorView, TurnView


async def get_floor(tx: Tx, meeting_id: int) -> FloorView:
    """Give who speaks and who waits; nobody where nobody has asked, or there is no such meeting."""
    pending = col(FloorRequestRow.state).in_(PENDING)
    turns = await _turns(tx, meeting_id, pending)
    speaking = next((turn for turn in turns if turn.state is FloorState.SPEAKING), None)
    return FloorView(speaking, tuple(turn for turn in turns if turn.state is FloorState.WAITING))


async def list_spoken(tx: Tx, meeting_id: int) -> list[TurnView]:
    """Give who has spoken, in their order; whoever speaks still is not among them."""
    done = col(FloorRequestRow.state) == FloorState.DONE
    spoken = await _turns(tx, meeting_id, done)
    return sorted(spoken, key=lambda turn: (turn.began_at is None, turn.began_at, turn.turn_id))


async def _turns(tx: Tx, meeting_id: int, condition: ColumnElement[bool]) -> Sequence[TurnView]:
    # The order of TurnView's fields.
    statement: Select[
        int,
        int | None,
        int,
        str,
        str | None,
        str,
        FloorState,
        int | None,
        datetime | None,
        datetime | None,
    ] = Select(
        col(FloorRequestRow.id),
        col(FloorRequestRow.item_id),
        col(FloorRequestRow.attendee_id),
        col(PersonRow.name),
        col(UnitRow.name),
        col(FloorRequestRow.topic),
        col(FloorRequestRow.state),
        col(FloorRequestRow.minutes),
        col(FloorRequestRow.began_at),
        col(FloorRequestRow.ended_at),
    )
    rows = await tx.exec(
        statement.join(AttendeeRow, col(AttendeeRow.id) == col(FloorRequestRow.attendee_id))
        .join(PersonRow, col(PersonRow.id) == col(AttendeeRow.person_id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(AttendeeRow.unit_id))
        .where(col(FloorRequestRow.meeting_id) == meeting_id, condition)
        .order_by(col(FloorRequestRow.place), col(FloorRequestRow.id))
    )
    return [TurnView(*row) for row in rows]
