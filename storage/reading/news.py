"""What a news draft is made from."""

from sqlmodel import col, select

from meeting.people import Presence, Reply, Role, Standing
from storage.database import Tx
from storage.reading.results import get_results_view
from storage.reading.roll import list_attendees
from storage.rows import AttendeeRow, RoleRow, SummonedUnitRow, UnitRow
from storage.views import NewsView


async def get_news_view(tx: Tx, meeting_id: int) -> NewsView:
    """Give the results with those who were there; raises MeetingNotFoundError.

    Who left before the end was there. A unit was there where a voting attendee of it was.
    """
    results = await get_results_view(tx, meeting_id)
    came = (col(AttendeeRow.meeting_id) == meeting_id, col(AttendeeRow.presence) != Presence.AWAY)
    chairs = select(RoleRow.person_id).where(RoleRow.meeting_id == meeting_id, RoleRow.role == Role.CHAIR)
    represented = select(AttendeeRow.unit_id).where(
        *came, AttendeeRow.standing == Standing.VOTING, AttendeeRow.reply != Reply.SUBSTITUTED
    )
    units = await tx.exec(
        select(UnitRow.name)
        .join(SummonedUnitRow, col(SummonedUnitRow.unit_id) == UnitRow.id)
        .where(SummonedUnitRow.meeting_id == meeting_id, col(UnitRow.id).in_(represented))
        .order_by(col(SummonedUnitRow.position), col(SummonedUnitRow.id))
    )
    return NewsView(
        results=results,
        chairs=tuple(await list_attendees(tx, *came, col(AttendeeRow.person_id).in_(chairs))),
        guests=tuple(await list_attendees(tx, *came, col(AttendeeRow.standing) == Standing.GUEST)),
        units=tuple(units),
    )
