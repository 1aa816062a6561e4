"""Through which accounts the people of a meeting are reached."""

from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.people import Reply
from meeting.states import MeetingState
from storage.database import Tx
from storage.platforms import ON_PAGES
from storage.rows import AccountRow, AttendeeRow, BindingRow, MeetingRow
from storage.uses import last_use


@dataclass(frozen=True, slots=True)
class ReachedMeeting:
    """A meeting that somebody is summoned to."""

    meeting_id: int
    organisation_id: int


async def list_meetings_reached(tx: Tx, account_id: int) -> list[ReachedMeeting]:
    """Give the meetings, closed ones left out, that those whom an account speaks for are summoned to."""
    statement: Select[int, int] = Select(col(MeetingRow.id), col(MeetingRow.organisation_id))
    rows = await tx.exec(
        statement.join(AttendeeRow, col(AttendeeRow.meeting_id) == col(MeetingRow.id))
        .join(BindingRow, col(BindingRow.person_id) == col(AttendeeRow.person_id))
        .where(col(BindingRow.account_id) == account_id, col(MeetingRow.state) != MeetingState.CLOSED)
        .order_by(col(MeetingRow.id))
    )
    return [ReachedMeeting(*row) for row in rows]


async def list_accounts_to_tell(tx: Tx, meeting_id: int) -> tuple[dict[int, int], int]:
    """Give one account for each attendee who can be reached, by attendee id, and how many can't.

    It is the one used last, of those that messages are sent to; a page only where there is no other. Who is
    replaced by somebody else is left out.
    """
    attendees = set(
        await tx.exec(
            select(AttendeeRow.id).where(
                col(AttendeeRow.meeting_id) == meeting_id, col(AttendeeRow.reply) != Reply.SUBSTITUTED
            )
        )
    )
    statement: Select[int, int, str] = Select(
        col(AttendeeRow.id), col(AccountRow.id), col(AccountRow.platform)
    )
    rows = await tx.exec(
        statement.select_from(AttendeeRow)
        .join(BindingRow, col(BindingRow.person_id) == col(AttendeeRow.person_id))
        .join(AccountRow, col(AccountRow.id) == col(BindingRow.account_id))
        .where(col(AttendeeRow.meeting_id) == meeting_id, col(AccountRow.gone_at).is_(None))
        .order_by(last_use(BindingRow), col(BindingRow.id))
    )
    pages: dict[int, int] = {}
    chats: dict[int, int] = {}
    for attendee_id, account_id, platform in rows:
        if attendee_id in attendees:
            (pages if platform in ON_PAGES else chats)[attendee_id] = account_id
    reached = pages | chats
    return reached, len(attendees) - len(reached)
