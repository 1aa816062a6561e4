"""Reminders of a meeting: each goes to exactly those concerned when it is due, and to each of them once."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.deeds import Moment, Outcome
from meeting.people import Presence, Reply
from meeting.reminders import last_at, send_at
from meeting.states import DueKind, MeetingState, PostKind, Priority, WorkState
from storage import meetings, people, posts
from storage.database import Tx
from storage.due import DueWork
from storage.reading import get_meeting_view
from storage.reminding import Concerned, list_concerned
from storage.views import MeetingView

POSTS = {
    DueKind.MEETING_REMINDER: PostKind.MEETING_REMINDER,
    DueKind.REPLY_WANTED: PostKind.REPLY_WANTED,
}
"""What is sent when a reminder of a meeting is due."""

KINDS = frozenset(POSTS)

_CONCERNED = {
    DueKind.MEETING_REMINDER: frozenset({Reply.NONE, Reply.COMING}),
    DueKind.REPLY_WANTED: frozenset({Reply.NONE}),
}


def cause_of(kind: DueKind, meeting: MeetingView, part: int) -> str:
    """Give what makes a reminder one: put to another time, the meeting is reminded of anew."""
    return f"{kind}:{meeting.meeting_id}:{part}:{meeting.starts_at.timestamp():.0f}"


async def list_reminded(tx: Tx, meeting: MeetingView, kind: DueKind, part: int) -> list[Concerned]:
    """Give whom a reminder concerns now and who wasn't sent it: neither excused, nor replaced, nor there."""
    return await list_concerned(
        tx,
        meeting.meeting_id,
        replies=_CONCERNED[kind],
        presences={Presence.AWAY},
        not_told=cause_of(kind, meeting, part),
    )


async def remind(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    """Remind those whose time it is, and look again when it is the others'.

    Missed where somebody concerned can't be reminded any more in a way that makes sense.
    """
    meeting = await get_meeting_view(tx, work.meeting_id)
    if meeting.state is not MeetingState.PLANNED:
        return WorkState.WITHDRAWN
    latest = last_at(work.part, meeting.reminders, meeting.starts_at)
    if not meeting.may_summon:
        return latest if moment.now < latest else WorkState.MISSED
    ready, later, is_missed = [], set(), False
    for one in await list_reminded(tx, meeting, work.kind, work.part):
        zone = ZoneInfo(one.timezone or meeting.timezone)
        at = send_at(work.planned_at, latest, zone, moment.now, meeting.starts_at)
        if at is None:
            is_missed = True
        elif at <= moment.now:
            ready.append(one)
        else:
            later.add(at)
    await add_reminders(tx, meeting, work, ready, moment.now)
    if moment.now < work.planned_at:
        later.add(work.planned_at)  # for those who are concerned by then
    if later:
        return min(later)
    return WorkState.MISSED if is_missed else WorkState.DONE


async def add_reminders(
    tx: Tx,
    meeting: MeetingView,
    work: DueWork,
    concerned: Iterable[Concerned],
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> None:
    """Send a reminder to these, not before an instant nor after the start; a repeat sends nothing."""
    starts_at = meeting.starts_at.isoformat()
    await posts.add_posts(
        tx,
        POSTS[work.kind],
        cause_of(work.kind, meeting, work.part),
        meeting.meeting_id,
        {one.account_id for one in concerned},
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.meeting_id,
        priority=Priority.REMINDER,
        facts={"part": work.part, "starts_at": starts_at, "until": starts_at},
        now=now,
        not_before=not_before,
    )


async def tell_missed(tx: Tx, work: DueWork, now: datetime) -> None:
    """Tell those who prepare the meeting that something due was not done in time."""
    recipients = {
        *await meetings.list_presiding_accounts(tx, work.meeting_id),
        *await people.list_organiser_accounts(tx, work.organisation_id),
    }
    await posts.add_posts(
        tx,
        PostKind.MISSED,
        f"missed:{work.due_id}:{work.planned_at.timestamp():.0f}",
        work.due_id,
        recipients,
        organisation_id=work.organisation_id,
        meeting_id=work.meeting_id,
        priority=Priority.PANEL,
        facts={
            "kind": work.kind,
            "subject_id": work.subject_id,
            "part": work.part,
            "planned_at": work.planned_at.isoformat(),
        },
        now=now,
    )
