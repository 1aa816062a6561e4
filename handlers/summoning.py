"""The summons: approved by the head where the organisation wants it, and sent to who is bound."""

from dataclasses import dataclass
from datetime import datetime

from handlers.asking import Asked, permitted, refuse_closed, request
from handlers.meetings import Unchanged
from handlers.reminders import KINDS
from handlers.telling import tell_attendees
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from meeting.reminders import LEAD
from meeting.states import CardKind, MeetingState, PostKind, Priority, WorkState
from storage import cards, due, meetings, record
from storage.database import Tx
from storage.reach import list_accounts_to_tell
from storage.reading import get_meeting_view


@dataclass(frozen=True, slots=True)
class SummonsApproved:
    """People may be summoned and reminded from now on."""


@dataclass(frozen=True, slots=True)
class SummonsSent:
    """So many attendees are summoned now; `unreached` have no account yet, or none that can be reached."""

    summoned: int
    unreached: int


def summons_cause(meeting_id: int) -> str:
    """Give what makes a meeting's summons one for each attendee, however often it is sent."""
    return f"summons:{meeting_id}"


@request
async def approve_summons(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int
) -> SummonsApproved | Unchanged | Refused:
    """Approve that people are summoned to the meeting as it is now; reminders that waited for it go out."""
    actor = await permitted(tx, asked, meeting_id, Right.APPROVE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    if meeting.summons_approved_at is not None:
        return Unchanged()
    await meetings.put_meeting(tx, meeting_id, summons_approved_at=now)
    for work in await due.list_work(tx, meeting_id, KINDS):
        if work.state is WorkState.WAITING:
            await due.put_due_later(tx, work.due_id, min(work.due_at, max(work.planned_at - LEAD, now)))
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)
    facts = {"starts_at": meeting.starts_at.isoformat(), "place": record.digest(meeting.place)}
    await record.append(tx, meeting.organisation_id, meeting_id, now, "summons_approved", facts, actor=actor)
    return SummonsApproved()


@request
async def send_summons(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> SummonsSent | Refused:
    """Summon all attendees who can be reached; a repeat summons only those who came since.

    Refused while the organisation's approval is missing.
    """
    actor = await permitted(tx, asked, meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    state = await meetings.lock_meeting(tx, meeting_id)
    if state is not MeetingState.PLANNED:
        is_open = state is MeetingState.OPEN
        return Refused(Refusal.MEETING_OPEN) if is_open else await refuse_closed(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    if not meeting.may_summon:
        return Refused(Refusal.SUMMONS_NOT_APPROVED)
    accounts, unreached = await list_accounts_to_tell(tx, meeting_id)
    if not accounts:
        return Refused(Refusal.NOBODY_REACHED)
    summoned = await tell_attendees(
        tx, PostKind.SUMMONS, summons_cause(meeting_id), meeting, now, starts_at=meeting.starts_at
    )
    await cards.want_cards(
        tx,
        CardKind.ATTENDANCE,
        meeting_id,
        await meetings.list_meeting_accounts(tx, meeting_id),
        organisation_id=meeting.organisation_id,
        meeting_id=meeting_id,
        priority=Priority.REMINDER,
    )
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)
    facts = {"summoned": summoned, "unreached": unreached}
    await record.append(tx, meeting.organisation_id, meeting_id, now, "summons_sent", facts, actor=actor)
    return SummonsSent(summoned, unreached)
