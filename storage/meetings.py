"""Meetings: held, set, and their statements of attendance."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from meeting.attendance import Attendance, StatementKind
from meeting.names import fold
from meeting.people import Role
from meeting.states import MeetingState
from storage import people
from storage.database import Tx, flushed
from storage.errors import MeetingNotFoundError
from storage.rows import AttendeeRow, MeetingRow, RoleRow, StatementRow, SummonedUnitRow, UnitRow


async def put_meeting(tx: Tx, meeting_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of a meeting."""
    await tx.exec(sa.update(MeetingRow).where(col(MeetingRow.id) == meeting_id).values(**values))


async def lock_meeting(tx: Tx, meeting_id: int) -> MeetingState:
    """Hold the meeting's row until the transaction ends, and give its state; raises MeetingNotFoundError.

    Whoever changes anything in a meeting holds this row first, then a vote's; ballots alone go without it.
    """
    statement: SelectOfScalar[MeetingState] = SelectOfScalar(col(MeetingRow.state))
    held = statement.where(col(MeetingRow.id) == meeting_id).with_for_update(key_share=True)
    state = (await tx.exec(held)).first()
    if state is None:
        raise MeetingNotFoundError(meeting_id)
    return state


async def list_closed(tx: Tx, meeting_ids: Collection[int]) -> set[int]:
    """Give those of the meetings that are closed."""
    rows = await tx.exec(
        select(MeetingRow.id).where(
            col(MeetingRow.id).in_(set(meeting_ids)), col(MeetingRow.state) == MeetingState.CLOSED
        )
    )
    return {flushed(meeting_id) for meeting_id in rows}


async def find_had_quorum(tx: Tx, meeting_id: int) -> bool | None:
    """Give whether there was a quorum when it was last looked at; None before the statement."""
    return (await tx.exec(select(MeetingRow.had_quorum).where(col(MeetingRow.id) == meeting_id))).one()


async def find_unit_in_meeting(tx: Tx, meeting_id: int, name: str) -> int | None:
    """Give the summoned unit of this name, compared folded."""
    return (
        await tx.exec(
            select(UnitRow.id)
            .join(SummonedUnitRow, col(SummonedUnitRow.unit_id) == col(UnitRow.id))
            .where(col(SummonedUnitRow.meeting_id) == meeting_id, col(UnitRow.folded_name) == fold(name))
        )
    ).first()


async def add_statement(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    kind: StatementKind,
    attendance: Attendance,
    stated_by: int,
    now: datetime,
) -> None:
    """Store an attendance as stated."""
    quorum = attendance.quorum
    tx.add(
        StatementRow(
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            kind=kind,
            headcount=attendance.headcount,
            summoned=attendance.summoned,
            present=attendance.present,
            excused=attendance.excused,
            guests=attendance.guests,
            units=attendance.units,
            units_present=attendance.units_present,
            quorum_kind=quorum.kind,
            quorum_numerator=quorum.threshold.numerator,
            quorum_denominator=quorum.threshold.denominator,
            quorum_is_strict=quorum.threshold.is_strict,
            has_quorum=attendance.has_quorum,
            stated_by=stated_by,
            stated_at=now,
        )
    )
    await tx.flush()


_PRESIDERS = frozenset({Role.CHAIR, Role.SECRETARY})


async def list_presiding_accounts(tx: Tx, meeting_id: int) -> list[int]:
    """Give the accounts of the chair and the secretary."""
    return await people.list_role_accounts(tx, meeting_id, _PRESIDERS)


async def list_meetings_of(
    tx: Tx, organisation_id: int, person_id: int, *, also: int | None
) -> list[tuple[int, bool]]:
    """Give an organisation's meetings in which a person has a seat or a role, and whether a seat.

    Closed ones are left out, but for the one that is named with `also`.
    """
    statement: Select[int, int | None] = Select(col(MeetingRow.id), col(AttendeeRow.id))
    rows = await tx.exec(
        statement.outerjoin(
            AttendeeRow,
            sa.and_(
                col(AttendeeRow.meeting_id) == col(MeetingRow.id), col(AttendeeRow.person_id) == person_id
            ),
        )
        .where(
            col(MeetingRow.organisation_id) == organisation_id,
            sa.or_(col(MeetingRow.state) != MeetingState.CLOSED, col(MeetingRow.id) == also),
            sa.or_(
                col(AttendeeRow.id).is_not(None),
                sa.exists().where(
                    col(RoleRow.person_id) == person_id,
                    sa.or_(col(RoleRow.meeting_id) == col(MeetingRow.id), col(RoleRow.meeting_id).is_(None)),
                ),
            ),
        )
        .order_by(col(MeetingRow.id))
    )
    return [(meeting_id, attendee_id is not None) for meeting_id, attendee_id in rows]
