"""The summons: approved by the head where the organisation wants it, and sent to who is bound."""

from dataclasses import dataclass
from datetime import datetime

from handlers.asking import Asked, permitted, refuse_closed, request
from handlers.meetings import Unchanged
from handlers.reminders import KINDS
from handlers.telling import tell_attendees
from meeting.people import Actor, Right, roles_with
from meeting.refusals import Refusal, Refused
from meeting.reminders import LEAD
from meeting.states import CardKind, MeetingState, PostKind, Priority, WorkState
from storage import attendees, cards, due, meetings, people, posts, record
from storage.database import Tx
from storage.reach import list_accounts_to_tell
from storage.reading import get_meeting_view, list_meetings
from storage.views import MeetingView


@dataclass(frozen=True, slots=True)
class SummonsSent:
    """So many attendees are summoned now; `unreached` have no account yet, or none that can be reached."""

    summoned: int
    unreached: int


@dataclass(frozen=True, slots=True)
class SummonsHeld:
    """The summons goes out when it is approved; those who may have been asked to."""


@dataclass(frozen=True, slots=True)
class SummonsApproved:
    """People may be summoned and reminded from now on; `sent` is the summons that was waiting, if one was."""

    sent: SummonsSent | None


@dataclass(frozen=True, slots=True)
class ApprovalSet:
    """Whether the head approves each summons of the organisation from now on."""

    is_wanted: bool


def summons_cause(meeting_id: int) -> str:
    """Give what makes a meeting's summons one for each attendee, however often it is sent."""
    return f"summons:{meeting_id}"


def _approval_cause(meeting: MeetingView) -> str:
    """What makes one request for approval: a meeting that was moved is asked about anew."""
    return f"approval:{meeting.meeting_id}:{meeting.moves}"


@request
async def approve_summons(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, moves: int | None = None
) -> SummonsApproved | Unchanged | Refused:
    """Approve that people are summoned to the meeting as it is now.

    A summons that waited for it goes out, and so do reminders. `moves` is how often the meeting had been
    moved when it was shown, if it was: one that was moved since has to be looked at anew.
    """
    actor = await permitted(tx, asked, meeting_id, Right.APPROVE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    if moves not in {None, meeting.moves}:
        return Refused(Refusal.OUT_OF_DATE)
    if meeting.summons_approved_at is not None:
        return Unchanged()
    await meetings.put_meeting(tx, meeting_id, summons_approved_at=now)
    await _release_reminders(tx, meeting_id, now)
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)
    facts = {"starts_at": meeting.starts_at.isoformat(), "place": record.digest(meeting.place)}
    await record.append(tx, meeting.organisation_id, meeting_id, now, "summons_approved", facts, actor=actor)
    is_asked = await posts.is_told(tx, _approval_cause(meeting))
    if meeting.state is not MeetingState.PLANNED or not is_asked:
        return SummonsApproved(None)
    return SummonsApproved(await _summon(tx, meeting, now, actor))


async def _release_reminders(tx: Tx, meeting_id: int, now: datetime) -> None:
    """Look at once at what waited for an approval."""
    for work in await due.list_work(tx, meeting_id, KINDS):
        if work.state is WorkState.WAITING:
            await due.put_due_later(tx, work.due_id, min(work.due_at, max(work.planned_at - LEAD, now)))


@request
async def send_summons(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int
) -> SummonsSent | SummonsHeld | Refused:
    """Summon all attendees who can be reached; a repeat summons only those who came since.

    While an approval is missing that the organisation wants, it is asked for instead, once.
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
        return await _ask_approval(tx, meeting, now, actor)
    accounts, _ = await list_accounts_to_tell(tx, meeting_id)
    if not accounts:
        return Refused(Refusal.NOBODY_REACHED)
    return await _summon(tx, meeting, now, actor)


async def _ask_approval(tx: Tx, meeting: MeetingView, now: datetime, actor: Actor) -> SummonsHeld | Refused:
    approvers = await people.list_role_accounts(tx, meeting.meeting_id, roles_with(Right.APPROVE))
    if not approvers:
        return Refused(Refusal.NO_APPROVER)
    cause = _approval_cause(meeting)
    if not await posts.is_told(tx, cause):
        facts: dict[str, object] = {"starts_at": meeting.starts_at.isoformat()}
        await record.append(
            tx, meeting.organisation_id, meeting.meeting_id, now, "approval_asked", facts, actor=actor
        )
    await posts.add_posts(
        tx,
        PostKind.APPROVAL_WANTED,
        cause,
        meeting.meeting_id,
        set(approvers),
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.meeting_id,
        priority=Priority.PANEL,
        facts={"moves": meeting.moves},
        now=now,
    )
    return SummonsHeld()


async def _summon(tx: Tx, meeting: MeetingView, now: datetime, actor: Actor) -> SummonsSent:
    meeting_id = meeting.meeting_id
    _, unreached = await list_accounts_to_tell(tx, meeting_id)
    summoned = await tell_attendees(
        tx, PostKind.SUMMONS, summons_cause(meeting_id), meeting, now, starts_at=meeting.starts_at
    )
    await cards.want_cards(
        tx,
        CardKind.ATTENDANCE,
        meeting_id,
        await attendees.list_meeting_accounts(tx, meeting_id),
        organisation_id=meeting.organisation_id,
        meeting_id=meeting_id,
        priority=Priority.REMINDER,
    )
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)
    facts = {"summoned": summoned, "unreached": unreached}
    await record.append(tx, meeting.organisation_id, meeting_id, now, "summons_sent", facts, actor=actor)
    return SummonsSent(summoned, unreached)


@request
async def set_approval(
    tx: Tx, asked: Asked, now: datetime, organisation_id: int, *, is_wanted: bool
) -> ApprovalSet | Unchanged | Refused:
    """Have the head approve each summons of an organisation before it goes out, or not any more.

    It stands in the record of each meeting that is ahead. Where people were summoned already, they are told
    of changes and reminded as before. A repeat changes nothing.
    """
    actor = await people.find_organiser(tx, asked.account_id, organisation_id)
    if actor is None:
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.SET_UP})
    lines = await list_meetings(tx, organisation_id)
    ahead = sorted(line.meeting_id for line in lines if line.state is MeetingState.PLANNED)
    for meeting_id in ahead:
        await meetings.lock_meeting(tx, meeting_id)
    if not await people.put_approval(tx, organisation_id, is_wanted=is_wanted):
        return Unchanged()
    for meeting_id in ahead:
        meeting = await get_meeting_view(tx, meeting_id)
        is_summoned = await posts.is_told(tx, summons_cause(meeting_id))
        if is_wanted and is_summoned and meeting.summons_approved_at is None:
            await meetings.put_meeting(tx, meeting_id, summons_approved_at=now)
        await _release_reminders(tx, meeting_id, now)
        await cards.touch_cards(tx, CardKind.PANEL, meeting_id)
        facts = {"is_wanted": is_wanted, "was_summoned": is_summoned}
        await record.append(tx, organisation_id, meeting_id, now, "approval_set", facts, actor=actor)
    await cards.touch_cards(tx, CardKind.HOME, organisation_id)
    return ApprovalSet(is_wanted)
