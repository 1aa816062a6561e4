"""The roll of a meeting, its count, and the statements of it."""

from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.attendance import (
    Attendance,
    Quorum,
    RollEntry,
    Statement,
    StatementKind,
    count_attendance,
)
from meeting.counting import Threshold
from meeting.people import Presence, Reply, Standing
from storage.database import Tx
from storage.reading.meetings import get_meeting_view
from storage.rows import AttendeeRow, StatementRow, SummonedUnitRow
from storage.views import MeetingView


async def get_roll(tx: Tx, meeting_id: int) -> list[RollEntry]:
    """Give the attendees in order; whoever sent a substitute is left out, the substitute counts instead."""
    statement: Select[int, int | None, Standing, Presence, Reply] = Select(
        col(AttendeeRow.id),
        col(AttendeeRow.unit_id),
        col(AttendeeRow.standing),
        col(AttendeeRow.presence),
        col(AttendeeRow.reply),
    )
    rows = await tx.exec(
        statement.where(
            AttendeeRow.meeting_id == meeting_id, AttendeeRow.reply != Reply.SUBSTITUTED
        ).order_by(col(AttendeeRow.number), col(AttendeeRow.id))
    )
    return [RollEntry(*row) for row in rows]


async def get_attendance(tx: Tx, meeting_id: int) -> Attendance:
    """Give the attendance as it is now; raises MeetingNotFoundError."""
    meeting = await get_meeting_view(tx, meeting_id)
    return await attendance_of(tx, meeting, await get_roll(tx, meeting_id))


async def attendance_of(tx: Tx, meeting: MeetingView, roll: list[RollEntry]) -> Attendance:
    """Give the attendance of a roll that was read already."""
    unit_ids = await tx.exec(
        select(SummonedUnitRow.unit_id).where(SummonedUnitRow.meeting_id == meeting.meeting_id)
    )
    return count_attendance(
        roll, meeting.rules.quorum, headcount=meeting.headcount, unit_ids=frozenset(unit_ids)
    )


async def find_statement(tx: Tx, meeting_id: int, kind: StatementKind) -> Statement | None:
    """Give the newest statement of this kind, or None."""
    row = (
        await tx.exec(
            select(StatementRow)
            .where(StatementRow.meeting_id == meeting_id, StatementRow.kind == kind)
            .order_by(col(StatementRow.stated_at).desc(), col(StatementRow.id).desc())
            .limit(1)
        )
    ).first()
    if row is None:
        return None
    attendance = Attendance(
        headcount=row.headcount,
        summoned=row.summoned,
        present=row.present,
        excused=row.excused,
        guests=row.guests,
        units=row.units,
        units_present=row.units_present,
        quorum=Quorum(
            row.quorum_kind,
            Threshold(row.quorum_numerator, row.quorum_denominator, is_strict=row.quorum_is_strict),
        ),
    )
    return Statement(row.kind, attendance, row.stated_at)
